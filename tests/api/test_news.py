"""What the worker tells farmers of its own accord: that harvest is lawful now, and that a declaration is missing."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from backend.base import store
from backend.domains.farming import service as farming
from backend.domains.farming.service import harvests
from backend.domains.producers import service as producers
from backend.domains.producers.service import reminding
from backend.migrations import m20261124_harvest_days
from backend.worker import JOBS
from tests.factories.counting import counted
from tests.factories.farming import CARBOFURAN, Farm, farm
from tests.factories.http import Api
from tests.factories.producers import declaration, person, product, registered, site

API = "/api/v1"
A_YEAR = 366 * 24 * 60  # these tests travel farther than a login lasts
NOW = datetime(2026, 7, 1, 2, tzinfo=UTC)
Travel = Callable[[datetime], None]
Login = Callable[..., str]


@pytest.fixture
def orchard(api: Api, login: Login, travel: Travel, with_settings: Callable[..., None]) -> Farm:
    with_settings(access_minutes=A_YEAR)
    travel(NOW)
    return farm(api, login)


def heard(orchard: Farm, kind: str = "phi_ended") -> list[dict[str, Any]]:
    items = orchard.api.get(f"{API}/inbox", as_=orchard.token).json["items"]
    return [one for one in items if one["kind"] == kind]


def batch(orchard: Farm) -> dict[str, Any]:
    found = store.collection("production_batches").find_one({"_id": orchard.batch_id})
    assert found is not None
    return {name: found[name] for name in ("earliest_harvest_on", "harvest_notice") if name in found}


def test_the_worker_runs_both_jobs() -> None:
    assert {"harvest-days", "declaration-reminders"} <= {job.name for job in JOBS}


def test_the_end_of_an_interval_is_told_on_its_morning_and_once(orchard: Farm, travel: Travel) -> None:
    orchard.write(**orchard.spray("2026-06-20"))
    assert batch(orchard) == {"earliest_harvest_on": "2026-07-04", "harvest_notice": "due"}
    assert farming.tell_harvests() == 0
    travel(datetime(2026, 7, 3, 21, tzinfo=UTC))  # five in the morning
    assert farming.tell_harvests() == 0
    travel(datetime(2026, 7, 3, 22, tzinfo=UTC))
    assert (farming.tell_harvests(), farming.tell_harvests()) == (1, 0)
    (told,) = heard(orchard)
    assert told["subject_id"] == orchard.batch_id
    assert "红富士苹果" in told["text"]["zh"] and "2026-07-04" in told["text"]["en"]
    assert batch(orchard) == {"earliest_harvest_on": "2026-07-04"}


def test_a_batch_without_an_interval_has_no_such_day(orchard: Farm, travel: Travel) -> None:
    orchard.write()
    travel(NOW + timedelta(days=30))
    assert (batch(orchard), farming.tell_harvests()) == ({}, 0)


def test_a_finished_batch_is_not_told_of(orchard: Farm, travel: Travel) -> None:
    orchard.write(**orchard.spray("2026-06-20"))
    orchard.api.post(f"{API}/farming/batches/{orchard.batch_id}/state", {"state": "closed"}, as_=orchard.token)
    travel(NOW + timedelta(days=3))
    assert (farming.tell_harvests(), heard(orchard)) == (0, [])


def test_what_was_over_as_it_was_written_down_is_no_news(orchard: Farm) -> None:
    orchard.write(**orchard.spray("2026-06-16"))
    assert batch(orchard) == {"earliest_harvest_on": "2026-06-30"}
    assert (farming.tell_harvests(), heard(orchard)) == (0, [])


def test_a_new_use_moves_the_day_and_its_end_is_told_again(orchard: Farm, travel: Travel) -> None:
    orchard.write(**orchard.spray("2026-06-20"))
    travel(NOW + timedelta(days=3))
    farming.tell_harvests()
    orchard.write(**orchard.spray("2026-07-04"))
    assert batch(orchard)["earliest_harvest_on"] == "2026-07-18"
    travel(NOW + timedelta(days=17))
    assert farming.tell_harvests() == 1
    assert len(heard(orchard)) == 2


def test_an_amendment_that_takes_the_use_back_takes_the_day_back(orchard: Farm) -> None:
    item = orchard.spray("2026-06-20")
    orchard.write(**item)
    amends = f"{orchard.producer_id}.{item['client_id']}"
    orchard.sync(orchard.item(happened_on="2026-06-20", amends=amends, amend_reason="没有打药"))
    assert batch(orchard) == {}


def test_what_forbids_harvest_otherwise_is_respected(orchard: Farm, travel: Travel) -> None:
    orchard.sync(orchard.spray("2026-06-20"), orchard.spray("2026-06-19", used={"registration_no": CARBOFURAN}))
    travel(NOW + timedelta(days=30))
    assert (farming.tell_harvests(), heard(orchard)) == (0, [])


def test_the_day_is_judged_by_the_rules_of_now(orchard: Farm, travel: Travel) -> None:
    orchard.write(**orchard.spray("2026-06-20"))
    wrong = {"earliest_harvest_on": "2026-07-01"}  # as an older rulebook would have had it
    store.collection("production_batches").update_one({"_id": orchard.batch_id}, {"$set": wrong})
    assert farming.tell_harvests() == 0
    assert batch(orchard) == {"earliest_harvest_on": "2026-07-04", "harvest_notice": "due"}
    travel(NOW + timedelta(days=3))
    assert farming.tell_harvests() == 1


def test_a_worker_that_stood_still_tells_late_but_not_stale_news(orchard: Farm, travel: Travel) -> None:
    orchard.write(**orchard.spray("2026-06-20"))
    travel(NOW + timedelta(days=12))
    assert (farming.tell_harvests(), batch(orchard)) == (0, {"earliest_harvest_on": "2026-07-04"})


def test_one_batch_that_cannot_be_judged_holds_up_no_other(
    orchard: Farm, api: Api, login: Login, travel: Travel, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = farm(api, login, number=2)
    for one in (orchard, other):
        one.write(**one.spray("2026-06-20"))
    travel(NOW + timedelta(days=3))
    sound = harvests.facts_of
    ill = orchard.batch_id

    def judged(row: Any) -> Any:
        if row["_id"] == ill:
            raise ValueError(ill)
        return sound(row)

    monkeypatch.setattr(harvests, "facts_of", judged)
    assert farming.tell_harvests() == 1
    assert len(heard(other)) == 1 and batch(orchard)["harvest_notice"] == "due"


def test_batches_from_before_get_their_day_by_migration(orchard: Farm, travel: Travel) -> None:
    orchard.write(**orchard.spray("2026-06-20"))
    unset = {"$unset": {"earliest_harvest_on": "", "harvest_notice": ""}}
    store.collection("production_batches").update_many({}, unset)
    for _ in range(2):
        m20261124_harvest_days.run(store.database())
    assert batch(orchard) == {"earliest_harvest_on": "", "harvest_notice": "due"}
    assert farming.tell_harvests() == 0
    assert batch(orchard) == {"earliest_harvest_on": "2026-07-04", "harvest_notice": "due"}
    travel(NOW + timedelta(days=3))
    assert farming.tell_harvests() == 1


def test_looking_for_due_batches_is_one_read(orchard: Farm) -> None:
    orchard.write(**orchard.spray("2026-06-20"))
    with counted() as commands:
        farming.tell_harvests()
    assert commands == ["find"]


@pytest.fixture
def may(travel: Travel, with_settings: Callable[..., None]) -> Travel:
    with_settings(access_minutes=A_YEAR)
    travel(datetime(2026, 5, 4, 1, tzinfo=UTC))  # nine in the morning
    return travel


def grower(api: Api, login: Login, number: int) -> Farm:
    token = login()
    made = registered(api, token, person_id=person(number), client_id=f"producer-{number:04}")["id"]
    site(api, token, made)
    product(api, token, made)
    return Farm(api, token, made, "", "", "")


def test_who_has_not_declared_is_told_once_a_year(api: Api, login: Login, may: Travel) -> None:
    late, early, stopped = (grower(api, login, number) for number in (1, 2, 3))
    declaration(api, early.token, early.producer_id, season="2026-spring")
    store.collection("producers").update_one({"_id": stopped.producer_id}, {"$set": {"status": "suspended"}})
    assert (producers.remind_of_declarations(), producers.remind_of_declarations()) == (1, 0)
    (told,) = heard(late, "declaration_due")
    assert told["subject_id"] == late.producer_id and "2026" in told["text"]["zh"]
    assert heard(early, "declaration_due") == heard(stopped, "declaration_due") == []
    may(datetime(2026, 5, 5, 1, tzinfo=UTC))
    assert producers.remind_of_declarations() == 0
    may(datetime(2027, 5, 5, 1, tzinfo=UTC))
    assert producers.remind_of_declarations() == 2


@pytest.mark.parametrize(
    "moment", ["2026-04-30T01:00", "2026-11-01T01:00", "2026-05-03T23:59", "2026-05-04T04:00", "2026-05-04T15:00"]
)
def test_only_in_the_mornings_of_its_time(api: Api, login: Login, travel: Travel, moment: str) -> None:
    travel(datetime.fromisoformat(moment).replace(tzinfo=UTC))
    grower(api, login, 1)
    assert producers.remind_of_declarations() == 0


def test_the_walk_goes_on_where_it_was_and_ends(
    api: Api, login: Login, may: Travel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reminding, "CHUNK", 2)
    all_of_them = [grower(api, login, number) for number in range(1, 6)]
    assert [producers.remind_of_declarations() for _ in range(4)] == [2, 2, 1, 0]
    assert all(len(heard(one, "declaration_due")) == 1 for one in all_of_them)
    with counted() as commands:
        producers.remind_of_declarations()
    assert commands == ["find"], "the walk has ended"
