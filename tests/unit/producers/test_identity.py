"""Identity numbers are checked by their own arithmetic, and strangers see them masked."""

from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from stdnum.cn import uscc

from backend.base.errors import RuleBroken
from backend.domains.producers import rules
from backend.domains.producers.rules.identity import CREDIT_ALPHABET, credit_code_check, person_id_check

TODAY = date(2026, 11, 23)
FICTIONAL = ["91620602MA7DEM0017", "93620826MA7DEM0027", "93621126MA7DEM003J", "92621122MA7DEM004Y"]
chars = st.sampled_from(CREDIT_ALPHABET)
digits = st.sampled_from("0123456789")


def text(alphabet: st.SearchStrategy[str], length: int) -> st.SearchStrategy[str]:
    return st.lists(alphabet, min_size=length, max_size=length).map("".join)


def coded(first_two: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    bodies = st.builds("".join, st.tuples(first_two, text(digits, 6), text(chars, 9)))
    return bodies.map(lambda body: body + credit_code_check(body))


credit_codes = coded(text(chars, 2))


def reason_of(call, *args, **kwargs) -> str:
    with pytest.raises(RuleBroken) as broken:
        call(*args, **kwargs)
    return broken.value.reason


@pytest.mark.parametrize("code", FICTIONAL)
def test_the_published_fictional_credit_codes_are_valid(code):
    assert rules.credit_code(code) == code


def test_a_rural_collective_code_that_the_library_refuses_is_accepted():
    code = "N2620602MF1234567"
    code += credit_code_check(code)
    assert rules.credit_code(code) == code
    assert not uscc.is_valid(code)


@given(coded(text(digits, 2)))
def test_the_library_agrees_on_every_code_with_eight_leading_digits(code):
    assert uscc.calc_check_digit(code[:17]) == code[17]
    assert uscc.is_valid(rules.credit_code(code))


@given(credit_codes, st.integers(0, 17), st.sampled_from(CREDIT_ALPHABET))
def test_one_miscopied_character_of_a_credit_code_is_always_noticed(code, place, wrong):
    assume(code[place] != wrong)
    with pytest.raises(RuleBroken):
        rules.credit_code(code[:place] + wrong + code[place + 1 :])


@given(credit_codes)
def test_a_credit_code_is_read_whatever_the_keyboard_made_of_it(code):
    wide = "".join(chr(ord(char) + 0xFEE0) for char in code.lower())
    assert rules.credit_code(f" {wide[:9]} {wide[9:]} ") == code


@given(st.text(max_size=40))
def test_no_text_makes_the_checks_fail_otherwise_than_by_a_reason(typed):
    for check in (rules.credit_code, rules.gtin, rules.phone, lambda value: rules.person_id(value, today=TODAY)):
        try:
            check(typed)
        except RuleBroken as broken:
            assert broken.reason
        else:
            assert typed


@given(st.dates(date(1900, 1, 1), TODAY), text(digits, 3), st.integers(0, 17), digits)
def test_one_miscopied_digit_of_an_identity_number_is_always_noticed(born, serial, place, wrong):
    body = f"620602{born:%Y%m%d}{serial}"
    number = body + person_id_check(body)
    assert rules.person_id(number, today=TODAY) == number
    assume(number[place] != wrong)
    with pytest.raises(RuleBroken):
        rules.person_id(number[:place] + wrong + number[place + 1 :], today=TODAY)


def test_a_person_of_a_county_younger_than_themselves_is_a_person():
    body = "62060219900101123"
    assert rules.person_id(body + person_id_check(body), today=TODAY)


@pytest.mark.parametrize("born", ["20261124", "18991231", "19900230"])
def test_an_impossible_date_of_birth_is_refused(born):
    body = f"620602{born}123"
    assert reason_of(rules.person_id, body + person_id_check(body), today=TODAY) == "person_id_date"


def test_a_wrong_check_digit_is_named_as_such():
    assert reason_of(rules.credit_code, "91620602MA7DEM0018") == "credit_code_check_digit"
    assert reason_of(rules.person_id, "620602199001011231", today=TODAY) == "person_id_check_digit"
    assert reason_of(rules.gtin, "6901234567890") == "gtin_check_digit"


def person(serial: str = "123") -> str:
    body = f"62060219900101{serial}"
    return body + person_id_check(body)


def test_a_smallholder_is_known_by_a_masked_number_and_a_key_of_the_kind():
    number = person()
    known = rules.identity("smallholder", code=None, person=number, today=TODAY)
    assert known.kind == "person_id"
    assert known.shown == f"620602********{number[-4:]}"
    assert known.key != rules.identity("buyer", code=None, person=number, today=TODAY).key


def test_each_kind_asks_for_its_own_number():
    assert reason_of(rules.identity, "enterprise", code=None, person=person(), today=TODAY) == "identity_missing"
    assert reason_of(rules.identity, "smallholder", code=FICTIONAL[0], person=None, today=TODAY) == "identity_missing"
    assert reason_of(rules.identity, "buyer", code=FICTIONAL[0], person=person(), today=TODAY) == "identity_twice"
    assert rules.identity("family_farm", code=FICTIONAL[0], person=None, today=TODAY).shown == FICTIONAL[0]
    assert rules.identity("family_farm", code=None, person=person(), today=TODAY).kind == "person_id"


def test_strangers_see_trade_names_in_full_and_peoples_names_masked():
    assert rules.public_name("张三", kind="smallholder", identity_kind="person_id") == "张*"
    assert rules.public_name("欧阳娜娜", kind="buyer", identity_kind="person_id") == "欧**"
    assert rules.public_name("张三农场", kind="family_farm", identity_kind="person_id") == "张三农场"
    assert rules.public_name("兴旺果业", kind="buyer", identity_kind="credit_code") == "兴旺果业"
    assert rules.mask_name("张") == "张*"


@pytest.mark.parametrize(
    ("typed", "kept", "shown"),
    [
        ("138 1234 5678", "13812345678", "138****5678"),
        ("+8613812345678", "13812345678", "138****5678"),
        ("0935-2212345", "0935-2212345", "0935-*****45"),
        ("09352212345", "09352212345", "0935-*****45"),
    ],
)
def test_phones_are_normalised_and_masked(typed, kept, shown):
    assert rules.phone(typed) == kept
    assert rules.mask_phone(kept) == shown


@pytest.mark.parametrize("typed", ["", "110", "23812345678", "1381234567", "电话"])
def test_what_is_no_phone_number_is_refused(typed):
    assert reason_of(rules.phone, typed) == "phone_malformed"


@given(text(digits, 12))
def test_a_gtin_is_padded_to_14_digits_and_its_check_digit_counts(body):
    valid = [digit for digit in "0123456789" if _is_gtin(body + digit)]
    assert len(valid) == 1
    assert rules.gtin(body + valid[0]) == "0" + body + valid[0]


def test_a_printed_gtin_is_read():
    assert rules.gtin("6901234567892") == "06901234567892"


def _is_gtin(typed: str) -> bool:
    try:
        rules.gtin(typed)
    except RuleBroken:
        return False
    return True
