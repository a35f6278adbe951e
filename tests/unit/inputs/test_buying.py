"""What may be bought, and what the buyer is told."""

from datetime import date, timedelta

import pytest

from backend.base.errors import RuleBroken
from backend.domains.inputs import rules
from backend.domains.inputs.rules import Named, Product, Rulebook, SubstanceRule

FIRST = date(2026, 6, 1)
BOOK = Rulebook(
    "v1",
    (
        SubstanceRule("全禁", "banned", ("*",), FIRST, "公告一", "source"),
        SubstanceRule("菜禁", "banned_on_crops", ("vegetable",), FIRST, "公告二", "source"),
        SubstanceRule("拌种可用", "banned_on_crops", ("*",), FIRST, "公告三", "source", "", ("seed_coating",)),
        SubstanceRule("畜禁", "banned_in_food_animals", ("animal",), FIRST, "公告四", "source"),
        SubstanceRule("限用", "restricted", ("*",), FIRST, "公告五", "source"),
    ),
)
BEFORE = FIRST - timedelta(days=1)


def product(*actives: str, restricted: bool = False) -> Product:
    return Product("PD1", "某药", "pesticide", "某厂", actives, restricted=restricted)


def told(one: Product | None, day: date = FIRST, kind: str = "pesticide") -> list[str]:
    return [warning.reason for warning in rules.warnings(Named(None, "某药", kind=kind), one, day, BOOK)]


def test_what_is_banned_outright_is_refused_from_its_first_day_on() -> None:
    rules.check_allowed(product("全禁"), BEFORE, BOOK)
    with pytest.raises(RuleBroken, match="banned_input") as raised:
        rules.check_allowed(product("别的", "全禁"), FIRST, BOOK)
    assert raised.value.params == {"name": "某药", "substance": "全禁", "source": "公告一"}


@pytest.mark.parametrize("substance", ["菜禁", "拌种可用", "畜禁"])
def test_what_is_banned_for_some_is_told_and_not_refused(substance: str) -> None:
    rules.check_allowed(product(substance), FIRST, BOOK)
    assert told(product(substance)) == ["warn_partly_banned"]
    assert told(product(substance), BEFORE) == []


def test_a_restricted_pesticide_is_told() -> None:
    assert told(product("限用")) == told(product("别的", restricted=True)) == ["warn_restricted_sale"]


@pytest.mark.parametrize(
    ("kind", "warned"), [("pesticide", True), ("vet_drug", True), ("fertiliser", False), ("seed", False)]
)
def test_only_chemicals_want_a_registration(kind: str, warned: bool) -> None:
    assert told(None, kind=kind) == (["warn_unregistered_purchase"] if warned else [])


def test_the_catalogue_names_what_it_knows_and_the_farmer_the_rest() -> None:
    assert rules.label_of({"name": "错的", "kind": "feed"}, product()) == Named("PD1", "某药", "某厂", "pesticide")
    assert rules.label_of({"name": "尿素", "kind": "fertiliser"}, None) == Named(None, "尿素", None, "fertiliser")
    with pytest.raises(RuleBroken, match="purchase_name_missing"):
        rules.label_of({"registration_no": "X", "kind": "feed"}, None)
    with pytest.raises(RuleBroken, match="purchase_kind_missing"):
        rules.label_of({"name": "尿素"}, None)
