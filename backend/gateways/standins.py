"""A loopback stand-in of another system as a command of its own."""

import argparse
import logging
import signal
import sys
import threading
from collections.abc import Callable
from typing import Protocol


class StandIn(Protocol):
    url: str

    def stop(self) -> None: ...


def serve(name: str, start: Callable[[int], StandIn]) -> int:
    """`--port P`: serve until SIGTERM or SIGINT."""
    parser = argparse.ArgumentParser(description=f"{name} on the loopback interface, until SIGTERM or SIGINT.")
    parser.add_argument("--port", type=int, default=0)
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    running = start(parser.parse_args().port)
    sys.stdout.write(f"{name} on {running.url}\n")
    sys.stdout.flush()
    stop.wait()
    running.stop()
    return 0
