"""The store of inputs: what the log takes from it, what is counted on its shelves, and what it holds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from backend.base import clock, ids, vocab
from backend.base.actor import Actor
from backend.base.documents import MAX_FOUND, Page, settled
from backend.base.errors import NotFound
from backend.domains.accounts import service as accounts
from backend.domains.evidence import service as evidence
from backend.domains.inputs import rules
from backend.domains.inputs.models import StockBalance, StockMovement
from backend.domains.inputs.service import ledger
from backend.domains.producers import service as producers

NAMES = ("item", "registration_no", "name", "manufacturer", "kind", "last_bought_on", "last_used_on")


@dataclass(frozen=True, slots=True)
class Counted:
    """A stock-taking: what was found, what the book had expected, in the unit of who counted."""

    id: str
    producer_id: str
    client_id: str
    item: str
    amount: Decimal
    unit: str
    counted_on: date
    reason: str | None
    expected: str
    difference: str
    created_at: datetime


def use(producer_id: str, sheets: Sequence[rules.Sheet]) -> None:
    """Bring the shelf to what these versions of records say was used, in the caller's transaction. Two commands however
    many; amendments first read what their records have moved so far. It refuses nothing: the log is the truth."""
    amended = [sheet.root_id for sheet in sheets if sheet.version > 1]
    moved = _moved(producer_id, amended) if amended else {}
    rows = [
        ledger.row_of(
            producer_id,
            movement,
            source_id=sheet.record_id,
            name=f"{movement.item}~{movement.dimension}~{movement.day}",
            root_id=sheet.root_id,
        )
        for sheet, movement in rules.booked(sheets, moved)
    ]
    ledger.move(producer_id, rows, {use.named.item: use.named for sheet in sheets for use in sheet.uses})


def _moved(producer_id: str, roots: Sequence[str]) -> dict[str, rules.Tally]:
    """What each of these records has moved so far; read in runs, for a part of it would make a wrong sum."""
    where = {"producer_id": producer_id, "root_id": {"$in": list(dict.fromkeys(roots))}}
    found: dict[str, list[rules.Movement]] = {}
    last = ""
    while True:
        rows = StockMovement.rows({**where, "_id": {"$gt": last}}, limit=MAX_FOUND, sort=[("_id", 1)])
        for row in rows:
            found.setdefault(row["root_id"], []).append(ledger.movement_of(row))
        if len(rows) < MAX_FOUND:
            return {root: rules.moved_so_far(movements) for root, movements in found.items()}
        last = rows[-1]["_id"]


def count(
    actor: Actor,
    *,
    producer_id: str,
    client_id: str,
    item: str,
    amount: Decimal,
    unit: str,
    counted_on: date,
    reason: str | None = None,
) -> Counted:
    """A stock-taking: what is really there; the book is corrected by the difference to what it holds now.

    A repeated client id answers with the count that is there. Raises NotFound `stock_item_unknown`, RuleBroken.
    """
    producers.door(actor, producer_id, "farming:write")
    count_id = ids.owned(producer_id, client_id)
    said = {"amount": str(amount), "unit": unit, "by": actor.account_id or actor.name}

    def correct() -> Counted:
        dimension, thousandths = rules.shelved(amount, vocab.get("units")[unit])
        rules.check_day(counted_on, clock.today(), field="counted_on")
        found = rules.Movement(item, "correction", dimension, counted_on.isoformat(), thousandths, 1)
        return _correct(actor, count_id, found, said, reason)

    return settled(lambda: _counted(count_id) or correct())


def _correct(
    actor: Actor, count_id: str, found: rules.Movement, said: Mapping[str, Any], reason: str | None
) -> Counted:
    """`found` holds what lies on the shelf; what is written is its difference to the book."""
    producer_id = ids.owner_of(count_id)
    counters = ledger.counters_of(producer_id, found.item)
    if counters is None:
        raise NotFound("stock_item_unknown", field="item")
    rules.check_same_dimension(counters, found.dimension)
    row = ledger.row_of(
        producer_id, rules.corrected(counters, found), source_id=count_id, said=dict(said), reason=reason
    )
    ledger.move(producer_id, [row], {})
    evidence.append([evidence.Leaf("inputs.stock_count", row["_id"], producer_id, row)])
    accounts.note(actor, "inputs.stock_count", subjects=[count_id], producer_id=producer_id)
    return _counted_of(row)


def _counted(count_id: str) -> Counted | None:
    where = {"_id": f"{count_id}~correction", "producer_id": ids.owner_of(count_id)}
    rows = StockMovement.rows(where, limit=1)
    return _counted_of(rows[0]) if rows else None


def _counted_of(row: Mapping[str, Any]) -> Counted:
    amount, unit = Decimal(row["said"]["amount"]), row["said"]["unit"]
    term = vocab.get("units")[unit]
    _, thousandths = rules.measure(amount, term)
    return Counted(
        id=row["source_id"],
        producer_id=row["producer_id"],
        client_id=ids.client_part(row["source_id"]),
        item=row["item"],
        amount=amount,
        unit=unit,
        counted_on=date.fromisoformat(row["day"]),
        reason=row.get("reason"),
        expected=rules.shown(thousandths - row["thousandths"], term),
        difference=rules.shown(row["thousandths"], term),
        created_at=row["created_at"],
    )


def stock_of(actor: Actor, *, producer_id: str) -> list[dict[str, Any]]:
    """What a producer has of each input, the last moved first; one indexed read."""
    producers.door(actor, producer_id, "farming:read")
    rows = StockBalance.rows({"producer_id": producer_id}, limit=MAX_FOUND, sort=[("moved_at", -1)])
    return [_shelf(row) for row in rows]


def _shelf(row: Mapping[str, Any]) -> dict[str, Any]:
    shelf = rules.shelf(row.get("counters", {}))
    amounts = {"on_hand": shelf.on_hand, "bought": shelf.bought, "used": shelf.used, "corrected": shelf.corrected}
    code = rules.readable(shelf.dimension, *amounts.values()) if shelf.dimension else None
    term = vocab.get("units")[code] if code else None
    return {
        **{name: row.get(name) for name in NAMES},
        **{name: rules.shown(value, term) if term else "0" for name, value in amounts.items()},
        "unit": code,
        "short": shelf.short,
        "unmeasured_uses": shelf.unmeasured,
    }


def movements_of(
    actor: Actor, *, producer_id: str, item: str | None = None, cursor: str | None = None, size: int = 50
) -> Page[dict[str, Any]]:
    """What came and went, newest entry first, of one item or of all."""
    producers.door(actor, producer_id, "farming:read")
    where = {"producer_id": producer_id, **({"item": item} if item else {})}
    page = StockMovement.page(where, cursor=cursor, size=size)
    return Page([_moved_out(found) for found in page.items], page.next_cursor)


def _moved_out(found: StockMovement) -> dict[str, Any]:
    measured = found.dimension in rules.MEASURED
    code = rules.readable(found.dimension, found.thousandths) if measured else None
    return {
        "id": found.id,
        "item": found.item,
        "kind": found.kind,
        "day": found.day,
        "amount": rules.shown(found.thousandths, vocab.get("units")[code]) if code else None,
        "unit": code,
        "times": found.times,
        "source_id": found.source_id,
        "reason": found.reason,
        "created_at": found.created_at,
    }
