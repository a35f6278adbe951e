"""The inbox over HTTP, and what leaves through WeChat: once, only where agreed, and never a flood."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests

from backend.base import ids, store
from backend.domains.complaints import service as complaints
from backend.domains.inbox import rules
from backend.domains.inbox import service as inbox
from backend.gateways.wechat.sandbox import Sandbox
from backend.gateways.wechat.sandbox.state import openid
from tests.factories.certificates import Orchard
from tests.factories.complaints import API, filed, form, send
from tests.factories.http import Api

MONDAY = datetime(2026, 9, 28, 2, tzinfo=UTC)  # ten o'clock in China
TEMPLATE = "TEMPLATE-1"
SEND = "/cgi-bin/message/subscribe/send"


@pytest.fixture
def officer(login: Callable[..., str], travel: Callable[[datetime], None]) -> str:
    travel(MONDAY)
    return login("county_officer", region="620602")


@dataclass(frozen=True)
class Reporter:
    """Logged in through WeChat, somebody its stand-in has not met in another test; and the officer of the place."""

    api: Api
    sandbox: Sandbox
    person: str
    token: str
    officer: str

    def accepts(self) -> None:
        """Taps 允许 once more."""
        grant = {"openid": openid(f"{self.person}-1"), "template": TEMPLATE}
        requests.post(f"{self.sandbox.url}/__sandbox/grant", json=grant, timeout=5).raise_for_status()

    def agrees(self, tap: str) -> int:
        """Tells the platform of a tap; how many messages may be sent now."""
        body = {"client_id": tap, "kinds": ["complaint_moved"]}
        answer = self.api.post(f"{API}/inbox/consents", body, as_=self.token)
        assert answer.status_code == 200, answer.text
        return int(answer.json["consents"][0]["count"])

    def hears(self) -> None:
        """A named report that the officer accepts: one notice."""
        assert send(self.api, form(self.api, identity="hidden", contact="王女士"), as_=self.token).status_code == 201
        cases = self.api.get(f"{API}/complaints", as_=self.officer).json["items"]
        (case,) = [one for one in cases if one["state"] == "submitted"]
        done = self.api.post(f"{API}/complaints/{case['id']}/actions", {"action": "accept"}, as_=self.officer)
        assert done.status_code == 200, done.text

    def sent(self) -> int:
        return sum(call["path"] == SEND for call in self.sandbox.state.calls)


@pytest.fixture
def reporter(api: Api, with_settings: Callable[..., None], wechat_sandbox: Sandbox, officer: str) -> Reporter:
    with_settings(wechat_templates=f"complaint_moved={TEMPLATE}")
    person = ids.token(8)
    token = api.post(f"{API}/auth/wechat", {"code": f"{person}-1"}).json["access_token"]
    return Reporter(api, wechat_sandbox, person, token, officer)


def states() -> list[str]:
    return [row["outside"] for row in store.collection("notices").find({}, sort=[("created_at", 1), ("_id", 1)])]


def test_what_happens_to_a_report_is_told_and_read(api: Api, reporter: Reporter) -> None:
    reporter.hears()
    (notice,) = api.get(f"{API}/inbox", as_=reporter.token).json["items"]
    assert notice["kind"] == "complaint_moved" and notice["unread"] is True
    assert "受理" in notice["text"]["zh"] and "ccepted" in notice["text"]["en"]
    assert api.get(f"{API}/inbox", as_=reporter.officer).json["items"] == []
    other = api.post(f"{API}/inbox/reading", {"ids": [notice["id"]]}, as_=reporter.officer)
    assert other.status_code == 200
    assert api.get(f"{API}/inbox/summary", as_=reporter.token).json["unread"] == 1
    assert api.post(f"{API}/inbox/reading", {"ids": [notice["id"]]}, as_=reporter.token).json["unread"] == 0


def test_an_anonymous_reporter_gets_no_notice_even_when_logged_in(api: Api, reporter: Reporter) -> None:
    assert send(api, form(api), as_=reporter.token).status_code == 201
    (case,) = api.get(f"{API}/complaints", as_=reporter.officer).json["items"]
    api.post(f"{API}/complaints/{case['id']}/actions", {"action": "accept"}, as_=reporter.officer)
    assert store.collection("notices").count_documents({}) == 0


def test_without_consent_nothing_leaves(reporter: Reporter) -> None:
    before = reporter.sent()
    reporter.hears()
    assert (inbox.send_due(), states(), reporter.sent()) == (0, ["none"], before)


def test_one_consent_is_one_message(reporter: Reporter) -> None:
    before = reporter.sent()
    reporter.accepts()
    assert (reporter.agrees("tap-00000001"), reporter.agrees("tap-00000001")) == (1, 1), "the same tap sent twice"
    reporter.hears()
    assert (inbox.send_due(), inbox.send_due(), states()) == (1, 0, ["sent"])
    assert reporter.sent() == before + 1
    reporter.hears()
    assert (inbox.send_due(), sorted(states())) == (0, ["none", "sent"])


def test_who_withdrew_in_wechat_is_left_alone(api: Api, reporter: Reporter) -> None:
    reporter.agrees("tap-00000001")
    reporter.agrees("tap-00000002")  # WeChat knows of neither: 43101
    reporter.hears()
    assert (inbox.send_due(), states()) == (0, ["refused"])
    assert api.get(f"{API}/inbox/summary", as_=reporter.token).json["consents"][0]["count"] == 0
    assert api.get(f"{API}/inbox", as_=reporter.token).json["items"], "kept here always"


def test_a_busy_wechat_is_asked_again_later_and_the_consent_is_not_lost(
    reporter: Reporter, travel: Callable[[datetime], None]
) -> None:
    reporter.accepts()
    reporter.agrees("tap-00000001")
    reporter.hears()
    failing = {"path": SEND, "errcode": 45011, "times": 1}
    requests.post(f"{reporter.sandbox.url}/__sandbox/fail", json=failing, timeout=5)
    assert (inbox.send_due(), states(), inbox.send_due()) == (0, ["due"], 0)
    travel(MONDAY + timedelta(minutes=3))
    assert (inbox.send_due(), states()) == (1, ["sent"])


def test_a_worker_that_dies_while_sending_sends_nothing_twice(
    reporter: Reporter, monkeypatch: pytest.MonkeyPatch
) -> None:
    reporter.accepts()
    reporter.agrees("tap-00000001")
    reporter.hears()
    before = reporter.sent()

    def dies(*_arguments: Any) -> Any:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(rules, "outcome", dies)
        inbox.send_due()
    assert (reporter.sent(), inbox.send_due(), states()) == (before + 1, 0, ["sending"])


def test_two_workers_at_once_send_one_message(reporter: Reporter) -> None:
    for tap in range(4):
        reporter.accepts()
        reporter.agrees(f"tap-0000000{tap}")
    reporter.hears()
    before = reporter.sent()
    with ThreadPoolExecutor(4) as workers:
        done = list(workers.map(lambda _: inbox.send_due(), range(4)))
    assert (sum(done), reporter.sent() - before, states()) == (1, 1, ["sent"])
    assert store.collection("notice_consents").find_one({})["count"] == 3


def test_at_most_five_a_day_leave_for_one_person(reporter: Reporter) -> None:
    before = reporter.sent()
    for number in range(7):
        reporter.accepts()
        reporter.agrees(f"tap-0000000{number}")
    account = store.collection("notice_consents").find_one({})["account_id"]
    for number in range(7):
        said = {"step": ("complaint_steps", "accept"), "state": ("complaint_states", "accepted")}
        for _ in "twice":
            inbox.tell([account], "complaint_moved", key=f"news-{number}", **said)
    assert inbox.send_due() == rules.PER_DAY == reporter.sent() - before
    assert sorted(states()) == ["none"] * 2 + ["sent"] * 5
    assert store.collection("notice_consents").find_one({})["count"] == 2


def test_a_farmer_is_told_what_officers_decide_and_not_what_they_did_themselves(grove: Orchard) -> None:
    mine, his = grove.issued(), grove.issued()
    grove.api.post(f"{API}/certificates/{mine['id']}/void", {"reason": "not_sold"}, as_=grove.token)
    grove.api.post(f"{API}/certificates/{his['id']}/void", {"reason": "ordered"}, as_=grove.officer)
    grove.api.post(f"{API}/lots/{grove.lot_id}/hold", {"reason": "complaint"}, as_=grove.officer)
    suspended = f"{API}/producers/{grove.farm.producer_id}/suspension"
    assert grove.api.post(suspended, {"reason": "正在核查"}, as_=grove.officer).status_code == 200
    told = grove.api.get(f"{API}/inbox", as_=grove.token).json["items"]
    assert {one["kind"] for one in told} == {
        "declaration_decided", "certificate_voided", "lot_held", "producer_suspended"
    }  # fmt: skip
    (voided,) = [one for one in told if one["kind"] == "certificate_voided"]
    assert voided["subject_id"] == his["id"] and his["number"] in voided["text"]["zh"]
    assert "监管部门要求" in voided["text"]["zh"]


def test_officers_get_one_digest_on_a_working_morning(
    api: Api, officer: str, login: Callable[..., str], travel: Callable[[datetime], None]
) -> None:
    login("county_officer", region="620723")
    filed(api)
    filed(api, text="还有一件事,也不对。")
    travel(datetime(2026, 10, 13, 23, 30, tzinfo=UTC))  # Wednesday 07:30 in China, a day after the due day
    assert complaints.send_digests() == 0, "not before eight"
    travel(datetime(2026, 10, 14, 0, 30, tzinfo=UTC))
    assert (complaints.send_digests(), complaints.send_digests()) == (1, 0)
    (row,) = store.collection("notices").find({})
    zh = rules.words(row["kind"], row["params"], "zh")[1]
    assert zh == "已超期 2 件，快到期 0 件，待受理 2 件。"
    travel(datetime(2026, 10, 17, 2, tzinfo=UTC))  # a Saturday off
    assert complaints.send_digests() == 0
    travel(datetime(2026, 10, 10, 2, tzinfo=UTC))  # a Saturday that is worked instead of the holidays
    assert complaints.send_digests() == 1


def test_operators_hear_once_a_week_of_a_missing_year(
    api: Api, login: Callable[..., str], travel: Callable[[datetime], None]
) -> None:
    travel(datetime(2026, 10, 12, 2, tzinfo=UTC))
    login("operator", region="620000")
    assert complaints.warn_of_missing_years() == 0
    travel(datetime(2026, 11, 23, 2, tzinfo=UTC))
    assert complaints.warn_of_missing_years() == complaints.warn_of_missing_years() == 1
    (row,) = store.collection("notices").find({})
    assert row["params"] == {"year": "2027"}
    assert api.get("/readyz").json["parts"]["holidays"] == {"ok": True, "missing": [2027]}
    travel(datetime(2026, 11, 30, 2, tzinfo=UTC))
    complaints.warn_of_missing_years()
    assert store.collection("notices").count_documents({}) == 2
