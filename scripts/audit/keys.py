"""The keys of the log as a list tells of them: from when to when each signed, and whether it is still believed."""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from scripts.audit import hashing

GRACE = datetime.timedelta(minutes=5)  # a seal under way while keys change is signed by the one it began with
CHECKPOINT = "checkpoint"


@dataclass(frozen=True)
class Key:
    """A public key of 32 bytes that signs checkpoints. `until`: it stopped to sign; `revoked`: it is not believed."""

    public: bytes
    kid: str
    since: datetime.datetime | None
    until: datetime.datetime | None
    revoked_at: datetime.datetime | None
    revoked: bool

    @property
    def standing(self) -> str:
        at = f" on {self.revoked_at.isoformat()}" if self.revoked_at else ""
        return f"key {self.kid} was revoked{at}"

    def wrong(self, at: datetime.datetime) -> str:
        """Why it cannot have signed then, in words; empty when it can."""
        if self.since is not None and at < self.since - GRACE:
            return f"key {self.kid} was made on {self.since.isoformat()}"
        ends = [one for one in (self.until, self.revoked_at) if one is not None]
        if ends and at > min(ends) + GRACE:
            return f"key {self.kid} stopped to sign on {min(ends).isoformat()}"
        return ""


def listed(rows: Iterable[Mapping[str, Any]]) -> list[Key]:
    """Of stored keys or of a published list (JWK Set members), those of checkpoints; revoked ones last."""
    keys = [_key(row) for row in rows if row["purpose"] == CHECKPOINT]
    return sorted(keys, key=lambda key: key.revoked)


def _key(row: Mapping[str, Any]) -> Key:
    revoked_at = row.get("revoked_at") or (row.get("revoked") or {}).get("at")
    return Key(
        public=hashing.unbase(row.get("jwk", row)["x"]),
        kid=row.get("kid") or row["_id"],
        since=_moment(row.get("since")),
        until=_moment(row.get("until")),
        revoked_at=_moment(revoked_at),
        revoked=row.get("state") == "revoked" or revoked_at is not None,
    )


def _moment(told: Any) -> datetime.datetime | None:
    return datetime.datetime.fromisoformat(told) if isinstance(told, str) else told
