"""From an item of a phone to a record: everything that is needed is read once, then each item is judged alone."""

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import rfc8785

from backend.base import clock, vocab
from backend.base.actor import Actor
from backend.base.documents import MAX_FOUND
from backend.base.errors import NotFound, Problem, RuleBroken
from backend.domains.farming import rules
from backend.domains.farming.models import FarmingRecord, ProductionBatch
from backend.domains.farming.service.facts import BatchFacts, crop_of, facts_of, is_animal
from backend.domains.farming.service.reading import GATE_FIELDS, as_gate_record, registrations, rows_of
from backend.domains.farming.service.seasons import Neighbours, neighbours
from backend.domains.inputs import rules as input_rules
from backend.domains.inputs import service as inputs

MAX_RECORDS = 900  # of one batch: what the gate reads at once, with room for amendments
NOT_CONTENT = frozenset({"device_time"})  # a resent item may be stamped anew
WARNINGS = {
    "unknown_input": "warn_unknown_input",
    "banned": "warn_banned",
    "no_label": "warn_no_label",
    "toxic": "warn_toxic",
    "produce": "warn_produce_forbidden",
    "dose": "warn_dose",
    "uses": "warn_too_often",
    "mix": "warn_mix",
}


@dataclass(frozen=True, slots=True)
class Draft:
    """A record about to be kept, the row it will be, and what it warns of."""

    record: FarmingRecord
    row: dict[str, Any]
    batch: BatchFacts
    warnings: tuple[Problem, ...]
    yields: bool


@dataclass
class Desk:
    """What was read for a request: `rows` are all versions in its batches, `counts` how many each has, `known` the
    items that are there by id, `others` what lies beside its batches."""

    producer_id: str
    batches: dict[str, BatchFacts]
    rows: list[dict[str, Any]]
    counts: Counter[str]
    known: dict[str, dict[str, Any]]
    others: Neighbours
    rulebook: input_rules.Rulebook
    judged: dict[str, rules.GateRecord] = field(default_factory=dict)

    def seen(self, row: Mapping[str, Any], batch: BatchFacts) -> rules.GateRecord:
        """The row as the rules see it, made once a request."""
        if row["_id"] not in self.judged:
            self.judged[row["_id"]] = as_gate_record(row, batch)
        return self.judged[row["_id"]]

    def add(self, draft: Draft) -> None:
        self.rows.append(draft.row)
        self.counts[draft.row["batch_id"]] += 1
        self.known[draft.row["_id"]] = draft.row

    def versions(self, root_id: str) -> list[dict[str, Any]]:
        return [row for row in self.rows if row["root_id"] == root_id]


def open_desk(producer_id: str, items: Sequence[Mapping[str, Any]]) -> Desk:
    """Read the batches, their records, the items that are there already, and the rules: one command each,
    and one more for the deeds of others on the same land where there are any."""
    batch_ids = list(dict.fromkeys(item["batch_id"] for item in items))
    found = ProductionBatch.rows({"producer_id": producer_id, "_id": {"$in": batch_ids}}, limit=MAX_FOUND)
    batches = {row["_id"]: facts_of(row) for row in found}
    fields = (*GATE_FIELDS, "digest")
    rows = rows_of(producer_id, batches, fields)
    wanted = [f"{producer_id}.{item['client_id']}" for item in items]
    there = FarmingRecord.rows({"producer_id": producer_id, "_id": {"$in": wanted}}, fields, limit=MAX_FOUND)
    numbers = [used.get("registration_no") for item in items for used in item.get("inputs") or ()]
    numbers += [used.get("registration_no") for row in rows for used in row.get("inputs", ())]
    others = neighbours(list(batches.values()))
    numbers += registrations(others.records)
    book = inputs.rulebook([number for number in numbers if number])
    counts = Counter(row["batch_id"] for row in rows)
    return Desk(producer_id, batches, rows, counts, {row["_id"]: row for row in there}, others, book)


def write(actor: Actor, desk: Desk, record_id: str, item: Mapping[str, Any]) -> Draft:
    """The record for an item. Raises the problem that refuses it."""
    batch = _batch(desk, item)
    kind = vocab.get("record_kinds")[item["kind"]]
    data = {**item, "inputs": [_input(kind, used, desk) for used in item.get("inputs") or ()]}
    rules.check_fits(kind, data, animal=is_animal(batch.crop_class), batch_sites=batch.site_ids)
    rules.check_dates(data, batch_started=batch.started_on, today=clock.today())
    rules.check_complete(kind, data)
    base = _base(kind, data)
    root_id, version = _place(desk, record_id, item)
    made = _record(actor, desk.producer_id, data, base)
    made.id, made.root_id, made.version, made.digest = record_id, root_id, version, digest(item)
    row = made.checked()
    return Draft(made, row, batch, _warnings(row, batch, desk), bool(kind.get("yields")))


def _batch(desk: Desk, item: Mapping[str, Any]) -> BatchFacts:
    batch = desk.batches.get(item["batch_id"])
    if batch is None:
        raise NotFound("batch_unknown", field="batch_id")
    if batch.state != "open" and not item.get("amends"):
        raise RuleBroken("batch_closed", field="batch_id")
    if desk.counts[batch.id] >= MAX_RECORDS:
        raise RuleBroken("too_many_records", limit=MAX_RECORDS)
    return batch


def _place(desk: Desk, record_id: str, item: Mapping[str, Any]) -> tuple[str, int]:
    """(root, version): a first version is its own root; an amendment follows the newest version of what it amends."""
    amends = item.get("amends")
    if not amends:
        return record_id, 1
    original = next((row for row in desk.rows if row["_id"] == amends), None)
    if original is None:
        raise RuleBroken("amends_unknown", field="amends")
    if original["batch_id"] != item["batch_id"]:
        raise RuleBroken("amends_other_batch", field="batch_id")
    newest = max(row["version"] for row in desk.versions(original["root_id"]))
    if item.get("amends_version") not in (None, newest):
        raise RuleBroken("amends_stale", field="amends")
    return original["root_id"], newest + 1


def _input(kind: Mapping[str, Any], used: Mapping[str, Any], desk: Desk) -> dict[str, Any]:
    """An input as recorded: the catalogue's name and maker where it knows the number, else the farmer's words."""
    known = desk.rulebook.products.get(used.get("registration_no") or "")
    kept = {
        key: str(value) if isinstance(value, Decimal) else value for key, value in used.items() if value is not None
    }
    accepted = kind.get("input_kinds", ())
    if known is None:
        return {**kept, "kind": accepted[0] if accepted else "other", "known": False}
    if known.kind not in accepted:
        labels = vocab.get("input_kinds")
        raise RuleBroken(
            "input_kind_wrong", field="inputs", name=known.name, is_kind=labels[known.kind].zh, kind=kind["zh"]
        )
    return {
        **kept,
        "name": known.name,
        "manufacturer": known.manufacturer,
        "kind": known.kind,
        "known": True,
        "example": known.example,
    }


def _base(kind: Mapping[str, Any], data: Mapping[str, Any]) -> int | None:
    unit = vocab.get("units")[data["unit"]] if data.get("unit") else None
    base = rules.base_amount(data["amount"], unit) if unit and data.get("amount") is not None else None
    if kind.get("yields"):
        rules.check_yield(unit, base)
    return base


def _record(actor: Actor, producer_id: str, data: Mapping[str, Any], base: int | None) -> FarmingRecord:
    moment = clock.now()
    happened: date = data["happened_on"]
    return FarmingRecord(
        producer_id=producer_id,
        batch_id=data["batch_id"],
        amend_reason=data.get("amend_reason"),
        kind=data["kind"],
        happened_on=happened.isoformat(),
        ended_on=(data.get("ended_on") or happened).isoformat(),
        site_ids=list(data.get("site_ids") or ()),
        target=data.get("target"),
        note=data.get("note"),
        worker=data.get("worker"),
        amount=str(data["amount"]) if data.get("amount") is not None else None,
        unit=data.get("unit"),
        base=base,
        inputs=data["inputs"],
        device_time=data.get("device_time"),
        late_days=rules.late_days(happened, clock.civil_date(moment)),
        created_by=actor.account_id or actor.name,
        created_at=moment,
    )


def _warnings(row: Mapping[str, Any], batch: BatchFacts, desk: Desk) -> tuple[Problem, ...]:
    """What the farmer should know now, not at the gate: the truth is recorded all the same."""
    found: list[Problem] = []
    if row["late_days"]:
        found.append(RuleBroken("warn_late", days=row["late_days"]))
    return (*(_input_warnings(row, batch, desk) if row.get("inputs") else ()), *found)


def _input_warnings(row: Mapping[str, Any], batch: BatchFacts, desk: Desk) -> Iterator[Problem]:
    """What stands against the inputs of this record, seen together with the others that used the same."""
    numbers = _numbers(row)
    others = [one for one in desk.rows if one["batch_id"] == batch.id and numbers & _numbers(one)]
    known = rules.current([desk.seen(one, batch) for one in (*others, row)])
    for reason in rules.standing(known, crop_of(batch.crop), desk.rulebook):
        if reason.version_id == row["_id"] and (word := WARNINGS.get(reason.code)):
            said = {"substance": reason.substance, "said": reason.said, "allowed": reason.allowed}
            yield RuleBroken(word, name=reason.input_name, source=reason.source, **said)


def _numbers(row: Mapping[str, Any]) -> set[str]:
    return {used["registration_no"] for used in row.get("inputs", ()) if used.get("registration_no")}


def digest(item: Mapping[str, Any]) -> str:
    """SHA-256 of what the client said, so that a resent item can be told from a changed one."""
    said = {key: _plain(value) for key, value in item.items() if key not in NOT_CONTENT and value is not None}
    return hashlib.sha256(rfc8785.dumps(said)).hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return clock.local(value).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, Mapping):
        return {str(key): _plain(inner) for key, inner in value.items() if inner is not None}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    return value
