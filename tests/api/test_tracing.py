"""The public trace over HTTP: what is answered, to whom in which form, how it is cached, and what a scan costs."""

import base64
import gzip
import hashlib
import itertools
import json
import random
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import jsonschema
import pytest
from flask import Flask
from pymongo.errors import ServerSelectionTimeoutError
from werkzeug.test import Client, TestResponse

from backend.base import clock, store
from backend.domains.tracing import service as tracing
from backend.domains.tracing.models import PublicTrace, ScanTally
from backend.web import Web
from backend.web.reader import TraceReader, code_in
from tests.factories.counting import counted
from tests.factories.http import Api
from tests.factories.traces import CARD, CODE, FACTS, stored

HTML = {"Accept": "text/html"}
JSON = {"Accept": "application/json"}


@pytest.fixture
def parts(app: Flask) -> Iterator[Web]:
    known: Web = app.extensions["longtrace.web"]
    known.traces.forget(CODE)
    yield known
    known.counter.flush()
    known.traces.forget(CODE)


@pytest.fixture
def web(app: Flask, parts: Web) -> Client:
    """A browser without cookies, through the reader."""
    return Client(app.wsgi_app)


@pytest.fixture
def behind(app: Flask, parts: Web) -> Client:
    """The same site without the reader in front."""
    return Client(unwrapped(app))


def unwrapped(app: Flask) -> Any:
    outer: Any = app.wsgi_app
    while not isinstance(outer, TraceReader):
        outer = outer.app
    return outer._fallback


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_policy_names_the_one_script_that_stands_in_the_page(web: Client, language: str) -> None:
    stored()
    page = web.get(f"/t/{CODE}?lang={language}", headers=HTML)
    (script,) = re.findall(r"<script>(.*?)</script>", page.text, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"script-src 'self' 'sha256-{digest}';" in page.headers["Content-Security-Policy"]
    assert "script-src 'self';" in web.get("/", headers=HTML).headers["Content-Security-Policy"]


def test_a_browser_gets_the_page_and_a_machine_the_story(web: Client) -> None:
    stored()
    page, story = web.get(f"/t/{CODE}", headers=HTML), web.get(f"/t/{CODE}", headers=JSON)
    assert (page.status_code, page.content_type) == (200, "text/html; charset=utf-8")
    assert "承诺达标合格证" in page.text
    assert (story.status_code, story.content_type) == (200, "application/json")
    assert story.json is not None
    assert story.json["code"] == CODE


def test_the_story_follows_its_published_schema(web: Client, root: Path) -> None:
    stored()
    schema = json.loads((root / "schemas/payloads/trace-story.schema.json").read_text("utf-8"))
    checker = jsonschema.FormatChecker()
    jsonschema.Draft202012Validator(schema, format_checker=checker).validate(web.get(f"/t/{CODE}", headers=JSON).json)


@pytest.mark.parametrize(
    ("language", "query", "expected"), [("", "", "zh-CN"), ("en-GB,en", "", "en"), ("en", "?lang=zh", "zh-CN")]
)
def test_the_page_speaks_the_readers_language(web: Client, language: str, query: str, expected: str) -> None:
    stored()
    answer = web.get(f"/t/{CODE}{query}", headers={**HTML, "Accept-Language": language})
    assert answer.headers["Content-Language"] == expected
    assert f'<html lang="{expected}">' in answer.text


def test_the_page_is_compressed_for_who_takes_it_and_small(web: Client) -> None:
    stored()
    packed = web.get(f"/t/{CODE}", headers={**HTML, "Accept-Encoding": "gzip"})
    plain = web.get(f"/t/{CODE}", headers=HTML)
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert (len(plain.data) < 60_000, len(packed.data) < 12_000) == (True, True)
    assert packed.headers["ETag"] != plain.headers["ETag"]


def test_a_known_copy_is_not_sent_again(web: Client) -> None:
    stored()
    first = web.get(f"/t/{CODE}", headers=HTML)
    again = web.get(f"/t/{CODE}", headers={**HTML, "If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    assert first.headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize("typed", [CODE.lower(), f"{CODE[:4]}-{CODE[4:8]}-{CODE[8:]}", f"{CODE[:6]}%20{CODE[6:]}"])
def test_a_code_typed_by_hand_is_understood(web: Client, typed: str) -> None:
    stored()
    assert web.get(f"/t/{typed}", headers=HTML).status_code == 200


UNKNOWN = [
    "0" * 12,
    "ZZZZZZZZZZZZ",
    "x",
    "a" * 500,
    "%00",
    "%FF%FE",
    "追溯码",
    "$where",
    "{%22$gt%22:%22%22}",
    "..%5c..",
    "<script>",
]


@pytest.mark.parametrize("typed", UNKNOWN)
def test_unknown_and_malformed_codes_are_one_kind_page_at_one_cost(web: Client, parts: Web, typed: str) -> None:
    reference = web.get("/t/000000000001", headers=HTML)
    parts.traces.forget(str(code_in("/t/" + unquote(typed).encode().decode("latin-1"))))
    with counted() as commands:
        answer = web.get(f"/t/{typed}", headers=HTML)
    assert (answer.status_code, answer.data) == (404, reference.data)
    assert dict(answer.headers) == dict(reference.headers)
    assert commands == ["find"]
    assert "没有查到" in answer.text


def test_an_unknown_code_is_told_to_a_machine_with_a_reason(web: Client) -> None:
    answer = web.get("/t/NOSUCHCODE00", headers=JSON)
    assert answer.status_code == 404
    assert answer.json is not None
    assert (answer.json["code"], answer.json["reason"]) == (404, "trace_not_found")


def test_a_scan_is_one_read_and_the_next_none(web: Client) -> None:
    stored()
    with counted() as commands:
        web.get(f"/t/{CODE}", headers=HTML)
        web.get(f"/t/{CODE}", headers=HTML)
        web.head(f"/t/{CODE}", headers=HTML)
    assert commands == ["find"]


def offered() -> list[dict[str, str]]:
    accepts = ["", "text/html", "application/json", "*/*", "text/html;q=0.4, application/json;q=0.5", "image/png"]
    languages = ["", "en", "zh-CN,zh;q=0.9", "en;q=0.3, zh;q=0.2"]
    encodings = ["", "gzip", "br, gzip;q=0.5", "gzip;q=0", "*"]
    names = ("Accept", "Accept-Language", "Accept-Encoding")
    rows = [
        {name: value for name, value in zip(names, row, strict=True) if value}
        for row in itertools.product(accepts, languages, encodings)
    ]
    return random.Random(7).sample(rows, 60)


def comparable(answer: TestResponse) -> tuple[Any, ...]:
    headers = sorted((name, value) for name, value in answer.headers if name not in ("X-Request-ID", "Date"))
    return answer.status_code, headers, answer.data


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_the_reader_and_the_framework_give_identical_answers(web: Client, behind: Client, method: str) -> None:
    stored()
    for headers in offered():
        for path in (f"/t/{CODE}", f"/t/{CODE.lower()}?lang=en", "/t/UNKNOWN00000", "/t/%E8%BF%BD"):
            first = web.open(path, method=method, headers=headers)
            assert comparable(first) == comparable(behind.open(path, method=method, headers=headers)), (path, headers)
            known = {**headers, "If-None-Match": first.headers.get("ETag", '"none"')}
            both = [comparable(client.open(path, method=method, headers=known)) for client in (web, behind)]
            assert both[0] == both[1], (path, known)


def test_other_methods_are_refused(web: Client) -> None:
    assert web.post(f"/t/{CODE}").status_code == 405
    assert web.delete(f"/t/{CODE}").status_code == 405


def test_a_change_shows_at_once_in_the_process_that_made_it(web: Client) -> None:
    stored()
    web.get(f"/t/{CODE}", headers=HTML)
    gone = replace(FACTS, card=replace(CARD, voided_at=datetime(2026, 10, 9, tzinfo=UTC), void_reason="标错"))
    rewrite(gone)
    assert "合格证已作废" in web.get(f"/t/{CODE}", headers=HTML).text


def rewrite(facts: Any) -> None:
    from backend.domains.tracing.rules import tell
    from backend.domains.tracing.service import building

    store.transaction(lambda: building.replace(CODE, 1, tracing.finished(tell(facts))))


def test_another_process_shows_a_change_within_its_time_to_live(web: Client, parts: Web) -> None:
    stored()
    web.get(f"/t/{CODE}", headers=JSON)
    PublicTrace.collection().update_one({"_id": CODE}, {"$set": {"json": b'{"changed":true}', "etag_json": "x"}})
    assert web.get(f"/t/{CODE}", headers=JSON).json != {"changed": True}
    time.sleep(1.1)
    assert web.get(f"/t/{CODE}", headers=JSON).json == {"changed": True}


def test_a_newly_issued_code_is_found_though_it_was_just_unknown(web: Client) -> None:
    assert web.get(f"/t/{CODE}", headers=HTML).status_code == 404
    stored()
    from backend.domains.tracing.service import building

    building.announce(CODE)
    assert web.get(f"/t/{CODE}", headers=HTML).status_code == 200


def test_an_older_rebuild_never_wins(app: Flask) -> None:
    stored()
    from backend.domains.tracing.service import building

    assert building.replace(CODE, 1, {"state": "void"}) is True
    assert building.replace(CODE, 1, {"state": "valid"}) is False
    row = PublicTrace.rows({"_id": CODE}, ("state", "version"), limit=1)[0]
    assert (row["state"], row["version"]) == ("void", 2)


def test_a_database_out_of_reach_is_a_kind_503(web: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def unreachable(name: str) -> Any:
        raise ServerSelectionTimeoutError(name)

    monkeypatch.setattr(store, "collection", unreachable)
    answer = web.get(f"/t/{CODE}", headers=HTML)
    assert answer.status_code == 503
    assert "请稍等一下" in answer.text
    assert web.get("/", headers=HTML).status_code == 503


def test_scans_are_counted_told_on_the_page_and_not_for_head_or_unknown_codes(web: Client, parts: Web) -> None:
    stored(replace(FACTS, tally=type(FACTS.tally)()))
    for _ in range(3):
        web.get(f"/t/{CODE}", headers=HTML)
    web.head(f"/t/{CODE}", headers=HTML)
    web.get("/t/UNKNOWN00000", headers=HTML)
    parts.counter.flush()
    rows = ScanTally.rows({}, limit=10)
    assert [(row["_id"], row["count"], row["dirty"]) for row in rows] == [(CODE, 3, True)]
    assert tracing.refresh_scan_summaries() == 1
    assert tracing.refresh_scan_summaries() == 0
    story = web.get(f"/t/{CODE}", headers=JSON).json
    assert story is not None
    assert story["scans"]["count"] == 3
    assert "共 <b>3</b> 次" in web.get(f"/t/{CODE}", headers=HTML).text


def test_scan_days_are_forgotten_after_a_while(app: Flask, travel: Callable[[datetime], None]) -> None:
    stored()
    start = datetime(2026, 1, 1, 4, tzinfo=UTC)
    travel(start)
    tracing.count_scans({CODE: 2}, clock.now())
    travel(start + timedelta(days=90))
    tracing.count_scans({CODE: 1}, clock.now())
    tracing.refresh_scan_summaries()
    row = ScanTally.rows({"_id": CODE}, limit=1)[0]
    assert (row["count"], row["days"], row["dirty"]) == (3, {"20260401": 1}, False)


def test_the_kind_page_carries_the_sites_security_headers(web: Client, api: Api) -> None:
    stored()
    wanted = {"X-Content-Type-Options", "Content-Security-Policy", "X-Frame-Options", "Referrer-Policy"}
    for path in (f"/t/{CODE}", "/t/UNKNOWN00000", "/", "/robots.txt"):
        assert wanted <= set(web.get(path, headers=HTML).headers.keys()), path


def test_a_secure_site_asks_to_stay_secure(web: Client) -> None:
    stored()
    answer = web.get(f"/t/{CODE}", headers=HTML, base_url="https://t.test")
    assert "max-age" in answer.headers["Strict-Transport-Security"]
