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


class Cover(NamedTuple):
    """Of one certificate: what is out under it, and whether it stands."""

    out: int = 0
    stands: bool = False


class Story(NamedTuple):
    """A lot between two steps; `covers` by certificate, sorted."""

    counters: Counters = Counters()
    covers: tuple[tuple[str, Cover], ...] = ()


Under = tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Step:
    """One change of a lot: `certify` and `void` by a certificate's quantity, `take` and `bring_back` by an event's, of
    which `carried` went with certificates, `under` which as far as the event tells."""

    at: datetime.datetime
    kind: str
    base: int
    carried: int = 0
    certificate: str = ""
    under: Under = ()

    def after(self, story: Story) -> Story:
        now, covers = story.counters, dict(story.covers)
        now = self._turned(now, covers) if self.kind in ("certify", "void") else self._moved(now, covers)
        return Story(now, tuple(sorted((name, one) for name, one in covers.items() if one.stands or one.out)))

    def _turned(self, now: Counters, covers: dict[str, Cover]) -> Counters:
        out = covers.get(self.certificate, Cover()).out
        covers[self.certificate] = Cover(out, self.kind == "certify")
        if self.kind == "certify":  # of one that stands again: what had left under it left with it
            return Counters(now.certified + self.base, now.gone - out, now.carried + out)
        certified = now.certified - self.base
        bare = max(out, now.carried - certified)  # what had left under it has left without a certificate
        return Counters(certified, now.gone + bare, now.carried - bare)

    def _moved(self, now: Counters, covers: dict[str, Cover]) -> Counters:
        unnamed = max(now.carried - sum(one.out for one in covers.values() if one.stands), 0)
        way, carried = (1 if self.kind == "take" else -1), self.carried
        if self.kind == "bring_back":
            carried = min(carried - sum(base for _, base in self.under), unnamed)
            carried += sum(base for name, base in self.under if covers.get(name, Cover()).stands)
        for name, base in self.under:
            known = covers.get(name, Cover())
            covers[name] = known._replace(out=known.out + way * base)
        return Counters(now.certified, now.gone + way * (self.base - carried), now.carried + way * carried)

    def can_follow(self, story: Story) -> bool:
        """Nothing is void that does not stand, and nothing leaves under what does not stand."""
        if self.kind not in ("take", "void"):
            return True
        named = [self.certificate] if self.kind == "void" else [name for name, _ in self.under]
        covers = dict(story.covers)
        return all(covers.get(name, Cover()).stands for name in named)


def in_order(steps: Sequence[Step]) -> Counters:
    now = Story()
    for step in sorted(steps, key=lambda step: step.at):
        now = step.after(now)
    return now.counters


def possible(steps: Sequence[Step], said: Counters) -> bool:
    """Whether these counters come of the steps in some order that their times allow. Two counters do not depend on the
    order: what is certified, and what left at all. Of a moment with more than MOST steps nothing else is asked."""
    told = in_order(steps)
    if told == said:
        return True
    if (told.certified, told.gone + told.carried) != (said.certified, said.gone + said.carried):
        return False
    reached = {Story()}
    for moment in _moments(steps):
        if len(moment) > MOST:
            return True
        reached = {end for start in reached for end in _every_order(start, moment)}
    return said in {end.counters for end in reached}


def _moments(steps: Iterable[Step]) -> Iterator[list[Step]]:
    together: list[Step] = []
    for step in sorted(steps, key=lambda step: step.at):
        if together and step.at - together[-1].at > SAME_MOMENT:
            yield together
            together = []
        together.append(step)
    if together:
        yield together


def _every_order(start: Story, steps: Sequence[Step]) -> set[Story]:
    """The ends of all orders in which no counter ever was what a lot's cannot be."""
    states: dict[tuple[Story, frozenset[int]], None] = {(start, frozenset(range(len(steps)))): None}
    for _ in steps:
        states = {
            (now, left - {at}): None
            for before, left in states
            for at in left
            if steps[at].can_follow(before) and _can_be((now := steps[at].after(before)).counters)
        }
    return {now for now, _ in states}


def _can_be(now: Counters) -> bool:
    return min(now) >= 0 and now.carried <= now.certified


def shares(total: int, weights: Sequence[int]) -> list[int]:
    """How much each new lot has of an old one: by weight, in whole units, and all of it."""
    ends = [total * sum(weights[: at + 1]) // (sum(weights) or 1) for at in range(len(weights))]
    return [end - before for before, end in zip([0, *ends], ends, strict=False)]
