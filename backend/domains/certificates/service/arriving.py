"""The certificates that go with goods: with a shipment on its way, and with all that a lot was made of."""

from backend.base.actor import Actor
from backend.domains.certificates import rules
from backend.domains.certificates.models import Certificate
from backend.domains.certificates.service import origins
from backend.domains.certificates.service.facts import VOIDS, void_of
from backend.domains.lots import service as lots


def with_shipment(actor: Actor, shipment_id: str) -> list[rules.Parent]:
    """For either side of it: the certificates on those of its lots that go under one. Raises NotFound."""
    sent = lots.shipment(actor, shipment_id)
    named = [line["lot_id"] for line in sent["takes"] if line["carried"]]
    if not named:
        return []
    where = {"producer_id": sent["producer_id"], "lot_id": {"$in": named}}
    rows = Certificate.every(where, ["code", "lot_id", "base", *VOIDS], sort=[("created_at", 1)])
    return [rules.Parent(row["code"], True, row["lot_id"], int(row["base"])) for row in rows if not void_of(row)]


def incoming_of_lot(actor: Actor, lot_id: str) -> list[rules.Parent]:
    """What the gate asks for where goods of others are certified anew. Raises NotFound, RuleBroken."""
    lot = lots.lot(actor, lot_id, "certificate:read")
    return list(origins.incoming(origins.arrivals(lot.producer_id, lots.ancestry(lot_id))))
