"""The farming log over HTTP: one record, what a phone kept, amendments, races, strangers."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from backend.base import store
from backend.domains.evidence import service as evidence
from backend.domains.farming.models import FarmingRecord
from backend.domains.farming.service import drafts
from backend.domains.inputs.service import rulebooks
from tests.factories.commands import COMMANDS
from tests.factories.farming import CARBOFURAN, FERTILISER, Farm, farm
from tests.factories.http import Api

NOW = datetime(2026, 7, 1, 2, tzinfo=UTC)


@pytest.fixture
def orchard(api: Api, login: Callable[..., str], travel: Callable[[datetime], None]) -> Farm:
    travel(NOW)
    return farm(api, login)


def outcomes(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [one["outcome"] for one in answer.json["items"]]


def reasons(answer: Any) -> list[str | None]:
    return [one.get("reason") for one in answer.json["items"]]


def test_a_record_is_kept_once_however_often_it_is_sent(orchard: Farm) -> None:
    item = orchard.spray("2026-06-20")
    first = orchard.write(**item)
    second = orchard.write(**item)
    assert first.status_code == second.status_code == 201
    assert first.json["record"]["outcome"] == "created"
    assert second.json["record"]["outcome"] == "duplicate"
    assert second.json["record"]["id"] == f"{orchard.producer_id}.{item['client_id']}"
    assert store.collection("farming_records").count_documents({}) == 1


def test_the_answer_carries_the_earliest_lawful_harvest_and_why(orchard: Farm) -> None:
    window = orchard.write(**orchard.spray("2026-06-20")).json["window"]
    assert window["earliest_lawful_harvest"] == "2026-07-04"
    assert window["days_left"] == 3
    assert not window["blocked"]
    (because,) = window["because"]
    assert (because["code"], because["days"], because["source"]) == ("phi", 14, "农药管理条例第三十四条")
    same = orchard.api.get(f"/api/v1/farming/batches/{orchard.batch_id}/harvest-window", as_=orchard.token)
    assert same.json == window


def test_what_the_law_requires_is_asked_for_in_plain_words(orchard: Farm) -> None:
    answer = orchard.write(**orchard.spray("2026-06-20", target=None, used={"source": None}))
    assert (answer.status_code, answer.json["reason"]) == (422, "record_field_missing")
    assert "防治对象" in answer.json["message"]
    assert "从哪里买的" in answer.json["message"]
    assert answer.json["details"] == ["target", "inputs.source"]


def test_a_catalogue_input_needs_no_name_and_an_unknown_one_does(orchard: Farm) -> None:
    unknown = {"registration_no": "PD20000000", "name": None}
    missing = orchard.write(**orchard.spray("2026-06-20", used=unknown))
    assert missing.json["reason"] == "record_field_missing"
    named = orchard.write(**orchard.spray("2026-06-20", used={**unknown, "name": "某某乳油", "manufacturer": "某厂"}))
    assert named.status_code == 201
    assert [warning["reason"] for warning in named.json["record"]["warnings"]] == ["warn_unknown_input", "warn_late"]
    assert named.json["window"]["blocked"]


def test_a_banned_input_is_recorded_truthfully_with_a_warning(orchard: Farm) -> None:
    answer = orchard.write(**orchard.spray("2026-06-20", used={"registration_no": CARBOFURAN}))
    assert answer.status_code == 201
    warnings = answer.json["record"]["warnings"]
    assert "warn_banned" in [warning["reason"] for warning in warnings]
    assert any("736" in warning["message"] for warning in warnings)


def test_an_input_of_another_kind_does_not_fit(orchard: Farm) -> None:
    answer = orchard.write(**orchard.spray("2026-06-20", used={"registration_no": FERTILISER}))
    assert (answer.status_code, answer.json["reason"]) == (422, "input_kind_wrong")


def test_one_bad_item_costs_the_others_nothing(orchard: Farm) -> None:
    good = [orchard.item() for _ in range(3)]
    bad: list[Any] = [
        orchard.spray("2026-06-20", target=None),
        orchard.item(kind="no_such_kind"),
        orchard.item(happened_on="someday"),
        orchard.item(batch_id="ABCDEFGHJK.nowhere-1"),
        orchard.item(batch_id="nonsense"),
        orchard.item(happened_on="2026-09-01"),
        orchard.item(extra=1),
        {"client_id": {"$gt": ""}},
        "not an object",
        None,
        [],
        5,
    ]
    answer = orchard.sync(good[0], *bad[:6], good[1], *bad[6:], good[2])
    assert outcomes(answer).count("created") == 3
    assert outcomes(answer).count("rejected") == len(bad)
    assert reasons(answer)[1] == "record_field_missing"
    assert reasons(answer)[4] == reasons(answer)[5] == "batch_unknown"
    assert all(one["message"] for one in answer.json["items"] if one["outcome"] == "rejected")


def test_a_batch_may_come_in_any_order_with_duplicates_in_it_and_again_after_weeks(orchard: Farm) -> None:
    items = [orchard.item(happened_on=f"2026-06-{day:02}") for day in range(1, 21)]
    scrambled = [*items[10:], *items[:10], items[3]]
    assert outcomes(orchard.sync(*scrambled)) == ["created"] * 20 + ["duplicate"]
    assert outcomes(orchard.sync(*items)) == ["duplicate"] * 20
    assert store.collection("farming_records").count_documents({}) == 20
    assert store.collection("evidence_leaves").count_documents({"kind": "farming.record"}) == 20


def test_a_changed_item_under_a_used_id_is_said_to_differ_and_changes_nothing(orchard: Farm) -> None:
    item = orchard.item(note="一")
    orchard.sync(item)
    (one,) = orchard.sync({**item, "note": "二"}).json["items"]
    assert (one["outcome"], one["differs"]) == ("duplicate", True)
    (same,) = orchard.sync({**item, "device_time": "2026-06-30T08:00:00+08:00"}).json["items"]
    assert same["differs"] is False
    assert store.collection("farming_records").find_one({})["note"] == "一"


def test_an_amendment_is_a_new_version_and_the_old_one_stays(orchard: Farm) -> None:
    first = orchard.spray("2026-06-20")
    second = orchard.spray(
        "2026-06-10", amends=f"{orchard.producer_id}.{first['client_id']}", amend_reason="日期记错了"
    )
    answer = orchard.sync(second, first)  # out of order within one sync
    assert outcomes(answer) == ["created", "created"]
    assert answer.json["items"][0]["version"] == 2
    assert answer.json["batches"][0]["earliest_lawful_harvest"] == "2026-06-24"
    shown = orchard.api.get(f"/api/v1/farming/batches/{orchard.batch_id}/records", as_=orchard.token).json["items"]
    assert sorted((row["version"], row["happened_on"]) for row in shown) == [(1, "2026-06-20"), (2, "2026-06-10")]
    assert outcomes(orchard.sync(second)) == ["duplicate"]


def test_amending_what_is_not_there_yet_is_rejected_and_a_later_retry_works(orchard: Farm) -> None:
    first = orchard.item()
    second = orchard.item(amends=f"{orchard.producer_id}.{first['client_id']}", amend_reason="更正")
    assert reasons(orchard.sync(second)) == ["amends_unknown"]
    assert outcomes(orchard.sync(first)) == ["created"]
    assert outcomes(orchard.sync(second)) == ["created"]


def test_two_people_amending_the_same_version_are_told_apart(orchard: Farm) -> None:
    first = orchard.item()
    orchard.sync(first)
    path = f"/api/v1/farming/records/{orchard.producer_id}.{first['client_id']}/amendments"
    body = {**orchard.item(note="甲"), "amend_reason": "更正", "amends_version": 1}
    assert orchard.api.post(path, body, as_=orchard.token).json["record"]["version"] == 2
    late = {**orchard.item(note="乙"), "amend_reason": "更正", "amends_version": 1}
    assert orchard.api.post(path, late, as_=orchard.token).json["reason"] == "amends_stale"


def test_the_register_holds_every_record_as_stored(orchard: Farm) -> None:
    item = orchard.spray("2026-06-20")
    orchard.sync(item)
    stored = store.collection("farming_records").find_one({})
    assert evidence.proves(stored["_id"], "farming.record", stored)
    assert not evidence.proves(stored["_id"], "farming.record", {**stored, "happened_on": "2026-06-01"})


def test_a_stranger_can_neither_write_nor_read_nor_learn_that_the_batch_exists(
    orchard: Farm, api: Api, login: Callable[..., str]
) -> None:
    other = farm(api, login, number=2)
    (stranger,) = other.sync(orchard.item()).json["items"]
    (nowhere,) = other.sync(orchard.item(batch_id="ABCDEFGHJK.nowhere-1")).json["items"]
    assert stranger["reason"] == nowhere["reason"] == "batch_unknown"
    assert stranger["message"] == nowhere["message"]
    for path in ("", "/records", "/harvest-window"):
        assert api.get(f"/api/v1/farming/batches/{orchard.batch_id}{path}", as_=other.token).status_code == 404


def test_anothers_client_id_is_neither_a_duplicate_nor_a_hint(
    orchard: Farm, api: Api, login: Callable[..., str]
) -> None:
    other = farm(api, login, number=2)
    item = orchard.item(note="同一个编号")
    assert outcomes(orchard.sync(item)) == ["created"]
    assert outcomes(other.sync({**item, "batch_id": other.batch_id})) == ["created"]


def test_a_closed_batch_takes_no_new_records_until_it_is_opened_again(orchard: Farm) -> None:
    path = f"/api/v1/farming/batches/{orchard.batch_id}/state"
    assert orchard.api.post(path, {"state": "closed"}, as_=orchard.token).json["state"] == "closed"
    assert reasons(orchard.sync(orchard.item())) == ["batch_closed"]
    orchard.api.post(path, {"state": "open"}, as_=orchard.token)
    assert outcomes(orchard.sync(orchard.item())) == ["created"]


def test_a_wrong_phone_clock_is_measured_and_told(orchard: Farm) -> None:
    answer = orchard.sync(orchard.item(), sent_at="2026-07-03T10:00:00+08:00").json
    assert answer["clock_skew_seconds"] == 2 * 86400
    assert answer["warnings"][0]["reason"] == "warn_clock"
    assert orchard.sync(orchard.item(), sent_at="2026-07-01T10:00:30+08:00").json["warnings"] == []


def test_more_than_the_limit_is_refused_whole_and_nothing_is_lost(orchard: Farm) -> None:
    answer = orchard.sync(*[orchard.item() for _ in range(201)])
    assert (answer.status_code, answer.json["reason"]) == (422, "too_many_items")


def count(orchard: Farm, items: list[Any]) -> int:
    with COMMANDS.counting() as counts:
        orchard.sync(*items)
    return sum(counts.values())


def test_the_number_of_database_commands_does_not_grow_with_the_items(
    orchard: Farm, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rulebooks, "FRESH_SECONDS", 3600)  # read once, however slow the machine
    count(orchard, [orchard.spray("2026-06-20")])
    few = count(orchard, [orchard.spray("2026-06-20") for _ in range(2)])
    many = count(orchard, [orchard.spray("2026-06-20") for _ in range(120)])
    again = [orchard.spray("2026-06-21") for _ in range(60)]
    first, retry = count(orchard, again), count(orchard, again)
    assert few == many == first
    assert many <= 16
    assert retry < first


def test_the_same_sync_from_eight_requests_at_once_keeps_each_record_once(orchard: Farm, app: Any) -> None:
    items = [orchard.item(happened_on=f"2026-06-{day:02}") for day in range(1, 16)]
    answers: list[Any] = []

    def send() -> None:
        client = Farm(Api(app.test_client()), orchard.token, orchard.producer_id, "", "", orchard.batch_id)
        answers.append(outcomes(client.sync(*items)))

    threads = [threading.Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 8
    assert sum(answer.count("created") for answer in answers) == 15
    assert sum(answer.count("duplicate") for answer in answers) == 7 * 15
    assert store.collection("farming_records").count_documents({}) == 15
    assert store.collection("evidence_leaves").count_documents({"kind": "farming.record"}) == 15


def test_a_batch_is_begun_once_however_often_it_is_sent_and_only_on_own_sites(
    orchard: Farm, api: Api, login: Callable[..., str]
) -> None:
    body = {
        "producer_id": orchard.producer_id,
        "client_id": "batch-000001",
        "product_id": orchard.product_id,
        "site_ids": [orchard.site_id],
        "started_on": "2026-03-01",
    }
    assert api.post("/api/v1/farming/batches", body, as_=orchard.token).json["id"] == orchard.batch_id
    other = farm(api, login, number=2)
    foreign = {**body, "client_id": "batch-000002", "site_ids": [other.site_id]}
    assert api.post("/api/v1/farming/batches", foreign, as_=orchard.token).status_code == 404
    listed = api.get(f"/api/v1/farming/batches?producer_id={orchard.producer_id}&state=open", as_=orchard.token).json
    assert [row["id"] for row in listed["items"]] == [orchard.batch_id]


def test_a_full_batch_says_so(orchard: Farm, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drafts, "MAX_RECORDS", 2)
    assert outcomes(orchard.sync(*[orchard.item() for _ in range(3)])) == ["created", "created", "rejected"]


def test_records_are_never_updated(orchard: Farm) -> None:
    orchard.sync(orchard.item())
    row = store.collection("farming_records").find_one({})
    assert FarmingRecord.find_one({"_id": row["_id"], "producer_id": orchard.producer_id}).version == 1
    assert {"updated_at", "deleted"}.isdisjoint(row)
