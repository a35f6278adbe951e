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
    st.tuples(st.sampled_from(["certify", "void", "restore", LOOSE, LOOSE_FIRST, CERTIFIED_FIRST, "back"]), QUANTITIES)
)


def sound(balance: Balance) -> bool:
    standing = [one for one in balance.covers if one.stands]
    return (
        balance.certified + balance.gone <= balance.base
        and 0 <= balance.carried <= balance.certified
        and balance.gone >= 0
        and balance.left >= 0
        and balance.certified == sum(one.base for one in standing)
        and balance.carried == sum(one.out for one in standing)
        and all(0 <= one.out <= one.base for one in balance.covers)
    )


class Life:
    """A lot, its certificates, and what left it, each with the certificates that went along: who lives by the labels
    on the boxes. `issued` says how much each was ever issued on, `standing` which stand, `away` what is gone."""

    def __init__(self, base: int) -> None:
        self.balance = Balance(base, 0)
        self.issued: dict[str, int] = {}
        self.standing: list[str] = []
        self.away: list[Taken] = []

    def does(self, step: str, amount: int) -> None:
        voids = [name for name in self.issued if name not in self.standing]
        if step == "certify" and 0 < amount <= self.balance.left:
            name = f"c{len(self.issued):02}"
            self.issued[name] = amount
            self._certified(name)
        elif step == "restore" and voids:
            self._certified(voids[amount % len(voids)])
        elif step == "void" and self.standing:
            name = self.standing.pop(amount % len(self.standing))
            self.balance = rules.released(self.balance, name, self.issued[name])
        elif step == "back" and self.away:
            self.balance = rules.brought_back(self.balance, self.away.pop(amount % len(self.away)))
        elif step in (LOOSE, LOOSE_FIRST, CERTIFIED_FIRST):
            self._taken(amount, step)

    def _certified(self, name: str) -> None:
        wanted = rules.certified(self.balance, name, self.issued[name])
        if wanted.left >= 0:
            self.balance = wanted
            self.standing.append(name)

    def _taken(self, amount: int, order: str) -> None:
        try:
            taken = rules.take(self.balance, amount, order, KG)
        except RuleBroken:
            return
        assert taken.base == amount and sum(base for _, base in taken.under) == taken.carried
        self.away.append(taken)
        self.balance = rules.after(self.balance, taken)

    def out_under(self, name: str) -> int:
        return sum(base for taken in self.away for one, base in taken.under if one == name)


@given(base=QUANTITIES, steps=STEPS)
def test_nothing_is_made_or_lost_whatever_happens_in_whatever_order(base: int, steps: list[tuple[str, int]]) -> None:
    life = Life(base)
    for step, amount in steps:
        life.does(step, amount)
        balance = life.balance
        assert sound(balance), (step, amount, balance)
        assert balance.certified == sum(life.issued[name] for name in life.standing)
        assert balance.on_hand == base - sum(one.base for one in life.away)
        for name, issued in life.issued.items():
            assert life.out_under(name) <= issued, "more went out under a certificate than it was issued on"
        waiting = sum(life.issued[name] - life.out_under(name) for name in life.standing)
        assert balance.left == balance.on_hand - waiting, "what may be certified is what has no certificate"


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
    begun = rules.certified(Balance(1000, 0), "one", 400)
    sold = rules.take(begun, 500, CERTIFIED_FIRST, KG)
    assert sold == Taken(100, 400, (("one", 400),))
    after = rules.after(begun, sold)
    assert (after.left, after.on_hand) == (500, 500)
    void = rules.released(after, "one", 400)
    assert (void.left, void.on_hand, void.gone) == (500, 500, 500)
    assert rules.certified(void, "one", 400) == after
    assert rules.check_made("repack", 100, [30, 60], exact=False) == 10


def test_of_a_lot_from_before_certificates_were_told_apart_the_counters_alone_are_kept() -> None:
    """As they were then: what is carried beyond all certificates that stand is gone."""
    old = Balance(1000, 700, 0, 400)
    void = rules.released(old, "unknown", 400)
    assert (void.certified, void.gone, void.carried, void.covers) == (300, 100, 300, ())
    again = rules.certified(void, "new", 200)
    taken = rules.take(again, 200, CERTIFIED_FIRST, KG)
    assert taken == Taken(0, 200, (("new", 200),))
    assert rules.brought_back(rules.after(again, taken), taken) == again
    assert rules.brought_back(old, Taken(0, 400)).carried == 0


@pytest.mark.parametrize("crop", vocab.get("crops").codes)
def test_whatever_is_grown_has_a_least_and_a_most_weight_a_piece(crop: str) -> None:
    terms = vocab.get("piece_weights")
    weights = terms.get(crop, terms.get(vocab.get("crops")[crop]["class"], {}))
    assert 0 < weights["least"] < weights["most"]
