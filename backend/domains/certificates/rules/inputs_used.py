"""What was used before the harvest: bans, intervals, unknown inputs, and whether tests sought what was used."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from backend.domains.certificates.rules.case import Case, Refusal, Test
from backend.domains.farming import rules as farming
from backend.domains.farming.rules import GateRecord, Use
from backend.domains.inputs.rules import Rulebook

NEVER_UNKNOWN = frozenset({"pesticide", "treatment"})  # records whose inputs have intervals
REASONS = {
    "phi": "gate_phi",
    "withdrawal": "gate_withdrawal",
    "banned": "gate_banned",
    "unknown_input": "gate_unknown_input",
    "no_label": "gate_no_label",
}
VOUCHABLE = frozenset({"unknown_input", "no_label"})
COVERAGE_SOURCE = "农业农村部令2025年第4号；用什么药、检什么药"


def before_harvest(case: Case) -> tuple[GateRecord, ...]:
    """The current records that began on or before the day of harvest; one that ends before it begins ends that day."""
    return tuple(
        replace(record, ended_on=max(record.ended_on, record.happened_on))
        for record in farming.current(case.records)
        if record.happened_on <= case.lot.harvested_on
    )


def used(case: Case) -> Iterator[tuple[GateRecord, Use]]:
    return ((record, use) for record in before_harvest(case) for use in record.uses)


def refusals(case: Case) -> Iterator[Refusal]:
    """Each ban, each interval that was not over on the day of harvest, each input nobody knows or vouched for."""
    for record, use in used(case):
        for reason in judged(record, use, case.lot.crop, case.rulebook):
            if reason.code in VOUCHABLE and vouched(case, record, use):
                continue
            if reason.until is None or reason.until > case.lot.harvested_on:
                yield _refusal(case, record, reason)


def judged(record: GateRecord, use: Use, crop: farming.Crop, rulebook: Rulebook) -> tuple[farming.Reason, ...]:
    """As the farming log tells them; but what a treatment used is never harmless because it was called a fertiliser."""
    unknown = (use.registration_no or "") not in rulebook.products
    if unknown and record.kind in NEVER_UNKNOWN:
        return (farming.Reason("unknown_input", record.root_id, use.name),)
    return farming.reasons(record, use, crop, rulebook)


def _refusal(case: Case, record: GateRecord, reason: farming.Reason) -> Refusal:
    params = {
        "input": reason.input_name,
        "days": reason.days,
        "harvested": case.lot.harvested_on.isoformat(),
        "earliest": reason.until.isoformat() if reason.until else None,
        "substance": reason.substance,
        "announcement": reason.source,
    }
    kept = {name: value for name, value in params.items() if value is not None}
    source = reason.source or "农药管理条例第三十四条"
    return Refusal(REASONS[reason.code], kept, source, (record.id,), reason.until)


def vouched(case: Case, record: GateRecord, use: Use) -> bool:
    return any(one.record_id == record.id and one.input_name == use.name and one.by for one in case.overrides)


def untested(case: Case, tests: tuple[Test, ...]) -> tuple[str, ...]:
    """What was used and not sought by these tests; an input with unknown contents cannot have been sought."""
    sought = {analyte.strip().casefold() for test in tests for analyte in test.analytes}
    wanted: dict[str, None] = {}
    for record, use in used(case):
        product = case.rulebook.products.get(use.registration_no or "")
        if product is not None and product.kind in farming.CHEMICAL_KINDS:
            wanted.update(dict.fromkeys(product.actives or (use.name,)))
        elif product is None and (use.kind in farming.CHEMICAL_KINDS or record.kind in NEVER_UNKNOWN):
            wanted[use.name] = None
    return tuple(name for name in wanted if name.strip().casefold() not in sought)


def vouchable(
    records: Iterable[GateRecord], crop: farming.Crop, rulebook: Rulebook, record_id: str, input_name: str
) -> bool:
    """Whether the current version of that record holds an input which only an officer's word lets pass."""
    return any(
        reason.code in VOUCHABLE
        for record in farming.current(records)
        if record.id == record_id
        for use in record.uses
        if use.name == input_name
        for reason in judged(record, use, crop, rulebook)
    )
