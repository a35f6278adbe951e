"""The auditor's own ledger: whatever the platform's rules make of a lot, the auditor computes again from the steps."""

from datetime import UTC, datetime, timedelta
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from backend.domains.lots import rules
from scripts.audit.replay import Counters, Step, in_order, possible, shares

START = datetime(2026, 10, 1, 2, tzinfo=UTC)
UNIT = {"zh": "克", "to_base": 1}
BASE = 1000
ORDERS = (rules.LOOSE, rules.LOOSE_FIRST, rules.CERTIFIED_FIRST)
wishes = st.lists(st.tuples(st.integers(0, 6), st.integers(1, BASE)), max_size=14)


class Life:
    """A lot's life as the platform's rules allow it, and the steps that an auditor finds of it."""

    def __init__(self) -> None:
        self.now, self.steps = rules.Balance(BASE, 0), list[Step]()
        self.standing, self.void = dict[str, int](), dict[str, int]()
        self.away = list[rules.Taken]()

    def does(self, at: datetime, what: int, base: int) -> None:
        if what == 0:
            self._certified(at, f"c{len(self.steps):02}", base)
        elif what == 1 and self.standing:
            name = list(self.standing)[base % len(self.standing)]
            self.void[name] = self.standing.pop(name)
            self.now = rules.released(self.now, name, self.void[name])
            self.steps.append(Step(at, "void", self.void[name], certificate=name))
        elif what == 2 and self.away:
            back = self.away.pop(base % len(self.away))
            self.now = rules.brought_back(self.now, back)
            self.steps.append(Step(at, "bring_back", back.base, back.carried, under=back.under))
        elif what == 6 and self.void:
            name = list(self.void)[base % len(self.void)]
            self._certified(at, name, self.void[name])
        elif 2 < what < 6 and base <= (self.now.left if what == 3 else self.now.on_hand):
            taken = rules.take(self.now, base, ORDERS[what - 3], UNIT)
            self.now = rules.after(self.now, taken)
            self.away.append(taken)
            self.steps.append(Step(at, "take", taken.base, taken.carried, under=taken.under))

    def _certified(self, at: datetime, name: str, base: int) -> None:
        wanted = rules.certified(self.now, name, base)
        if wanted.left >= 0:
            self.now, self.standing[name] = wanted, base
            self.void.pop(name, None)
            self.steps.append(Step(at, "certify", base, certificate=name))


def lived(wanted: list[tuple[int, int]], apart: timedelta) -> tuple[rules.Balance, list[Step]]:
    life = Life()
    for number, (what, base) in enumerate(wanted):
        life.does(START + number * apart, what, base)
    return life.now, life.steps


def counters(balance: rules.Balance) -> Counters:
    return Counters(balance.certified, balance.gone, balance.carried)


@given(wishes)
def test_the_steps_come_to_what_the_rules_came_to(wanted: list[tuple[int, int]]) -> None:
    balance, steps = lived(wanted, timedelta(minutes=1))
    assert in_order(list(reversed(steps))) == counters(balance)
    assert possible(steps, counters(balance))


@given(wishes, st.randoms())
def test_steps_of_one_moment_are_no_accusation_in_whatever_order_they_are_found(
    wanted: list[tuple[int, int]], chance: Random
) -> None:
    balance, steps = lived(wanted[:10], timedelta(0))
    chance.shuffle(steps)
    assert possible(steps, counters(balance))


@given(wishes, st.integers(0, 2), st.integers(1, 9))
def test_no_counter_can_be_moved_unseen(wanted: list[tuple[int, int]], which: int, more: int) -> None:
    balance, steps = lived(wanted, timedelta(minutes=1))
    said = list(counters(balance))
    said[which] += more
    assert not possible(steps, Counters(*said))
    turned = counters(balance)._replace(gone=balance.gone - more, carried=balance.carried + more)
    assert not possible(steps, turned), "what left with a certificate instead of without one"


def test_of_a_moment_with_very_many_steps_only_the_sums_are_asked() -> None:
    steps = [Step(START, "certify", 10), Step(START, "take", 5, 5), *(Step(START, "take", 1) for _ in range(12))]
    assert possible(steps, Counters(10, 13, 4)) and not possible(steps, Counters(10, 13, 5))


@given(st.integers(0, 10**9), st.lists(st.integers(1, 10**6), min_size=1, max_size=50))
def test_what_new_lots_have_of_an_old_one_is_shared_as_the_platform_shares_it(total: int, weights: list[int]) -> None:
    assert shares(total, weights) == rules.shares(total, weights)
    assert sum(shares(total, weights)) == total and min(shares(total, weights)) >= 0
