"""What one use of an input means for the harvest: bans, intervals, and what nobody knows.

Sources: 农药管理条例 art. 34 (the label's interval; highly toxic ones never on the food crops it names);
兽药管理条例 art. 40 (withdrawal periods); the announcement named on each rule about a substance.
"""

import re
import unicodedata
from datetime import timedelta

from backend.domains.farming.rules.records import Crop, GateRecord, Reason, Use
from backend.domains.inputs import rules as inputs

CHEMICAL_KINDS = frozenset({"pesticide", "vet_drug"})  # what has an interval; fertiliser and feed have none
NEVER_UNKNOWN = frozenset({"pesticide", "treatment"})  # records whose inputs have intervals, whatever they are called
HIDING = frozenset({"weeding"})  # records whose inputs are herbicides as a rule
FED = frozenset({"sowing", "fertilising", "feeding"})  # seed, manure and feed often have no number
NUMBERED = re.compile(r"(?<![A-Z])(PDN?|WPN?|LS|WL|EX)[-\s]*\d|兽药[^\s]?字")  # forms of pesticides' and drugs' numbers
EDITION = 5  # of the gate: the newest; older ones judged less
PESTICIDE_LAW, DRUG_LAW = "农药管理条例第三十四条", "兽药管理条例第四十条"


def reasons(
    record: GateRecord, use: Use, crop: Crop, rulebook: inputs.Rulebook, *, edition: int = EDITION
) -> tuple[Reason, ...]:
    """What one use means for the harvest: each ban, the interval, or that the platform does not know."""
    product = rulebook.products.get(use.registration_no or "")
    if product is None:
        unknown = unknown_chemical(record, use, rulebook, edition=edition)
        return (of("unknown_input", record, use),) if unknown else ()
    found = [_banned(record, use, substance, crop, rulebook) for substance in product.actives]
    if product.kind in CHEMICAL_KINDS:
        found += [_toxic(record, use, product, crop), _interval(record, use, product, crop)]
    return tuple(reason for reason in found if reason is not None)


def unknown_chemical(record: GateRecord, use: Use, rulebook: inputs.Rulebook, *, edition: int = EDITION) -> bool:
    """Whether an input that no catalogue knows must be taken for a chemical: by its kind or that of the record; since
    the fifth edition also by the form of its number, or a substance of the rulebook's lists in its name."""
    if use.registration_no and use.registration_no in rulebook.products:
        return False
    if use.kind in CHEMICAL_KINDS or record.kind in NEVER_UNKNOWN:
        return True
    return edition >= 5 and (
        record.kind in HIDING
        or bool(NUMBERED.search(_plain(use.registration_no or "")) or NUMBERED.search(_plain(use.name)))
        or any(_plain(rule.substance) in _plain(use.name) for rule in rulebook.substances)
    )


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).upper().split())


def of(code: str, record: GateRecord, use: Use, **more: object) -> Reason:
    """A reason about this use of this version of the record."""
    return Reason(code, record.root_id, use.name, version_id=record.id, **more)  # type: ignore[arg-type]


def _banned(record: GateRecord, use: Use, substance: str, crop: Crop, rulebook: inputs.Rulebook) -> Reason | None:
    """Judged on each day of the use: a ban that begins while it goes on counts."""
    rule = inputs.ban(substance, crop.crop_class, record.ended_on, rulebook, method=use.method)
    if rule is None:
        return None
    return of("banned", record, use, substance=substance, source=rule.announcement)


def _toxic(record: GateRecord, use: Use, product: inputs.Product, crop: Crop) -> Reason | None:
    if product.kind != "pesticide" or not inputs.too_toxic(product, crop.crop_class):
        return None
    return of("toxic", record, use, source=PESTICIDE_LAW)


def _interval(record: GateRecord, use: Use, product: inputs.Product, crop: Crop) -> Reason:
    if product.kind == "vet_drug":
        return _withdrawal(record, use, product, crop)
    label = inputs.label_for(product, crop.label_crops)
    if label is None:
        return of("no_label", record, use, source=PESTICIDE_LAW)
    return _until("phi", record, use, label.phi_days, PESTICIDE_LAW)


def _withdrawal(record: GateRecord, use: Use, product: inputs.Product, crop: Crop) -> Reason:
    """Meat, eggs and milk have each their own; some drugs are never given to animals that lay or are milked."""
    found = inputs.withdrawal_for(product, crop.label_crops, crop.produce or "meat")
    if found is None:
        return of("no_label", record, use, source=DRUG_LAW)
    if found.forbidden:
        return of("produce", record, use, source=DRUG_LAW)
    return _until("withdrawal", record, use, found.days, DRUG_LAW)


def _until(code: str, record: GateRecord, use: Use, days: int, source: str) -> Reason:
    return of(code, record, use, until=record.ended_on + timedelta(days=days), days=days, source=source)
