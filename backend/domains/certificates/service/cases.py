"""Gathers a case for the gate in a constant number of reads, and remembers what was decided."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from backend.base import clock, ids, vocab
from backend.base.actor import Actor
from backend.base.errors import RuleBroken
from backend.domains.certificates import rules
from backend.domains.certificates.models import MAX_LISTED, GateDecision, InputOverride
from backend.domains.evidence import service as evidence
from backend.domains.farming import rules as farming_rules
from backend.domains.farming import service as farming
from backend.domains.inputs import service as inputs
from backend.domains.lots import service as lots
from backend.domains.producers import service as producers
from backend.domains.testing import service as testing


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for. `template` None: the form in force for this subject today."""

    lot_id: str
    amount: Decimal
    unit: str
    bases: tuple[str, ...]
    template: str | None = None


def gather(producer: producers.ProducerFacts, wanted: Wanted, lot: lots.LotFacts) -> rules.Case:
    """The case as the database tells it now. Raises RuleBroken `unit_wrong` for kilograms of a lot that was counted."""
    unit, counted = vocab.get("units")[wanted.unit], vocab.get("units")[lot.unit]
    if unit["dimension"] != counted["dimension"]:
        raise RuleBroken("unit_wrong", field="unit", unit=unit)
    records = farming.gate_records(lot.producer_id, lot.batch_ids)
    known = [use.registration_no for record in records for use in record.uses if use.registration_no]
    return rules.Case(
        lot=_lot(lot, unit),
        subject=rules.Subject(producer.id, producer.status, producer.kind == "buyer"),
        records=records,
        rulebook=inputs.rulebook(known),
        template=_template(wanted.template, producer.kind == "buyer", clock.today()),
        bases=wanted.bases,
        wanted_base=farming_rules.base_amount(wanted.amount, unit),
        today=clock.today(),
        tests=tuple(_test(result) for result in testing.results(lot.producer_id, [lot.id])),
        overrides=_overrides(lot.producer_id, [record.id for record in records if record.uses]),
    )


def _lot(lot: lots.LotFacts, unit: vocab.Term) -> rules.Lot:
    crop = vocab.get("crops").get(lot.crop, {})
    return rules.Lot(
        id=lot.id,
        crop=farming.crop_of(lot.crop),
        product_name=lot.product_name,
        in_scope=bool(crop.get("in_certificate_scope", False)),
        harvest_record=lot.harvest_root_id,
        harvested_on=lot.harvested_on,
        base=lot.base,
        certified_base=lot.certified_base,
        to_base=int(unit["to_base"]),
        unit=unit.code,
        held=lot.held,
        held_reason=lot.held_reason or "",
    )


def _template(code: str | None, buyer: bool, today: date) -> rules.Template:
    forms = vocab.get("certificate_templates")
    if code is None:
        fitting = [form for form in forms if form["subject"] == ("buyer" if buyer else "producer")]
        code = max(fitting, key=lambda form: (form["valid_from"] <= today.isoformat(), form["valid_from"])).code
    form, bases = forms[code], vocab.get("certificate_bases")
    return rules.Template(
        code=code,
        subject=form["subject"],
        bases=tuple(form["bases"]),
        needing_test=tuple(basis for basis in form["bases"] if bases[basis].get("needs_test")),
        valid_from=date.fromisoformat(form["valid_from"]),
        valid_to=date.fromisoformat(form["valid_to"]) if form["valid_to"] else None,
    )


def _test(result: testing.ResultFacts) -> rules.Test:
    kinds = vocab.get("test_kinds")
    return rules.Test(
        id=result.id,
        lot_id=result.lot_id,
        basis=kinds.get(result.kind, {}).get("basis"),
        verdict=result.verdict,
        analytes=tuple(sorted(result.analytes)),
        sampled_on=result.sampled_on,
        reported_on=result.reported_on,
        report=result.report_no,
    )


def _overrides(producer_id: str, record_ids: Sequence[str]) -> tuple[rules.Override, ...]:
    where = {"producer_id": producer_id, "record_id": {"$in": list(record_ids)}}
    rows = InputOverride.rows(where, limit=MAX_LISTED) if record_ids else []
    return tuple(rules.Override(row["record_id"], row["input_name"], row["by"]) for row in rows)


def remember(actor: Actor, case: rules.Case, decision: rules.Decision, certificate_id: str, moment: datetime) -> str:
    """Keep an answer with its case, in the caller's transaction; returns its id."""
    lean = replace(case, rulebook=replace(case.rulebook, substances=()))
    stored = GateDecision(
        id=ids.owned(case.subject.id, ids.token()),
        producer_id=case.subject.id,
        lot_id=case.lot.id,
        certificate_id=certificate_id,
        allowed=decision.allowed,
        decision=_json(decision),
        case=_json(lean),
        rulebook_version=decision.rulebook_version,
        asked_by=actor.account_id or actor.name,
        created_at=moment,
    )
    GateDecision.insert([stored])
    evidence.append([evidence.Leaf("gate.decision", stored.id, stored.producer_id, stored.to_mongo())])
    return str(stored.id)


def _json(value: Any) -> str:
    return json.dumps(rules.kept(value), ensure_ascii=False, separators=(",", ":"))


def recalled(row: Mapping[str, Any]) -> rules.Decision:
    """The decision that was kept."""
    decision: rules.Decision = rules.read(rules.Decision, json.loads(row["decision"]))
    return decision


def again(row: Mapping[str, Any]) -> rules.Decision:
    """What the gate answers today to the case that was kept, by the rulebook version of then."""
    lean = rules.case_from(json.loads(row["case"]))
    book = inputs.rulebook((), version=row["rulebook_version"])
    return rules.decide(replace(lean, rulebook=replace(lean.rulebook, substances=book.substances)))
