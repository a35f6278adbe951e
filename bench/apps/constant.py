"""The floor: the very bytes and headers of the trace, from memory, by a bare WSGI function and by a Flask view.

`BENCH_BODY` names a file with the body, `BENCH_HEADERS` one with the headers as JSON.
"""

import json
import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from flask import Flask, Response

BODY = Path(os.environ["BENCH_BODY"]).read_bytes()
HEADERS = [(name, value) for name, value in json.loads(Path(os.environ["BENCH_HEADERS"]).read_text("utf-8"))]


def raw(_environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    start("200 OK", HEADERS)
    return [BODY]


view = Flask(__name__, static_folder=None)


@view.get("/t/<code>")
def trace(code: str) -> Response:  # noqa: ARG001 - constant, whatever is asked
    return Response(BODY, headers=HEADERS)
