"""Officers' steps from a phone that loses its signal: one step however often it is sent, and by whom it was taken."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from backend.base import store
from tests.factories.complaints import API, filed, follow
from tests.factories.http import Api

MONDAY = datetime(2026, 9, 28, 2, tzinfo=UTC)
STEP = "step-000001"


@pytest.fixture
def officer(login: Callable[..., str], travel: Callable[[datetime], None]) -> str:
    travel(MONDAY)
    return login("county_officer", region="620602")


@pytest.fixture
def case_id(api: Api, officer: str) -> str:
    filed(api)
    (found,) = api.get(f"{API}/complaints", as_=officer).json["items"]
    return str(found["id"])


def act(api: Api, officer: str, case_id: str, action: str, **body: Any) -> Any:
    return api.post(f"{API}/complaints/{case_id}/actions", {"action": action, **body}, as_=officer)


def lines() -> int:
    return int(store.collection("complaint_entries").count_documents({}))


def test_the_same_step_sent_twice_is_taken_once(api: Api, officer: str, case_id: str) -> None:
    first = act(api, officer, case_id, "accept", client_id=STEP)
    again = act(api, officer, case_id, "accept", client_id=STEP)
    assert (first.status_code, again.status_code) == (200, 200), again.text
    assert again.json == first.json
    assert lines() == 2, "filed and accepted"
    assert store.collection("audit_lines").count_documents({"action": "complaint.accept"}) == 1


def test_an_answer_is_not_said_twice_and_without_an_id_it_is(api: Api, officer: str, case_id: str) -> None:
    for _ in range(3):
        assert act(api, officer, case_id, "answer", text="在查", client_id=STEP).status_code == 200
    assert lines() == 2
    for _ in range(2):
        act(api, officer, case_id, "answer", text="在查")
    assert lines() == 4


def test_a_late_retry_shows_the_case_as_it_is_now(api: Api, officer: str, case_id: str) -> None:
    act(api, officer, case_id, "accept", client_id=STEP)
    act(api, officer, case_id, "investigate", client_id="step-000002")
    assert act(api, officer, case_id, "accept", client_id=STEP).json["state"] == "investigating"


def test_a_refused_step_takes_no_id(api: Api, officer: str, case_id: str) -> None:
    assert act(api, officer, case_id, "close", text="x", outcome="handled", client_id=STEP).status_code == 422
    assert act(api, officer, case_id, "accept", client_id=STEP).json["state"] == "accepted"


def test_anothers_id_is_neither_a_duplicate_nor_a_hint(
    api: Api, login: Callable[..., str], officer: str, case_id: str
) -> None:
    act(api, officer, case_id, "answer", text="甲说", client_id=STEP)
    other = login("township_officer", region="620602100")
    assert act(api, other, case_id, "answer", text="乙说", client_id=STEP).status_code == 200
    assert lines() == 3
    stranger = login("county_officer", region="620723")
    assert act(api, stranger, case_id, "answer", text="丙说", client_id=STEP).status_code == 404


def test_who_passed_a_case_on_may_repeat_that_until_it_moves_on(
    api: Api, login: Callable[..., str], travel: Callable[[datetime], None], officer: str, case_id: str
) -> None:
    passed = {"text": "属邻县", "region": "620723", "client_id": STEP}
    first = act(api, officer, case_id, "transfer", **passed)
    assert (first.status_code, first.json["region"]) == (200, "620723")
    assert act(api, officer, case_id, "transfer", **passed).json == first.json
    travel(MONDAY + timedelta(minutes=5))
    there = login("county_officer", region="620723")
    assert act(api, there, case_id, "answer", text="收到").status_code == 200
    assert act(api, officer, case_id, "transfer", **passed).status_code == 404


def test_the_same_step_from_six_requests_at_once_is_taken_once(app: Any, officer: str, case_id: str) -> None:
    answers: list[tuple[int, str]] = []

    def send() -> None:
        answer = act(Api(app.test_client()), officer, case_id, "accept", client_id=STEP)
        answers.append((answer.status_code, answer.json.get("state", "")))

    senders = [threading.Thread(target=send) for _ in range(6)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    assert answers == [(200, "accepted")] * 6
    assert lines() == 2


def test_the_receipt_s_holder_sees_the_step_once(api: Api, officer: str) -> None:
    receipt = filed(api)
    (case,) = api.get(f"{API}/complaints", as_=officer).json["items"]
    for _ in range(2):
        act(api, officer, case["id"], "accept", client_id=STEP)
    assert [line["step"] for line in follow(api, receipt).json["entries"]] == ["filed", "accept"]
