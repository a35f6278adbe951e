"""From one producer to another: sent by the one, confirmed by the other, with what differs kept until both agree."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from backend.base import clock, events, ids, store, vocab
from backend.base.actor import Actor
from backend.base.errors import Conflict, NotFound, RuleBroken
from backend.domains.accounts import service as accounts
from backend.domains.evidence import service as evidence
from backend.domains.farming import rules as farming_rules
from backend.domains.lots import rules
from backend.domains.lots.models import Lot, LotEvent
from backend.domains.lots.service import graph, journal
from backend.domains.lots.service.facts import LotFacts, facts_of, row_of
from backend.domains.lots.service.ledger import write
from backend.domains.lots.service.moving import bear, child, made_line
from backend.domains.lots.service.news import RecalledLotMade
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

    To a producer here, who must confirm; or to a `partner` outside, and then it is done. Raises NotFound, RuleBroken.
    """
    producers.door(actor, producer_id, "lot:move")
    name = _recipient(producer_id, to_producer_id, partner)
    event_id = ids.owned(producer_id, client_id)
    said = [kind, happened_on, lines, to_producer_id, partner, note]

    def body(digest: str) -> None:
        taken = journal.take(kind, producer_id, lines, happened_on)
        if kind == "return":
            _check_return([lot for lot, _ in taken], to_producer_id)
        takes = [journal.line_of(lot, some, line) for (lot, some), line in zip(taken, lines, strict=True)]
        words = {"partner": name, "note": note, "to_producer_id": to_producer_id}
        state = "sent" if to_producer_id else "done"
        day = happened_on.isoformat()
        journal.keep(actor, event_id, kind, digest, happened_on=day, takes=takes, state=state, **words)
        _tell(actor, to_producer_id, event_id, "sent", _from(producer_id))

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


def _from(producer_id: str) -> str:
    return producers.facts(producer_id).public_name


def _check_return(lots: Sequence[LotFacts], to_producer_id: str | None) -> None:
    for lot in lots:
        if to_producer_id not in {ids.owner_of(parent.lot_id) for parent in lot.parents}:
            raise RuleBroken("return_not_from_there", field="to_producer_id")


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
    _move(actor, shipment_id, "sent", "differs" if differs else "received", answer_said)
    bear(made, event_id, "receive")
    words = {"partner": _from(sent["producer_id"]), "note": note, "shipment_id": shipment_id}
    makes = [made_line(lot) for lot in made]
    journal.keep(actor, event_id, "receive", digest, happened_on=happened_on.isoformat(), makes=makes, **words)
    _pass_on_recall(sent, made)
    name = _from(sent["to_producer_id"])
    _tell(actor, sent["producer_id"], shipment_id, "differs" if differs else "received", name)


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


def _pass_on_recall(sent: Row, made: Sequence[Lot]) -> None:
    recall = journal.recalled(graph.rows_of([line["lot_id"] for line in sent["takes"]]))
    if recall:
        events.publish(*(RecalledLotMade(lot.id, recall["recall_id"]) for lot in made))


def refuse(actor: Actor, *, shipment_id: str, note: str) -> dict[str, Any]:
    """The receiver does not take it: the goods are the sender's again. Raises NotFound, RuleBroken."""
    _sent_to(actor, shipment_id)
    return _undo(actor, shipment_id, "refused", note)


def cancel(actor: Actor, *, shipment_id: str, note: str) -> dict[str, Any]:
    """The sender calls back what was not confirmed yet. Raises NotFound, RuleBroken."""
    producers.door(actor, ids.owner_of(shipment_id), "lot:move")
    return _undo(actor, shipment_id, "cancelled", note)


def _undo(actor: Actor, shipment_id: str, state: str, note: str) -> dict[str, Any]:
    def body() -> None:
        sent = journal.found(shipment_id)
        if sent is None or not sent.get("to_producer_id"):
            raise NotFound
        if sent["state"] == state:  # the same request again
            return
        _move(actor, shipment_id, "sent", state, {"note": note})
        for line in sent["takes"]:
            known = facts_of(row_of(line["lot_id"]))
            back = rules.brought_back(known.balance, rules.Taken(line["base"] - line["carried"], line["carried"]))
            if not write(known, back):
                raise Conflict("lot_busy")
        refused = state == "refused"
        told, other = (sent["producer_id"], sent["to_producer_id"])[:: 1 if refused else -1]
        _tell(actor, told, shipment_id, state, _from(other))

    store.transaction(body)
    return journal.found(shipment_id) or {}


def settle(actor: Actor, *, shipment_id: str, note: str) -> dict[str, Any]:
    """The sender agrees to what the receiver counted. Raises NotFound, RuleBroken `shipment_agrees`."""
    producers.door(actor, ids.owner_of(shipment_id), "lot:move")
    row = journal.found(shipment_id)
    if row is None or not row.get("to_producer_id"):
        raise NotFound
    if row["state"] == "settled":
        return row
    if row["state"] != "differs":
        raise RuleBroken("shipment_agrees")
    agreed = {**row["answer"], "settled": note}
    store.transaction(lambda: _move(actor, shipment_id, "differs", "settled", agreed))
    return journal.found(shipment_id) or {}


def _move(actor: Actor, shipment_id: str, before: str, state: str, answer: Row) -> None:
    """The shipment's next state with what was said, in the caller's transaction; the guard is the state before."""
    producer_id = ids.owner_of(shipment_id)
    said = {**answer, "by": actor.account_id or actor.name, "at": clock.now().isoformat()}
    where = {"producer_id": producer_id, "_id": shipment_id, "state": before}
    if not LotEvent.update_one(where, {"$set": {"state": state, "answer": said}}):
        found = journal.found(shipment_id)
        known = vocab.get("lot_event_states")
        raise RuleBroken("shipment_not_open", state=known[found["state"]] if found else state)
    evidence.append([evidence.Leaf("lot.shipment", shipment_id, producer_id, {"state": state, **said})])
    accounts.note(actor, f"lot.shipment_{state}", subjects=[shipment_id], producer_id=producer_id)


def _tell(actor: Actor, producer_id: str | None, shipment_id: str, state: str, name: str) -> None:
    if producer_id:
        kind = "shipment_sent" if state == "sent" else "shipment_answered"
        said = {"partner": name, "state": ("lot_event_states", state)}
        producers.tell_people(actor, producer_id, kind, key=f"{shipment_id}-{state}", subject_id=shipment_id, **said)
