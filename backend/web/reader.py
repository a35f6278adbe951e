"""The public trace as a small WSGI application in front of Flask: stored bytes, a short memory, no framework.

`GET|HEAD /t/{code}` is answered here and everything else by the application behind. A Flask view that gives the same
answers (`site.trace`) stands in where the reader is not mounted.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import structlog
from pymongo.collection import Collection
from pymongo.errors import PyMongoError

from backend.base.ids import normal_trace_code
from backend.web import negotiate
from backend.web.cache import Cache

log = structlog.get_logger(__name__)
Header = tuple[str, str]
Start = Callable[..., Any]
Wsgi = Callable[[dict[str, Any], Start], Iterable[bytes]]
PREFIX = "/t/"
PLACE = "HTTP_X_COARSE_PLACE"  # a county that the phone offered, or that the operator's proxy put there
COUNTY = re.compile(r"[1-9]\d{5}\Z").match
MAX_REMEMBERED = 64  # a path that a scanner makes is shorter; a hostile one must not fill the memory
NAMES = tuple(f"{name}{gz}" for name in ("json", "html_zh", "html_en") for gz in ("", "_gz"))
VARY: Header = ("Vary", "Accept, Accept-Encoding, Accept-Language")
FRESH: Header = ("Cache-Control", "no-cache")
STRICT: Header = ("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
TYPES = {"json": "application/json", "html": "text/html; charset=utf-8"}


@dataclass(frozen=True, slots=True)
class Answer:
    """Bytes with their headers, made once a read and sent many times."""

    body: bytes
    etag: str
    headers: tuple[Header, ...]
    unchanged: tuple[Header, ...] = ()


class Traces:
    """Reads renditions of traces by code, through the cache. `forget` is told of every change in this process."""

    def __init__(
        self,
        collection: Callable[[], Collection[dict[str, Any]]],
        *,
        ttl: float,
        entries: int,
        security: Sequence[Header],
    ) -> None:
        self._collection = collection
        self._security = tuple(security)
        self._cache: Cache[Answer] = Cache(ttl=ttl, entries=entries, size=lambda answer: len(answer.body))

    def get(self, code: str, name: str, gz: bool) -> Answer | None:
        """One rendition; at most one `find_one` by `_id`, whatever the code looks like. None: there is no such code."""
        return self._cache.get(code, f"{name}_gz" if gz else name, lambda: self._read(code, name, gz))

    def forget(self, code: str) -> None:
        self._cache.forget(code, NAMES)

    def _read(self, code: str, name: str, gz: bool) -> Answer | None:
        stored, etag = f"{name}_gz" if gz else name, f"etag_{name}"
        row = self._collection().find_one({"_id": code}, {"_id": 0, stored: 1, etag: 1})
        return None if row is None else made(bytes(row[stored]), row[etag], name, gz, self._security)


def made(body: bytes, etag: str | None, name: str, gz: bool, security: Sequence[Header]) -> Answer:
    """An answer with all its headers. The gzipped bytes have an ETag of their own."""
    common = [VARY, FRESH, *security]
    quoted = f'"{etag}-gz"' if gz else f'"{etag}"'
    if etag:
        common.insert(0, ("ETag", quoted))
    content = [("Content-Type", TYPES[name[:4]]), ("Content-Length", str(len(body)))]
    if name != "json":
        content.append(("Content-Language", "en" if name == "html_en" else "zh-CN"))
    if gz:
        content.append(("Content-Encoding", "gzip"))
    return Answer(body, quoted if etag else "", tuple(content + common), tuple(common))


def code_in(path: str) -> str | None:
    """The typed code of a `/t/{code}` path, normalised; None for other paths (WeChat's `/t/*.txt` among them)."""
    if not path.startswith(PREFIX):
        return None
    return _remembered(path) if len(path) <= MAX_REMEMBERED else _code(path)


@lru_cache(maxsize=4096)
def _remembered(path: str) -> str | None:
    return _code(path)


def _code(path: str) -> str | None:
    typed = path[len(PREFIX) :]
    if not typed or "/" in typed or typed.endswith(".txt"):
        return None
    return normal_trace_code(typed.encode("latin-1", "replace").decode("utf-8", "replace"))


class TraceReader:
    """The WSGI application. `problems[(kind, name, gz)]` holds the finished pages for `missing` and `unavailable`."""

    def __init__(
        self,
        traces: Traces,
        fallback: Wsgi,
        *,
        problems: Mapping[tuple[str, str, bool], Answer],
        count: Callable[[str], None],
        place: Callable[[str], None],
        finished: Callable[[int], None],
    ) -> None:
        self._traces, self._fallback = traces, fallback
        self._problems, self._count, self._place, self._finished = problems, count, place, finished

    def __call__(self, environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        method = environ["REQUEST_METHOD"]
        code = code_in(environ.get("PATH_INFO", "")) if method in ("GET", "HEAD") else None
        if code is None:
            return self._fallback(environ, start)
        name, gz = negotiate.rendition(
            environ.get("HTTP_ACCEPT", ""),
            environ.get("HTTP_ACCEPT_LANGUAGE", ""),
            environ.get("HTTP_ACCEPT_ENCODING", ""),
            environ.get("QUERY_STRING", ""),
        )
        status, answer = self._answer(code, name, gz)
        if status == 200 and method == "GET":
            self._count(code)
            if (seen_in := environ.get(PLACE)) is not None and COUNTY(seen_in):
                self._place(f"{code}@{seen_in}")
        seen = environ.get("HTTP_IF_NONE_MATCH")
        unchanged = status == 200 and seen is not None and negotiate.matches(seen, answer.etag)
        headers = list(answer.unchanged if unchanged else answer.headers)
        if environ.get("wsgi.url_scheme") == "https":
            headers.append(STRICT)
        self._finished(304 if unchanged else status)
        start(REASONS[304 if unchanged else status], headers)
        return [] if unchanged or method == "HEAD" else [answer.body]

    def _answer(self, code: str, name: str, gz: bool) -> tuple[int, Answer]:
        try:
            answer = self._traces.get(code, name, gz)
        except PyMongoError as error:
            log.error("trace.unreadable", error=type(error).__name__)
            return 503, self._problems["unavailable", name, gz]
        return (404, self._problems["missing", name, gz]) if answer is None else (200, answer)


REASONS = {200: "200 OK", 304: "304 NOT MODIFIED", 404: "404 NOT FOUND", 503: "503 SERVICE UNAVAILABLE"}
