"""Whether the uses of a batch together kept to the labels: dose, number of applications, what was mixed in one tank.

农药管理条例 art. 34: pesticides are used by the dose, the method, the time and the precautions on the label.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from backend.domains.farming.rules.records import Crop, GateRecord, Reason, Use
from backend.domains.farming.rules.uses import EDITION, PESTICIDE_LAW, of
from backend.domains.inputs import rules as inputs

DILUTION = "dilution"
Labelled = tuple[GateRecord, Use, inputs.Label]


def dose(amount: object, unit: Mapping[str, Any], area_mu: Decimal | None) -> tuple[str | None, str | None]:
    """A dose as exact text and what it is of: grams or millilitres a mu, or times of dilution. A whole amount is
    divided by the land it went on; where that is not known, or the unit is a bag, nothing can be told."""
    if amount is None or not unit:
        return None, None
    of, base = unit["dimension"], Decimal(str(amount)) * int(unit["to_base"])
    if of == "dose":
        return _text(base), unit["of"]
    if of == DILUTION:
        return _text(base), DILUTION
    if of in ("mass", "volume") and area_mu:
        return _text((base / area_mu).quantize(Decimal("0.001"))), of
    return None, None


def _text(amount: Decimal) -> str:
    return format(amount.normalize(), "f")


def off_label(
    records: Iterable[GateRecord], crop: Crop, rulebook: inputs.Rulebook, *, edition: int = EDITION
) -> tuple[Reason, ...]:
    """Each dose above the label, each application beyond its number on one piece of land, each mixture it warns of.
    `records` are current versions, of any number of batches."""
    known = tuple(records)
    labelled = tuple(_labelled(known, crop, rulebook))
    doses = _doses(labelled) if edition < 5 else _doses_together(labelled)
    return (*doses, *_too_often(labelled), *_mixtures(known, rulebook))


def _labelled(records: Iterable[GateRecord], crop: Crop, rulebook: inputs.Rulebook) -> Iterator[Labelled]:
    for record in records:
        for use in record.uses:
            product = rulebook.products.get(use.registration_no or "")
            label = inputs.label_for(product, crop.label_crops) if product else None
            if label is not None:
                yield record, use, label


def _doses(labelled: Iterable[Labelled]) -> Iterator[Reason]:
    for record, use, label in labelled:
        if above(use, label):
            said = {"said": use.dose, "allowed": label.dose_base, "source": PESTICIDE_LAW}
            yield of("dose", record, use, **said)


def _doses_together(labelled: Iterable[Labelled]) -> Iterator[Reason]:
    """Since the fifth edition the lines of one product in one record are one application: doses of land are added up,
    and of several dilutions the smallest counts."""
    tanks: dict[tuple[str, str | None], list[Labelled]] = defaultdict(list)
    for record, use, label in labelled:
        if comparable(use, label):
            tanks[record.id, use.registration_no].append((record, use, label))
    for lines in tanks.values():
        record, use, label = lines[0]
        told = [Decimal(str(one.dose)) for _, one, _ in lines]
        said = min(told) if use.dose_of == DILUTION else sum(told, Decimal(0))
        together = replace(use, dose=format(said, "f"))
        if above(together, label):
            yield of("dose", record, use, said=together.dose, allowed=label.dose_base, source=PESTICIDE_LAW)


def comparable(use: Use, label: inputs.Label) -> bool:
    """Whether dose and label are told in the same sort of unit; a dilution says nothing of grams a mu."""
    return use.dose is not None and label.dose_base is not None and use.dose_of == label.dose_of


def above(use: Use, label: inputs.Label) -> bool:
    """Above the label: more a mu, or a smaller dilution, which is stronger."""
    if not comparable(use, label):
        return False
    said, allowed = Decimal(str(use.dose)), Decimal(str(label.dose_base))
    return said < allowed if use.dose_of == DILUTION else said > allowed


def _too_often(labelled: Iterable[Labelled]) -> Iterator[Reason]:
    """Applications beyond the label's number (每季最多使用次数), counted on each piece of land by itself; a record that
    names no land was on all of it. Several entries of one product in one record are one application."""
    labelled = (one for one in labelled if not one[0].apart)
    on_site: dict[tuple[str, str, str], int] = defaultdict(int)
    everywhere: dict[tuple[str, str], int] = defaultdict(int)
    for record, use, label in _applications(labelled):
        one = (record.batch_id, str(use.registration_no))
        sites = [(*one, site) for site in record.site_ids]
        for site in sites:
            on_site[site] += 1
        everywhere[one] += not sites
        touched = sites or [site for site in on_site if site[:2] == one]
        most = max((on_site[site] for site in touched), default=0)
        count = everywhere[one] + most
        if label.max_uses is not None and count > label.max_uses:
            yield of("uses", record, use, said=str(count), allowed=str(label.max_uses), source=PESTICIDE_LAW)


def _applications(labelled: Iterable[Labelled]) -> Iterator[Labelled]:
    seen: set[tuple[str, str | None]] = set()
    for record, use, label in labelled:
        if (record.root_id, use.registration_no) not in seen:
            seen.add((record.root_id, use.registration_no))
            yield record, use, label


def _mixtures(records: Iterable[GateRecord], rulebook: inputs.Rulebook) -> Iterator[Reason]:
    """What one record names together was in one tank."""
    for record in records:
        tank = [(use, rulebook.products.get(use.registration_no or "")) for use in record.uses]
        for use, product in tank:
            for other, partner in tank:
                if product and partner and product is not partner and inputs.clashes(product, partner):
                    yield of("mix", record, use, said=other.name, source=PESTICIDE_LAW)
