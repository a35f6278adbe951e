"""The WeChat gateway against the stand-in over real HTTP: what wechatpy does wrong must not reach us."""

import socket
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import requests

from backend.base import clock
from backend.base.errors import BadRequest, Forbidden, GatewayFailed, TooMany
from backend.gateways import wechat
from backend.gateways.wechat import client
from backend.gateways.wechat.sandbox import Sandbox, openid

CODE_IMAGE = "/wxa/getwxacodeunlimit"
TOKEN = "/cgi-bin/stable_token"
SESSION = "/sns/jscode2session"


class Kept:
    """Token storage of one test."""

    def __init__(self) -> None:
        self.values: dict[str, Any] = {}

    def get(self, key: str, default: Any = None) -> Any:
        return self.values.get(key, default)

    def set(self, key: str, value: Any, _ttl: int | None = None) -> None:
        self.values[key] = value

    def delete(self, key: str) -> None:
        self.values.pop(key, None)


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    running = Sandbox()
    yield running
    running.stop()


@pytest.fixture
def door(sandbox: Sandbox) -> Iterator[wechat.WeChat]:
    opened = wechat.connect("wx-sandbox", "sandbox", sandbox.url, Kept())
    yield opened
    opened.close()


def order(sandbox: Sandbox, path: str, errcode: int, times: int = 1) -> None:
    requests.post(f"{sandbox.url}/__sandbox/fail", json={"path": path, "errcode": errcode, "times": times}, timeout=5)


def called(sandbox: Sandbox, path: str) -> int:
    return sum(call["path"] == path for call in sandbox.state.calls)


def test_a_login_code_names_its_person_once_and_costs_no_token(sandbox: Sandbox, door: wechat.WeChat) -> None:
    first, again = door.code_to_session("zhang-1"), door.code_to_session("zhang-2")
    assert first == again == wechat.Identity(openid("zhang-9")) and first != door.code_to_session("li-1")
    with pytest.raises(BadRequest, match="wechat_code_invalid"):
        door.code_to_session("zhang-1")
    assert called(sandbox, TOKEN) == 0 and not any(call["token"] for call in sandbox.state.calls)
    assert not hasattr(first, "session_key")


@pytest.mark.parametrize(
    ("errcode", "kind", "reason"),
    [
        (40029, BadRequest, "wechat_code_invalid"),
        (40226, Forbidden, "wechat_account_risky"),
        (45011, TooMany, "wechat_busy"),
        (40013, GatewayFailed, "wechat_unavailable"),
    ],
)
def test_each_answer_of_wechat_has_words_for_a_person(
    sandbox: Sandbox, door: wechat.WeChat, errcode: int, kind: type[Exception], reason: str
) -> None:
    order(sandbox, SESSION, errcode)
    with pytest.raises(kind, match=reason):
        door.code_to_session("zhang-1")


def test_busy_is_tried_once_more(sandbox: Sandbox, door: wechat.WeChat) -> None:
    order(sandbox, SESSION, -1)
    assert door.code_to_session("zhang-1").openid == openid("zhang-1")
    order(sandbox, SESSION, -1, times=9)
    with pytest.raises(GatewayFailed):
        door.code_to_session("zhang-2")
    assert called(sandbox, SESSION) == 4


def test_a_token_that_wechat_refuses_is_renewed_once(sandbox: Sandbox, door: wechat.WeChat) -> None:
    assert door.unlimited_code("7K3MPX9Q2RTV", page="pages/trace/index").startswith(b"\xff\xd8")
    with sandbox.state.lock:
        sandbox.state.stable_token(fresh=True)
    assert door.unlimited_code("7K3MPX9Q2RTV", page="pages/trace/index")
    assert called(sandbox, CODE_IMAGE) == 3 and called(sandbox, TOKEN) == 2


def test_a_refusal_that_does_not_end_is_not_repeated_for_ever(sandbox: Sandbox, door: wechat.WeChat) -> None:
    order(sandbox, CODE_IMAGE, 40001, times=50)
    with pytest.raises(GatewayFailed):
        door.unlimited_code("7K3MPX9Q2RTV", page="pages/trace/index")
    assert called(sandbox, CODE_IMAGE) == 2


def test_every_call_has_a_time_limit_even_the_one_for_the_token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "TIMEOUT", (0.2, 0.2))
    with socket.create_server(("127.0.0.1", 0)) as silent:
        door = wechat.connect("wx-sandbox", "sandbox", f"http://127.0.0.1:{silent.getsockname()[1]}", Kept())
        began = time.monotonic()
        for call in (lambda: door.unlimited_code("x", page="p"), lambda: door.code_to_session("zhang-1")):
            with pytest.raises(GatewayFailed):
                call()
        assert time.monotonic() - began < 3
        door.close()


def test_a_server_that_is_not_there_is_a_problem_with_words_and_not_a_crash() -> None:
    door = wechat.connect("wx-sandbox", "sandbox", "http://127.0.0.1:9", Kept())
    with pytest.raises(GatewayFailed, match="wechat_unavailable"):
        door.code_to_session("zhang-1")
    with pytest.raises(GatewayFailed, match="wechat_unavailable"):
        door.unlimited_code("x", page="p")
    door.close()


def test_twenty_threads_on_a_cold_cache_fetch_one_token(sandbox: Sandbox, door: wechat.WeChat) -> None:
    with sandbox.state.lock:
        sandbox.state.delay = 0.02
    threads = [threading.Thread(target=door.unlimited_code, args=("x",), kwargs={"page": "p"}) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert called(sandbox, TOKEN) == 1 and called(sandbox, CODE_IMAGE) == 20


def test_no_address_but_the_given_one_is_ever_called(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []
    sent = requests.Session.send

    def watched(self: requests.Session, prepared: requests.PreparedRequest, **how: Any) -> requests.Response:
        seen.append(str(prepared.url))
        return sent(self, prepared, **how)

    monkeypatch.setattr(requests.Session, "send", watched)
    door = wechat.connect("wx-sandbox", "sandbox", sandbox.url, Kept())
    door.code_to_session("zhang-1")
    door.unlimited_code("x", page="p")
    door.close()
    assert len(seen) == 3 and all(url.startswith(sandbox.url) for url in seen)
    assert wechat.ROOT.startswith("https://") and client.Client("a", "b", root=wechat.ROOT, session=Kept()).root


def test_tokens_are_kept_in_the_database_until_they_run_out(database: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = wechat.MongoSessionStorage(database["wechat_tokens"])
    assert kept.get("token") is None and kept.get("token", "none") == "none"
    kept.set("token", "a", 60)
    kept.set("token", "b", 60)
    assert kept.get("token") == "b"
    later = clock.now() + timedelta(seconds=61)
    monkeypatch.setattr(clock, "source", lambda: later)
    assert kept.get("token") is None
    kept.set("for ever", "c")
    kept.delete("for ever")
    assert kept.get("for ever") is None
