"""The reader's memory: short, bounded, one read for many, and never older than a change."""

import threading
from collections.abc import Callable

import pytest

from backend.web.cache import MAX_MISSING, Cache


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


class Source:
    """Counts its reads."""

    def __init__(self, value: bytes | None) -> None:
        self.value, self.reads = value, 0

    def __call__(self) -> bytes | None:
        self.reads += 1
        return self.value


def cache(clock: Callable[[], float] | None = None, entries: int = 10) -> Cache[bytes]:
    return Cache(ttl=1.0, entries=entries, size=len, now=clock or Clock())


def test_a_value_is_read_once_until_it_is_old() -> None:
    clock, source = Clock(), Source(b"x")
    held = cache(clock)
    assert [held.get("A", "json", source) for _ in range(3)] == [b"x"] * 3
    assert source.reads == 1
    clock.now = 1.0
    held.get("A", "json", source)
    assert source.reads == 2


def test_an_unknown_code_is_remembered_for_all_renditions() -> None:
    source, held = Source(None), cache()
    assert held.get("A", "json", source) is None
    assert held.get("A", "html_zh", source) is None
    assert source.reads == 1


def test_a_forgotten_code_is_read_again_at_once_known_or_not() -> None:
    for value in (b"x", None):
        source, held = Source(value), cache()
        held.get("A", "json", source)
        held.forget("A", ("json", "html_zh"))
        held.get("A", "json", source)
        assert source.reads == 2


def test_the_least_recently_used_go_first() -> None:
    held = cache(entries=2)
    first = Source(b"1")
    held.get("A", "json", first)
    held.get("B", "json", Source(b"2"))
    held.get("A", "json", first)
    held.get("C", "json", Source(b"3"))
    held.get("A", "json", first)
    assert (len(held), first.reads) == (2, 1)


def test_its_bytes_are_bounded_too() -> None:
    held = cache(entries=3)
    for code in "ABC":
        held.get(code, "json", Source(b"x" * 40_000))
    assert len(held) == 1


def test_unknown_codes_cannot_fill_the_memory() -> None:
    held = cache()
    for number in range(MAX_MISSING + 50):
        held.get(str(number), "json", Source(None))
    assert len(held._missing) == MAX_MISSING
    assert len(held) == 0


def test_concurrent_misses_of_one_code_share_one_read() -> None:
    held, gate, started = cache(), threading.Event(), threading.Event()
    reads: list[int] = []

    def slow() -> bytes:
        reads.append(1)
        started.set()
        gate.wait(5)
        return b"x"

    results: list[bytes | None] = []
    threads = [threading.Thread(target=lambda: results.append(held.get("A", "json", slow))) for _ in range(8)]
    for thread in threads:
        thread.start()
    started.wait(5)
    gate.set()
    for thread in threads:
        thread.join(5)
    assert (results, len(reads)) == ([b"x"] * 8, 1)


def test_a_read_that_began_before_a_change_is_not_kept() -> None:
    held, began, gate = cache(), threading.Event(), threading.Event()

    def old() -> bytes:
        began.set()
        gate.wait(5)
        return b"old"

    reader = threading.Thread(target=lambda: held.get("A", "json", old))
    reader.start()
    began.wait(5)
    held.forget("A", ("json",))
    assert held.get("A", "json", Source(b"new")) == b"new"
    gate.set()
    reader.join(5)
    assert held.get("A", "json", Source(b"newer")) == b"new"


def test_a_failed_read_fails_everyone_who_shared_it_and_is_not_remembered() -> None:
    held = cache()

    def broken() -> bytes:
        raise OSError("no database")

    with pytest.raises(OSError, match="no database"):
        held.get("A", "json", broken)
    assert held.get("A", "json", Source(b"x")) == b"x"
