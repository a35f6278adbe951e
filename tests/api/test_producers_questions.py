"""An officer's question over HTTP: asked once, answered by the producer alone, never changed, told to its people."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from backend.base import store
from backend.domains.evidence import service as evidence
from backend.domains.producers.models import AnswerPhoto, QuestionMessage
from tests.factories.complaints import picture
from tests.factories.http import Api
from tests.factories.producers import COOPERATIVE, person, registered

NOW = datetime(2026, 7, 1, 2, tzinfo=UTC)
HOSTILE = '<img src=x onerror="alert(1)">{{7*7}}'
Login = Callable[..., str]


@pytest.fixture
def owner(login: Login, travel: Callable[[datetime], None]) -> str:
    travel(NOW)
    return login()


@pytest.fixture
def mine(api: Api, owner: str) -> str:
    return str(registered(api, owner)["id"])


@pytest.fixture
def officer(login: Login, owner: str) -> str:
    return login("village_officer", region="620602100")


def ask(api: Api, token: str, producer_id: str, **changes: Any) -> Any:
    body = {"client_id": "question-0001", "text": "七月打药的空瓶放在哪里？"} | changes
    return api.post(f"/api/v1/producers/{producer_id}/questions", body, as_=token)


def say(api: Api, token: str, question_id: str, how: str = "answers", **changes: Any) -> Any:
    body = {"client_id": f"{how}-000001", "text": "交到镇里的回收点了。"} | changes
    return api.post(f"/api/v1/questions/{question_id}/{how}", body, as_=token)


def photo(api: Api, token: str, question_id: str, client_id: str, answer: str = "answers-000001") -> Any:
    data = {"client_id": client_id, "answer_client_id": answer, "file": (picture(), "a.jpg")}
    path = f"/api/v1/questions/{question_id}/answers/photos"
    return api.post(path, data=data, content_type="multipart/form-data", as_=token)


def told(api: Api, token: str) -> list[tuple[str, str]]:
    return [(one["kind"], one["subject_id"]) for one in api.get("/api/v1/inbox", as_=token).json["items"]]


def steps(found: dict[str, Any]) -> list[tuple[str, str]]:
    return [(one["step"], one["by"]) for one in found["messages"]]


def test_a_question_goes_its_way_and_each_word_is_kept_once(api: Api, owner: str, mine: str, officer: str) -> None:
    about = {"kind": "batch", "id": f"{mine}.batch-0001"}
    first = ask(api, officer, mine, about=about)
    assert first.status_code == 201, first.text
    question = first.json
    assert (question["state"], question["about"], steps(question)) == ("open", about, [("asked", "officer")])
    assert ask(api, officer, mine, about=about).json == question
    assert told(api, owner) == [("question_asked", question["id"])]
    answered = say(api, owner, question["id"], text=HOSTILE, device_time="2026-06-30T09:30:00+08:00")
    assert (answered.status_code, answered.json["state"]) == (201, "answered")
    assert say(api, owner, question["id"], text=HOSTILE).json["messages"] == answered.json["messages"]
    assert answered.json["messages"][1]["text"] == HOSTILE, "kept as it was written; pages escape it"
    assert told(api, officer) == [("question_answered", question["id"])]
    more = say(api, officer, question["id"], "messages", text="有回收单吗？").json
    assert more["state"] == "open"
    closed = say(api, officer, question["id"], "closing", text="").json
    assert closed["state"] == "closed"
    assert say(api, officer, question["id"], "closing", client_id="closing-000002").json == closed
    assert steps(closed) == [
        ("asked", "officer"),
        ("answered", "producer"),
        ("asked_again", "officer"),
        ("closed", "officer"),
    ]
    assert api.get(f"/api/v1/questions/{question['id']}", as_=owner).json == closed
    for row in QuestionMessage.find({"producer_id": mine}, limit=9):
        assert evidence.proves(row.id, "question.message", row.to_mongo())
    assert store.collection("question_messages").count_documents({}) == 4
    assert len(told(api, owner)) == 2, "of both questions, not of the closing"


def test_a_late_answer_opens_what_was_closed(api: Api, owner: str, mine: str, officer: str) -> None:
    question = ask(api, officer, mine).json
    say(api, officer, question["id"], "closing")
    late = say(api, owner, question["id"])
    assert (late.status_code, late.json["state"]) == (201, "answered")


def test_three_photos_of_ones_own_answer_open_by_link_only(
    api: Api, login: Login, owner: str, mine: str, officer: str
) -> None:
    question = ask(api, officer, mine).json["id"]
    assert photo(api, owner, question, "photo-000001").status_code == 404, "its answer comes first"
    say(api, owner, question)
    kept = [photo(api, owner, question, f"photo-{number:06}") for number in range(3)]
    assert [one.status_code for one in kept] == [201] * 3, kept[0].text
    assert photo(api, owner, question, "photo-000000").json["id"] == kept[0].json["id"]
    fourth = photo(api, owner, question, "photo-000003")
    assert (fourth.status_code, fourth.json["reason"]) == (422, "too_many_answer_photos")
    assert photo(api, owner, question, "photo-000009", "question-0001").status_code == 404
    second = login("farmer", producer_id=mine)
    assert photo(api, second, question, "photo-000008").json["reason"] == "client_id_used"
    shown = api.get(f"/api/v1/questions/{question}", as_=officer).json["messages"][1]["photos"]
    assert [one["id"] for one in shown] == [one.json["id"] for one in kept]
    assert api.get(shown[0]["thumb_url"]).status_code == 200
    assert api.get(shown[0]["url"].partition("?")[0]).status_code == 404
    row = AnswerPhoto.find_one({"_id": shown[0]["id"]})
    assert evidence.proves(row.id, "question.photo", row.to_mongo())
    assert store.collection("files.files").count_documents({}) == 2 * 3


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"text": "长" * 2001}, "invalid_input"),
        ({"text": "   "}, "question_text_missing"),
        ({"about": {"kind": "batch", "id": "AAAAAAAAAA.batch-0001"}}, "question_about_others"),
        ({"about": {"kind": "batch", "id": "no id"}}, "question_about_others"),
        ({"about": {"kind": "person", "id": "AAAAAAAAAA.batch-0001"}}, "invalid_input"),
    ],
)
def test_what_cannot_be_asked_is_refused(
    api: Api, mine: str, officer: str, changes: dict[str, Any], reason: str
) -> None:
    answer = ask(api, officer, mine, **changes)
    assert (answer.status_code, answer.json["reason"]) == (422, reason)
    assert api.get(f"/api/v1/producers/{mine}/questions", as_=officer).json["items"] == []


def test_another_county_finds_nothing_and_each_side_keeps_to_its_own(
    api: Api, login: Login, owner: str, mine: str, officer: str
) -> None:
    question = ask(api, officer, mine).json["id"]
    foreign, stranger = login("county_officer", region="620723"), login("farmer", producer_id="AAAAAAAAAA")
    assert ask(api, foreign, mine, client_id="question-0002").status_code == 404
    assert say(api, foreign, question, "closing").status_code == 404
    for token in (foreign, stranger):
        assert api.get(f"/api/v1/questions/{question}", as_=token).status_code == 404
    assert say(api, stranger, question).status_code == 404
    assert (say(api, officer, question).status_code, ask(api, owner, mine).status_code) == (403, 403)
    assert api.get("/api/v1/questions", as_=foreign, query_string={"state": "open"}).json["items"] == []


def test_nobody_questions_their_own_producer(api: Api, login: Login, owner: str, mine: str, officer: str) -> None:
    code = api.post(f"/api/v1/producers/{mine}/invitations", {}, as_=owner).json["code"]
    api.post("/api/v1/invitations/acceptance", {"code": code}, as_=officer)
    assert ask(api, officer, mine).json["reason"] == "own_question"


def test_a_client_id_says_one_thing_of_one_person(api: Api, login: Login, owner: str, mine: str, officer: str) -> None:
    question = ask(api, officer, mine).json["id"]
    other = login("county_officer", region="620602")
    for answer in (ask(api, other, mine), ask(api, officer, mine, text="另一个问题")):
        assert (answer.status_code, answer.json["reason"]) == (409, "client_id_used")
    say(api, owner, question)
    assert say(api, owner, question, text="别的话").json["reason"] == "client_id_used"


def test_answers_at_once_are_all_kept_in_one_order(app: Any, api: Api, owner: str, mine: str, officer: str) -> None:
    question = ask(api, officer, mine).json["id"]
    outcomes: list[int] = []

    def send(number: int) -> None:
        made = say(Api(app.test_client()), owner, question, client_id=f"answer-{number:06}", text=f"第 {number} 句")
        outcomes.append(made.status_code)

    senders = [threading.Thread(target=send, args=(number // 2,)) for number in range(6)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    assert outcomes == [201] * 6
    rows = list(store.collection("question_messages").find({}).sort("place", 1))
    assert [row["place"] for row in rows] == [0, 1, 2, 3]
    assert store.collection("questions").find_one({})["messages"] == 4


def test_a_conversation_ends_after_forty_and_can_still_be_closed(api: Api, owner: str, mine: str, officer: str) -> None:
    question = ask(api, officer, mine).json["id"]
    store.collection("questions").update_one({"_id": question}, {"$set": {"messages": 40}})
    assert say(api, owner, question).json["reason"] == "question_too_long"
    assert say(api, officer, question, "closing").json["state"] == "closed"


def test_the_queue_holds_what_waits_for_the_officer_longest_first(
    api: Api, owner: str, mine: str, officer: str, travel: Callable[[datetime], None]
) -> None:
    made = []
    for number in (1, 2):
        travel(NOW.replace(minute=number))
        made.append(ask(api, officer, mine, client_id=f"question-000{number}").json["id"])
    travel(NOW.replace(minute=6))
    say(api, owner, made[1])
    listed = api.get("/api/v1/questions", as_=officer).json["items"]
    assert [(one["id"], one["messages"]) for one in listed] == [(made[1], None)]
    waiting = api.get("/api/v1/questions", as_=officer, query_string={"state": "open"}).json["items"]
    assert [one["id"] for one in waiting] == [made[0]]


def test_a_managed_farmer_whom_nobody_joined_is_reached_through_the_cooperative(
    api: Api, login: Login, mine: str, officer: str
) -> None:
    manager = login()
    cooperative = registered(api, manager, credit_code=COOPERATIVE, kind="cooperative", client_id="producer-0002")
    lone = registered(api, manager, client_id="producer-0003", person_id=person(7))["id"]
    store.collection("accounts").update_many({}, {"$pull": {"grants": {"producer_id": lone}}})
    store.collection("producers").update_one({"_id": lone}, {"$set": {"managed_by": cooperative["id"]}})
    question = ask(api, officer, lone).json["id"]
    assert told(api, manager) == [("question_asked", question)]
    assert say(api, manager, question).status_code == 201


def test_ones_own_answers_are_in_the_copy_of_ones_data(api: Api, owner: str, mine: str, officer: str) -> None:
    question = ask(api, officer, mine).json["id"]
    say(api, owner, question)
    exported = api.get("/api/v1/me/export", as_=owner).json["answers"]
    assert [(one["question_id"], one["text"]) for one in exported["items"]] == [(question, "交到镇里的回收点了。")]
    assert not exported["truncated"]
