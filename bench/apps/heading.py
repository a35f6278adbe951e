"""A page of one heading: what the throttle, the browser and the machine need before any page of ours."""

from collections.abc import Iterable
from typing import Any

PAGE = """<!doctype html><html lang="zh-CN"><meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1"><title>一</title><h1>合格证有效</h1>""".encode()


def app(_environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    start_response("200 OK", [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(PAGE)))])
    return [PAGE]
