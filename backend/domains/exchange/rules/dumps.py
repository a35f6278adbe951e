"""Which numbers may leave: a cell too small to hide anybody is joined with others until it is not, or stays here.

The rows of a data set are disjoint and no totals are published, so nothing can be found out by subtracting one row from
another. The thresholds are the platform's choice (docs/decisions/0017), not a law's.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

RECORDS = 5  # a cell of fewer says too much about each
CONTRIBUTORS = 3  # with two, each knows the other's share
OTHERS = "*"


@dataclass(frozen=True, slots=True)
class Cell:
    """What was counted for a month (2026-05), a place (a region's code) and whatever else tells rows apart. `who`: up
    to CONTRIBUTORS of those it is about, which is enough to know whether there are that many."""

    month: str
    place: str
    items: tuple[str, ...]
    counts: Mapping[str, int]
    who: frozenset[str]

    @property
    def key(self) -> tuple[str, str, tuple[str, ...]]:
        return self.month, self.place, self.items


def void_at(turns: Iterable[tuple[str, datetime, str | None]], moment: datetime) -> bool:
    """Whether a certificate was void at that moment, by what became of it in order (`void` or `restored`, and when):
    what happened while a dump of it is built changes nothing in the dump."""
    before = [turn for turn, at, _ in turns if at < moment]
    return before[-1:] == ["void"]


def joined(cells: Iterable[Cell]) -> list[Cell]:
    """One cell for each key, ordered by it."""
    found: dict[tuple[str, str, tuple[str, ...]], Cell] = {}
    for cell in cells:
        known = found.get(cell.key)
        found[cell.key] = _sum(known, cell) if known else cell
    return [found[key] for key in sorted(found)]


def _sum(one: Cell, other: Cell) -> Cell:
    names = dict.fromkeys([*one.counts, *other.counts])
    counts = {name: one.counts.get(name, 0) + other.counts.get(name, 0) for name in names}
    return replace(one, counts=counts, who=frozenset(sorted(one.who | other.who)[:CONTRIBUTORS]))


def may_leave(cell: Cell, *, total: str, telling: str | None = None) -> bool:
    """Enough records of enough contributors; and not all of them of the kind that `telling` counts, which would say it
    of each (all samples of a county failed)."""
    counted = cell.counts.get(total, 0)
    if telling is not None and cell.counts.get(telling, 0) == counted:
        return False
    return counted >= RECORDS and len(cell.who) >= CONTRIBUTORS


def publishable(cells: Iterable[Cell], *, total: str, telling: str | None = None) -> list[Cell]:
    """The rows that may leave. What is too small is joined step by step: the other items of the place, then of its
    city, then of its province; what is too small even then is left out. Every record is in at most one row."""
    out: list[Cell] = []
    waiting = list(cells)
    for widen in STEPS:
        merged, waiting = joined(widen(cell) for cell in waiting), []
        for cell in merged:
            (out if may_leave(cell, total=total, telling=telling) else waiting).append(cell)
    return joined(out)


def _as_it_is(cell: Cell) -> Cell:
    return cell


def _any_item(cell: Cell) -> Cell:
    return replace(cell, items=(OTHERS,) * len(cell.items))


def _in_city(cell: Cell) -> Cell:
    return replace(cell, place=cell.place[:4] + "00")


def _in_province(cell: Cell) -> Cell:
    return replace(cell, place=cell.place[:2] + "0000")


STEPS: tuple[Callable[[Cell], Cell], ...] = (_as_it_is, _any_item, _in_city, _in_province)
