"""From a story to the bytes that are sent: JSON and two pages, each plain and gzipped, each with its ETag."""

import gzip
import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any

Render = Callable[[Mapping[str, Any], str], str]
GZIP_LEVEL = 9  # done once a change, sent thousands of times
_render: Render | None = None


def render_with(render: Render) -> None:
    """Who turns a story into a page, `(story, "zh" | "en") -> html`: the pages, which stand above the features."""
    global _render  # noqa: PLW0603 - one process, one set of pages
    _render = render


def finished(story: Mapping[str, Any]) -> dict[str, Any]:
    """The stored fields of a story. The same story always gives the same bytes. RuntimeError before `render_with`."""
    if _render is None:
        raise RuntimeError("tracing.service.render_with(…) has not been called")
    plain = {
        "json": json.dumps(story, ensure_ascii=False, separators=(",", ":")).encode(),
        "html_zh": _render(story, "zh").encode(),
        "html_en": _render(story, "en").encode(),
    }
    fields: dict[str, Any] = {"state": story["state"]}
    for name, body in plain.items():
        fields[name] = body
        fields[f"{name}_gz"] = gzip.compress(body, GZIP_LEVEL, mtime=0)
        fields[f"etag_{name}"] = hashlib.sha256(body).hexdigest()[:24]
    return fields
