"""What comes under a recall after it was found: its numbers grow, and the officers where it went see it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from backend.base import events, store
from backend.domains.tracing import service as tracing
from backend.domains.tracing.service import joining
from tests.api.conftest import NOW
from tests.api.test_recalls import ordered, shown, sprayed_elsewhere
from tests.factories.certificates import Orchard
from tests.factories.farming import IMIDACLOPRID
from tests.factories.lots import Holder, buyer, harvested, line


@pytest.fixture
def far(grove: Orchard, login: Callable[..., str]) -> Holder:
    return buyer(grove.api, login, 8, region="620102001")


def steps(grove: Orchard, recall: Any) -> dict[str, int]:
    return {row["lot_id"]: row["step"] for row in shown(grove, recall, "/lots").json["items"]}


def test_officers_see_a_recall_whose_goods_reached_their_county_later(
    grove: Orchard, me: Holder, other: Holder, far: Holder, login: Callable[..., str]
) -> None:
    (theirs,) = me.passed_on(other, line(grove.lot_id, "400"))
    sent = other.ship(far, line(theirs, "100")).json
    recall, abroad = ordered(grove), login("county_officer", region="620102")
    tracing.spread_recalls()
    assert shown(grove, recall, as_=abroad).status_code == 404
    (arrived,) = (one["lot_id"] for one in far.receive(sent).json["makes"])
    events.deliver()
    tracing.spread_recalls()
    after = shown(grove, recall, as_=abroad)
    assert after.status_code == 200, "its goods are in that county"
    assert after.json["counts"] == {"lots": 3, "holders": 3, "steps": 2, "done": 3, "pages": 0}
    assert steps(grove, recall) == {grove.lot_id: 0, theirs: 1, arrived: 2}
    listed = grove.api.get("/api/v1/recalls?region=620102", as_=abroad).json["items"]
    assert [one["id"] for one in listed] == [recall["id"]]


def test_late_harvests_and_late_inputs_are_counted_where_they_begin(
    grove: Orchard, me: Holder, other: Holder, far: Holder
) -> None:
    sprayed_elsewhere(grove, me)
    (theirs,) = me.passed_on(far, line(grove.lot_id, "100"))
    recall = ordered(grove, target="input", target_id=IMIDACLOPRID, region="620602")
    tracing.spread_recalls()
    assert shown(grove, recall).json["counts"]["holders"] == 0
    land = grove.farm
    land.sync(land.spray("2026-06-02"))
    events.deliver()
    tracing.spread_recalls()
    assert shown(grove, recall).json["counts"] == {"lots": 2, "holders": 2, "steps": 1, "done": 2, "pages": 0}
    late = harvested(land, "20", day="2026-09-29")
    events.deliver()
    tracing.spread_recalls()
    assert steps(grove, recall) == {grove.lot_id: 0, theirs: 1, late: 0}
    assert "620102" in store.collection("recalls").find_one({"_id": recall["id"]})["regions"]


def test_news_of_goods_that_arrived_is_not_lost_while_nobody_can_deliver_it(
    grove: Orchard, me: Holder, other: Holder, travel: Callable[[datetime], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = me.ship(other, line(grove.lot_id, "400")).json
    ordered(grove)
    tracing.spread_recalls()
    (theirs,) = (one["lot_id"] for one in other.receive(sent).json["makes"])

    def told() -> Any:
        return grove.api.get("/readyz").json["parts"]["outbox"]

    before, moment = store.collection("outbox").count_documents({}), NOW
    with monkeypatch.context() as during:
        during.setattr(joining, "_join", lambda *_: 1 / 0)
        for _ in range(events.MAX_ATTEMPTS):
            events.deliver()
            moment += timedelta(hours=1)
            travel(moment)
        assert told() == {"ok": True, "dead": 1, "lag_seconds": 0} and before >= 1
        assert events.deliver_dead_again() == 1
        assert (told()["dead"], events.deliver(), told()["dead"]) == (0, 0, 1), "tried once, and dead again"
        assert events.deliver_dead_again() == 0, "once an hour"
    travel(moment + timedelta(hours=1))
    assert (events.deliver_dead_again(), events.deliver(), told()["dead"]) == (1, 1, 0)
    tracing.spread_recalls()
    assert store.collection("lots").find_one({"_id": theirs})["state"] == "recalled"
