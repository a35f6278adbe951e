"""Gathers a case for the gate in a constant number of reads, and remembers what was decided."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from backend.base import clock, ids, vocab
from backend.base.actor import Actor, region_path
from backend.base.errors import RuleBroken
from backend.domains.certificates import rules
from backend.domains.certificates.models import GateDecision
from backend.domains.certificates.service import origins
from backend.domains.evidence import service as evidence
from backend.domains.farming import rules as farming_rules
from backend.domains.farming import service as farming
from backend.domains.inputs import service as inputs
from backend.domains.lots import service as lots
from backend.domains.producers import service as producers
from backend.domains.testing import service as testing

MAX_RECORDS = 20_000  # a kept case must fit into one document


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for. `template` None: the form in force for this subject today."""

    lot_id: str
    amount: Decimal
    unit: str
    bases: tuple[str, ...]
    template: str | None = None


def gather(producer: producers.ProducerFacts, wanted: Wanted, known: lots.Ancestry) -> rules.Case:
    """The case as the database tells it now, over everything the lot came from.

    Raises RuleBroken `unit_wrong` for kilograms of a lot that was counted, `gate_case_too_wide`.
    """
    lot, unit = known.lot, vocab.get("units")[wanted.unit]
    if unit["dimension"] != vocab.get("units")[lot.unit]["dimension"]:
        raise RuleBroken("unit_wrong", field="unit", unit=unit)
    land = farming.ground(known.batches)
    records = land.records
    if len(records) > MAX_RECORDS:
        raise RuleBroken("gate_case_too_wide", most=MAX_RECORDS)
    arrivals = origins.arrivals(producer.id, known)
    incoming = origins.incoming(arrivals)
    buyer = producer.kind == "buyer" or bool(arrivals)
    return rules.Case(
        lot=_lot(lot, unit, already=origins.certified_before(known)),
        subject=rules.Subject(producer.id, producer.status, buyer),
        records=records,
        rulebook=inputs.rulebook(farming.registrations(records)),
        template=_template(wanted.template, buyer, clock.today()),
        bases=wanted.bases,
        wanted_base=farming_rules.base_amount(wanted.amount, unit),
        today=clock.today(),
        tests=_tests([one.id for one in known.lots]),
        parents=tuple(dict.fromkeys(one.code for one in incoming)),
        overrides=farming.vouched(record.id for record in records if record.uses),
        edition=rules.EDITION,
        origins=origins.of(known, land),
        incoming=incoming,
        inlets=tuple(one.inlet for one in arrivals),
        lands=tuple(_land(batch) for batch in known.batches),
        limits=_limits(),
    )


def _lot(lot: lots.LotFacts, unit: vocab.Term, *, already: int) -> rules.Lot:
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
        gone_base=lot.gone_base + already,
    )


def _land(batch: farming.BatchFacts) -> rules.Land:
    """With the largest plausible yield of its crop, else of its class; none for animals and what nobody estimated."""
    known, units = vocab.get("plausible_yields"), vocab.get("units")
    term = known.get(batch.crop, known.get(batch.crop_class, {}))
    if not term:
        return rules.Land(batch.id, str(batch.area_mu))
    unit = units[term["unit"]]
    most = farming_rules.base_amount(Decimal(term["most"]), unit)
    return rules.Land(batch.id, str(batch.area_mu), most, unit["dimension"], str(term.get("source", known.source)))


def _limits() -> tuple[rules.Limit, ...]:
    known, units = vocab.get("plausible_doses"), vocab.get("units")
    return tuple(
        rules.Limit(
            term["kind"],
            units[term["unit"]]["of"],
            format((Decimal(term["most"]) * int(units[term["unit"]]["to_base"])).normalize(), "f"),
            str(term.get("source", known.source)),
        )
        for term in known
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


def _tests(lot_ids: Sequence[str]) -> tuple[rules.Test, ...]:
    """The results on the lot and on all it came from, with what their laboratories are accredited for."""
    results = testing.results(lot_ids)
    named = [result for result in results if result.lab_id]
    analytes = {analyte for result in named for analyte in result.analytes}
    scopes = testing.scopes([result.lab_id for result in named if result.lab_id], analytes)
    return tuple(_test(result, [row for row in scopes if row["lab_id"] == result.lab_id]) for result in results)


def _test(result: testing.ResultFacts, scopes: Sequence[Mapping[str, Any]]) -> rules.Test:
    kind = vocab.get("test_kinds").get(result.kind, {})
    return rules.Test(
        id=result.id,
        lot_id=result.lot_id,
        basis=kind.get("basis"),
        verdict=result.verdict,
        analytes=tuple(sorted(result.analytes)),
        sampled_on=result.sampled_on,
        reported_on=result.reported_on,
        report=result.report_no,
        valid_until=result.valid_until,
        lab=result.lab,
        accredited=bool(kind.get("accredited", False)),
        scopes=tuple(_scope(row) for row in scopes if row["analyte"] in result.analytes),
    )


def _scope(row: Mapping[str, Any]) -> rules.Scope:
    """Up to the day before it was taken away, where it was."""
    last = date.fromisoformat(row["valid_to"])
    if row.get("ended_on"):
        last = min(last, date.fromisoformat(row["ended_on"]) - timedelta(days=1))
    return rules.Scope(row["analyte"], row["matrix"], date.fromisoformat(row["valid_from"]), last)


def remember(
    actor: Actor,
    producer: producers.ProducerFacts,
    case: rules.Case,
    decision: rules.Decision,
    certificate_id: str,
) -> str:
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
        flagged_in=region_path(producer.region) if decision.notes else [],
        created_at=clock.now(),
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
