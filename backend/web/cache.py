"""A bounded, short-lived memory of what was read: many readers cost one read, a change is forgotten at once."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

Value = TypeVar("Value")
MAX_MISSING = 2000
BYTES_AN_ENTRY = 20_000  # a gzipped page is about 6 KB, a plain one 20
WAIT_SECONDS = 15.0


@dataclass
class _Flight(Generic[Value]):
    """One read under way, and those who wait for its outcome."""

    done: threading.Event = field(default_factory=threading.Event)
    value: Value | None = None
    error: BaseException | None = None
    landed: bool = False
    stale: bool = False


class Cache(Generic[Value]):
    """Values by (code, rendition); None (there is no such code) is remembered by code, apart from the values.

    `entries` bounds their number and, at BYTES_AN_ENTRY each, their bytes: the least recently used go first.
    """

    def __init__(
        self, *, ttl: float, entries: int, size: Callable[[Value], int], now: Callable[[], float] = time.monotonic
    ) -> None:
        self._ttl, self._entries, self._size, self._now = ttl, entries, size, now
        self._held: OrderedDict[tuple[str, str], tuple[float, Value]] = OrderedDict()
        self._missing: OrderedDict[str, float] = OrderedDict()
        self._flights: dict[tuple[str, str], _Flight[Value]] = {}
        self._bytes = 0
        self._lock = threading.Lock()

    def get(self, code: str, rendition: str, read: Callable[[], Value | None]) -> Value | None:
        """The value, from memory while fresh, else from `read`, which concurrent callers share. Raises what it does."""
        key = (code, rendition)
        with self._lock:
            now = self._now()
            held = self._held.get(key)
            if held is not None and held[0] > now:
                self._held.move_to_end(key)
                return held[1]
            if self._missing.get(code, 0.0) > now:
                return None
            flight = self._flights.get(key)
            leads = flight is None
            if flight is None:
                flight = self._flights[key] = _Flight()
        return self._fly(key, flight, read, now) if leads else self._ride(flight, read)

    def _fly(
        self, key: tuple[str, str], flight: _Flight[Value], read: Callable[[], Value | None], began: float
    ) -> Value | None:
        try:
            flight.value = read()
            flight.landed = True
        except BaseException as error:
            flight.error = error
            raise
        finally:
            with self._lock:
                if self._flights.get(key) is flight:
                    del self._flights[key]
                if flight.landed and not flight.stale:
                    self._keep(key, flight.value, began + self._ttl)
            flight.done.set()
        return flight.value

    def _ride(self, flight: _Flight[Value], read: Callable[[], Value | None]) -> Value | None:
        if not flight.done.wait(WAIT_SECONDS):
            return read()
        if flight.error is not None:
            raise flight.error
        return flight.value

    def _keep(self, key: tuple[str, str], value: Value | None, until: float) -> None:
        if value is None:
            self._missing[key[0]] = until
            self._missing.move_to_end(key[0])
            if len(self._missing) > MAX_MISSING:
                self._missing.popitem(last=False)
            return
        self._drop([key])
        self._held[key] = (until, value)
        self._bytes += self._size(value)
        while self._held and (len(self._held) > self._entries or self._bytes > self._entries * BYTES_AN_ENTRY):
            self._bytes -= self._size(self._held.popitem(last=False)[1][1])

    def _drop(self, keys: Sequence[tuple[str, str]]) -> None:
        for key in keys:
            if (held := self._held.pop(key, None)) is not None:
                self._bytes -= self._size(held[1])

    def forget(self, code: str, renditions: Sequence[Hashable]) -> None:
        """Drop all of a code; a read that began before is not kept, and nobody who comes later rides on it."""
        with self._lock:
            keys = [(code, str(rendition)) for rendition in renditions]
            self._drop(keys)
            self._missing.pop(code, None)
            for key in keys:
                if (flight := self._flights.pop(key, None)) is not None:
                    flight.stale = True

    def __len__(self) -> int:
        return len(self._held)
