"""Photos from WeChat's people: asked about, answered by a push, given up on; and nothing kept of who sent them."""

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests
from werkzeug.test import TestResponse

from backend.base import store
from backend.domains.complaints import service as complaints
from backend.gateways.wechat.sandbox import Sandbox
from backend.gateways.wechat.sandbox.state import openid
from tests.factories.complaints import API, form, send
from tests.factories.http import Api

MONDAY = datetime(2026, 9, 28, 2, tzinfo=UTC)
TOKEN = "a-long-push-token"


@pytest.fixture
def officer(login: Callable[..., str], travel: Callable[[datetime], None], with_settings: Callable[..., None]) -> str:
    travel(MONDAY)
    with_settings(wechat_push_token=TOKEN)
    return login("county_officer", region="620602")


def signed(token: str = TOKEN, **more: str) -> dict[str, str]:
    parts = {"timestamp": "1790560800", "nonce": "42"}
    digest = hashlib.sha1("".join(sorted([token, *parts.values()])).encode())  # noqa: S324 - WeChat's own choice
    return {**parts, "signature": digest.hexdigest(), **more}


def push(api: Api, trace_id: str, suggest: str, *, query: dict[str, str] | None = None, **more: Any) -> TestResponse:
    event = {"MsgType": "event", "Event": "wxa_media_check", "trace_id": trace_id, "version": 2, "errcode": 0}
    body = {**event, "result": {"suggest": suggest, "label": 100}, **more}
    return api.post("/wechat/push", body, query_string=query or signed())


def reported(api: Api, officer: str, code: str) -> list[str]:
    """An anonymous report with two photos; the trace ids WeChat gave."""
    assert send(api, form(api, wechat_code=code), photos=2).status_code == 201
    return [row["_id"] for row in store.collection("complaint_photo_checks").find({})]


def review(api: Api, officer: str) -> bool:
    return bool(api.get(f"{API}/complaints", as_=officer).json["items"][0]["review"])


def test_a_risky_photo_marks_the_report_once_and_a_good_one_does_not(
    api: Api, officer: str, wechat_sandbox: Sandbox
) -> None:
    first, second = reported(api, officer, "zhao-801")
    asked = [call for call in wechat_sandbox.state.calls if call["path"] == "/wxa/media_check_async"][-2:]
    link = asked[0]["query"]["media_url"].removeprefix("http://t.test")
    assert api.get(link).status_code == 200, "WeChat can fetch it"
    assert push(api, first, "pass").text == "success" and not review(api, officer)
    assert push(api, second, "risky").text == "success" and review(api, officer)
    assert push(api, second, "risky").status_code == 200, "pushed again"
    assert store.collection("complaint_photo_checks").count_documents({}) == 0


def test_nothing_of_the_person_is_kept(api: Api, officer: str) -> None:
    reported(api, officer, "qian-802")
    dumped = "".join(
        repr(row) for name in store.database().list_collection_names() for row in store.collection(name).find({})
    )
    assert openid("qian-802") not in dumped and "qian" not in dumped


def test_what_is_never_answered_is_for_a_person(api: Api, officer: str, travel: Callable[[datetime], None]) -> None:
    reported(api, officer, "sun-803")
    assert complaints.give_up_photo_checks() == 0 and not review(api, officer)
    travel(MONDAY + timedelta(hours=3))
    assert complaints.give_up_photo_checks() == 2
    travel(MONDAY)  # the officer's login is of that hour
    assert review(api, officer)


def test_a_wechat_that_cannot_be_asked_or_sees_nothing_is_for_a_person(
    api: Api, officer: str, wechat_sandbox: Sandbox
) -> None:
    failing = {"path": "/wxa/media_check_async", "errcode": 45009, "times": 1}
    requests.post(f"{wechat_sandbox.url}/__sandbox/fail", json=failing, timeout=5)
    assert reported(api, officer, "li-804") == [] and review(api, officer)


def test_a_failed_look_is_for_a_person(api: Api, officer: str) -> None:
    first, _ = reported(api, officer, "zhou-805")
    push(api, first, "pass", errcode=-1008)
    assert review(api, officer)


def test_only_wechat_may_push(api: Api, officer: str, with_settings: Callable[..., None]) -> None:
    first, _ = reported(api, officer, "wu-806")
    for query in (signed("another token"), {}, signed(signature="")):
        assert push(api, first, "pass", query=query or {"nonce": "1"}).status_code == 403
    assert api.get("/wechat/push", query_string=signed(echostr="hello")).text == "hello"
    assert api.get("/wechat/push", query_string=signed("wrong", echostr="hello")).status_code == 403
    with_settings(wechat_push_token="")
    assert push(api, first, "pass", query=signed("")).status_code == 403, "not set up: nobody may"
    assert store.collection("complaint_photo_checks").count_documents({}) == 2


def test_other_events_and_rubbish_are_taken_without_effect(api: Api, officer: str) -> None:
    for body in ({"Event": "subscribe"}, [], "x", {"Event": "wxa_media_check", "trace_id": {"$ne": ""}}):
        assert api.post("/wechat/push", body, query_string=signed()).text == "success"
