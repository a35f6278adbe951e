"""The home page's one answer: open batches with their windows, in a number of commands that does not grow."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from backend.base import documents
from backend.domains.farming.service import reading
from tests.factories.counting import counted
from tests.factories.farming import Farm, farm
from tests.factories.http import Api

NOW = datetime(2026, 7, 1, 2, tzinfo=UTC)


@pytest.fixture
def orchard(api: Api, login: Callable[..., str], travel: Callable[[datetime], None]) -> Farm:
    travel(NOW)
    return farm(api, login)


def overview(orchard: Farm, token: str | None = None) -> Any:
    path = f"/api/v1/farming/overview?producer_id={orchard.producer_id}"
    return orchard.api.get(path, as_=token or orchard.token)


def another_batch(orchard: Farm, number: int) -> str:
    body = {
        "producer_id": orchard.producer_id,
        "client_id": f"batch-{number:06}",
        "product_id": orchard.product_id,
        "site_ids": [orchard.site_id],
        "started_on": "2026-03-01",
    }
    return str(orchard.api.post("/api/v1/farming/batches", body, as_=orchard.token).json["id"])


def test_each_open_batch_comes_with_its_window_and_its_newest_deeds(
    orchard: Farm, travel: Callable[[datetime], None]
) -> None:
    orchard.write(**orchard.spray("2026-06-20"))
    travel(NOW.replace(minute=1))
    second = another_batch(orchard, 2)
    orchard.write(batch_id=second, happened_on="2026-06-28", note="第二批")
    answer = overview(orchard).json
    newer, older = answer["items"]
    assert (newer["batch"]["id"], older["batch"]["id"]) == (second, orchard.batch_id)
    assert (newer["last_record_on"], older["last_record_on"]) == ("2026-06-28", "2026-06-20")
    path = f"/api/v1/farming/batches/{orchard.batch_id}"
    assert older["window"] == orchard.api.get(f"{path}/harvest-window", as_=orchard.token).json
    assert older["batch"] == orchard.api.get(path, as_=orchard.token).json
    assert older["records"] == orchard.api.get(f"{path}/records", as_=orchard.token).json["items"]
    assert newer["window"]["earliest_lawful_harvest"] == "2026-07-04", "it is on the same land"
    assert answer["rulebook_version"] == older["window"]["rulebook_version"]
    assert (answer["more"], answer["server_time"]) == (False, "2026-07-01T10:01:00+08:00")


def test_only_current_versions_are_shown_ten_at_most_by_the_day_of_the_deed(orchard: Farm) -> None:
    first = orchard.item(happened_on="2026-06-01", note="写错了")
    orchard.sync(first, *[orchard.item(happened_on=f"2026-05-{day:02}") for day in range(1, 13)])
    amends = f"{orchard.producer_id}.{first['client_id']}"
    orchard.sync(orchard.item(happened_on="2026-06-02", note="对的", amends=amends, amend_reason="更正"))
    (item,) = overview(orchard).json["items"]
    days = [record["happened_on"] for record in item["records"]]
    assert days == ["2026-06-02", *[f"2026-05-{day:02}" for day in range(12, 3, -1)]]
    assert (item["records"][0]["version"], item["records"][0]["note"]) == (2, "对的")
    assert item["last_record_on"] == "2026-06-02"


def test_finished_batches_are_left_out_and_an_empty_one_is_there(orchard: Farm) -> None:
    (item,) = overview(orchard).json["items"]
    assert (item["records"], item["last_record_on"]) == ([], None)
    path = f"/api/v1/farming/batches/{orchard.batch_id}/state"
    orchard.api.post(path, {"state": "closed"}, as_=orchard.token)
    assert overview(orchard).json["items"] == []


def test_a_stranger_finds_nothing(orchard: Farm, api: Api, login: Callable[..., str]) -> None:
    assert overview(orchard, farm(api, login, number=2).token).status_code == 404
    assert overview(orchard, login("lab", region="620602")).status_code == 403
    assert overview(orchard, login("village_officer", region="620602100")).status_code == 200


def commands(orchard: Farm) -> list[str]:
    with counted() as heard:
        assert overview(orchard).status_code == 200
    return list(heard)


def test_the_number_of_database_commands_does_not_grow_with_the_batches(orchard: Farm) -> None:
    for day in ("2026-06-18", "2026-06-19", "2026-06-20"):  # too often: officers' words are asked for
        orchard.write(**orchard.spray(day))
    overview(orchard)  # the rulebook is read once a process and kept for seconds
    few = commands(orchard)
    for number in range(2, 22):
        orchard.write(**orchard.spray("2026-06-21", batch_id=another_batch(orchard, number)))
    assert len(overview(orchard).json["items"]) == 21
    many = commands(orchard)
    assert len(many) <= 8, many
    assert abs(len(many) - len(few)) <= 1, "the rulebook's few seconds may just have ended"


def test_more_open_batches_than_fit_are_said_to_exist(orchard: Farm) -> None:
    for number in range(2, 52):
        another_batch(orchard, number)
    answer = overview(orchard).json
    assert (len(answer["items"]), answer["more"]) == (50, True)


def test_no_window_is_computed_from_a_part_of_the_log(orchard: Farm, monkeypatch: pytest.MonkeyPatch) -> None:
    ids = [orchard.batch_id, another_batch(orchard, 2), another_batch(orchard, 3)]
    for batch_id in ids:
        orchard.sync(
            orchard.spray("2026-06-20", batch_id=batch_id),
            *[orchard.item(batch_id=batch_id, happened_on=f"2026-05-{day:02}") for day in range(1, 4)],
        )
    for limit in (5, 4, 7, 8, 12, 100):
        monkeypatch.setattr(reading, "MAX_FOUND", limit)
        monkeypatch.setattr(documents, "MAX_FOUND", limit)
        rows = reading.rows_of(orchard.producer_id, ids, ("root_id", "batch_id"))
        assert len({row["_id"] for row in rows}) == len(rows) == 12, limit
