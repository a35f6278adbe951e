"""What happened to lots, kept once: a retry answers what is there; each event is a leaf and a line of the audit."""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from backend.base import clock, ids, vocab
from backend.base.actor import Actor
from backend.base.documents import Duplicate, settled
from backend.base.errors import Conflict, NotFound, RuleBroken
from backend.domains.accounts import service as accounts
from backend.domains.evidence import service as evidence
from backend.domains.farming import rules as farming_rules
from backend.domains.lots import rules
from backend.domains.lots.models import LotEvent
from backend.domains.lots.service import graph
from backend.domains.lots.service.facts import LotFacts, facts_of
from backend.domains.lots.service.ledger import write

Row = Mapping[str, Any]


def once(event_id: str, said: Any, body: Callable[[str], None]) -> dict[str, Any]:
    """Run `body(digest)` in one transaction unless this very request was kept before; returns the event's row.

    Raises Conflict `client_id_reused` when one of its client ids stands for something else.
    """
    digest = hashlib.sha256(json.dumps(said, sort_keys=True, default=str).encode()).hexdigest()
    try:
        return settled(lambda: _once(event_id, digest, body))
    except Duplicate as taken:  # an id of a lot that is there already
        raise Conflict("client_id_reused", field="client_id") from taken


def _once(event_id: str, digest: str, body: Callable[[str], None]) -> dict[str, Any]:
    if (there := found(event_id)) is None:
        body(digest)
        there = found(event_id) or {}
    if there["digest"] != digest:
        raise Conflict("client_id_reused", field="client_id")
    return there


def found(event_id: str) -> dict[str, Any] | None:
    rows = LotEvent.rows({"producer_id": ids.owner_of(event_id), "_id": event_id}, limit=1)
    return rows[0] if rows else None


def keep(actor: Actor, event_id: str, kind: str, digest: str, **said: Any) -> LotEvent:
    """Write the event with its leaf and its line, in the caller's transaction. Raises Duplicate."""
    takes, makes = said.get("takes", ()), said.get("makes", ())
    named = {key: value for key, value in said.items() if value not in (None, "", [])}
    event = LotEvent(
        id=event_id,
        producer_id=ids.owner_of(event_id),
        kind=kind,
        lot_ids=list(dict.fromkeys(one["lot_id"] for one in (*takes, *makes))),
        digest=digest,
        created_by=actor.account_id or actor.name,
        created_at=clock.now(),
        **named,
    )
    LotEvent.insert([event])
    evidence.append([evidence.Leaf("lot.event", event_id, event.producer_id, event.to_mongo())])
    accounts.note(actor, f"lot.{kind}", subjects=[event_id, *event.lot_ids], producer_id=event.producer_id)
    return event


def take(kind: str, producer_id: str, lines: Sequence[Row], happened_on: date) -> list[tuple[LotFacts, rules.Taken]]:
    """Take these quantities out of the producer's lots, in the caller's transaction. Raises NotFound, RuleBroken."""
    term = vocab.get("lot_event_kinds")[kind]
    done = []
    for known, base, unit in measured(kind, producer_id, lines, happened_on):
        taken = rules.take(known.balance, base, term["takes"], unit)
        if not write(known, rules.after(known.balance, taken)):
            raise Conflict("lot_busy")
        done.append((known, taken))
    return done


def measured(
    kind: str, producer_id: str, lines: Sequence[Row], happened_on: date
) -> list[tuple[LotFacts, int, vocab.Term]]:
    """The lots of these lines with the quantities in base units; none may be stopped, unless the kind may touch it."""
    named = [line["lot_id"] for line in lines]
    if len(set(named)) < len(named):
        raise RuleBroken("lot_named_twice", field="inputs")
    if any(ids.owner_of(lot_id) != producer_id for lot_id in named):
        raise NotFound
    known = {row["_id"]: row for row in graph.rows_of(named)}
    if len(known) < len(named):
        raise NotFound
    _check_free(kind, list(known.values()))
    return [_measured(facts_of(known[line["lot_id"]]), line, happened_on) for line in lines]


def _measured(known: LotFacts, line: Row, happened_on: date) -> tuple[LotFacts, int, vocab.Term]:
    if not known.born_on <= happened_on <= clock.today():
        raise RuleBroken("lot_day_wrong", field="happened_on")
    unit = vocab.get("units")[line["unit"]]
    if unit["dimension"] != vocab.get("units")[known.unit]["dimension"]:
        raise RuleBroken("unit_wrong", field="unit", unit=unit)
    return known, farming_rules.base_amount(line["amount"], unit), unit


def _check_free(kind: str, rows: Sequence[Row]) -> None:
    """One look at all that these lots came from: a recall of any of it stops them."""
    allowed = vocab.get("lot_event_kinds")[kind].get("stopped", ())
    if "held" not in allowed and any(row.get("hold") for row in rows):
        raise RuleBroken("lot_held")
    if "recalled" not in allowed and recalled(rows):
        raise RuleBroken("lot_recalled")


def recalled(rows: Sequence[Row]) -> Mapping[str, Any] | None:
    """The recall over any of these lots. Raises RuleBroken `lot_ancestry_too_wide` for all of them together."""
    every: Row = {"_id": "", "parents": [{"lot_id": row["_id"]} for row in rows]}
    return graph.recall_on(graph.lineage(every, graph.LINEAGE)[1:])


def line_of(known: LotFacts, taken: rules.Taken, said: Row) -> dict[str, Any]:
    """A line of an event: what was taken, as it was said and in base units."""
    return {
        "lot_id": known.id,
        "base": taken.base,
        "carried": taken.carried,
        **({"under": [{"certificate_id": one, "base": base} for one, base in taken.under]} if taken.under else {}),
        "amount": plain(said["amount"]),
        "unit": said["unit"],
        "product_name": known.product_name,
        "variety": known.variety,
        "crop": known.crop,
        "harvested_on": known.harvested_on.isoformat(),
    }


def taken_by(line: Row) -> rules.Taken:
    """What a kept line says was taken."""
    under = tuple((one["certificate_id"], int(one["base"])) for one in line.get("under", ()))
    return rules.Taken(int(line["base"]) - int(line["carried"]), int(line["carried"]), under)


def plain(amount: Decimal) -> str:
    return format(amount.normalize(), "f")
