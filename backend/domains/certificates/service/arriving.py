"""The certificates that go with goods: with a shipment on its way, and with all that a lot was made of."""

from datetime import date

from backend.base.actor import Actor
from backend.domains.certificates import rules
from backend.domains.certificates.service import origins
from backend.domains.lots import service as lots


def with_shipment(actor: Actor, shipment_id: str) -> list[rules.Parent]:
    """For either side of it: the proofs that go with its goods. Raises NotFound, RuleBroken."""
    sent = lots.shipment(actor, shipment_id)
    goods = [lots.Parent(line["lot_id"], int(line["base"]), int(line["carried"])) for line in sent["takes"]]
    return list(origins.with_goods(goods, date.fromisoformat(sent["happened_on"]), sent["to_producer_id"]))


def incoming_of_lot(actor: Actor, lot_id: str) -> list[rules.Parent]:
    """What the gate asks for where goods of others are certified anew. Raises NotFound, RuleBroken."""
    lot = lots.lot(actor, lot_id, "certificate:read")
    return list(origins.incoming(origins.arrivals(lot.producer_id, lots.ancestry(lot_id))))
