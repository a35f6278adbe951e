"""The stand-in behaves as WeChat is documented to, errors and all."""

from collections.abc import Iterator
from typing import Any

import pytest
import requests

from backend.gateways.wechat.sandbox import Sandbox, openid

USER = openid("zhang-1")


class Caller:
    """A client with a session of its own, so that every socket is closed."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.url, self.http = sandbox.url, requests.Session()
        app = {"grant_type": "client_credential", "appid": "wx-sandbox", "secret": "sandbox"}
        self.token = self.send("POST", "/cgi-bin/stable_token", app, token=False)["access_token"]

    def send(self, method: str, path: str, body: Any = None, *, token: bool = True, **query: Any) -> Any:
        params = {**query, **({"access_token": self.token} if token else {})}
        return self.http.request(method, self.url + path, json=body, params=params, timeout=5).json()

    def control(self, name: str, **told: Any) -> Any:
        return self.http.post(f"{self.url}/__sandbox/{name}", json=told, timeout=5)


@pytest.fixture
def caller() -> Iterator[Caller]:
    sandbox = Sandbox()
    made = Caller(sandbox)
    yield made
    made.http.close()
    sandbox.stop()


def test_the_stable_token_stays_the_same_and_the_plain_one_replaces_it(caller: Caller) -> None:
    app = {"appid": "wx-sandbox", "secret": "sandbox"}
    assert caller.send("POST", "/cgi-bin/stable_token", app, token=False)["access_token"] == caller.token
    other = caller.send("GET", "/cgi-bin/token", token=False, **app)["access_token"]
    assert other != caller.token
    assert caller.send("POST", "/wxa/msg_sec_check", {"openid": USER, "content": "好"})["errcode"] == 40001


@pytest.mark.parametrize(
    ("app", "errcode"), [({"appid": "x", "secret": "sandbox"}, 40013), ({"appid": "wx-sandbox", "secret": "x"}, 40125)]
)
def test_an_unknown_app_or_a_wrong_secret_gets_nothing(caller: Caller, app: dict[str, str], errcode: int) -> None:
    assert caller.send("POST", "/cgi-bin/stable_token", app, token=False)["errcode"] == errcode


def test_tokens_expire_with_the_clock(caller: Caller) -> None:
    caller.control("clock", seconds=8000)
    assert caller.send("POST", "/wxa/msg_sec_check", {"openid": USER, "content": "好"})["errcode"] == 42001
    assert caller.send("POST", "/wxa/msg_sec_check", {}, token=False)["errcode"] == 41001
    caller.control("clock", seconds=0)
    caller.control("expire-token")
    assert caller.send("POST", "/wxa/msg_sec_check", {})["errcode"] == 42001


def test_texts_are_passed_reviewed_or_found_risky(caller: Caller) -> None:
    def suggested(text: str) -> str:
        return str(caller.send("POST", "/wxa/msg_sec_check", {"openid": USER, "content": text})["result"]["suggest"])

    assert [suggested(text) for text in ("苹果很甜", "这里存疑", "这里违规")] == ["pass", "review", "risky"]
    for body, errcode in (({"content": "好"}, 40003), ({"openid": USER, "content": "长" * 2501}, 44002)):
        assert caller.send("POST", "/wxa/msg_sec_check", body)["errcode"] == errcode
    assert caller.send("POST", "/wxa/media_check_async", {"openid": USER, "media_url": "x"})["trace_id"]
    assert caller.send("POST", "/wxa/media_check_async", {})["errcode"] == 40003


def test_a_message_needs_a_consent_and_spends_it(caller: Caller) -> None:
    body = {"touser": USER, "template_id": "T", "data": {"thing1": {"value": "好"}}}
    path = "/cgi-bin/message/subscribe/send"
    assert caller.send("POST", path, body)["errcode"] == 43101
    caller.control("grant", openid=USER, template="T")
    assert [caller.send("POST", path, body)["errcode"] for _ in range(2)] == [0, 43101]
    assert caller.send("POST", path, body | {"data": "x"})["errcode"] == 47003
    assert caller.send("POST", path, body | {"touser": "x"})["errcode"] == 40003


def test_a_phone_code_works_once_and_for_its_person(caller: Caller) -> None:
    path = "/wxa/business/getuserphonenumber"
    phone = caller.send("POST", path, {"code": "zhang-5", "openid": USER})["phone_info"]["phoneNumber"]
    assert phone.startswith("138") and len(phone) == 11
    assert caller.send("POST", path, {"code": "zhang-5"})["errcode"] == 40163
    assert caller.send("POST", path, {"code": "li-1", "openid": USER})["errcode"] == 40029
    assert caller.send("POST", path, {"code": "bad"})["errcode"] == 40029


def test_controls_that_do_not_exist_say_so_and_calls_are_listed_without_secrets(caller: Caller) -> None:
    assert caller.control("nothing").status_code == 404
    listed = caller.control("calls").json()["calls"]
    assert listed[0]["path"] == "/cgi-bin/stable_token" and "secret" not in listed[0]["query"]
    assert caller.send("POST", "/wxa/getwxacodeunlimit", {"scene": "x" * 33})["errcode"] == 40169
