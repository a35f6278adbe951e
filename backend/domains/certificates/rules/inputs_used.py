"""What was used before the harvest, over all origins of a lot: bans, intervals, labels, unknown inputs."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date

from backend.domains.certificates.rules.case import EDITION, Case, Origin, Refusal
from backend.domains.farming import rules as farming
from backend.domains.farming.rules import GateRecord, Use, Vouched
from backend.domains.inputs.rules import Rulebook

REASONS = {
    "phi": "gate_phi",
    "withdrawal": "gate_withdrawal",
    "banned": "gate_banned",
    "unknown_input": "gate_unknown_input",
    "no_label": "gate_no_label",
    "toxic": "gate_toxic",
    "produce": "gate_produce_forbidden",
    "dose": "gate_dose",
    "uses": "gate_too_often",
    "mix": "gate_mix",
}


@dataclass(frozen=True, slots=True)
class Season:
    """One origin with the current records that began on or before the day of its harvest; `beside` are those of other
    batches that put something on the same land."""

    origin: Origin
    records: tuple[GateRecord, ...]
    beside: tuple[GateRecord, ...] = ()

    @property
    def land(self) -> tuple[GateRecord, ...]:
        """All that was done on the land, by day."""
        return farming.current((*self.records, *self.beside))

    @property
    def uses(self) -> Iterator[tuple[GateRecord, Use]]:
        return ((record, use) for record in self.land for use in record.uses)


def seasons(case: Case) -> tuple[Season, ...]:
    """Each origin with its own log. In the first edition a lot was its own origin and all records were its own; since
    the fifth what other batches put on the same land counts too."""
    if case.edition == 1:
        lot = case.lot
        whole = Origin(lot.id, case.subject.id, lot.crop, lot.harvest_record, lot.harvested_on, ())
        return (Season(whole, before(case.records, lot.harvested_on)),)
    if not case.origins:  # bought on paper: nothing is known of its growing
        return (Season(Origin(case.lot.id, "", case.lot.crop, "", case.lot.harvested_on, ()), ()),)
    return tuple(_season(case, one) for one in case.origins)


def _season(case: Case, origin: Origin) -> Season:
    own = before((record for record in case.records if record.batch_id in origin.batch_ids), origin.harvested_on)
    if case.edition < 5 or origin.since is None or not origin.batch_ids:
        return Season(origin, own)
    others = farming.put_on(case.records, origin.beside, origin.since, origin.batch_ids[0])
    return Season(origin, own, before(others, origin.harvested_on))


def before(records: Iterator[GateRecord] | tuple[GateRecord, ...], harvested_on: date) -> tuple[GateRecord, ...]:
    """The current records that began on or before that day; one that ends before it begins ends that day."""
    return tuple(
        replace(record, ended_on=max(record.ended_on, record.happened_on))
        for record in farming.current(records)
        if record.happened_on <= harvested_on
    )


def yields(record: GateRecord, edition: int) -> bool:
    """Whether it is a harvest: by its kind since the fifth edition; before, by having an amount."""
    return record.yields if edition >= 5 else record.quantity_base is not None


def used(case: Case) -> Iterator[tuple[GateRecord, Use]]:
    return (pair for season in seasons(case) for pair in season.uses)


def refusals(case: Case) -> Iterator[Refusal]:
    """Each ban, each interval that was not over on the day of harvest, each input nobody knows or vouched for."""
    for season in seasons(case):
        yield from of_season(case.rulebook, season, case.overrides, edition=case.edition)


def of_season(
    rulebook: Rulebook, season: Season, vouched: Collection[Vouched], *, edition: int = EDITION
) -> Iterator[Refusal]:
    """The same that the farmer's window says; the first edition judged each use by itself, not all together."""
    crop = season.origin.crop
    if edition > 1:
        found = farming.standing(season.land, crop, rulebook, edition=edition)
    else:
        each = (farming.reasons(record, use, crop, rulebook, edition=edition) for record, use in season.uses)
        found = tuple(one for reasons in each for one in reasons)
    for reason in found:
        if farming.answered(reason, vouched):
            continue
        if reason.until is None or reason.until > season.origin.harvested_on:
            yield _refusal(season, reason)


def _refusal(season: Season, reason: farming.Reason) -> Refusal:
    params = {
        "input": reason.input_name,
        "days": reason.days,
        "harvested": season.origin.harvested_on.isoformat(),
        "earliest": reason.until.isoformat() if reason.until else None,
        "substance": reason.substance,
        "announcement": reason.source,
        "said": reason.said,
        "allowed": reason.allowed,
    }
    kept = {name: value for name, value in params.items() if value is not None}
    source = reason.source or "农药管理条例第三十四条"
    return Refusal(REASONS[reason.code], kept, source, (reason.version_id,), reason.until)


def vouched(case: Case, record: GateRecord, use: Use) -> bool:
    return any(one.record_id == record.id and one.input_name == use.name and one.by for one in case.overrides)


def wanted(case: Case, season: Season) -> tuple[str, ...]:
    """What a test of this season must have sought (用什么药、检什么药): every active substance of a chemical input, or
    its name where nobody knows its contents, so that it cannot have been sought."""
    names: dict[str, None] = {}
    for record, use in season.uses:
        product = case.rulebook.products.get(use.registration_no or "")
        if product is not None and product.kind in farming.CHEMICAL_KINDS:
            names.update(dict.fromkeys(product.actives or (use.name,)))
        elif product is None and farming.unknown_chemical(record, use, case.rulebook, edition=case.edition):
            names[use.name] = None
    return tuple(names)
