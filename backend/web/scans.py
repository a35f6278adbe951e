"""Counts look-ups in memory and hands the sums over every few seconds: counting never slows or breaks a scan."""

import atexit
import threading
from collections.abc import Callable, Mapping
from datetime import datetime

import structlog

from backend.base import clock

log = structlog.get_logger(__name__)
EVERY_SECONDS = 3.0
MAX_CODES = 10_000  # more different codes than this between two flushes are not told apart but dropped
Keep = Callable[[Mapping[str, int], datetime], None]


class ScanCounter:
    """`note(code)` costs a dictionary write. Its thread starts with the first note, so a forked worker has its own."""

    def __init__(self, keep: Keep, every: float = EVERY_SECONDS) -> None:
        self._keep, self._every = keep, every
        self._counts: dict[str, int] = {}
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._stop = threading.Event()

    def note(self, code: str) -> None:
        with self._lock:
            if code in self._counts or len(self._counts) < MAX_CODES:
                self._counts[code] = self._counts.get(code, 0) + 1
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="scan-counter", daemon=True)
                self._thread.start()
                atexit.register(self.close)

    def flush(self) -> None:
        """Hand over what was counted. What cannot be written now is put back and tried again."""
        with self._lock:
            counts, self._counts = self._counts, {}
        if not counts:
            return
        try:
            self._keep(counts, clock.now())
        except Exception as error:
            log.warning("scans.not_kept", error=type(error).__name__, codes=len(counts))
            self._put_back(counts)

    def _put_back(self, counts: Mapping[str, int]) -> None:
        with self._lock:
            for code, times in counts.items():
                if code in self._counts or len(self._counts) < MAX_CODES:
                    self._counts[code] = self._counts.get(code, 0) + times

    def _run(self) -> None:
        while not self._stop.wait(self._every):
            self.flush()

    def close(self) -> None:
        """Stop and hand over the rest; called when the process ends."""
        self._stop.set()
        self.flush()
