"""The arithmetic of a lot, in any order of what may happen to it."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.base import vocab
from backend.base.errors import RuleBroken
from backend.domains.lots import rules
from backend.domains.lots.rules import CERTIFIED_FIRST, LOOSE, LOOSE_FIRST, Balance, Taken

KG = {"to_base": 1000, "zh": "公斤", "dimension": "mass"}
QUANTITIES = st.integers(0, 2000)
STEPS = st.lists(
    st.tuples(st.sampled_from(["certify", "void", LOOSE, LOOSE_FIRST, CERTIFIED_FIRST, "back"]), QUANTITIES)
)


def sound(balance: Balance) -> bool:
    return (
        balance.certified + balance.gone <= balance.base
        and 0 <= balance.carried <= balance.certified
        and balance.gone >= 0
        and balance.left >= 0
    )


@given(base=QUANTITIES, steps=STEPS)
def test_nothing_is_made_or_lost_whatever_happens_in_whatever_order(base: int, steps: list[tuple[str, int]]) -> None:
    balance, certificates, away = Balance(base, 0), list[int](), list[Taken]()
    for step, amount in steps:
        if step == "certify":
            if 0 < amount <= balance.left:
                certificates.append(amount)
                balance = Balance(base, balance.certified + amount, balance.gone, balance.carried)
        elif step == "void":
            balance = rules.released(balance, certificates.pop()) if certificates else balance
        elif step == "back":
            balance = rules.brought_back(balance, away.pop()) if away else balance
        else:
            try:
                taken = rules.take(balance, amount, step, KG)
            except RuleBroken:
                continue
            assert taken.base == amount
            away.append(taken)
            balance = rules.after(balance, taken)
        assert sound(balance), (step, amount, balance)
        assert balance.certified == sum(certificates)
        assert balance.on_hand == base - sum(one.base for one in away)


@given(total=st.integers(0, 10**9), weights=st.lists(st.integers(1, 10**6), min_size=1, max_size=50))
def test_shares_sum_to_the_whole(total: int, weights: list[int]) -> None:
    parts = rules.shares(total, weights)
    assert sum(parts) == total and all(part >= 0 for part in parts) and len(parts) == len(weights)


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (lambda: rules.take(Balance(100, 0), 101, LOOSE, KG), "lot_quantity_short"),
        (lambda: rules.take(Balance(100, 0), 0, LOOSE, KG), "lot_quantity_short"),
        (lambda: rules.take(Balance(100, 60), 41, LOOSE, KG), "lot_quantity_certified"),
        (lambda: rules.check_made("split", 100, [50, 51], exact=True), "lot_more_than_taken"),
        (lambda: rules.check_made("split", 100, [50, 49], exact=True), "lot_not_the_same"),
    ],
)
def test_what_cannot_be_is_refused(said: Callable[[], object], reason: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        said()
    assert refused.value.reason == reason


def test_what_leaves_takes_its_certificate_along_and_a_void_one_leaves_it_gone() -> None:
    sold = rules.take(Balance(1000, 400), 500, CERTIFIED_FIRST, KG)
    assert sold == Taken(100, 400)
    after = rules.after(Balance(1000, 400), sold)
    assert (after.left, after.on_hand) == (500, 500)
    void = rules.released(after, 400)
    assert (void.left, void.on_hand, void.gone) == (500, 500, 500)
    assert rules.check_made("repack", 100, [30, 60], exact=False) == 10


@pytest.mark.parametrize("crop", vocab.get("crops").codes)
def test_whatever_is_grown_has_a_least_and_a_most_weight_a_piece(crop: str) -> None:
    terms = vocab.get("piece_weights")
    weights = terms.get(crop, terms.get(vocab.get("crops")[crop]["class"], {}))
    assert 0 < weights["least"] < weights["most"]
