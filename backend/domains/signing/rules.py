"""What a signature by a listed key is worth, told from the list alone."""

from dataclasses import dataclass
from datetime import datetime, timedelta

GRACE = timedelta(minutes=5)  # a certificate under way while keys change is signed by the one it began with


@dataclass(frozen=True, slots=True)
class Standing:
    """A key on the list. `until` is when it stopped to sign, `revoked_at` when it stopped to be believed."""

    purpose: str
    since: datetime
    until: datetime | None = None
    revoked_at: datetime | None = None


def judge(key: Standing | None, purpose: str, at: datetime, fits: bool) -> str:
    """`good`, or why not, the gravest first: `unknown_key`, `altered` (the signature does not fit the content),
    `revoked_key`, `wrong_purpose`, `out_of_time` (the key did not sign at that time). `at` is the signed time."""
    if key is None:
        return "unknown_key"
    if not fits:
        return "altered"
    if key.revoked_at is not None:
        return "revoked_key"
    if key.purpose != purpose:
        return "wrong_purpose"
    in_time = key.since - GRACE <= at and (key.until is None or at <= key.until + GRACE)
    return "good" if in_time else "out_of_time"
