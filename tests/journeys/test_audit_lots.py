"""The tamper drill for quantities: lots are no leaves, and yet whoever changes one in the database is found."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from backend import config
from backend.base import store
from backend.domains.evidence import service as evidence
from backend.domains.tracing import service as tracing
from scripts.audit import __main__ as command
from scripts.audit.findings import Report
from scripts.audit.sources import Database, Web
from tests.factories.certificates import Orchard, orchard
from tests.factories.http import Api
from tests.factories.kept import Kept
from tests.factories.lots import API, Holder, buyer, fresh, harvested, holder, line, part

NOW = datetime(2026, 10, 1, 2, tzinfo=UTC)


@dataclass(frozen=True)
class Market:
    """A grower and a buyer whose lots went through all that may happen to lots. By name: the harvested `lot`, one
    `made` of it, one that `arrived` at the buyer's under a certificate, and the `shipment` that brought it there."""

    uri: str
    grove: Orchard
    me: Holder
    other: Holder
    made: str
    arrived: str
    shipment: str

    @property
    def lot(self) -> str:
        return self.grove.lot_id

    def audit(self, source: Any = None) -> Report:
        return command.audit(source or Database(self.uri), keys=None, kept=(), progress=lambda _: None)

    def found(self, source: Any = None) -> list[tuple[str, str]]:
        return [(one.code, one.subject) for one in self.audit(source).findings]


_kept: Kept[Market] = Kept()


@pytest.fixture
def market(
    api: Api, login: Callable[..., str], travel: Callable[[datetime], None], settings: config.Settings
) -> Market:
    made = _kept.get(lambda: build(api, login, travel, settings))
    travel(NOW + timedelta(minutes=10))
    grove = replace(made.grove, farm=replace(made.grove.farm, api=api))
    return replace(made, grove=grove, me=replace(made.me, api=api), other=replace(made.other, api=api))


def build(api: Api, login: Callable[..., str], travel: Callable[[datetime], None], settings: config.Settings) -> Market:
    """Nearly all at one instant, so that the auditor has no order to go by."""
    travel(NOW)
    grove = orchard(api, login)
    me, other = holder(grove.farm), buyer(api, login)
    small, large = me.made("split", [line(grove.lot_id, "300")], [part("100"), part("200")])
    (mixed,) = me.made("merge", [line(small, "33.3"), line(large, "66.6")], [part("99.9")])
    me.made("repack", [line(mixed, "50")], [part("10"), part("30", product_name="红富士苹果（大果）")])
    corrected(grove)
    first = grove.issued(amount="200")
    sent = me.ship(other, line(grove.lot_id, "250"), line(large, "10"), line(small, "5")).json
    answer = other.receive(sent, "240", "0", "5")
    assert answer.status_code == 201, answer.text
    travel(NOW + timedelta(minutes=1))
    assert me.post(f"/lots/shipments/{sent['id']}/settlement", note="少了").status_code == 200
    arrived = answer.json["makes"][0]["lot_id"]
    assert other.ship(me, line(arrived, "20"), kind="return").status_code == 201
    void_while_away(grove, me, other, first)
    recalled_by_mistake(grove, large)
    for kind, more in (("market", {"place": "果蔬市场"}), ("retail", {}), ("destroy", {"reason": "spoiled"})):
        assert me.leave(kind, line(large, "7"), line(grove.lot_id, "7"), **more).status_code == 201
    evidence.seal()
    return Market(settings.mongodb_uri, grove, me, other, mixed, arrived, sent["id"])


def corrected(grove: Orchard) -> None:
    """The harvest was more than was written first."""
    body = {**grove.farm.harvest("2026-09-30", "1100"), "amend_reason": "重新过秤"}
    path = f"{API}/farming/records/{grove.lot_id}/amendments"
    assert grove.api.post(path, body, as_=grove.token).status_code == 201


def void_while_away(grove: Orchard, me: Holder, other: Holder, first: Any) -> None:
    """What was sent under a certificate that is then void comes back in part, and is certified anew."""
    grove.issued(amount="50")
    away = [me.ship(other, line(grove.lot_id, "40")).json["id"] for _ in range(2)]
    grove.void(first["id"])
    assert me.post(f"/lots/shipments/{away[0]}/cancellation", note="").status_code == 200
    grove.issued(amount="60")
    assert other.post(f"/lots/shipments/{away[1]}/refusal", note="").status_code == 200


def recalled_by_mistake(grove: Orchard, lot_id: str) -> None:
    """A certificate is void by a recall and stands again when the recall is taken back."""
    grove.issued(lot_id=lot_id, amount="30")
    said = {"client_id": fresh("recall"), "target": "lot", "target_id": lot_id, "reason": "other"}
    made = grove.api.post(f"{API}/recalls", said, as_=grove.officer)
    assert made.status_code == 201, made.text
    while tracing.spread_recalls():
        pass
    mistake = {"reason": "wrong_target", "note": "批次号看错一位"}
    assert grove.api.post(f"{API}/recalls/{made.json['id']}/withdrawal", mistake, as_=grove.officer).status_code == 200
    while tracing.spread_recalls():
        pass


def change(collection: str, where: dict[str, Any], update: dict[str, Any]) -> None:
    assert store.collection(collection).update_one(where, update).modified_count == 1


def test_lots_through_everything_come_to_what_is_registered(market: Market) -> None:
    report = market.audit()
    assert report.findings == []
    assert report.counts["lots"] == store.collection("lots").count_documents({}) == 8
    states = set(store.collection("lot_events").distinct("state"))
    assert {"done", "sent", "settled", "refused", "cancelled"} <= states
    row = store.collection("lots").find_one({"_id": market.lot}) or {}
    assert row["base"] == 1_100_000 and row["gone_base"] and row["carried_base"] and row["certified_base"]


@pytest.mark.parametrize(
    ("which", "update"),
    [
        ("lot", {"$inc": {"base": 500_000}}),
        ("lot", {"$set": {"amount": "1000"}}),
        ("lot", {"$inc": {"certified_base": -1000}}),
        ("lot", {"$inc": {"gone_base": -1000}}),
        ("lot", {"$inc": {"gone_base": -1000, "carried_base": 1000}}),
        ("lot", {"$set": {"harvested_on": "2026-09-01"}}),
        ("lot", {"$set": {"born_on": "2026-09-01"}}),
        ("lot", {"$set": {"batch_ids": []}}),
        ("lot", {"$set": {"product_name": "有机苹果"}}),
        ("made", {"$inc": {"base": 1}}),
        ("made", {"$inc": {"carried_base": 1}}),
        ("made", {"$set": {"parents": []}}),
        ("made", {"$inc": {"parents.0.base": -1}}),
        ("arrived", {"$inc": {"parents.0.carried": 1000}}),
        ("arrived", {"$inc": {"base": 10_000}}),
        ("arrived", {"$set": {"born": "harvest"}}),
        ("arrived", {"$set": {"batch_ids": ["another"]}}),
    ],
)
def test_a_changed_number_of_a_lot_is_found_and_named(market: Market, which: str, update: dict[str, Any]) -> None:
    lot_id = getattr(market, which)
    change("lots", {"_id": lot_id}, update)
    found = market.found()
    assert ("lot_differs", f"lot {lot_id}") in found
    assert {code for code, _ in found} == {"lot_differs"}


def test_a_lot_that_nothing_leads_to_is_found_and_one_that_was_taken_away(market: Market) -> None:
    row = store.collection("lots").find_one({"_id": market.made})
    assert row is not None
    stranger = f"{market.me.producer_id}.inserted-0001"
    store.collection("lots").insert_one({**row, "_id": stranger})
    assert market.found() == [("origin_missing", f"lot {stranger}")]
    store.collection("lots").delete_one({"_id": stranger})
    store.collection("lots").delete_one({"_id": market.made})
    assert ("missing", f"lot {market.made}") in market.found()


def test_a_lot_from_outside_is_as_it_was_taken_in(market: Market) -> None:
    goods = {"client_id": fresh(), "crop": "apple", "amount": "70", "unit": "kg"}
    answer = market.other.move("/lots/intakes", partner="邻省合作社", lines=[goods])
    assert answer.status_code == 201, answer.text
    outside = answer.json["makes"][0]["lot_id"]
    market.other.made("split", [line(outside, "70")], [part("30"), part("40")])
    assert market.found() == []
    change("lots", {"_id": outside}, {"$set": {"base": 90_000}})
    assert market.found() == [("lot_differs", f"lot {outside}")]


def test_a_certificate_the_gate_did_not_allow_is_found(market: Market) -> None:
    row = store.collection("certificates").find_one({"lot_id": market.lot, "state": "valid"}) or {}
    change("certificates", {"_id": row["_id"]}, {"$set": {"decision_id": "another"}})
    found = market.found()
    assert ("origin_missing", f"certificate {row['_id']}") in found
    assert ("altered", f"certificate.file {row['_id']}") in found


def test_a_link_that_a_recall_follows_cannot_be_cut_or_thinned_in_silence(market: Market) -> None:
    name = f"{market.lot}~{market.arrived}"
    change("lot_links", {"_id": name}, {"$set": {"base": 1}})
    assert market.found() == [("lot_differs", f"link {name}")]
    store.collection("lot_links").delete_one({"_id": name})
    assert market.found() == [("lot_differs", f"link {name}")]


def test_an_answer_to_a_shipment_that_nobody_gave_is_found(market: Market) -> None:
    (event,) = store.collection("lot_events").find({"state": "sent"})
    answer = {"at": NOW.isoformat(), "by": "x"}
    change("lot_events", {"_id": event["_id"]}, {"$set": {"state": "cancelled", "answer": answer}})
    change("lots", {"_id": market.arrived}, {"$inc": {"carried_base": -20_000}})
    assert ("state_differs", f"lot_events {event['_id']}") in market.found()


def test_lots_that_move_while_they_are_audited_are_not_accused_and_what_is_wrong_is_found(market: Market) -> None:
    class Busy(Database):
        def rows(self, collection: str) -> Iterator[dict[str, Any]]:
            yield from super().rows(collection)
            if collection in {"evidence_leaves", "lots", "lot_events", "certificates", "farming_records"}:
                (some,) = market.me.made("split", [line(market.lot, "0.1")], [part("0.1")])
                sent = market.me.ship(market.other, line(some, "0.1")).json
                market.other.receive(sent)
                harvested(market.grove.farm, "1")
                evidence.seal()

    assert market.found(Busy(market.uri)) == []
    change("lots", {"_id": market.made}, {"$inc": {"base": 1000}})
    assert market.found(Busy(market.uri)) == [("lot_differs", f"lot {market.made}")]


def test_from_outside_it_is_said_that_no_quantities_were_seen(market: Market, site: str) -> None:
    change("lots", {"_id": market.lot}, {"$inc": {"base": 500_000}})
    report = market.audit(Web(site))
    assert report.findings == [] and any("quantities" in note for note in report.notes)
