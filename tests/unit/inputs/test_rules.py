"""Bans by day and class, labels and withdrawals, searching: the pure rules of inputs."""

import csv
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domains.inputs import rules
from backend.domains.inputs.rules import Label, Product, Rulebook, SubstanceRule, Withdrawal

JUNE_2026 = date(2026, 6, 1)
CARBOFURAN = SubstanceRule("克百威", "banned", ("*",), JUNE_2026, "农业农村部公告第736号", "source")
CHLORPYRIFOS = SubstanceRule(
    "毒死蜱", "banned_on_crops", ("vegetable",), date(2016, 12, 31), "农业部公告第2032号", "memory"
)
FIPRONIL = SubstanceRule(
    "氟虫腈",
    "banned_on_crops",
    ("*",),
    date(2009, 10, 1),
    "农业部公告第1157号",
    "source",
    exempt_methods=("seed_coating",),
)
CLENBUTEROL = SubstanceRule(
    "克仑特罗", "banned_in_food_animals", ("animal",), date(2019, 12, 27), "公告第250号", "memory"
)
ALWAYS = SubstanceRule("杀扑磷", "banned", ("*",), None, "", "memory, medium")
RESTRICTED = SubstanceRule("毒死蜱", "restricted", ("*",), date(2017, 10, 1), "农业部公告第2567号", "source")
BOOK = Rulebook("v1", (CARBOFURAN, CHLORPYRIFOS, FIPRONIL, CLENBUTEROL, ALWAYS, RESTRICTED))
days = st.dates(date(2000, 1, 1), date(2030, 12, 31))
classes = st.sampled_from(["vegetable", "fruit", "tea", "grain", "livestock", "egg"])


def test_a_ban_begins_on_its_day_and_not_before() -> None:
    assert rules.ban("克百威", "fruit", JUNE_2026 - timedelta(days=1), BOOK) is None
    assert rules.ban("克百威", "fruit", JUNE_2026, BOOK) is CARBOFURAN


@given(days, classes, st.integers(0, 4000))
def test_what_is_banned_stays_banned(day: date, crop_class: str, later: int) -> None:
    for substance in ("克百威", "毒死蜱", "氟虫腈", "克仑特罗", "杀扑磷"):
        if rules.ban(substance, crop_class, day, BOOK):
            assert rules.ban(substance, crop_class, day + timedelta(days=later), BOOK)


def test_a_ban_on_vegetables_leaves_fruit_alone() -> None:
    assert rules.ban("毒死蜱", "vegetable", JUNE_2026, BOOK) is CHLORPYRIFOS
    assert rules.ban("毒死蜱", "fruit", JUNE_2026, BOOK) is None


def test_a_ban_in_food_animals_covers_meat_eggs_and_fish_but_no_plant() -> None:
    for crop_class in ("livestock", "poultry", "egg", "milk", "aquatic"):
        assert rules.ban("克仑特罗", crop_class, JUNE_2026, BOOK) is CLENBUTEROL
    assert rules.ban("克仑特罗", "vegetable", JUNE_2026, BOOK) is None


def test_a_rule_without_a_day_has_always_held() -> None:
    assert rules.ban("杀扑磷", "grain", date(1999, 1, 1), BOOK) is ALWAYS


def test_an_exempt_method_is_not_forbidden_and_an_unsaid_one_is() -> None:
    assert rules.ban("氟虫腈", "grain", JUNE_2026, BOOK, method="seed_coating") is None
    assert rules.ban("氟虫腈", "grain", JUNE_2026, BOOK, method="foliar_spray") is FIPRONIL
    assert rules.ban("氟虫腈", "grain", JUNE_2026, BOOK) is FIPRONIL


def test_a_restriction_is_no_ban() -> None:
    assert rules.restriction("毒死蜱", JUNE_2026, BOOK) is RESTRICTED
    assert rules.restriction("毒死蜱", date(2017, 9, 30), BOOK) is None
    assert rules.restriction("克百威", JUNE_2026, BOOK) is None


def test_of_several_labels_that_answer_the_longest_interval_counts() -> None:
    product = Product("1", "x", "pesticide", labels=(Label("甘蓝", 7), Label("叶菜", 10), Label("苹果", 14)))
    assert rules.label_for(product, ("甘蓝", "叶菜")) == Label("叶菜", 10)
    assert rules.label_for(product, ("番茄",)) is None


def test_withdrawals_differ_by_animal_and_produce() -> None:
    drug = Product("1", "x", "vet_drug", withdrawals=(Withdrawal("鸡", "meat", 7), Withdrawal("鸡", "egg", 9)))
    assert rules.withdrawal_for(drug, ("鸡蛋", "鸡"), "egg") == Withdrawal("鸡", "egg", 9)
    assert rules.withdrawal_for(drug, ("羊",), "meat") is None


@given(st.text(min_size=1, max_size=20))
def test_whatever_is_indexed_is_found_by_its_whole_text(text: str) -> None:
    assert set(rules.search_tokens(text)) <= set(rules.tokens(text))


@pytest.mark.parametrize("q", ["吡虫啉", "虫啉", "bichong", "BICHONGLIN", "示例-0001", "0001", "10%"])
def test_a_product_is_found_by_parts_of_name_pinyin_and_number(q: str) -> None:
    indexed = set(rules.tokens("示例-0001 示例·吡虫啉10%可湿性粉剂 bichonglin 吡虫啉"))
    assert set(rules.search_tokens(q)) <= indexed


def test_the_published_table_has_every_row_with_a_known_measure_and_its_confidence(root: Path) -> None:
    with (root / "schemas/rulebook/substances.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 127
    assert all(row["confidence"] for row in rows)
    banned = {
        row["substance_zh"] for row in rows if row["measure"] == "banned" and row["effective_from"] == "2026-06-01"
    }
    assert banned == {"氧乐果", "克百威", "灭多威", "涕灭威"}


CATEGORIES = st.sampled_from([("PD", "1"), ("WP", "2"), ("LS", "3")])


@given(CATEGORIES, st.integers(2000, 2040), st.integers(1, 9999), st.data())
def test_the_code_on_a_label_is_found_by_its_registration_alone(
    category: tuple[str, str], year: int, serial: int, data: st.DataObject
) -> None:
    number = f"{category[0]}{year}{serial:04}"
    rest = data.draw(st.text("0123456789", min_size=25, max_size=25))
    assert rules.search_tokens(category[1] + number[-6:] + rest) == rules.label_tokens(number)


@pytest.mark.parametrize("number", ["示例-0001", "", "PD123", "肥准字2020第1号", "兽药字010012345"])
def test_a_number_of_another_register_has_no_label_code(number: str) -> None:
    assert rules.label_tokens(number) == ()


@pytest.mark.parametrize("text", ["4" + "0" * 31, "1" * 31, "1" * 33, "6901234567892"])
def test_other_digits_are_no_label_code(text: str) -> None:
    assert not any(token.startswith("#") for token in rules.search_tokens(text))
