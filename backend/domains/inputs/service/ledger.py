"""The ledger of the store: movements are appended and their balances kept up in the same transaction."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from backend.base import clock
from backend.base.documents import MAX_FOUND
from backend.domains.inputs import rules
from backend.domains.inputs.models import InputPurchase, StockBalance, StockMovement

MOVED = ("item", "kind", "dimension", "day", "thousandths", "times")
LAST = {"purchase": "last_bought_on", "cancellation": "last_bought_on", "use": "last_used_on"}
Update = tuple[str, dict[str, Any]]  # an operator and its fields


def row_of(
    producer_id: str, movement: rules.Movement, *, source_id: str, name: str = "", **said: Any
) -> dict[str, Any]:
    """The movement as it is stored. Its id is its source, its kind and `name`: the same source moves the shelf once."""
    identity = "~".join(filter(None, (source_id, movement.kind, name)))
    moment = clock.now()
    kept = {key: value for key, value in said.items() if value is not None}
    row = {"_id": identity, "producer_id": producer_id, "source_id": source_id, "created_at": moment}
    return {**row, **asdict(movement), **kept}


def move(producer_id: str, rows: Sequence[dict[str, Any]], names: Mapping[str, rules.Named]) -> None:
    """Append movements of one kind and keep up their balances, in the caller's transaction: two commands, however many,
    and one more when something was taken back and its last day must be looked up. Raises Duplicate.
    """
    if not rows:
        return
    StockMovement.insert_rows(rows)
    movements = [movement_of(row) for row in rows]
    days, moment = _last_days(producer_id, movements), clock.now()
    changes = []
    for item, grown in rules.increments(movements).items():
        change: dict[str, Any] = {"$set": {"moved_at": moment}, "$setOnInsert": {"item": item}}
        for operator, fields in (days.get(item, ("$set", {})), _called(movements[0].kind, names.get(item))):
            change.setdefault(operator, {}).update(fields)
        if grown:
            change["$inc"] = {f"counters.{name}": value for name, value in grown.items()}
        changes.append(({"_id": f"{producer_id}.{item}", "producer_id": producer_id}, change))
    StockBalance.upsert_many(changes)


def movement_of(row: Mapping[str, Any]) -> rules.Movement:
    return rules.Movement(**{key: row[key] for key in MOVED})


def counters_of(producer_id: str, item: str) -> dict[str, Any] | None:
    """What is counted of an item, None when it never stood on the shelf."""
    where = {"_id": f"{producer_id}.{item}", "producer_id": producer_id}
    found = StockBalance.rows(where, ["counters"], limit=1)
    return dict(found[0].get("counters", {})) if found else None


def _called(kind: str, named: rules.Named | None) -> Update:
    """What the buyer calls a thing stands before what the log called it."""
    fields = {key: value for key, value in asdict(named).items() if value is not None} if named else {}
    return "$set" if kind == "purchase" else "$setOnInsert", fields


def _last_days(producer_id: str, movements: Sequence[rules.Movement]) -> dict[str, Update]:
    """By item the update of its last day: a later one wins, and what was taken back is looked up again."""
    if (kind := movements[0].kind) not in LAST:
        return {}
    field, newest = LAST[kind], dict[str, str]()
    for one in movements:
        if one.times > 0:
            newest[one.item] = max(one.day, newest.get(one.item, one.day))
    found: dict[str, Update] = {item: ("$max", {field: day}) for item, day in newest.items()}
    taken = sorted({one.item for one in movements if one.times < 0})
    standing = (_last_used if kind == "use" else _last_bought)(producer_id, taken) if taken else {}
    return found | {item: ("$set", {field: standing.get(item)}) for item in taken}


def _last_used(producer_id: str, items: Iterable[str]) -> dict[str, str]:
    where = {"producer_id": producer_id, "kind": "use", "item": {"$in": list(items)}}
    rows = StockMovement.rows(where, MOVED, limit=MAX_FOUND, sort=[("day", -1)])
    return rules.last_days(movement_of(row) for row in rows)


def _last_bought(producer_id: str, items: Iterable[str]) -> dict[str, str]:
    where = {"producer_id": producer_id, "item": {"$in": list(items)}, "cancelled": False}
    rows = InputPurchase.rows(where, ["item", "bought_on"], limit=MAX_FOUND, sort=[("bought_on", -1)])
    found: dict[str, str] = {}
    for row in rows:
        found.setdefault(row["item"], row["bought_on"])
    return found
