"""Counting look-ups: summed in memory, handed over together, kept when the database is away."""

from collections.abc import Mapping
from datetime import datetime

import pytest

from backend.web import scans
from backend.web.scans import ScanCounter


class Kept:
    def __init__(self) -> None:
        self.sums: list[Mapping[str, int]] = []
        self.broken = False

    def __call__(self, counts: Mapping[str, int], at: datetime) -> None:  # noqa: ARG002 - the shape it is called with
        if self.broken:
            raise ConnectionError
        self.sums.append(dict(counts))


def counter(kept: Kept) -> ScanCounter:
    return ScanCounter(kept, every=3600)


def test_notes_are_summed_and_handed_over_once() -> None:
    kept = Kept()
    counting = counter(kept)
    for code in "ABAAB":
        counting.note(code)
    counting.flush()
    counting.flush()
    assert kept.sums == [{"A": 3, "B": 2}]
    counting.close()


def test_what_could_not_be_kept_is_tried_again() -> None:
    kept = Kept()
    counting = counter(kept)
    counting.note("A")
    kept.broken = True
    counting.flush()
    counting.note("A")
    kept.broken = False
    counting.close()
    assert kept.sums == [{"A": 2}]


def test_its_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scans, "MAX_CODES", 2)
    kept = Kept()
    counting = counter(kept)
    for code in "ABCA":
        counting.note(code)
    counting.close()
    assert kept.sums == [{"A": 2, "B": 1}]


def test_its_thread_hands_over_by_itself() -> None:
    import time

    kept = Kept()
    counting = ScanCounter(kept, every=0.01)
    counting.note("A")
    for _ in range(200):
        if kept.sums:
            break
        time.sleep(0.01)
    counting.close()
    assert kept.sums == [{"A": 1}]
