"""Any of our WSGI applications with its database commands counted.

`BENCH_COUNTED` names the application, `/__bench/counts` tells the counts.
"""

import importlib
import json
import os
from collections.abc import Callable, Iterable
from typing import Any

from pymongo import monitoring

from bench.apps.commands import Commands

COMMANDS = Commands()
monitoring.register(COMMANDS)  # before the application makes its client
module, _, attribute = os.environ["BENCH_COUNTED"].partition(":")
inner: Any = getattr(importlib.import_module(module), attribute)


def app(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    if environ["PATH_INFO"] != "/__bench/counts":
        answered: Iterable[bytes] = inner(environ, start)
        return answered
    body = json.dumps(COMMANDS.take()).encode()
    start("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
    return [body]
