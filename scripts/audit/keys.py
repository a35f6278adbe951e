"""The keys as a list tells of them: from when to when each signed, and whether it is still believed; and whether the
stored list is one that the platform can have written."""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from scripts.audit import hashing

GRACE = datetime.timedelta(minutes=5)  # a seal under way while keys change is signed by the one it began with
CHECKPOINT = "checkpoint"
KEYS, CURRENT = "signing_keys", "current_keys"
DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's
ALGORITHMS = {("OKP", "Ed25519"): "EdDSA", ("EC", "P-256"): "ES256"}
LAST = datetime.datetime.max.replace(tzinfo=datetime.UTC)
Row = Mapping[str, Any]


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


def listed(rows: Iterable[Row]) -> list[Key]:
    """Of stored keys or of a published list (JWK Set members), those of checkpoints; revoked ones last."""
    keys = [_key(row) for row in rows if row["purpose"] == CHECKPOINT]
    return sorted(keys, key=lambda key: key.revoked)


def _key(row: Row) -> Key:
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


def kid_of(jwk: Row) -> str:
    """The first 80 bits of the thumbprint (RFC 7638), as 16 of Crockford's digits."""
    number = int.from_bytes(sha256(hashing.canonical(dict(jwk)).encode()).digest()[:10])
    return "".join(DIGITS[number >> 5 * at & 31] for at in reversed(range(16)))


def astray(keys: Iterable[Row], pointers: Iterable[Row]) -> Iterator[tuple[str, str]]:
    """(what, why) of whatever is not as the platform keeps it: a key's name follows from the key; of each purpose one
    key signs, and each before it stopped when the next was made. What was revoked has leaves of its own."""
    purposes: dict[str, list[Row]] = defaultdict(list)
    for row in keys:
        purposes[row["purpose"]].append(row)
        if row["_id"] != kid_of(row["jwk"]):
            yield f"{KEYS} {row['_id']}", "its name is not the key's"
        if ALGORITHMS.get((row["jwk"].get("kty"), row["jwk"].get("crv"))) != row["alg"]:
            yield f"{KEYS} {row['_id']}", f"it is no key of {row['alg']}"
    signs = {row["_id"]: row["kid"] for row in pointers}
    for purpose in sorted({*purposes, *signs}):
        rows = sorted(purposes[purpose], key=lambda row: (row["since"], row.get("until") or LAST))
        yield from _chain(rows)
        newest = rows[-1]["_id"] if rows else None
        if signs.get(purpose) != newest:
            yield f"{CURRENT} {purpose}", f"it is {signs.get(purpose)}, the newest is {newest}"


def _chain(rows: Sequence[Row]) -> Iterator[tuple[str, str]]:
    for at, row in enumerate(rows, start=1):
        after = rows[at] if at < len(rows) else None
        name, until = f"{KEYS} {row['_id']}", after["since"] if after else None
        if row.get("until") != until:
            yield name, f"it stopped to sign on {row.get('until')}, the next one was made on {until}"
        state = "revoked" if row.get("revoked") else "retired" if after else "current"
        if row["state"] != state:
            yield name, f"it is called {row['state']}, and is {state}"
