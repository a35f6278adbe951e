"""The receiver's part of a shipment: what arrived becomes lots of their own, or nothing is taken."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from backend.base import clock, events, ids, vocab
from backend.base.actor import Actor
from backend.base.errors import NotFound, RuleBroken
from backend.domains.farming import rules as farming_rules
from backend.domains.lots import rules
from backend.domains.lots.models import Lot
from backend.domains.lots.service import graph, journal
from backend.domains.lots.service.facts import facts_of, row_of
from backend.domains.lots.service.moving import bear, child, made_line
from backend.domains.lots.service.news import RecalledLotMade
from backend.domains.lots.service.shipments import move, name_of, tell, undo
from backend.domains.producers import service as producers

Row = Mapping[str, Any]


def receive(
    actor: Actor, *, shipment_id: str, client_id: str, happened_on: date, lines: Sequence[Row], note: str = ""
) -> dict[str, Any]:
    """Confirm a shipment, each lot of it with what arrived (`lot_id`, `client_id` of the new lot, `amount`, `unit`).

    What arrived becomes lots of the receiver, never more than was sent; a difference is kept for the sender to settle.
    Goods of a recalled lot may arrive: their new lot is recalled too. Raises NotFound, RuleBroken, Conflict.
    """
    sent = _sent_to(actor, shipment_id)
    event_id = ids.owned(sent["to_producer_id"], client_id)
    said = ["receive", shipment_id, happened_on, lines, note]
    return journal.once(
        event_id,
        said,
        lambda digest: _receive(actor, event_id, shipment_id, digest, happened_on=happened_on, lines=lines, note=note),
    )


def _sent_to(actor: Actor, shipment_id: str) -> dict[str, Any]:
    row = journal.found(shipment_id)
    if row is None or not row.get("to_producer_id"):
        raise NotFound
    producers.door(actor, row["to_producer_id"], "lot:move")
    return row


def _receive(
    actor: Actor,
    event_id: str,
    shipment_id: str,
    digest: str,
    *,
    happened_on: date,
    lines: Sequence[Row],
    note: str,
) -> None:
    sent = journal.found(shipment_id) or {}
    if not date.fromisoformat(sent["happened_on"]) <= happened_on <= clock.today():
        raise RuleBroken("lot_day_wrong", field="happened_on")
    by_lot = {line["lot_id"]: line for line in lines}
    if len(by_lot) < len(lines) or set(by_lot) != {line["lot_id"] for line in sent["takes"]}:
        raise RuleBroken("shipment_lines_wrong", field="lines")
    arrived = [_arrived(line, by_lot[line["lot_id"]]) for line in sent["takes"]]
    made = [_lot(event_id, happened_on, line, by_lot[line["lot_id"]], base) for line, base in arrived if base]
    differs = any(base != line["base"] for line, base in arrived)
    answer = [{"lot_id": line["lot_id"], "sent": line["base"], "received": base} for line, base in arrived]
    answer_said = {"event_id": event_id, "lines": answer, "on": happened_on.isoformat(), "note": note}
    move(actor, shipment_id, "sent", "differs" if differs else "received", answer_said)
    _meet_recalls([line["lot_id"] for line in sent["takes"]])
    bear(made, event_id, "receive")
    words = {"partner": name_of(sent["producer_id"]), "note": note, "shipment_id": shipment_id}
    makes = [made_line(lot) for lot in made]
    journal.keep(actor, event_id, "receive", digest, happened_on=happened_on.isoformat(), makes=makes, **words)
    _pass_on_recall(sent, made)
    name = name_of(sent["to_producer_id"])
    tell(actor, sent["producer_id"], shipment_id, "differs" if differs else "received", name)


def _arrived(line: Row, said: Row) -> tuple[Row, int]:
    """What arrived of a line, in base units: what came over and above was never sent, and is told as the amount."""
    unit = vocab.get("units")[said["unit"]]
    if unit["dimension"] != vocab.get("units")[line["unit"]]["dimension"]:
        raise RuleBroken("unit_wrong", field="unit", unit=unit)
    base = farming_rules.base_amount(said["amount"], unit)
    if base > line["base"]:
        raise RuleBroken("lot_more_than_taken", field="lines")
    return line, base


def _lot(event_id: str, happened_on: date, line: Row, said: Row, base: int) -> Lot:
    parent = facts_of(row_of(line["lot_id"]))
    carried = min(base, line["carried"])
    lot_id = ids.owned(ids.owner_of(event_id), said["client_id"])
    taken = rules.Taken(base - carried, carried)
    return child(lot_id, said, base, [(parent, taken)], event_id=event_id, kind="receive", happened_on=happened_on)


def _meet_recalls(lot_ids: Sequence[str]) -> None:
    """Write to the lots that were sent, so that a recall that is written on them at this very moment and the receipt
    meet: one of the two runs again and sees the other."""
    these = {"_id": {"$in": lot_ids}, "producer_id": {"$in": graph.owners(lot_ids)}}
    Lot.update_many(these, {"$inc": {"arrivals": 1}})


def _pass_on_recall(sent: Row, made: Sequence[Lot]) -> None:
    recall = journal.recalled(graph.rows_of([line["lot_id"] for line in sent["takes"]]))
    if recall:
        events.publish(*(RecalledLotMade(lot.id, recall["recall_id"]) for lot in made))


def refuse(actor: Actor, *, shipment_id: str, note: str) -> dict[str, Any]:
    """The receiver does not take it: the goods are the sender's again. Raises NotFound, RuleBroken."""
    _sent_to(actor, shipment_id)
    return undo(actor, shipment_id, "refused", note)
