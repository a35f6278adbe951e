"""The gate: a pure function from a case to a decision, which fails closed.

Sources: 农产品质量安全法 art. 27, 29, 36, 39; 农药管理条例 art. 34, 36; 兽药管理条例 art. 40; 农业农村部令2025年第4号.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal

from backend.domains.certificates.rules import flags, inputs_used, tested
from backend.domains.certificates.rules.case import EDITION, Case, Decision, Origin, Refusal
from backend.domains.farming import rules as farming
from backend.domains.farming.rules import Crop, GateRecord, Vouched
from backend.domains.inputs.rules import Rulebook

ORDER = "农业农村部令2025年第4号"
LAW = "农产品质量安全法"
CLOSED = "platform: the gate fails closed"
Check = Callable[[Case], Iterator[Refusal]]


def decide(case: Case) -> Decision:
    """Allowed only when every check ran to its end and none refused. Never raises: what fails to run refuses.

    A case is decided by the checks of its own edition, so that a kept one is answered the same for ever.
    """
    refused: list[Refusal] = []
    checked: list[str] = []
    checks = _checks(getattr(case, "edition", EDITION))
    for name, check in checks.items():
        try:
            refused.extend(check(case))
            checked.append(name)
        except Exception:  # whatever went wrong, the answer is no
            refused.append(incomplete(name))
    complete = bool(checks) and len(checked) == len(checks)
    if not checks:
        refused.append(incomplete("edition"))
    signs, notes = _told(case)
    return Decision(complete and not refused, tuple(refused), signs, _version(case), tuple(checked), notes)


def _checks(edition: object) -> Mapping[str, Check]:
    return EDITIONS.get(edition, {}) if type(edition) is int else {}


def incomplete(what: str) -> Refusal:
    return Refusal("gate_incomplete", {"what": what}, CLOSED)


def _sound(case: Case) -> Iterator[Refusal]:
    """What the other checks take for granted. Floats are out: a NaN is under every limit."""
    numbers = (case.lot.base, case.lot.certified_base, case.lot.to_base, case.wanted_base)
    if any(type(number) is not int or number < 0 for number in numbers) or not case.lot.to_base:
        yield incomplete("quantity")
    if not case.rulebook.version or not case.rulebook.substances:
        yield incomplete("rulebook")
    if not case.lot.crop.code or not case.lot.crop.crop_class:  # a ban by class would pass over a crop without one
        yield incomplete("crop")
    if case.lot.harvested_on > case.today:
        yield incomplete("harvested_on")


def _origins(case: Case) -> Iterator[Refusal]:
    """Every lot comes from harvests that are known, each with its own log, none of them stopped."""
    if not case.origins or type(case.lot.gone_base) is not int or case.lot.gone_base < 0:
        yield incomplete("origins")
    for origin in case.origins:
        crop = origin.crop
        if not crop.code or not crop.crop_class or origin.harvested_on > case.today:
            yield incomplete("origins")
        if not origin.batch_ids and not _came_in(origin, case):
            yield incomplete("origins")
        if case.edition >= 5 and origin.batch_ids and origin.since is None:  # nobody looked what lies beside it
            yield incomplete("origins")
        if origin.held is not False:
            yield Refusal("gate_origin_held", {"lot": origin.lot_id}, f"{LAW}第四十九条至第五十二条")


def _came_in(origin: Origin, case: Case) -> bool:
    """Whether what was not harvested here has proofs to show. Since the fourth edition what somebody else brought in
    and certified is asked for at the lot of theirs that came; before, only at the lot that came from outside."""
    if case.edition >= 4 and origin.producer_id != case.subject.id:
        return bool(case.inlets)
    return any(inlet.lot_id == origin.lot_id for inlet in case.inlets)


def _parents(case: Case) -> Iterator[Refusal]:
    """Who sells what others grew holds the certificates it came with, standing ones, for all that came in, and
    re-issues after mixing or repacking (农产品质量安全法 art. 39)."""
    source = f"{LAW}第三十九条"
    if case.subject.buyer and not case.inlets:
        yield Refusal("gate_parents_required", {}, source)
    if case.inlets and not case.subject.buyer:
        yield incomplete("subject")
    for parent in case.incoming:
        if parent.valid is not True:
            yield Refusal("gate_parent_void", {"code": parent.code}, source)
    for inlet in case.inlets:
        proven = sum(one.base for one in case.incoming if one.lot_id == inlet.lot_id and one.valid is True)
        if not proven:
            yield Refusal("gate_parent_missing", {"lot": inlet.lot_id}, source)
        elif min(proven, inlet.carried) < inlet.base:
            yield Refusal("gate_parents_too_small", {"lot": inlet.lot_id}, source)


def _subject(case: Case) -> Iterator[Refusal]:
    if case.subject.status == "suspended":
        yield Refusal("gate_producer_suspended", {}, f"{LAW}第五十二条")
    elif case.subject.status != "active":
        yield Refusal("gate_producer_not_active", {}, ORDER)
    if case.edition == 1 and case.subject.buyer and not case.parents:
        yield Refusal("gate_parents_required", {}, f"{LAW}第三十九条")


def _lot(case: Case) -> Iterator[Refusal]:
    if case.lot.held is not False:
        yield Refusal("gate_lot_held", {"why": case.lot.held_reason}, f"{LAW}第四十九条至第五十二条")
    if case.lot.in_scope is not True:
        yield Refusal("gate_out_of_scope", {"product": case.lot.product_name}, f"{ORDER}第三条")


def _quantity(case: Case) -> Iterator[Refusal]:
    left = case.lot.base - case.lot.certified_base - case.lot.gone_base
    if not 0 < case.wanted_base <= left:
        params = {
            "left": _shown(max(left, 0), case),
            "wanted": _shown(case.wanted_base, case),
            "unit": case.lot.unit,
        }
        yield Refusal("gate_quantity", params, ORDER)


def _shown(base: int, case: Case) -> str:
    return format((Decimal(base) / case.lot.to_base).normalize(), "f")


def _records(case: Case) -> Iterator[Refusal]:
    """Each keeps the log of its own harvests. For what others grew stand the certificates it came with.

    Since the third edition also own harvests that were mixed with bought goods; before, such a lot had no log to show.
    """
    if case.subject.buyer and case.edition < 3:
        return
    for season in inputs_used.seasons(case):
        origin = season.origin
        grown = origin.producer_id == case.subject.id and (bool(origin.batch_ids) or not case.subject.buyer)
        if case.edition == 1 or grown:
            yield from _log(season, case.edition)


def _log(season: inputs_used.Season, edition: int) -> Iterator[Refusal]:
    known, origin = season.records, season.origin
    harvests = [record for record in known if record.root_id == origin.harvest_record]
    if not any(
        record.quantity_base and record.happened_on == origin.harvested_on and inputs_used.yields(record, edition)
        for record in harvests
    ):
        yield Refusal("gate_no_harvest", {}, f"{LAW}第二十七条")
    if all(inputs_used.yields(record, edition) for record in known):
        yield Refusal("gate_no_records", {}, f"{LAW}第二十七条")
    for record in known:
        yield from _incomplete(record)
        if record.ended_on > origin.harvested_on:
            params = {"day": record.ended_on.isoformat()}
            yield Refusal("gate_ends_after_harvest", params, f"{LAW}第二十七条", (record.id,))


def _incomplete(record: GateRecord) -> Iterator[Refusal]:
    if record.missing:
        fields = "、".join(farming.FIELD_WORDS.get(name, name) for name in record.missing)
        source = f"{LAW}第二十七条；农药管理条例第三十六条"
        yield Refusal("gate_record_incomplete", {"fields": fields}, source, (record.id,))


def _form(case: Case) -> Iterator[Refusal]:
    form = case.template
    ended = form.valid_to is not None and case.today > form.valid_to
    if case.today < form.valid_from or ended or form.subject != ("buyer" if case.subject.buyer else "producer"):
        yield Refusal("gate_form_wrong", {"form": form.code}, ORDER)
    if not case.bases:
        yield Refusal("gate_no_basis", {}, f"{ORDER}第十四条")
    for basis in case.bases:
        if basis not in form.bases:
            yield Refusal("gate_basis_unknown", {"basis": str(basis)}, ORDER)


FIRST: Mapping[str, Check] = {
    "sound": _sound,
    "subject": _subject,
    "lot": _lot,
    "quantity": _quantity,
    "records": _records,
    "inputs": inputs_used.refusals,
    "form": _form,
    "tests": tested.refusals,
}
CHECKS: Mapping[str, Check] = {**FIRST, "origins": _origins, "parents": _parents}
EDITIONS: Mapping[int, Mapping[str, Check]] = {1: FIRST, 2: CHECKS, 3: CHECKS, 4: CHECKS, EDITION: CHECKS}


def foresee(
    records: Iterable[GateRecord],
    crop: Crop,
    rulebook: Rulebook,
    on: date,
    vouched: tuple[Vouched, ...] = (),
    *,
    beside: Iterable[GateRecord] = (),
) -> Decision:
    """What the log alone says to a harvest on that day: the judgements of the gate, on the same records. `beside`: what
    other batches put on the land."""
    season = inputs_used.Season(
        Origin("", "", crop, "", on, ()),
        inputs_used.before(tuple(records), on),
        inputs_used.before(tuple(beside), on),
    )
    refused = [*inputs_used.of_season(rulebook, season, vouched)]
    for record in season.records:
        refused.extend(_incomplete(record))
    if not rulebook.version or not rulebook.substances:
        refused.append(incomplete("rulebook"))
    if not crop.code or not crop.crop_class:
        refused.append(incomplete("crop"))
    return Decision(not refused, tuple(refused), (), rulebook.version, ("inputs", "records"))


def _told(case: Case) -> tuple[tuple[str, ...], tuple[flags.Note, ...]]:
    """Flags inform and decide nothing: what fails to run tells nothing."""
    try:
        return flags.flags(case), flags.notes(case)
    except Exception:
        return (), ()


def _version(case: Case) -> str:
    return str(getattr(getattr(case, "rulebook", None), "version", ""))
