"""The pages of the public's voice, as a browser without JavaScript uses them."""

import io
import re
from collections.abc import Callable
from datetime import UTC, datetime
from html import unescape
from typing import Any

import pytest

from backend.base import store
from backend.domains.inbox import service as inbox
from backend.http import limits
from tests.factories.certificates import orchard
from tests.factories.complaints import filed, picture, solved
from tests.factories.http import Api

NOW = datetime(2026, 10, 12, 2, tzinfo=UTC)
PAGE = {"Accept": "text/html"}


@pytest.fixture
def today(travel: Callable[[datetime], None]) -> None:
    travel(NOW)


def hidden(page: Any, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page.text)
    assert found, name
    return unescape(found.group(1))


def post(api: Api, path: str, data: dict[str, Any]) -> Any:
    return api.post(path, data=data, content_type="multipart/form-data", headers=PAGE)


def form(api: Api, **changes: Any) -> dict[str, Any]:
    page = api.get("/report?county=620602", headers=PAGE)
    body = {
        "puzzle": hidden(page, "puzzle"),
        "answer": "",
        "county": "620602",
        "kind": "dispute",
        "category": "spoiled",
        "identity": "anonymous",
        "text": "买回来一箱苹果,一半是烂的。",
        "region": "620602100",
    } | changes
    return {name: value for name, value in body.items() if value is not None}


def receipt_on(page: Any) -> str:
    found = re.search(r'class="code">([0-9A-Z-]{24})<', page.text)
    assert found, page.text[:400]
    return found.group(1)


def test_a_stranger_reports_and_follows_without_javascript(api: Api, today: None) -> None:
    first = api.get("/report", headers=PAGE)
    assert 'value="620602"' in first.text and "<script" not in first.text
    sent = post(api, "/report", form(api, photos=[(picture(), "a.jpg"), (picture(), "b.jpg")]))
    assert sent.status_code == 201 and "先有人核对" in sent.text
    receipt = receipt_on(sent)
    case = post(api, "/report/follow", {"receipt": receipt})
    assert case.status_code == 200 and "待核对" in case.text and "一半是烂的" in case.text
    assert case.headers["Cache-Control"] == "no-store" and case.headers["Referrer-Policy"] == "no-referrer"
    photo = re.search(r'href="(/f/[^"]+)"', case.text)
    assert photo and api.get(unescape(photo.group(1))).status_code == 200
    said = post(api, "/report/follow", {"receipt": receipt, "do": "say", "text": "老板姓马"})
    assert "老板姓马" in said.text


def test_the_receipt_can_be_kept_in_chinese_characters(api: Api, today: None) -> None:
    sent = post(api, "/report", form(api))
    words = re.search(r"二十个字：<b>([^<]+)</b>", sent.text)
    assert words and len(words.group(1).replace(" ", "")) == 20
    case = post(api, "/report/follow", {"receipt": words.group(1)})
    assert case.status_code == 200 and "一半是烂的" in case.text


def test_with_the_puzzle_solved_it_is_in_the_queue_at_once(api: Api, today: None) -> None:
    body = form(api)
    sent = post(api, "/report", body | {"answer": solved(body["puzzle"])})
    assert "先有人核对" not in sent.text and "前告知是否受理" in sent.text


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"text": "短"}, "太短"),
        ({"kind": "x"}, "没有选"),
        ({"category": None}, "没有选"),
        ({"identity": "real"}, "联系方式"),
        ({"region": "", "county": ""}, "没有选"),
        ({"puzzle": "x"}, "刷新"),
    ],
)
def test_a_mistake_loses_nothing_that_was_typed(api: Api, today: None, changes: Any, said: str) -> None:
    answer = post(api, "/report", form(api, place="南门市场二排", **changes))
    assert answer.status_code in (400, 422) and said in answer.text
    assert store.collection("complaints").count_documents({}) == 0
    if "county" not in changes:
        assert "南门市场二排" in answer.text and changes.get("text", "一半是烂的") in answer.text


def test_what_a_stranger_wrote_is_text_and_never_script(api: Api, today: None) -> None:
    attack = '<script>alert(1)</script>"><img src=x onerror=alert(1)>'
    sent = post(api, "/report", form(api, text=attack, place=attack))
    case = post(api, "/report/follow", {"receipt": receipt_on(sent)})
    broken = post(api, "/report", form(api, text=attack, kind="x"))
    for page in (case, broken):
        assert "<script>alert" not in page.text and "<img src=x" not in page.text and "&lt;script&gt;" in page.text
        assert "script-src 'self'" in page.headers["Content-Security-Policy"]


def test_a_polyglot_picture_is_refused_and_the_form_kept(api: Api, today: None) -> None:
    answer = post(api, "/report", form(api, photos=[(io.BytesIO(b"GIF89a<script>alert(1)</script>"), "a.gif")]))
    assert answer.status_code == 415 and "一半是烂的" in answer.text
    assert store.collection("complaints").count_documents({}) == 0


def test_the_trace_page_leads_to_the_report_with_its_code_and_place(
    api: Api, login: Callable[..., str], today: None
) -> None:
    made = orchard(api, login).issued()
    page = api.get(f"/t/{made['code']}", headers=PAGE)
    assert f"/report?code={made['code']}" in page.text
    opened = api.get(f"/report?code={made['code']}", headers=PAGE)
    assert f'value="{made["code"]}"' in opened.text and 'value="620602100"' in opened.text


def test_a_wrong_receipt_is_met_kindly(api: Api, today: None) -> None:
    answer = post(api, "/report/follow", {"receipt": "不是回执"})
    assert answer.status_code == 404 and "没有查到这个回执" in answer.text


def test_the_reporter_rates_and_asks_again_on_the_page(api: Api, login: Callable[..., str], today: None) -> None:
    receipt = filed(api)
    officer = login("county_officer", region="620602")
    (case,) = api.get("/api/v1/complaints", as_=officer).json["items"]
    for body in (
        {"action": "accept"},
        {"action": "close", "text": "<b>已查</b>", "outcome": "unfounded"},
    ):
        path = f"/api/v1/complaints/{case['id']}/actions"
        assert api.post(path, body, as_=officer).status_code == 200
    page = post(api, "/report/follow", {"receipt": receipt})
    assert "未发现违法" in page.text and "&lt;b&gt;已查" in page.text and 'value="rate"' in page.text
    assert "没有选" in post(api, "/report/follow", {"receipt": receipt, "do": "rate", "stars": "9"}).text
    rated = post(api, "/report/follow", {"receipt": receipt, "do": "rate", "stars": "2"})
    assert "2/5" in rated.text
    again = post(api, "/report/follow", {"receipt": receipt, "do": "reopen", "text": "照片很清楚"})
    assert "已受理" in again.text and 'value="reopen"' not in again.text


def test_a_flood_gets_a_kind_page(api: Api, today: None) -> None:
    limits.limiter.enabled = True
    limits.limiter.reset()
    answers = [post(api, "/report", form(api)).status_code for _ in range(7)]
    assert answers == [201] * 6 + [429]
    limits.limiter.enabled = False


def test_the_desk_shows_the_clocks_to_officers_of_the_place(api: Api, login: Callable[..., str], today: None) -> None:
    filed(api, text="有人<b>刚打药</b>就卖了")
    token = login("county_officer", region="620602")
    name = api.get("/api/v1/me", as_=token).json["name"]
    account = store.collection("accounts").find_one({"name": name})
    assert "账号" in api.get("/desk", headers=PAGE).text
    wrong = post(api, "/desk", {"login": account["login"], "password": "wrong"})
    assert wrong.status_code == 401 and 'role="alert"' in wrong.text
    entered = post(api, "/desk", {"login": account["login"], "password": "correct horse battery"})
    cookie = entered.headers["Set-Cookie"]
    assert entered.status_code == 303 and "HttpOnly" in cookie and "SameSite=Strict" in cookie
    desk = api.get("/desk", headers=PAGE)
    assert "打药不久就采收上市" in desk.text and "&lt;b&gt;" in desk.text and "还剩" in desk.text
    inbox.tell([account["_id"]], "complaint_digest", key="digest-1", overdue=1, nearly=0, waiting=2)
    told = api.get("/desk", headers=PAGE).text
    assert "已超期 1 件" in told
    (notice,) = re.findall(r'name="notice" value="([^"]+)"', told)
    assert post(api, "/desk/read", {"notice": notice}).status_code == 303
    assert "已超期 1 件" not in api.get("/desk", headers=PAGE).text
    api.client.set_cookie("desk", "forged", path="/desk")
    assert api.get("/desk", headers=PAGE).status_code == 401
    assert post(api, "/desk/read", {"notice": notice}).status_code == 303, "for nobody it does nothing"
