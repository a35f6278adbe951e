"""Lots over HTTP: born by harvest, corrected with it, held, never certified beyond what there is."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from backend.base import store
from backend.base.errors import RuleBroken
from backend.domains.lots import service as lots
from tests.factories.farming import Farm, farm
from tests.factories.http import Api
from tests.factories.lots import fresh

NOW = datetime(2026, 10, 1, 2, tzinfo=UTC)


@pytest.fixture
def orchard(api: Api, login: Callable[..., str], travel: Callable[[datetime], None]) -> Farm:
    travel(NOW)
    return farm(api, login)


def harvested(orchard: Farm, **changes: Any) -> str:
    answer = orchard.write(**orchard.harvest("2026-09-30", **changes))
    assert answer.status_code == 201, answer.text
    return str(answer.json["record"]["id"])


def shown(orchard: Farm, lot_id: str) -> Any:
    return orchard.api.get(f"/api/v1/lots/{lot_id}", as_=orchard.token).json


def test_a_harvest_makes_one_lot_however_often_it_is_sent(orchard: Farm) -> None:
    item = orchard.harvest("2026-09-30", "1500.5")
    orchard.sync(item, item)
    orchard.sync(item)
    listed = orchard.api.get(f"/api/v1/lots?producer_id={orchard.producer_id}", as_=orchard.token).json["items"]
    (lot,) = listed
    assert (lot["amount"], lot["unit"], lot["left"], lot["state"]) == ("1500.5", "kg", "1500.5", "free")
    assert store.collection("lots").find_one({})["base"] == 1_500_500


def test_many_harvests_in_one_sync_make_as_many_lots(orchard: Farm) -> None:
    orchard.sync(*[orchard.harvest("2026-09-30", "10") for _ in range(30)])
    assert (
        len(orchard.api.get(f"/api/v1/lots?producer_id={orchard.producer_id}", as_=orchard.token).json["items"]) == 30
    )


def test_a_corrected_harvest_corrects_its_lot_but_never_below_what_is_certified(orchard: Farm) -> None:
    lot_id = harvested(orchard)
    store.transaction(lambda: lots.reserve(lot_id, "one", 600_000))

    body = {**orchard.harvest("2026-09-29", "800"), "amend_reason": "重新过秤"}
    path = f"/api/v1/farming/records/{lot_id}/amendments"
    assert orchard.api.post(path, body, as_=orchard.token).status_code == 201
    assert (shown(orchard, lot_id)["left"], shown(orchard, lot_id)["harvested_on"]) == ("200", "2026-09-29")
    less = {**orchard.harvest("2026-09-29", "500"), "amend_reason": "重新过秤"}
    refused = orchard.api.post(path, less, as_=orchard.token)
    assert (refused.status_code, refused.json["reason"]) == (422, "harvest_under_certified")
    pieces = {**orchard.harvest("2026-09-29", "900", unit="piece"), "amend_reason": "按个数"}
    assert orchard.api.post(path, pieces, as_=orchard.token).json["reason"] == "harvest_dimension_changed"
    assert shown(orchard, lot_id)["amount"] == "800"
    assert store.collection("farming_records").count_documents({"root_id": lot_id}) == 2


def test_sixteen_at_once_never_take_more_than_there_is(orchard: Farm) -> None:
    lot_id = harvested(orchard, amount="1000")
    outcomes: list[bool] = []

    def take() -> None:
        try:
            store.transaction(lambda: lots.reserve(lot_id, fresh(), 150_000))
            outcomes.append(True)
        except RuleBroken:
            outcomes.append(False)

    threads = [threading.Thread(target=take) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes.count(True) == 6
    assert store.collection("lots").find_one({})["certified_base"] == 900_000


def test_a_held_lot_gives_nothing_until_it_is_released(orchard: Farm, api: Api, login: Callable[..., str]) -> None:
    lot_id = harvested(orchard)
    officer = login("county_officer", region="620602")
    held = api.post(f"/api/v1/lots/{lot_id}/hold", {"reason": "investigation"}, as_=officer)
    assert (held.json["state"], held.json["held_reason"]) == ("held", "investigation")
    with pytest.raises(RuleBroken, match="lot_held"):
        store.transaction(lambda: lots.reserve(lot_id, "one", 1))
    assert api.post(f"/api/v1/lots/{lot_id}/release", {"note": "查清了"}, as_=officer).json["state"] == "free"
    assert api.post(f"/api/v1/lots/{lot_id}/release", {"note": "再放"}, as_=officer).json["reason"] == "lot_not_held"
    abroad = login("county_officer", region="620723")
    assert api.post(f"/api/v1/lots/{lot_id}/hold", {"reason": "other"}, as_=abroad).status_code == 404
    assert api.post(f"/api/v1/lots/{lot_id}/hold", {"reason": "other"}, as_=orchard.token).status_code == 403


def test_what_is_voided_can_be_certified_again(orchard: Farm) -> None:
    lot_id = harvested(orchard)
    for name, base in (("one", 600_000), ("two", 400_000)):
        store.transaction(lambda name=name, base=base: lots.reserve(lot_id, name, base))  # type: ignore[misc]
    store.transaction(lambda: lots.release(lot_id, "two", 400_000))
    assert shown(orchard, lot_id)["left"] == "400"


def test_a_stranger_sees_no_lot(orchard: Farm, api: Api, login: Callable[..., str]) -> None:
    lot_id = harvested(orchard)
    other = farm(api, login, number=2)
    assert api.get(f"/api/v1/lots/{lot_id}", as_=other.token).status_code == 404
    assert api.get(f"/api/v1/lots?producer_id={orchard.producer_id}", as_=other.token).status_code == 404
    assert api.get(f"/api/v1/lots/{orchard.producer_id}.no-such-lot", as_=orchard.token).status_code == 404
