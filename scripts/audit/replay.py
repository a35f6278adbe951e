"""What certificates, voids and moves make of a lot's counters, computed again from nothing, apart from the platform."""

import datetime
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

SAME_MOMENT = datetime.timedelta(seconds=2)  # between the clocks of several servers: what lies closer has no order
MOST = 12  # steps of one moment of which every order is tried


class Counters(NamedTuple):
    """In base units: what is certified, what left without a certificate, and what left with one."""

    certified: int = 0
    gone: int = 0
    carried: int = 0


@dataclass(frozen=True)
class Step:
    """One change of a lot: `certify` and `void` by a certificate's quantity, `take` and `bring_back` by an event's, of
    which `carried` went with a certificate."""

    at: datetime.datetime
    kind: str
    base: int
    carried: int = 0

    def after(self, now: Counters) -> Counters:
        if self.kind == "certify":
            return now._replace(certified=now.certified + self.base)
        if self.kind == "void":  # what had left under it has left without a certificate
            certified = now.certified - self.base
            bare = max(now.carried - certified, 0)
            return Counters(certified, now.gone + bare, now.carried - bare)
        carried = self.carried
        if self.kind == "take":
            return Counters(now.certified, now.gone + self.base - carried, now.carried + carried)
        back = min(carried, now.carried)
        return Counters(now.certified, now.gone - (self.base - back), now.carried - back)


def in_order(steps: Sequence[Step]) -> Counters:
    now = Counters()
    for step in sorted(steps, key=lambda step: step.at):
        now = step.after(now)
    return now


def possible(steps: Sequence[Step], said: Counters) -> bool:
    """Whether these counters come of the steps in some order that their times allow. Two counters do not depend on the
    order: what is certified, and what left at all. Of a moment with more than MOST steps nothing else is asked."""
    told = in_order(steps)
    if told == said:
        return True
    if (told.certified, told.gone + told.carried) != (said.certified, said.gone + said.carried):
        return False
    reached = {Counters()}
    for moment in _moments(steps):
        if len(moment) > MOST:
            return True
        reached = {end for start in reached for end in _every_order(start, moment)}
    return said in reached


def _moments(steps: Iterable[Step]) -> Iterator[list[Step]]:
    together: list[Step] = []
    for step in sorted(steps, key=lambda step: step.at):
        if together and step.at - together[-1].at > SAME_MOMENT:
            yield together
            together = []
        together.append(step)
    if together:
        yield together


def _every_order(start: Counters, steps: Sequence[Step]) -> set[Counters]:
    """The ends of all orders in which no counter ever was what a lot's cannot be."""
    states: dict[tuple[Counters, frozenset[int]], None] = {(start, frozenset(range(len(steps)))): None}
    for _ in steps:
        states = {
            (now, left - {at}): None
            for before, left in states
            for at in left
            if _can_be(now := steps[at].after(before))
        }
    return {now for now, _ in states}


def _can_be(now: Counters) -> bool:
    return min(now) >= 0 and now.carried <= now.certified


def shares(total: int, weights: Sequence[int]) -> list[int]:
    """How much each new lot has of an old one: by weight, in whole units, and all of it."""
    ends = [total * sum(weights[: at + 1]) // (sum(weights) or 1) for at in range(len(weights))]
    return [end - before for before, end in zip([0, *ends], ends, strict=False)]
