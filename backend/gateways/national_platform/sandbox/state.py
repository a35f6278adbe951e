"""What the stand-in remembers: what it took, what it was sent, and the failures it was told to play."""

import threading
from dataclasses import dataclass, field
from typing import Any

MAX_CALLS = 1000


@dataclass
class State:
    """One account's world. All is read and changed under `lock`."""

    key_id: str
    secret: bytes
    lock: threading.Lock = field(default_factory=threading.Lock)
    delay: float = 0.0  # seconds each answer waits
    failures: list[int] = field(default_factory=list)  # statuses of the next answers
    refused: set[str] = field(default_factory=set)  # subjects (any value of a field ending in Ref or Code) it refuses
    swallowed: int = 0  # how many next messages are taken and answered with 500: the sender will send them twice
    taken: dict[str, dict[str, Any]] = field(default_factory=dict)  # by message id: a repeated one is taken once
    calls: list[dict[str, Any]] = field(default_factory=list)

    def note(self, path: str, status: int, message_id: str, body: Any) -> None:
        self.calls = [*self.calls, {"path": path, "status": status, "message": message_id, "body": body}][-MAX_CALLS:]

    def answer(self, path: str, message_id: str, body: Any) -> int:
        """The status of a well-signed message, which is taken when it is 2xx."""
        if self.failures:
            return self.failures.pop(0)
        if not isinstance(body, dict) or self.refused & {str(value) for value in body.values()}:
            return 422
        known = message_id in self.taken
        self.taken.setdefault(message_id, {"path": path, "body": body})
        if self.swallowed:
            self.swallowed -= 1
            return 500
        return 200 if known else 201
