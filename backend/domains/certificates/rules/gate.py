"""The gate: a pure function from a case to a decision, which fails closed.

Sources: 农产品质量安全法 art. 27, 29, 36, 39; 农药管理条例 art. 34, 36; 兽药管理条例 art. 40; 农业农村部令2025年第4号.
"""

from collections.abc import Callable, Iterator
from decimal import Decimal

from backend.domains.certificates.rules import inputs_used
from backend.domains.certificates.rules.case import Case, Decision, Refusal, Test
from backend.domains.farming import rules as farming

ORDER = "农业农村部令2025年第4号"
LAW = "农产品质量安全法"
CLOSED = "platform: the gate fails closed"


def decide(case: Case) -> Decision:
    """Allowed only when every check ran to its end and none refused. Never raises: what fails to run refuses."""
    refused: list[Refusal] = []
    checked: list[str] = []
    for name, check in CHECKS.items():
        try:
            refused.extend(check(case))
            checked.append(name)
        except Exception:  # whatever went wrong, the answer is no
            refused.append(incomplete(name))
    complete = len(checked) == len(CHECKS)
    return Decision(complete and not refused, tuple(refused), _flags(case), _version(case), tuple(checked))


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


def _subject(case: Case) -> Iterator[Refusal]:
    if case.subject.status == "suspended":
        yield Refusal("gate_producer_suspended", {}, f"{LAW}第五十二条")
    elif case.subject.status != "active":
        yield Refusal("gate_producer_not_active", {}, ORDER)
    if case.subject.buyer and not case.parents:
        yield Refusal("gate_parents_required", {}, f"{LAW}第三十九条")


def _lot(case: Case) -> Iterator[Refusal]:
    if case.lot.held is not False:
        yield Refusal("gate_lot_held", {"why": case.lot.held_reason}, f"{LAW}第四十九条至第五十二条")
    if case.lot.in_scope is not True:
        yield Refusal("gate_out_of_scope", {"product": case.lot.product_name}, f"{ORDER}第三条")


def _quantity(case: Case) -> Iterator[Refusal]:
    left = case.lot.base - case.lot.certified_base
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
    """A buyer grew nothing: what stands for the log is the certificates it received."""
    if case.subject.buyer:
        return
    known = inputs_used.before_harvest(case)
    harvests = [record for record in known if record.root_id == case.lot.harvest_record]
    if not any(record.quantity_base and record.happened_on == case.lot.harvested_on for record in harvests):
        yield Refusal("gate_no_harvest", {}, f"{LAW}第二十七条")
    if all(record.quantity_base is not None for record in known):
        yield Refusal("gate_no_records", {}, f"{LAW}第二十七条")
    for record in known:
        if record.missing:
            fields = "、".join(farming.FIELD_WORDS.get(name, name) for name in record.missing)
            source = f"{LAW}第二十七条；农药管理条例第三十六条"
            yield Refusal("gate_record_incomplete", {"fields": fields}, source, (record.id,))
        if record.ended_on > case.lot.harvested_on:
            params = {"day": record.ended_on.isoformat()}
            yield Refusal("gate_ends_after_harvest", params, f"{LAW}第二十七条", (record.id,))


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


def _tests(case: Case) -> Iterator[Refusal]:
    """One failing result refuses all. A ticked test needs results of its kind, after the last use, on what was used."""
    own = [test for test in case.tests if test.lot_id == case.lot.id]
    for test in own:
        if test.verdict != "pass":
            yield Refusal("gate_test_failed", {"report": test.report or test.id}, f"{LAW}第三十六条")
    for basis in case.bases:
        if basis in case.template.needing_test:
            yield from _basis(case, basis, own)


def _basis(case: Case, basis: str, own: list[Test]) -> Iterator[Refusal]:
    last_use = max((record.ended_on for record, _ in inputs_used.used(case)), default=None)
    good = tuple(
        test
        for test in own
        if test.basis == basis
        and test.verdict == "pass"
        and test.analytes
        and (last_use is None or test.sampled_on >= last_use)
        and test.sampled_on <= test.reported_on <= case.today
    )
    if not good:
        yield Refusal("gate_no_test", {"basis": basis}, ORDER)
    elif absent := inputs_used.untested(case, good):
        yield Refusal("gate_test_does_not_cover", {"substances": "、".join(absent)}, inputs_used.COVERAGE_SOURCE)


CHECKS: dict[str, Callable[[Case], Iterator[Refusal]]] = {
    "sound": _sound,
    "subject": _subject,
    "lot": _lot,
    "quantity": _quantity,
    "records": _records,
    "inputs": inputs_used.refusals,
    "form": _form,
    "tests": _tests,
}


def _flags(case: Case) -> tuple[str, ...]:
    """Lawful, and still worth showing: late entries, vouched inputs, restricted and example products."""
    try:
        known = inputs_used.before_harvest(case)
        pairs = list(inputs_used.used(case))
        found = [case.rulebook.products.get(use.registration_no or "") for _, use in pairs]
        signs = {
            "late_records": any(farming.late_days(one.happened_on, one.received_on) for one in known),
            "override": any(inputs_used.vouched(case, record, use) for record, use in pairs),
            "restricted_inputs": any(product is not None and product.restricted for product in found),
            "example_inputs": any(product is not None and product.example for product in found),
        }
    except Exception:  # flags inform, they decide nothing
        return ()
    return tuple(name for name, there in signs.items() if there)


def _version(case: Case) -> str:
    return str(getattr(getattr(case, "rulebook", None), "version", ""))
