"""What the stand-in remembers: tokens, used codes, consents, calls, and the failures it was told to play."""

import hashlib
import secrets
import threading
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Any

TOKEN_SECONDS = 7200
CODE_SECONDS = 300
MAX_CALLS = 1000


class Refused(Exception):  # noqa: N818 - an answer of WeChat's, told as errcode and errmsg
    def __init__(self, errcode: int, errmsg: str) -> None:
        super().__init__(errcode, errmsg)
        self.errcode = errcode
        self.errmsg = errmsg


@dataclass
class State:
    """One app's world. All methods are called under `lock`."""

    appid: str
    secret: str
    lock: threading.Lock = field(default_factory=threading.Lock)
    skew: float = 0.0  # seconds the stand-in's clock is ahead
    delay: float = 0.0  # seconds each answer waits
    token: str = ""
    token_until: float = 0.0
    used: set[str] = field(default_factory=set)
    quota: Counter[tuple[str, str]] = field(default_factory=Counter)
    planned: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    calls: list[dict[str, Any]] = field(default_factory=list)

    def now(self) -> float:
        return time.time() + self.skew

    def note(self, path: str, query: dict[str, Any]) -> None:
        """Remember the call, without any secret."""
        shown = {name: value for name, value in query.items() if name not in ("secret", "access_token")}
        self.calls = [*self.calls, {"path": path, "query": shown, "token": "access_token" in query}][-MAX_CALLS:]

    def play_failure(self, path: str) -> None:
        """The next failure that was ordered for this path. Raises Refused."""
        if self.planned.get(path):
            raise Refused(self.planned[path].pop(0), "ordered failure")

    def check_app(self, appid: str | None, secret: str | None) -> None:
        """Raises Refused as WeChat does for an unknown app or a wrong secret."""
        if appid != self.appid:
            raise Refused(40013, "invalid appid")
        if secret != self.secret:
            raise Refused(40125, "invalid appsecret")

    def stable_token(self, *, fresh: bool = False) -> tuple[str, int]:
        """The token and its seconds to live; a new one when it ran out or `fresh` is asked for."""
        if fresh or self.token_until <= self.now():
            self.token, self.token_until = secrets.token_urlsafe(24), self.now() + TOKEN_SECONDS
        return self.token, int(self.token_until - self.now())

    def check_token(self, token: str | None) -> None:
        """Raises Refused."""
        if not token:
            raise Refused(41001, "access_token missing")
        if token != self.token:
            raise Refused(40001, "invalid credential")
        if self.token_until <= self.now():
            raise Refused(42001, "access_token expired")

    def take_code(self, code: str) -> str:
        """The openid behind a login code, which works once; `name-1` is the person `name`. Raises Refused."""
        if not code or code.startswith("bad"):
            raise Refused(40029, "invalid code")
        if code in self.used:
            raise Refused(40163, "code been used")
        self.used.add(code)
        return openid(code)

    def spend_consent(self, user: str, template: str) -> None:
        """Raises Refused 43101 when the user has not agreed, or what was agreed to is spent."""
        if self.quota[user, template] <= 0:
            raise Refused(43101, "user refuse to accept the msg")
        self.quota[user, template] -= 1


def openid(code: str) -> str:
    """Always the same for the part before the last dash or dot, so that a browser can log in as any seeded person."""
    cut = max(code.rfind("-"), code.rfind("."))
    person = code[:cut] if cut > 0 else code
    return "o" + hashlib.sha256(person.encode()).hexdigest()[:27]
