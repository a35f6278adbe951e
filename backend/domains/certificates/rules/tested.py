"""The basis “tested”: substances used ⊆ substances sought, in date, by a laboratory accredited for them, on this lot.

Sources: 农业农村部令2025年第4号; 用什么药、检什么药 (淮南市农业农村局通知, secondary); 农产品质量安全法 art. 36
(failing), art. 48 (accredited laboratories). How long a report holds is what the report says; no source gives a number.
"""

from collections.abc import Iterable, Iterator

from backend.domains.certificates.rules import inputs_used
from backend.domains.certificates.rules.case import Case, Refusal, Test
from backend.domains.certificates.rules.inputs_used import Season

ORDER = "农业农村部令2025年第4号"
LAW = "农产品质量安全法"
COVERAGE_SOURCE = f"{ORDER}；用什么药、检什么药"


def refusals(case: Case) -> Iterator[Refusal]:
    """One failing result refuses all. A ticked test needs results of its kind, after the last use, on what was used."""
    own = [test for test in case.tests if case.edition > 1 or test.lot_id == case.lot.id]
    for test in own:
        if test.verdict != "pass":
            yield Refusal("gate_test_failed", {"report": test.report or test.id}, f"{LAW}第三十六条")
    for basis in case.bases:
        if basis in case.template.needing_test:
            for season in inputs_used.seasons(case):
                yield from _basis(case, basis, season, [test for test in own if _speaks_for(test, season, case)])


def _speaks_for(test: Test, season: Season, case: Case) -> bool:
    """A sample of this very lot, or of one through which all goods of this origin went."""
    return test.lot_id == case.lot.id or test.lot_id in season.origin.tested_by


def _basis(case: Case, basis: str, season: Season, own: list[Test]) -> Iterator[Refusal]:
    last_use = max((record.ended_on for record, _ in season.uses), default=None)
    good = [
        test
        for test in own
        if test.basis == basis
        and test.verdict == "pass"
        and test.analytes
        and (last_use is None or test.sampled_on >= last_use)
        and test.sampled_on <= test.reported_on <= case.today
    ]
    in_date = [test for test in good if test.valid_until is None or case.today <= test.valid_until]
    if not good:
        yield Refusal("gate_no_test", {"basis": basis}, ORDER)
    elif not in_date:
        last = max(test.valid_until for test in good if test.valid_until)
        yield Refusal("gate_test_expired", {"report": good[-1].report or good[-1].id, "day": last.isoformat()}, ORDER)
    else:
        yield from _coverage(case, season, in_date)


def _coverage(case: Case, season: Season, tests: list[Test]) -> Iterator[Refusal]:
    """What nobody sought, and what was sought by a laboratory that is not accredited for it in such goods."""
    asked = inputs_used.wanted(case, season)
    absent = _without(asked, {_key(one) for test in tests for one in test.analytes})
    if absent:
        yield Refusal("gate_test_does_not_cover", {"substances": "、".join(absent)}, COVERAGE_SOURCE)
    counted = [test for test in tests if any(True for _ in _backed(test, season))]
    backed = {_key(one) for test in tests for one in _backed(test, season)}
    unbacked = _without((one for one in asked if one not in absent), backed)
    if unbacked or not counted:
        named = "、".join(unbacked) or "、".join(tests[0].analytes[:5])
        params = {"lab": tests[-1].lab or "-", "substances": named}
        yield Refusal("gate_lab_not_accredited", params, f"{LAW}第四十八条")


def _backed(test: Test, season: Season) -> Iterator[str]:
    """The analytes that count: all of a test that needs no accreditation, else those in scope from sample to report."""
    matrices = {"*", season.origin.crop.code, season.origin.crop.crop_class}
    for analyte in test.analytes:
        if not test.accredited or any(
            _key(scope.analyte) == _key(analyte)
            and scope.matrix in matrices
            and scope.valid_from <= test.sampled_on
            and test.reported_on <= scope.valid_to
            for scope in test.scopes
        ):
            yield analyte


def _key(name: str) -> str:
    return name.strip().casefold()


def _without(names: Iterable[str], keys: set[str]) -> tuple[str, ...]:
    return tuple(name for name in names if _key(name) not in keys)
