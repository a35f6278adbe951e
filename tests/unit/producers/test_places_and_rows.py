"""Places of the division codes, and rows of a cooperative's list of farmers."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.base.errors import BadRequest, RuleBroken
from backend.domains.producers import rules
from backend.domains.producers.rules.identity import person_id_check

TODAY = date(2026, 11, 23)
HOME = "620602100"
PERSON = "62060219900101123" + person_id_check("62060219900101123")


def reason_of(call, *args, **kwargs) -> str:
    with pytest.raises(RuleBroken) as broken:
        call(*args, **kwargs)
    return broken.value.reason


@pytest.mark.parametrize("code", [HOME, "620602100201", "620201100"])
def test_townships_and_villages_are_places(code):
    assert rules.place(code) == code


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("620602", "region_not_township"),
        ("62060210a", "region_not_township"),
        ("６２０６０２１００", "region_not_township"),
        ("620602999", "region_unknown"),
        ("620111002", "region_unknown"),
    ],
)
def test_other_codes_are_not(code, reason):
    assert reason_of(rules.place, code) == reason


def test_a_township_is_found_by_name_within_the_county():
    assert rules.township_named("武南镇", near=HOME) == "620602101"
    assert rules.township_named("武南镇", near="620602100201") == "620602101"
    assert reason_of(rules.township_named, "沙河镇", near=HOME) == "township_unknown"


def row(*cells):
    return rules.farmer(cells, region=HOME, today=TODAY)


def test_a_row_becomes_a_farmer():
    found = row("张三", PERSON, 13812345678, "武南镇", "三组")
    assert (found.name, found.phone, found.region, found.address) == ("张三", "13812345678", "620602101", "三组")
    assert PERSON not in found.identity.shown


def test_a_short_row_lives_in_the_cooperatives_place():
    assert row("张三", PERSON, "13812345678").region == HOME
    assert row("张三", PERSON, 13812345678.0, "620602100201").region == "620602100201"


@pytest.mark.parametrize(
    ("cells", "reason", "field"),
    [
        ((None, PERSON, "13812345678"), "import_name_missing", "姓名"),
        (("张三", None, "13812345678"), "identity_missing", "身份证号"),
        (("张三", 620602199001011234, "13812345678"), "import_number_lost_digits", "身份证号"),
        (("张三", 6.20602199001011e17, "13812345678"), "import_number_lost_digits", "身份证号"),
        (("张三", '=HYPERLINK("http://x")', "13812345678"), "import_formula", "身份证号"),
        (("=A1", PERSON, "13812345678"), "import_formula", "姓名"),
        (("张" * 31, PERSON, "13812345678"), "import_cell_too_long", "姓名"),
        (
            ("张三", PERSON[:-1] + ("1" if PERSON[-1] != "1" else "2"), "13812345678"),
            "person_id_check_digit",
            "person_id",
        ),
        (("张三", PERSON, "110"), "phone_malformed", "contact_phone"),
        (("张三", PERSON, "13812345678", "无名镇"), "township_unknown", "region"),
    ],
)
def test_a_bad_cell_says_which_and_why(cells, reason, field):
    with pytest.raises(RuleBroken) as broken:
        row(*cells)
    assert (broken.value.reason, broken.value.field) == (reason, field)


cells = st.none() | st.text(max_size=20) | st.integers() | st.floats() | st.booleans() | st.dates()


@given(st.lists(cells, max_size=9))
def test_no_row_ends_otherwise_than_in_a_farmer_or_a_reason(values):
    try:
        rules.farmer(values, region=HOME, today=TODAY)
    except RuleBroken as broken:
        assert broken.reason


def test_the_header_is_the_templates():
    rules.header([*rules.COLUMNS, None])
    with pytest.raises(BadRequest) as problem:
        rules.header(["name", "id"])
    assert problem.value.reason == "import_wrong_header"
