"""No allowed certificate overlaps a forbidden window, in any data; and nothing but a forbidden window is refused.

`forbidden` is a second opinion, written from the law day by day and without the gate's own functions; the seasons come
from `tests/factories/seasons.py`.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from hypothesis import HealthCheck, given, settings

from backend.domains.certificates import rules
from backend.domains.farming import rules as farming
from backend.domains.farming.rules import GateRecord, Use
from backend.domains.inputs.rules import Label, Product
from tests.factories.seasons import TODAY, seasons

WAITING = ("gate_phi", "gate_withdrawal")
ANIMALS = ("livestock", "poultry", "egg", "milk", "aquatic")
NO_TOXIC = ("vegetable", "fruit", "tea", "fungus", "chinese_herb")
ONE_DAY = timedelta(1)
unhurried = [HealthCheck.too_slow, HealthCheck.data_too_large]


@dataclass(frozen=True)
class Wrong:
    """What stands in the way of one harvest; `until` the day on which it no longer does."""

    reason: str
    version: str
    until: date | None = None


def forbidden(case: rules.Case) -> Iterator[tuple[rules.Origin, Wrong]]:
    for origin in case.origins:
        log = counted(case, origin)
        for record in log:
            if record.ended_on > origin.harvested_on and origin.producer_id == "P":
                yield origin, Wrong("gate_ends_after_harvest", record.id)
        for record, _ in land(case, origin, log):
            for use in record.uses:
                product = case.rulebook.products.get(use.registration_no)
                for wrong in of_use(case, origin, record, use, product):
                    if not vouched(case, wrong, use):
                        yield origin, wrong
        season = [record for record, together in land(case, origin, log) if together]
        yield from ((origin, wrong) for use, wrong in too_often(case, origin, season) if not vouched(case, wrong, use))


def counted(case: rules.Case, origin: rules.Origin) -> list[GateRecord]:
    """The last word on each deed on the land of this harvest that began before or on its day, as they happened."""
    last: dict[str, GateRecord] = {}
    for record in sorted(case.records, key=lambda one: one.version):
        if record.batch_id in origin.batch_ids:
            last[record.root_id] = record
    known = [record for record in last.values() if record.happened_on <= origin.harvested_on]
    return sorted(known, key=lambda one: (one.happened_on, one.root_id))


def land(case: rules.Case, origin: rules.Origin, log: list[GateRecord]) -> list[tuple[GateRecord, bool]]:
    """The log and what other batches put on the same land, by day, each with whether it was in the same season."""
    found = [(record, True) for record in log]
    for other in origin.beside:
        for record in counted(case, replace(origin, batch_ids=(other.batch_id,))):
            there = set(other.site_ids) & set(record.site_ids or other.site_ids)
            if record.uses and there and record.ended_on >= origin.since:
                found.append((replace(record, site_ids=tuple(sorted(there))), other.together))
    return sorted(found, key=lambda one: (one[0].happened_on, one[0].root_id))


def of_use(
    case: rules.Case, origin: rules.Origin, record: GateRecord, use: Use, product: Product | None
) -> Iterator[Wrong]:
    if product is None:
        named = any(rule.substance in use.name for rule in case.rulebook.substances)
        chemical = use.kind in ("pesticide", "vet_drug") or record.kind in ("pesticide", "treatment", "weeding")
        if chemical or named or (use.registration_no or "").startswith("PD"):
            yield Wrong("gate_unknown_input", record.id)
        return
    lasted = (record.ended_on - record.happened_on).days
    for substance in product.actives:
        if any(banned(case, origin, use, substance, record.happened_on + timedelta(n)) for n in range(lasted + 1)):
            yield Wrong("gate_banned", record.id)
    if product.kind == "pesticide":
        yield from of_pesticide(origin, record, use, product)
    if product.kind == "vet_drug":
        rows = [row for row in product.withdrawals if row.animal in origin.crop.label_crops]
        rows = [row for row in rows if row.produce == (origin.crop.produce or "meat")]
        if not rows:
            yield Wrong("gate_no_label", record.id)
        elif any(row.forbidden for row in rows):
            yield Wrong("gate_produce_forbidden", record.id)
        else:
            yield from window("gate_withdrawal", origin, record, max(row.days for row in rows))
    if any(shuns(product, case.rulebook.products.get(other.registration_no)) for other in record.uses):
        yield Wrong("gate_mix", record.id)


def shuns(product: Product, other: Product | None) -> bool:
    return other is not None and other != product and bool(set(product.not_with) & {*other.traits, *other.actives})


def banned(case: rules.Case, origin: rules.Origin, use: Use, substance: str, day: date) -> bool:
    crop_class = origin.crop.crop_class
    classes = {"*", crop_class} | ({"animal"} if crop_class in ANIMALS else set())
    return any(
        rule.substance == substance
        and not rule.measure.startswith("restricted")
        and classes & set(rule.crop_classes)
        and (rule.effective_from is None or rule.effective_from <= day)
        and not {use.method, f"{use.method}@{crop_class}"} & set(rule.exempt_methods)
        for rule in case.rulebook.substances
    )


def of_pesticide(origin: rules.Origin, record: GateRecord, use: Use, product: Product) -> Iterator[Wrong]:
    if product.toxicity in ("extreme", "high") and origin.crop.crop_class in NO_TOXIC:
        yield Wrong("gate_toxic", record.id)
    label = governing(product, origin)
    if label is None:
        yield Wrong("gate_no_label", record.id)
        return
    yield from window("gate_phi", origin, record, label.phi_days)
    lines = [one for one in record.uses if one.registration_no == use.registration_no]
    doses = [int(one.dose) for one in lines if one.dose and one.dose_of == label.dose_of]
    if doses and (sum(doses) > int(label.dose_base) if label.dose_of == "mass" else min(doses) < int(label.dose_base)):
        yield Wrong("gate_dose", record.id)


def governing(product: Product, origin: rules.Origin) -> Label | None:
    return max(
        (one for one in product.labels if one.crop in origin.crop.label_crops),
        key=lambda one: one.phi_days,
        default=None,
    )


def window(reason: str, origin: rules.Origin, record: GateRecord, days: int) -> Iterator[Wrong]:
    """No day from the first of the use to the last one of the interval after it may be the day of harvest."""
    first_lawful = record.ended_on + timedelta(days)
    day = record.happened_on
    while day < first_lawful:
        if day == origin.harvested_on:
            yield Wrong(reason, record.id, first_lawful)
        day += ONE_DAY


def too_often(case: rules.Case, origin: rules.Origin, log: list[GateRecord]) -> Iterator[tuple[Use, Wrong]]:
    """Each application that is more, on any one piece of land, than the label allows in a season."""
    for number, product in case.rulebook.products.items():
        label = governing(product, origin)
        if label is None or label.max_uses is None:
            continue
        over: dict[str, tuple[Use, Wrong]] = {}
        for site in ("S1", "S2", "land nobody named"):
            applied = [
                (record, use)
                for record in log
                if not record.site_ids or site in record.site_ids
                for use in [one for one in record.uses if one.registration_no == number][:1]
            ]
            over |= {one.id: (use, Wrong("gate_too_often", one.id)) for one, use in applied[label.max_uses :]}
        yield from over.values()


CODES = {"gate_unknown_input": "unknown_input", "gate_no_label": "no_label", "gate_dose": "dose", "gate_mix": "mix"}
CODES |= {"gate_too_often": "uses"}  # what an officer may answer for; for the rest no word counts


def vouched(case: rules.Case, wrong: Wrong, use: Use) -> bool:
    return any(
        one.by != ""
        and one.record_id == wrong.version
        and one.input_name == use.name
        and CODES[wrong.reason] in one.reasons
        for one in case.overrides
        if wrong.reason in CODES
    )


def without(case: rules.Case, roots: set[str]) -> rules.Case:
    return replace(case, records=tuple(record for record in case.records if record.root_id not in roots))


def of_versions(case: rules.Case, versions: set[str]) -> set[str]:
    return {record.root_id for record in case.records if record.id in versions}


def test_no_allowed_certificate_overlaps_a_forbidden_window_and_a_clean_case_is_allowed() -> None:
    """For every season drawn: refused for exactly what the second opinion forbids, allowed when there is nothing, and
    allowed once the deeds that it names are taken out of the log."""
    seen: Counter[str] = Counter()

    @settings(max_examples=500, suppress_health_check=unhurried)
    @given(seasons())
    def judged(case: rules.Case) -> None:
        decision, wrongs = rules.decide(case), list(forbidden(case))
        assert decision.allowed is not bool(wrongs), (decision.refusals, wrongs)
        said = {Wrong(one.reason, *one.record_ids, one.earliest) for one in decision.refusals}
        assert said == {wrong for _, wrong in wrongs}
        restricted = any(
            use.registration_no in case.rulebook.products and case.rulebook.products[use.registration_no].restricted
            for origin in case.origins
            for record, _ in land(case, origin, counted(case, origin))
            for use in record.uses
        )
        assert ("restricted_inputs" in decision.flags) is restricted
        clean = without(case, of_versions(case, {wrong.version for _, wrong in wrongs}))
        assert rules.decide(clean).allowed
        seen.update(["allowed" if decision.allowed else "refused", *{wrong.reason for _, wrong in wrongs}])
        seen["allowed with deeds"] += decision.allowed and any(record.uses for record in case.records)

    judged()
    assert all(seen[word] > 2 for word in ("allowed with deeds", "refused", *WAITING, "gate_banned")), seen


@settings(max_examples=200, suppress_health_check=unhurried)
@given(seasons())
def test_on_the_earliest_day_no_interval_stands_in_the_way_and_on_the_day_before_one_does(case: rules.Case) -> None:
    """What was done by the day of harvest stays as it is, and the harvest is put off: of each origin by itself."""
    for origin in case.origins:
        roots = {record.root_id for record, _ in land(case, origin, counted(case, origin))}
        log = [record for record in case.records if record.root_id in roots]
        own = [record for record in log if record.batch_id in origin.batch_ids]
        put_on = farming.put_on(log, origin.beside, origin.since or TODAY, origin.batch_ids[0])
        asked = (own, origin.crop, case.rulebook)
        told = rules.foresee(*asked, origin.harvested_on, case.overrides, beside=put_on)
        days = [one.earliest for one in told.refusals if one.reason in WAITING]
        assert all(day and day > origin.harvested_on for day in days)
        if told.earliest is not None:
            assert rules.foresee(*asked, told.earliest, case.overrides, beside=put_on).allowed
        for day in {max(days)} if days else ():
            assert waits(case, origin, log, day - ONE_DAY) and not waits(case, origin, log, day)


def waits(case: rules.Case, origin: rules.Origin, log: list[GateRecord], day: date) -> bool:
    """Whether the gate, asked for a certificate on a harvest of that day, names an interval."""
    later = replace(origin, harvested_on=day)
    asked = replace(case, records=tuple(log), origins=(later,), today=TODAY)
    return any(one.reason in WAITING for one in rules.decide(asked).refusals)
