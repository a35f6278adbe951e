"""Complaints over HTTP: anonymous and named reporters, officers and their clocks, receipts, floods."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from backend.base import salts, store, vocab
from backend.domains.complaints import service as complaints
from backend.http import limits
from tests.factories.certificates import orchard
from tests.factories.complaints import API, filed, follow, form, send
from tests.factories.http import Api

MONDAY = datetime(2026, 9, 28, 2, tzinfo=UTC)


@pytest.fixture
def officer(login: Callable[..., str], travel: Callable[[datetime], None]) -> str:
    travel(MONDAY)
    return login("county_officer", region="620602")


def the_case(api: Api, officer: str) -> Any:
    (found,) = api.get(f"{API}/complaints", as_=officer).json["items"]
    return found


def act(api: Api, officer: str, case_id: str, action: str, **body: Any) -> Any:
    return api.post(f"{API}/complaints/{case_id}/actions", {"action": action, **body}, as_=officer)


def test_from_an_anonymous_report_to_its_rating_and_one_more_look(api: Api, officer: str) -> None:
    receipt = filed(api, photos=2)
    told = follow(api, receipt).json
    assert (told["state"], told["due_on"], told["actions"]) == ("submitted", "2026-10-13", ["message"])
    assert "id" not in told and api.get(told["photos"][0]).status_code == 200

    case = the_case(api, officer)
    assert (case["category"], case["left"], case["overdue"]) == ("early_harvest", 7, False)
    assert act(api, officer, case["id"], "accept").json["due_on"] == "2026-10-23"
    act(api, officer, case["id"], "investigate")
    act(api, officer, case["id"], "answer", text="只给同事看", internal=True)
    act(api, officer, case["id"], "answer", text="已到地里查看")
    message = {"receipt": receipt, "text": "在东头第三个棚"}
    said = api.post(f"{API}/complaints/follow/messages", data=message, content_type="multipart/form-data").json
    assert [line["step"] for line in said["entries"]] == ["filed", "accept", "investigate", "answer", "message"]
    assert "只给同事看" not in str(said) and act(api, officer, case["id"], "close", text="已处罚").status_code == 422
    closed = act(api, officer, case["id"], "close", text="已处罚", outcome="handled").json
    assert (closed["state"], closed["due_on"], closed["actions"]) == ("closed", None, [])

    rated = api.post(f"{API}/complaints/follow/rating", {"receipt": receipt, "stars": 2}).json
    assert rated["stars"] == 2 and rated["outcome"] == "handled"
    twice = api.post(f"{API}/complaints/follow/rating", {"receipt": receipt, "stars": 5})
    assert twice.json["reason"] == "rated_already"
    again = api.post(f"{API}/complaints/follow/reopening", {"receipt": receipt, "text": "又打药了"}).json
    assert (again["state"], again["due_on"]) == ("accepted", "2026-10-23")
    act(api, officer, case["id"], "close", text="复查无异常", outcome="unfounded")
    more = api.post(f"{API}/complaints/follow/reopening", {"receipt": receipt, "text": "再查"})
    assert (more.status_code, more.json["reason"]) == (422, "reopened_already")


def test_an_anonymous_report_leaves_no_trace_of_who_it_was(
    api: Api, login: Callable[..., str], officer: str, capsys: pytest.CaptureFixture[str]
) -> None:
    token = login("farmer", producer_id="0000000000")
    account = store.collection("accounts").find_one({}, sort=[("created_at", -1)])
    store.collection("audit_lines").delete_many({})
    options = {"headers": {"X-Device-Id": "device-7a6b5c4d3e2f", "User-Agent": "Phone/9 (rare)"}}
    environ = {"REMOTE_ADDR": "203.0.113.77"}
    limits.limiter.enabled = True
    answer = send(api, form(api, wechat_code="zhang-881"), as_=token, photos=1, environ_base=environ, **options)
    assert answer.status_code == 201, answer.text
    limits.limiter.enabled = False
    receipt = answer.json["receipt"]
    dumped = "".join(
        repr(row) for name in store.database().list_collection_names() if name not in ("accounts", "account_keys")
        for row in store.collection(name).find({})
    )  # fmt: skip
    said = capsys.readouterr()
    written = dumped + said.err[said.err.index("/complaints/puzzle") :] + said.out
    written += api.get("/metrics", environ_base={"REMOTE_ADDR": "127.0.0.1"}).text
    for secret in ("203.0.113.77", "7a6b5c4d3e2f", "Phone/9", receipt, receipt.replace("-", ""), "zhang-881"):
        assert secret not in written, secret
    case = store.collection("complaints").find_one({})
    assert "account_id" not in case and account["_id"] not in written
    lines = list(store.collection("audit_lines").find({"action": "complaint.file"}))
    assert [line["actor_id"] for line in lines] == ["anonymous"]


def test_salts_are_gone_after_half_a_day(
    app: object, travel: Callable[[datetime], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    travel(MONDAY)
    monkeypatch.setattr(salts, "_known", None)
    first = salts.current()
    assert salts.current() == first and salts.forget() == 0
    travel(MONDAY + timedelta(hours=13))
    assert salts.forget() == 1 and salts.current() != first
    assert store.collection("salts").count_documents({}) == 1


def test_the_same_form_sent_twice_is_one_case_with_one_receipt(api: Api, officer: str) -> None:
    body = form(api)
    first, again = send(api, body), send(api, body)
    assert first.json == again.json and len(api.get(f"{API}/complaints", as_=officer).json["items"]) == 1


def test_without_the_puzzle_solved_a_person_looks_first_and_nothing_waits_for_ever(
    api: Api, officer: str, travel: Callable[[datetime], None]
) -> None:
    receipt = filed(api, fast=False)
    assert follow(api, receipt).json["state"] == "held"
    assert complaints.release_waiting() == 0
    travel(MONDAY + timedelta(days=2))
    assert complaints.release_waiting() == 1
    told = follow(api, receipt).json
    assert told["state"] == "submitted" and [line["step"] for line in told["entries"]] == ["filed", "release"]


@pytest.mark.parametrize("puzzle", ["", "x", "A" * 20 + ".9999999999." + "0" * 32])
def test_a_puzzle_that_is_not_ours_is_refused(api: Api, officer: str, puzzle: str) -> None:
    answer = send(api, form(api, puzzle=puzzle or "-"))
    assert (answer.status_code, answer.json["reason"]) == (400, "challenge_invalid")


@pytest.mark.parametrize("wrong", ["x", "0" * 20, "ABCD-EFGH-JKMN-PQRS-TVWX", "字" * 30, "A" * 64])
def test_every_wrong_receipt_gets_the_same_answer(api: Api, officer: str, wrong: str) -> None:
    answer = follow(api, wrong)
    shape = {key: value for key, value in answer.json.items() if key != "request_id"}
    unknown = {key: value for key, value in follow(api, "Z" * 20).json.items() if key != "request_id"}
    assert answer.status_code == 404 and shape == unknown and shape["reason"] == "receipt_unknown"


def test_contacts_are_sealed_and_open_to_those_permitted_who_are_recorded(
    api: Api, officer: str, login: Callable[..., str]
) -> None:
    assert send(api, form(api, identity="real")).json["reason"] == "contact_missing"
    assert send(api, form(api, contact="13900001111")).json["reason"] == "contact_unwanted"
    filed(api, identity="hidden", contact="王女士 13900001111")
    case = the_case(api, officer)
    assert case["has_contact"] and "13900001111" not in repr(store.collection("complaints").find_one({}))
    path = f"{API}/complaints/{case['id']}/contact"
    assert api.get(path, as_=officer).json["contact"] == "王女士 13900001111"
    township = login("township_officer", region="620602100")
    assert api.get(path, as_=township).status_code == 403
    assert api.get(path, as_=login("county_officer", region="620723")).status_code == 404
    opened = store.collection("audit_lines").find_one({"action": "complaint.contact"})
    assert opened["protected"] and opened["subjects"] == [case["id"]]


def test_a_transfer_keeps_the_clock_and_the_history_and_changes_who_may_see_it(
    api: Api, officer: str, login: Callable[..., str]
) -> None:
    receipt = filed(api)
    case = the_case(api, officer)
    moved = act(api, officer, case["id"], "transfer", text="产地在临泽", region="620723").json
    assert moved["due_on"] == case["due_on"] and [one["step"] for one in moved["entries"]] == ["filed", "transfer"]
    assert api.get(f"{API}/complaints", as_=officer).json["items"] == []
    assert api.get(f"{API}/complaints/{case['id']}", as_=officer).status_code == 404
    there = login("county_officer", region="620723")
    assert the_case(api, there)["id"] == case["id"]
    act(api, there, case["id"], "move", text="已进入市场", body="market")
    told = follow(api, receipt).json
    assert (told["state"], told["body"], told["due_on"]) == ("moved", "market", None)


def test_pauses_and_one_extension_move_the_due_day(api: Api, officer: str, travel: Callable[[datetime], None]) -> None:
    filed(api)
    case_id = the_case(api, officer)["id"]
    assert act(api, officer, case_id, "accept").json["due_on"] == "2026-10-23"
    assert act(api, officer, case_id, "extend", text="需送检").json["due_on"] == "2026-11-13"
    assert act(api, officer, case_id, "extend", text="再延").json["reason"] == "extended_already"
    assert act(api, officer, case_id, "pause", text="等检测报告").json["due_on"] is None
    travel(MONDAY + timedelta(minutes=10))
    resumed = act(api, officer, case_id, "resume").json
    assert (resumed["due_on"], resumed["state"]) == ("2026-11-13", "investigating")


def test_the_queue_shows_the_overdue_and_the_nearly_due_first(
    api: Api, login: Callable[..., str], officer: str, travel: Callable[[datetime], None]
) -> None:
    filed(api)
    travel(datetime(2026, 10, 10, 2, tzinfo=UTC))
    filed(api, text="隔壁也是这样,刚打完药就卖。")
    officer = login("county_officer", region="620602")
    queue = [(one["due_on"], one["nearly"]) for one in api.get(f"{API}/complaints", as_=officer).json["items"]]
    assert queue == [("2026-10-13", True), ("2026-10-20", False)]
    assert len(api.get(f"{API}/complaints?due=nearly", as_=officer).json["items"]) == 1
    assert api.get(f"{API}/complaints?due=overdue", as_=officer).json["items"] == []
    travel(datetime(2026, 10, 15, 2, tzinfo=UTC))
    officer = login("county_officer", region="620602")
    (late,) = api.get(f"{API}/complaints?due=overdue", as_=officer).json["items"]
    assert late["overdue"] and late["left"] == -2
    assert api.get(f"{API}/complaints?region=620723", as_=officer).status_code == 404


def test_watched_words_and_wechats_opinion_mark_a_report_for_a_person(api: Api, officer: str) -> None:
    filed(api, text="有问题加微信联系我详谈")
    assert the_case(api, officer)["review"] is True
    filed(api, text="他们违规使用农药很久了", wechat_code="li-1")
    filed(api, text="苹果有一股农药味道", wechat_code="li-2")
    listed = api.get(f"{API}/complaints", as_=officer).json["items"]
    assert {one["text"] for one in listed if not one["review"]} == {"苹果有一股农药味道"}


def test_a_code_of_ours_names_the_producer_to_officers_only(
    api: Api, login: Callable[..., str], travel: Callable[[datetime], None]
) -> None:
    travel(datetime(2026, 10, 12, 2, tzinfo=UTC))
    grove = orchard(api, login)
    made, officer = grove.issued(), grove.officer
    receipt = filed(api, trace_code=made["number"].lower())
    assert the_case(api, officer)["producer_id"] == grove.farm.producer_id
    told = follow(api, receipt).json
    assert told["trace_code"] == made["code"] and "producer_id" not in told
    filed(api, trace_code="7777-7777-7777", region="620602")


def test_steps_out_of_turn_are_refused_and_the_faster_officer_wins(api: Api, officer: str) -> None:
    filed(api)
    case_id = the_case(api, officer)["id"]
    early = act(api, officer, case_id, "close", text="x", outcome="handled")
    assert (early.status_code, early.json["reason"]) == (422, "action_not_now")
    assert "待受理" in early.json["message"] and "办结" in early.json["message"]
    assert act(api, officer, case_id, "refuse").json["reason"] == "action_text_missing"
    assert act(api, officer, case_id, "message", text="x").status_code == 422


def test_a_flood_from_one_device_is_slowed_and_a_training_room_is_not(api: Api, officer: str) -> None:
    limits.limiter.enabled = True
    limits.limiter.reset()
    one = [send(api, form(api), headers={"X-Device-Id": "device-of-a-flood"}).status_code for _ in range(8)]
    assert one == [201] * 6 + [429] * 2
    room = [send(api, form(api), headers={"X-Device-Id": f"device-in-room-{n:03}"}).status_code for n in range(12)]
    assert room == [201] * 12
    limits.limiter.enabled = False


def test_a_clock_that_passed_an_unknown_year_is_counted_again_once_it_is_known(
    api: Api, officer: str, travel: Callable[[datetime], None], login: Callable[..., str], monkeypatch: Any
) -> None:
    travel(datetime(2026, 12, 28, 2, tzinfo=UTC))
    filed(api)
    late = login("county_officer", region="620602")
    case = the_case(api, late)
    assert case["provisional"] and case["due_on"] == "2027-01-06"
    assert complaints.recount() == 0
    known = {**complaints_calendar(), 2027: NEXT_YEAR}
    monkeypatch.setattr("backend.domains.complaints.service.steps.working_calendar", lambda: known)
    assert complaints.recount() == 1
    case = the_case(api, late)
    assert not case["provisional"] and case["due_on"] == "2027-01-07"


def complaints_calendar() -> dict[int, Any]:
    from backend.domains.complaints import rules

    return rules.calendar(list(vocab.get("holiday_years")))


def _next_year() -> Any:
    from backend.domains.complaints import rules

    made_up = {"code": "2027", "off": [["01-01", "01-01"]], "work": []}
    return rules.calendar([made_up])[2027]


NEXT_YEAR = _next_year()


def test_a_category_may_have_a_clock_of_its_own(api: Api, officer: str) -> None:
    filed(api, category="banned")
    assert act(api, officer, the_case(api, officer)["id"], "accept").json["due_on"] == "2026-10-13"
    assert act(api, officer, the_case(api, officer)["id"], "extend", text="等检测").json["due_on"] == "2026-11-03"
