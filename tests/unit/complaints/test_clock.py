"""The clock of working days: official holidays, Saturdays worked, years without data."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.base import vocab
from backend.domains.complaints import rules

KNOWN = rules.calendar(list(vocab.get("holiday_years")))
days = st.dates(date(2025, 1, 1), date(2026, 9, 30))


@pytest.mark.parametrize(
    ("day", "working"),
    [
        (date(2026, 9, 30), True),  # Wednesday before the National Day
        (date(2026, 10, 1), False),
        (date(2026, 10, 7), False),
        (date(2026, 10, 10), True),  # a Saturday worked instead
        (date(2026, 10, 11), False),
        (date(2026, 2, 14), True),
        (date(2026, 2, 16), False),
        (date(2025, 9, 28), True),
    ],
)
def test_official_holidays_and_worked_saturdays_count_as_the_notice_says(day: date, working: bool) -> None:
    assert rules.is_working(day, KNOWN) is working


def test_seven_working_days_over_the_national_day() -> None:
    assert rules.due(date(2026, 9, 28), 7, "working", KNOWN) == rules.Due(date(2026, 10, 13), False)


def test_a_calendar_period_that_ends_on_a_day_off_ends_on_the_next_working_day() -> None:
    assert rules.due(date(2026, 8, 2), 60, "calendar", KNOWN).day == date(2026, 10, 8)


def test_a_year_without_data_is_counted_by_weekdays_and_marked_provisional() -> None:
    found = rules.due(date(2026, 12, 28), 7, "working", KNOWN)
    assert found == rules.Due(date(2027, 1, 6), True)
    assert rules.missing_years(date(2026, 11, 1), KNOWN) == (2027,) and not rules.missing_years(
        date(2026, 10, 31), KNOWN
    )


@given(days, st.integers(0, 40))
def test_between_start_and_due_lie_exactly_as_many_working_days(start: date, count: int) -> None:
    until = rules.due(start, count, "working", KNOWN).day
    between = [start + timedelta(days=n) for n in range(1, (until - start).days + 1)]
    assert sum(rules.is_working(day, KNOWN) for day in between) == count
    assert count == 0 or rules.is_working(until, KNOWN)
    assert rules.left(start, until, "working", KNOWN) == count


@given(days, st.integers(1, 30), st.integers(0, 60))
def test_a_pause_costs_no_working_day(start: date, count: int, paused: int) -> None:
    until = rules.due(start, count, "working", KNOWN).day
    stopped = start + timedelta(days=min(paused, (until - start).days))
    remaining = rules.left(stopped, until, "working", KNOWN)
    resumed = stopped + timedelta(days=paused)
    again = rules.due(resumed, remaining, "working", KNOWN)
    assert rules.left(resumed, again.day, "working", KNOWN) == remaining and again.day >= until


@given(days, st.integers(0, 30))
def test_a_longer_period_never_ends_earlier(start: date, count: int) -> None:
    for unit in ("working", "calendar"):
        assert rules.due(start, count, unit, KNOWN).day <= rules.due(start, count + 1, unit, KNOWN).day
