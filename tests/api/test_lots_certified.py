"""What goes out under which certificate: no kilogram is certified twice, whatever is void, recalled or given back."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from backend import config
from backend.base import store
from tests.api.conftest import NOW
from tests.api.test_recalls import ordered
from tests.api.test_recalls_withdrawn import audited, spread, state, withdraw
from tests.factories.certificates import Orchard
from tests.factories.lots import Holder, line


def counted(lot_id: str) -> tuple[int, int, int]:
    """Certified, gone and carried, in kilograms."""
    row: Any = store.collection("lots").find_one({"_id": lot_id})
    return tuple(row[f"{name}_base"] // 1000 for name in ("certified", "gone", "carried"))  # type: ignore[return-value]


def test_a_certificate_that_stands_again_goes_out_no_second_time(
    grove: Orchard,
    me: Holder,
    other: Holder,
    settings: config.Settings,
    travel: Callable[[datetime], None],
) -> None:
    made = grove.issued(amount="400")
    me.passed_on(other, line(grove.lot_id, "400"))
    for minute in range(3):
        travel(NOW + timedelta(minutes=2 * minute + 1))
        recall = ordered(grove)
        spread(grove, recall)
        assert (state(grove, made), counted(grove.lot_id)) == ("void", (0, 400, 0))
        travel(NOW + timedelta(minutes=2 * minute + 2))
        withdraw(grove, recall)
        assert spread(grove, recall)["counts"]["restored"] == 1
        assert (state(grove, made), counted(grove.lot_id)) == ("valid", (400, 0, 400))
    (loose,) = me.passed_on(other, line(grove.lot_id, "400"))
    assert other.lot(loose)["parents"] == [{"lot_id": grove.lot_id, "base": 400_000, "carried": 0}]
    assert me.lot(grove.lot_id)["left"] == "200"
    assert audited(settings) == []


def test_a_certificate_whose_goods_are_all_sold_stands_again_after_a_mistaken_recall(
    grove: Orchard, me: Holder, other: Holder, settings: config.Settings
) -> None:
    made = grove.issued(amount="1000")
    me.passed_on(other, line(grove.lot_id, "900"))
    away = me.ship(other, line(grove.lot_id, "100")).json
    recall = ordered(grove)
    spread(grove, recall)
    assert (state(grove, made), counted(grove.lot_id)) == ("void", (0, 1000, 0))
    assert me.post(f"/lots/shipments/{away['id']}/cancellation", note="").status_code == 200
    assert counted(grove.lot_id) == (0, 900, 0)
    withdraw(grove, recall)
    assert spread(grove, recall)["counts"]["restored"] == 1
    assert (state(grove, made), counted(grove.lot_id)) == ("valid", (1000, 0, 900))
    assert me.ship(other, line(grove.lot_id, "100")).json["takes"][0]["carried"] == 100_000
    assert audited(settings) == []


def test_it_does_not_stand_again_when_what_was_not_sold_of_it_is_gone(
    grove: Orchard, me: Holder, other: Holder, settings: config.Settings
) -> None:
    made = grove.issued(amount="700")
    me.passed_on(other, line(grove.lot_id, "400"))
    recall = ordered(grove)
    spread(grove, recall)
    assert me.leave("destroy", line(grove.lot_id, "301"), reason="recalled").status_code == 201
    withdraw(grove, recall)
    assert spread(grove, recall)["counts"]["restored"] == 0
    assert (state(grove, made), counted(grove.lot_id)) == ("void", (0, 701, 0))
    assert audited(settings) == []


@pytest.mark.parametrize("which", [0, 1])
def test_voiding_what_was_sold_frees_nothing_and_voiding_what_is_on_hand_frees_it(
    grove: Orchard, me: Holder, other: Holder, settings: config.Settings, which: int
) -> None:
    both = [grove.issued(amount="500") for _ in range(2)]
    me.passed_on(other, line(grove.lot_id, "500"))
    grove.void(both[which]["id"])
    left, carried = (("0", 0), ("500", 500))[which]
    assert (me.lot(grove.lot_id)["left"], counted(grove.lot_id)[2]) == (left, carried)
    assert me.lot(grove.lot_id)["on_hand"] == "500"
    assert grove.issue(amount="500").status_code == (422, 201)[which]
    sent = me.ship(other, line(grove.lot_id, "500")).json
    assert sent["takes"][0]["carried"] == 500_000
    event: Any = store.collection("lot_events").find_one({"_id": sent["id"]})
    (under,) = event["takes"][0]["under"]
    assert under["base"] == 500_000 and (under["certificate_id"] == both[1]["id"]) is (which == 0)
    assert audited(settings) == []
