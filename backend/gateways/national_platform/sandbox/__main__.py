"""`python -m backend.gateways.national_platform.sandbox --port P`: serve until SIGTERM or SIGINT."""

import argparse
import logging
import signal
import sys
import threading

from backend.gateways.national_platform.sandbox import Sandbox


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    sandbox = Sandbox(port=parser.parse_args().port)
    sys.stdout.write(f"National platform sandbox on {sandbox.url}\n")
    sys.stdout.flush()
    stop.wait()
    sandbox.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
