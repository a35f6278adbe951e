"""The sender's part of a shipment: sent, called back while nobody confirmed it, settled where the count differed."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from backend.base import ids, store
from backend.base.actor import Actor
from backend.base.errors import NotFound, RuleBroken
from backend.domains.lots.service import journal
from backend.domains.lots.service.facts import LotFacts, facts_of, row_of
from backend.domains.lots.service.shipments import move, name_of, tell, undo
from backend.domains.producers import service as producers

Row = Mapping[str, Any]


def ship(
    actor: Actor,
    *,
    producer_id: str,
    client_id: str,
    kind: str,
    happened_on: date,
    lines: Sequence[Row],
    to_producer_id: str | None = None,
    partner: str = "",
    note: str = "",
) -> dict[str, Any]:
    """Send goods (`ship`), or send them back to where they came from (`return`, also of a recalled lot).

    To a producer here, who must confirm; or to a `partner` outside, and then it is done. What was taken in from outside
    goes back to its seller, unopened; `partner` is that one or empty. Raises NotFound, RuleBroken.
    """
    producers.door(actor, producer_id, "lot:move")
    outside = kind == "return" and to_producer_id is None
    name = partner if outside else _recipient(producer_id, to_producer_id, partner)
    event_id = ids.owned(producer_id, client_id)
    said = [kind, happened_on, lines, to_producer_id, partner, note]

    def body(digest: str) -> None:
        taken = journal.take(kind, producer_id, lines, happened_on)
        lots = [lot for lot, _ in taken]
        if kind == "return" and not outside:
            _check_return(lots, to_producer_id)
        takes = [journal.line_of(lot, some, line) for (lot, some), line in zip(taken, lines, strict=True)]
        words = {"partner": _seller(lots, partner) if outside else name, "note": note, "to_producer_id": to_producer_id}
        state = "sent" if to_producer_id else "done"
        day = happened_on.isoformat()
        journal.keep(actor, event_id, kind, digest, happened_on=day, takes=takes, state=state, **words)
        tell(actor, to_producer_id, event_id, "sent", name_of(producer_id))

    return journal.once(event_id, said, body)


def _recipient(producer_id: str, to_producer_id: str | None, partner: str) -> str:
    if to_producer_id is None:
        if not partner:
            raise RuleBroken("recipient_missing", field="to_producer_id")
        return partner
    if to_producer_id == producer_id:
        raise RuleBroken("recipient_self", field="to_producer_id")
    try:
        return producers.facts(to_producer_id).public_name
    except NotFound as error:
        raise RuleBroken("recipient_unknown", field="to_producer_id") from error


def _check_return(lots: Sequence[LotFacts], to_producer_id: str | None) -> None:
    for lot in lots:
        if to_producer_id not in {ids.owner_of(parent.lot_id) for parent in lot.parents}:
            raise RuleBroken("return_not_from_there", field="to_producer_id")


def _seller(lots: Sequence[LotFacts], partner: str) -> str:
    """The one outside of whom all of these were bought."""
    sellers = {_bought_of(lot) for lot in lots}
    if None in sellers or len(sellers) > 1 or partner not in ("", *sellers):
        raise RuleBroken("return_not_from_there", field="partner")
    (seller,) = sellers
    return str(seller)


def _bought_of(lot: LotFacts) -> str | None:
    """Who outside sold it, of a lot that was taken in so or divided from such a lot; a command for each step back."""
    while lot.born == "split":
        parent = facts_of(row_of(lot.parents[0].lot_id))
        if parent.product_name != lot.product_name:
            return None
        lot = parent
    intake = journal.found(lot.event_id) if lot.from_outside and lot.event_id else None
    return intake["partner"] if intake else None


def cancel(actor: Actor, *, shipment_id: str, note: str) -> dict[str, Any]:
    """The sender calls back what was not confirmed yet. Raises NotFound, RuleBroken."""
    producers.door(actor, ids.owner_of(shipment_id), "lot:move")
    return undo(actor, shipment_id, "cancelled", note)


def settle(actor: Actor, *, shipment_id: str, note: str) -> dict[str, Any]:
    """The sender agrees to what the receiver counted. Raises NotFound, RuleBroken `shipment_agrees`."""
    producers.door(actor, ids.owner_of(shipment_id), "lot:move")
    store.transaction(lambda: _settle(actor, shipment_id, note))
    return journal.found(shipment_id) or {}


def _settle(actor: Actor, shipment_id: str, note: str) -> None:
    row = journal.found(shipment_id)
    if row is None or not row.get("to_producer_id"):
        raise NotFound
    if row["state"] == "settled":  # the same request again
        return
    if row["state"] != "differs":
        raise RuleBroken("shipment_agrees")
    move(actor, shipment_id, "differs", "settled", {**row["answer"], "settled": note})
