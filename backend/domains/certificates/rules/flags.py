"""What is lawful and still worth an officer's look: it refuses nothing, and says its numbers and their source."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

from backend.domains.certificates.rules import inputs_used
from backend.domains.certificates.rules.case import Case, Note
from backend.domains.farming import rules as farming
from backend.domains.inputs import rules as inputs

FAR_BELOW = Decimal(20)  # a dose under a twentieth of the label is likelier a slip of units than a saving


def flags(case: Case) -> tuple[str, ...]:
    """Codes of `certificate_notices`, the same as in the first edition."""
    pairs = list(inputs_used.used(case))
    found = [case.rulebook.products.get(use.registration_no or "") for _, use in pairs]
    known = [record for season in inputs_used.seasons(case) for record in season.records]
    signs = {
        "late_records": any(farming.late_days(one.happened_on, one.received_on) for one in known),
        "override": any(inputs_used.vouched(case, record, use) for record, use in pairs),
        "restricted_inputs": any(product is not None and product.restricted for product in found),
        "example_inputs": any(product is not None and product.example for product in found),
    }
    return tuple(name for name, there in signs.items() if there)


def notes(case: Case) -> tuple[Note, ...]:
    """Since the second edition: yields and doses out of proportion, doses nobody can compare, restricted substances."""
    if case.edition == 1:
        return ()
    return tuple(note for check in NOTES for note in check(case))


def _yields(case: Case) -> Iterator[Note]:
    """More a mu than is plausible on land of that batch: all its harvests together, as they stand now."""
    for land in case.lands:
        harvests = [
            record
            for record in farming.current(case.records)
            if record.batch_id == land.batch_id
            and inputs_used.yields(record, case.edition)
            and record.quantity_base
            and record.quantity_of == land.of
        ]
        area, total = Decimal(land.area_mu), sum(record.quantity_base or 0 for record in harvests)
        if land.most_base is not None and area > 0 and total > land.most_base * area:
            said = {"yield": _text(total / area / 1000), "most": _text(Decimal(land.most_base) / 1000)}
            yield Note("yield_outlier", said, land.source, tuple(record.id for record in harvests)[:20])


def _doses(case: Case) -> Iterator[Note]:
    limits = {(limit.kind, limit.of): limit for limit in case.limits}
    for season in inputs_used.seasons(case):
        for record, use in season.uses:
            limit = limits.get((use.kind, use.dose_of or ""))
            if use.dose is not None and limit is not None and Decimal(use.dose) > Decimal(limit.most):
                said: dict[str, Any] = {"input": use.name, "said": use.dose, "most": limit.most}
                yield Note("dose_outlier", said, limit.source, (record.id,))


def _against_label(case: Case) -> Iterator[Note]:
    for season in inputs_used.seasons(case):
        for record, use in season.uses:
            product = case.rulebook.products.get(use.registration_no or "")
            label = inputs.label_for(product, season.origin.crop.label_crops) if product else None
            if label is None or label.dose_base is None:
                continue
            if not farming.comparable(use, label):
                yield Note("dose_not_comparable", {"input": use.name}, "", (record.id,))
            elif _far_below(use, label):
                said = {"input": use.name, "said": use.dose, "allowed": label.dose_base}
                yield Note("dose_far_below", said, "", (record.id,))


def _far_below(use: farming.Use, label: inputs.Label) -> bool:
    said, allowed = Decimal(str(use.dose)), Decimal(str(label.dose_base))
    return said > allowed * FAR_BELOW if use.dose_of == "dilution" else said * FAR_BELOW < allowed


def _restricted(case: Case) -> Iterator[Note]:
    """限制使用农药: allowed where no ban says otherwise, sold at appointed shops (农药管理条例 art. 24)."""
    for season in inputs_used.seasons(case):
        for record, use in season.uses:
            product = case.rulebook.products.get(use.registration_no or "")
            for substance in product.actives if product else ():
                rule = inputs.restriction(substance, record.ended_on, case.rulebook)
                if rule is not None:
                    said = {"input": use.name, "substance": substance}
                    yield Note("restricted_substance", said, rule.announcement, (record.id,))


def _unknown(case: Case) -> Iterator[Note]:
    """Since the fifth edition: an input that nobody knows and that is not taken for a chemical. Seed, manure and feed
    without a number are usual."""
    for season in inputs_used.seasons(case) if case.edition >= 5 else ():
        for record, use in season.uses:
            usual = record.kind in farming.FED and not use.registration_no
            known = use.registration_no in case.rulebook.products
            if not known and not usual and not farming.unknown_chemical(record, use, case.rulebook):
                yield Note("unknown_other", {"input": use.name}, "", (record.id,))


def _text(amount: Decimal) -> str:
    return format(amount.quantize(Decimal("0.1")), "f")


NOTES: tuple[Callable[[Case], Iterator[Note]], ...] = (_yields, _doses, _against_label, _restricted, _unknown)
