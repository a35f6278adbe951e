"""The second edition of the gate: labels, origins, accredited tests, parents, and flags that refuse nothing."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.base import vocab
from backend.domains.certificates import rules
from backend.domains.farming import rules as farming
from backend.domains.farming.rules import Crop, GateRecord, Use
from backend.domains.inputs.rules import Label, Product, Rulebook, SubstanceRule, Withdrawal
from tests.unit.certificates import test_gate as first
from tests.unit.certificates.test_gate import APPLE, BOOK, FORM, HARVEST, LOT, ORIGIN, case, record, words

GRAMS = Label("苹果", 7, max_uses=2, dose_base="20", dose_of="mass")
TIMES = Label("苹果", 7, dose_base="800", dose_of="dilution")
DOSED = Product("D-1", "定量药", "pesticide", actives=("甲",), labels=(GRAMS,))
THIN = Product("D-2", "倍液药", "pesticide", actives=("乙",), labels=(TIMES,))
ALKALI = Product("D-3", "碱药", "pesticide", actives=("丙",), labels=(Label("苹果", 7),), traits=("alkaline",))
SHY = Product("D-4", "怕碱药", "pesticide", actives=("丁",), labels=(Label("苹果", 7),), not_with=("alkaline",))
DEADLY = Product("D-5", "高毒药", "pesticide", actives=("戊",), labels=(Label("苹果", 7),), toxicity="high")
MANURE = Product("F-1", "有机肥", "fertiliser")
PRODUCTS = {one.registration_no: one for one in (DOSED, THIN, ALKALI, SHY, DEADLY, MANURE)}
FULL = replace(BOOK, products={**BOOK.products, **PRODUCTS})
EARLY = HARVEST - timedelta(60)


def use(product: Product, dose: str | None = None, of: str | None = None) -> Use:
    return Use(product.name, product.registration_no, product.kind, None, dose, of)


def spray(name: str, *uses: Use, day: date = EARLY, **more: Any) -> GateRecord:
    return record(name, day, kind="pesticide", uses=uses, **more)


def full(*records: GateRecord, **changes: Any) -> rules.Case:
    return case(*records, rulebook=FULL, **changes)


@pytest.mark.parametrize(
    ("dose", "of", "refused"),
    [("20", "mass", False), ("20.001", "mass", True), ("500", "volume", False), (None, None, False)],
)
def test_a_dose_above_the_label_is_refused_and_one_that_cannot_be_compared_is_shown(
    dose: str | None, of: str | None, refused: bool
) -> None:
    decision = rules.decide(full(spray("s", use(DOSED, dose, of))))
    assert ("gate_dose" in {one.reason for one in decision.refusals}) is refused
    assert ("dose_not_comparable" in {note.code for note in decision.notes}) is (of != "mass")


def test_a_smaller_dilution_is_a_stronger_dose() -> None:
    assert words(full(spray("s", use(THIN, "800", "dilution")))) == set()
    assert words(full(spray("s", use(THIN, "500", "dilution")))) == {"gate_dose"}


def test_applications_beyond_the_label_are_refused_and_the_record_is_named() -> None:
    days = [EARLY + timedelta(n) for n in range(3)]
    [refusal] = rules.decide(full(*(spray(f"s{n}", use(DOSED), day=day) for n, day in enumerate(days)))).refusals
    assert (refusal.reason, refusal.record_ids) == ("gate_too_often", ("s2",))
    assert refusal.params["said"] == "3" and refusal.params["allowed"] == "2"


def test_each_piece_of_land_is_counted_by_itself() -> None:
    apart = [spray(f"s{n}", use(DOSED), site_ids=(f"site{n % 2}",), day=EARLY + timedelta(n)) for n in range(4)]
    assert words(full(*apart)) == set()
    assert words(full(*apart, spray("all", use(DOSED), day=EARLY + timedelta(9)))) == {"gate_too_often"}
    assert words(full(spray("all", use(DOSED)), *(replace(one, id=f"{one.id}b") for one in apart[:3]))) == {
        "gate_too_often"
    }


def test_a_product_twice_in_one_record_is_one_application_and_only_before_the_harvest() -> None:
    twice = [spray(f"s{n}", use(DOSED), use(DOSED), day=EARLY + timedelta(n)) for n in range(2)]
    assert words(full(*twice)) == set()
    assert words(full(*twice, spray("later", use(DOSED), day=HARVEST + timedelta(3)))) == set()


def test_what_the_label_forbids_in_one_tank_is_refused_only_in_one_tank() -> None:
    assert words(full(spray("s", use(ALKALI), use(SHY)))) == {"gate_mix"}
    assert words(full(spray("a", use(ALKALI)), spray("b", use(SHY)))) == set()


def test_highly_toxic_pesticides_are_never_allowed_on_food_crops_whatever_an_officer_says() -> None:
    asked = full(spray("s", use(DEADLY)))
    word = (rules.Override("s", DEADLY.name, "officer", ("toxic", "no_label", "unknown_input")),)
    assert words(replace(asked, overrides=word)) == {"gate_toxic"}
    maize = Crop("maize", "maize", ("苹果",))
    assert words(replace(asked, lot=replace(LOT, crop=maize), origins=(replace(ORIGIN, crop=maize),))) == set()


HENS = Product(
    "V-1",
    "鸡药",
    "vet_drug",
    actives=("己",),
    withdrawals=(Withdrawal("鸡", "meat", 5), Withdrawal("鸡", "egg", 0, forbidden=True), Withdrawal("牛", "milk", 3)),
)


@pytest.mark.parametrize(
    ("crop", "days", "reason"),
    [
        (Crop("broiler", "poultry", ("鸡",), "meat"), 4, "gate_withdrawal"),
        (Crop("broiler", "poultry", ("鸡",), "meat"), 5, None),
        (Crop("egg", "egg", ("鸡",), "egg"), 300, "gate_produce_forbidden"),
        (Crop("milk", "milk", ("牛",), "milk"), 2, "gate_withdrawal"),
        (Crop("milk", "milk", ("牛",), "milk"), 3, None),
        (Crop("cattle", "livestock", ("牛",), "meat"), 300, "gate_no_label"),
    ],
    ids=lambda value: value.code if isinstance(value, Crop) else str(value),
)
def test_meat_eggs_and_milk_have_each_their_own_withdrawal(crop: Crop, days: int, reason: str | None) -> None:
    treated = record("t", HARVEST - timedelta(days), kind="treatment", uses=(use(HENS),))
    asked = case(
        treated,
        rulebook=replace(BOOK, products={"V-1": HENS}),
        lot=replace(LOT, crop=crop),
        origins=(replace(ORIGIN, crop=crop),),
    )
    assert words(asked) == ({reason} if reason else set())


def test_a_ban_by_announcement_keeps_its_exceptions_by_method_and_by_crop() -> None:
    exempt = ("seed_coating@maize",)
    coated = SubstanceRule("甲", "banned_on_crops", ("*",), None, "公告", "source", exempt_methods=exempt)
    book = replace(FULL, substances=(coated,))
    sown = spray("s", replace(use(DOSED), method="seed_coating"))
    assert words(case(sown, rulebook=book)) == {"gate_banned"}
    maize = Crop("maize", "maize", ("苹果",))
    assert words(case(sown, rulebook=book, origins=(replace(ORIGIN, crop=maize),))) == set()


@pytest.mark.parametrize("code", ["dose", "uses", "mix", "unknown_input", "no_label"])
def test_an_officers_word_answers_only_for_what_it_was_given_for(code: str) -> None:
    strong = full(spray("s", use(DOSED, "99", "mass")))
    word = rules.Override("s", DOSED.name, "officer", (code,))
    decision = rules.decide(replace(strong, overrides=(word,)))
    assert decision.allowed is (code == "dose")
    assert not rules.decide(replace(strong, overrides=(replace(word, by=""),))).allowed


# --- origins ---------------------------------------------------------------------------------------------------------

SECOND = rules.Origin("M", "P", APPLE, "h2", HARVEST - timedelta(5), ("B2",), ("L",), since=ORIGIN.since)


def mixed(*records: GateRecord, **changes: Any) -> rules.Case:
    """Two harvests in one lot, each of its own batch."""
    other = (
        record("w2", date(2026, 5, 1), batch_id="B2"),
        record("h2", SECOND.harvested_on, batch_id="B2", kind="harvest", quantity_base=500, yields=True),
    )
    return full(*other, *records, **({"origins": (ORIGIN, SECOND)} | changes))


def test_the_interval_is_over_for_all_batches_a_lot_came_from_each_by_its_own_harvest() -> None:
    assert words(mixed()) == set()
    late = replace(spray("s", use(DOSED), day=HARVEST - timedelta(8)), batch_id="B2")
    [refusal] = rules.decide(mixed(late)).refusals
    assert refusal.reason == "gate_phi" and refusal.params["harvested"] == SECOND.harvested_on.isoformat()
    assert words(mixed(replace(late, batch_id="B"))) == set()


def test_each_origin_needs_its_own_log_and_none_may_be_held() -> None:
    assert "gate_no_harvest" in words(full(origins=(ORIGIN, SECOND)))
    assert words(mixed(origins=(ORIGIN, replace(SECOND, held=True)))) == {"gate_origin_held"}
    assert "gate_incomplete" in words(full(origins=()))
    assert "gate_incomplete" in words(full(origins=(replace(ORIGIN, batch_ids=()),)))


batches = st.lists(
    st.tuples(
        st.integers(-40, 0),  # harvest, from HARVEST
        st.lists(st.tuples(st.integers(-120, 20), st.sampled_from(["D-1", "A-1", "A-2", "D-5", None])), max_size=4),
    ),
    min_size=1,
    max_size=4,
)


@given(batches.map(lambda drawn: drawn[:1]), st.integers(-40, 40))
def test_the_farmers_window_and_the_gate_say_the_same_of_any_day(
    drawn: list[tuple[int, list[tuple[int, str | None]]]], on: int
) -> None:
    day = HARVEST + timedelta(on)
    log = [spray(f"s{n}", Use("药", number), day=HARVEST + timedelta(at)) for n, (at, number) in enumerate(drawn[0][1])]
    known = [one for one in log if one.happened_on <= day]
    window = farming.harvest_window(known, APPLE, FULL)
    assert rules.foresee(log, APPLE, FULL, day).allowed is window.lawful_on(day)
    harvest = record("h", day, kind="harvest", quantity_base=1000, yields=True)
    lot = replace(LOT, harvested_on=day)
    asked = replace(
        full(today=day + timedelta(1), lot=lot, origins=(replace(ORIGIN, harvested_on=day),)),
        records=(record("w", date(2026, 4, 1)), harvest, *log),
        template=replace(FORM, valid_from=date(2020, 1, 1)),
    )
    assert rules.decide(asked).allowed is window.lawful_on(day)


def test_what_one_may_do_is_foreseen_with_the_day_on_which_it_becomes_lawful() -> None:
    log = [spray("s", use(DOSED), day=HARVEST - timedelta(2))]
    assert rules.foresee(log, APPLE, FULL, HARVEST).earliest == HARVEST + timedelta(5)
    assert rules.foresee(log, APPLE, FULL, HARVEST + timedelta(5)).allowed
    banned = rules.foresee([spray("s", use(DEADLY))], APPLE, FULL, HARVEST)
    assert not banned.allowed and banned.earliest is None
    for broken in (rules.foresee(log, replace(APPLE, crop_class=""), FULL, HARVEST + timedelta(9)),
                   rules.foresee(log, APPLE, Rulebook("", (), {}), HARVEST + timedelta(9))):  # fmt: skip
        assert not broken.allowed


# --- tests -----------------------------------------------------------------------------------------------------------

SCOPE = rules.Scope("甲", "fruit", date(2026, 1, 1), date(2026, 12, 31))
RESULT = rules.Test(
    "T", "L", "commissioned_test", "pass", ("甲", "乙"), date(2026, 8, 30), date(2026, 8, 31), "R-1",
    lab="检测站", accredited=True, scopes=(SCOPE, replace(SCOPE, analyte="乙", matrix="*")),
)  # fmt: skip


def with_tests(*results: rules.Test, **changes: Any) -> rules.Case:
    return full(spray("s", use(DOSED)), bases=("commissioned_test",), tests=results, **changes)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({}, None),
        ({"valid_until": HARVEST}, None),
        ({"valid_until": HARVEST - timedelta(1)}, "gate_test_expired"),
        ({"scopes": ()}, "gate_lab_not_accredited"),
        ({"scopes": (replace(SCOPE, matrix="vegetable"),)}, "gate_lab_not_accredited"),
        ({"scopes": (replace(SCOPE, matrix="apple"),)}, None),
        ({"scopes": (replace(SCOPE, valid_to=date(2026, 8, 30)),)}, "gate_lab_not_accredited"),
        ({"scopes": (replace(SCOPE, valid_from=date(2026, 8, 31)),)}, "gate_lab_not_accredited"),
        ({"scopes": (), "accredited": False}, None),
        ({"analytes": ("乙",)}, "gate_test_does_not_cover"),
        ({"lot_id": "other"}, "gate_no_test"),
    ],
)
def test_a_test_counts_in_its_days_by_a_laboratory_accredited_for_the_item_on_this_lot(
    changes: dict[str, Any], reason: str | None
) -> None:
    assert words(with_tests(replace(RESULT, **changes))) == ({reason} if reason else set())


def test_a_sample_speaks_for_an_origin_only_when_all_of_it_went_through_that_lot() -> None:
    before = replace(RESULT, lot_id="A")
    assert words(with_tests(before)) == {"gate_no_test"}
    assert words(with_tests(before, origins=(replace(ORIGIN, tested_by=("A", "L")),))) == set()
    assert words(with_tests(replace(before, verdict="fail"))) == {"gate_test_failed", "gate_no_test"}


def test_every_origin_of_a_mixture_is_tested_for_what_was_used_on_it() -> None:
    other = replace(spray("z", use(THIN)), batch_id="B2")
    third = replace(spray("y", use(ALKALI)), batch_id="B2")
    assert words(mixed(other, bases=("commissioned_test",), tests=(RESULT,))) == set()
    assert words(mixed(other, third, bases=("commissioned_test",), tests=(RESULT,))) == {"gate_test_does_not_cover"}


# --- buyers and parents ----------------------------------------------------------------------------------------------

BUYER = {
    "subject": rules.Subject("BUY", "active", True),
    "template": replace(FORM, subject="buyer"),
    "inlets": (rules.Inlet("L", 1000, 1000),),
}
PARENT = rules.Parent("7K3MPX9Q2RTV", True, "L", 1000)


@pytest.mark.parametrize(
    ("incoming", "reasons"),
    [
        ((PARENT,), set()),
        ((replace(PARENT, base=400), replace(PARENT, code="X", base=600)), set()),
        ((), {"gate_parent_missing"}),
        ((replace(PARENT, base=999),), {"gate_parents_too_small"}),
        ((replace(PARENT, lot_id="other"),), {"gate_parent_missing"}),
        ((replace(PARENT, valid=False),), {"gate_parent_void", "gate_parent_missing"}),
    ],
)
def test_who_sells_what_others_grew_holds_standing_certificates_for_all_of_it(
    incoming: tuple[rules.Parent, ...], reasons: set[str]
) -> None:
    asked = full(incoming=incoming, parents=tuple(one.code for one in incoming), **BUYER)
    assert words(asked) == reasons


def test_goods_that_came_loose_are_not_covered_by_certificates_on_what_stayed() -> None:
    asked = full(incoming=(PARENT,), **(BUYER | {"inlets": (rules.Inlet("L", 600, 599),)}))
    assert words(asked) == {"gate_parents_too_small"}


def test_a_buyer_without_any_parent_and_a_producer_with_one_on_its_own_form_are_refused() -> None:
    assert words(full(**(BUYER | {"inlets": ()}))) == {"gate_parents_required"}
    assert words(full(incoming=(PARENT,), **(BUYER | {"template": FORM}))) == {"gate_form_wrong"}
    assert "gate_incomplete" in words(full(inlets=BUYER["inlets"], incoming=(PARENT,)))


def test_a_buyer_cannot_certify_what_was_sprayed_too_late_on_anothers_land() -> None:
    late = spray("s", use(DOSED), day=HARVEST - timedelta(2))
    assert words(full(late, incoming=(PARENT,), **BUYER)) == {"gate_phi"}


def mixed_in(*records: GateRecord, **changes: Any) -> rules.Case:
    """A grower's own harvest L, with what was bought as M under its certificate, sold together on the buyer's form."""
    bought = rules.Origin("M", "OTHER", APPLE, "x", HARVEST, ("C",), ("M",), since=ORIGIN.since)
    own = replace(ORIGIN, producer_id="BUY")
    made = BUYER | {"inlets": (rules.Inlet("M", 1, 1),), "incoming": (replace(PARENT, lot_id="M", base=1),)}
    return full(*records, origins=(own, bought), **(made | changes))


def test_own_harvests_mixed_with_bought_goods_keep_their_log_and_anothers_is_not_asked_for() -> None:
    own = record("h", HARVEST, kind="harvest", quantity_base=999, yields=True)
    assert words(mixed_in()) == set()
    assert words(mixed_in(records=(own,))) == {"gate_no_records"}
    assert words(mixed_in(records=())) == {"gate_no_harvest", "gate_no_records"}
    assert words(mixed_in(record("m", EARLY, missing=("target",)))) == {"gate_record_incomplete"}
    assert words(mixed_in(record("m", EARLY, batch_id="C", missing=("target",)))) == set()
    assert words(mixed_in(records=(), edition=2)) == set()  # as it was decided then


def test_what_came_on_paper_needs_its_proof_and_cannot_be_ticked_as_tested_without_a_sample() -> None:
    paper = {"origins": (rules.Origin("L", "BUY", APPLE, "", HARVEST, (), ("L",)),), "records": ()}
    assert words(full(incoming=(PARENT,), **BUYER, **paper)) == set()
    assert words(full(incoming=(PARENT,), **BUYER, **paper, bases=("self_tested",))) == {"gate_no_test"}


def test_what_another_brought_in_from_outside_is_asked_for_at_the_lot_of_theirs_that_came() -> None:
    mine = full(incoming=(PARENT,), **BUYER, origins=(rules.Origin("O", "BUY", APPLE, "", HARVEST, ()),), records=())
    theirs = replace(mine, origins=(replace(mine.origins[0], producer_id="OTHER"),))
    assert words(theirs) == set() and words(mine) == words(replace(theirs, edition=3)) == {"gate_incomplete"}
    assert words(replace(theirs, inlets=(), incoming=())) == {"gate_incomplete", "gate_parents_required"}


# --- quantity --------------------------------------------------------------------------------------------------------


@given(st.lists(st.tuples(st.booleans(), st.integers(-5, 700)), max_size=12))
def test_no_sequence_of_sales_and_certificates_goes_beyond_the_harvest(steps: list[tuple[bool, int]]) -> None:
    certified = gone = 0
    for sale, wanted in steps:
        lot = replace(LOT, certified_base=certified, gone_base=gone)
        if sale:
            gone += wanted if 0 < wanted <= LOT.base - certified - gone else 0
        elif rules.decide(full(lot=lot, wanted_base=wanted)).allowed:
            certified += wanted
    assert certified + gone <= LOT.base


# --- flags -----------------------------------------------------------------------------------------------------------

LAND = rules.Land("B", "2", 400, "mass", "估计")


@pytest.mark.parametrize(("area", "flagged"), [("2", True), ("2.5", False), ("0", False)])
def test_a_yield_out_of_proportion_is_flagged_with_its_source_and_refuses_nothing(area: str, flagged: bool) -> None:
    asked = full(lands=(replace(LAND, area_mu=area),))
    harvest = replace(asked.records[1], quantity_of="mass")
    decision = rules.decide(replace(asked, records=(asked.records[0], harvest)))
    assert decision.allowed
    assert [(note.code, note.source, note.record_ids) for note in decision.notes] == (
        [("yield_outlier", "估计", ("h",))] if flagged else []
    )


def test_doses_out_of_proportion_are_flagged() -> None:
    limit = (rules.Limit("fertiliser", "mass", "1000", "估计"),)
    heaps = record("f", EARLY, kind="fertilising", uses=(use(MANURE, "1001", "mass"),))
    thin = spray("s", use(DOSED, "0.9", "mass"))
    decision = rules.decide(full(heaps, thin, limits=limit))
    assert decision.allowed and [note.code for note in decision.notes] == ["dose_outlier", "dose_far_below"]


def test_a_restricted_substance_is_pointed_out_with_its_announcement() -> None:
    rule = SubstanceRule("甲", "restricted", ("*",), date(2017, 10, 1), "公告2567", "source")
    decision = rules.decide(case(spray("s", use(DOSED, "20", "mass")), rulebook=replace(FULL, substances=(rule,))))
    assert decision.allowed and [(note.code, note.source) for note in decision.notes] == [
        ("restricted_substance", "公告2567")
    ]


def test_every_word_the_gate_may_say_is_in_the_vocabulary() -> None:
    known = vocab.get("reasons_certificates")
    notes = ("yield_outlier", "dose_outlier", "dose_not_comparable", "dose_far_below", "restricted_substance")
    assert all(f"note_{code}" in known for code in notes)
    assert all(word in known for word in rules.REASONS.values())


# --- the whole -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("amount", "unit", "area", "found"),
    [
        ("20", "g_per_mu", None, ("20", "mass")),
        ("0.02", "kg_per_mu", None, ("20", "mass")),
        ("800", "dilution", None, ("800", "dilution")),
        ("1", "kg", Decimal("8"), ("125", "mass")),
        ("1", "kg", None, (None, None)),
        ("3", "bag", Decimal("8"), (None, None)),
        (None, None, Decimal("8"), (None, None)),
    ],
)
def test_a_dose_is_brought_to_grams_or_millilitres_a_mu_where_that_can_be_known(
    amount: str | None, unit: str | None, area: Decimal | None, found: tuple[str | None, str | None]
) -> None:
    term = vocab.get("units")[unit] if unit else {}
    assert farming.dose(amount, term, area) == found


PARENTS = {"L": ["A", "B"], "A": ["O"], "B": ["O", "Q"], "Q": []}


def test_only_lots_on_every_route_speak_for_an_origin() -> None:
    assert set(rules.on_every_route("O", "L", PARENTS)) == {"O", "L"}
    assert set(rules.on_every_route("Q", "L", PARENTS)) == {"Q", "B", "L"}
    assert set(rules.routes_from("Q", "L", PARENTS)) == {"Q", "B", "L"}
    assert rules.on_every_route("L", "L", {}) == ("L",)


@given(st.integers(2, 9), st.data())
def test_removing_a_lot_on_every_route_cuts_the_origin_off_and_no_other_does(size: int, data: st.DataObject) -> None:
    names = [f"n{at}" for at in range(size)]
    parents = {
        name: data.draw(st.lists(st.sampled_from(names[:at]), unique=True, min_size=1)) if at else []
        for at, name in enumerate(names)
    }

    def reaches(without: str | None) -> bool:
        waiting, seen = [names[-1]], set()
        while waiting:
            name = waiting.pop()
            if name != without and name not in seen:
                seen.add(name)
                waiting += parents[name]
        return names[0] in seen

    through = set(rules.on_every_route(names[0], names[-1], parents))
    for name in names:
        assert (name in through) is not reaches(name)


def test_a_kept_case_of_this_edition_decides_the_same_again() -> None:
    asked = replace(with_tests(RESULT), incoming=(PARENT,), lands=(LAND,))
    assert rules.case_from(rules.kept(asked)) == asked and first.HARVEST == HARVEST
