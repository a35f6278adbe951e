"""The clock of a complaint: working days of China, with its official holidays and the Saturdays worked instead.

Source: 国务院办公厅关于…年部分节假日安排的通知, one notice a year, published in the November before. A year
without data is counted by weekdays alone, and what depends on it is provisional until an operator adds the year.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

SATURDAY = 5
FAR = 800  # days; no deadline is further away, so a calendar without end cannot loop


@dataclass(frozen=True, slots=True)
class Year:
    """One year's exceptions from Monday to Friday."""

    off: frozenset[date]
    work: frozenset[date]


Calendar = Mapping[int, Year]


@dataclass(frozen=True, slots=True)
class Due:
    """A day, and whether a year without data was passed on the way."""

    day: date
    provisional: bool


def calendar(terms: Sequence[Mapping[str, Any]]) -> dict[int, Year]:
    """From the vocabulary `holiday_years`."""
    return {int(term["code"]): _year(int(term["code"]), term) for term in terms}


def _year(year: int, term: Mapping[str, Any]) -> Year:
    off: set[date] = set()
    for first, last in term["off"]:
        day, end = _day(year, first), _day(year, last)
        while day <= end:
            off.add(day)
            day += timedelta(days=1)
    return Year(frozenset(off), frozenset(_day(year, text) for text in term["work"]))


def _day(year: int, text: str) -> date:
    return date.fromisoformat(f"{year}-{text}")


def is_working(day: date, known: Calendar) -> bool:
    year = known.get(day.year)
    if year is not None and day in year.work:
        return True
    return day.weekday() < SATURDAY and (year is None or day not in year.off)


def due(start: date, days: int, unit: str, known: Calendar) -> Due:
    """The last day of a period of `days` that begins on the day after `start`; a calendar period that ends on a day off
    ends on the next working day (民法典第二百零三条)."""
    day, left = start, days if unit == "working" else 0
    if unit != "working":
        day = start + timedelta(days=days)
        while not is_working(day, known):
            day += timedelta(days=1)
    while left > 0 and (day - start).days < FAR:
        day += timedelta(days=1)
        left -= is_working(day, known)
    years = range(start.year, day.year + 1)
    return Due(day, any(year not in known for year in years))


def left(today: date, until: date, unit: str, known: Calendar) -> int:
    """Days of that unit from tomorrow to `until`; 0 when it is today or past."""
    if unit != "working":
        return max((until - today).days, 0)
    count, day = 0, today
    while day < until and (day - today).days < FAR:
        day += timedelta(days=1)
        count += is_working(day, known)
    return count


def missing_years(today: date, known: Calendar) -> tuple[int, ...]:
    """Years whose data is wanted: this one, and from November on the next."""
    wanted = [today.year] + ([today.year + 1] if today.month >= 11 else [])
    return tuple(year for year in wanted if year not in known)
