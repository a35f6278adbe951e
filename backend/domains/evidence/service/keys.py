"""A revoked key is registered as it is revoked, in the very transaction: nobody makes it count again in silence."""

from collections.abc import Sequence
from typing import Any

from backend.domains.evidence.service.appending import Leaf, append
from backend.domains.signing import service as signing


def on_keys_revoked(news: Sequence[signing.KeyRevoked]) -> None:
    append([Leaf("key.revoked", one.kid, None, _row(signing.find(one.kid))) for one in news])


def _row(key: signing.KeyFacts) -> dict[str, Any]:
    """As the key is stored, as far as the form binds it."""
    said = {"at": key.revoked_at, "reason": key.revoked_reason}
    kept = {name: getattr(key, name) for name in ("purpose", "alg", "jwk", "since", "state")}
    return {"_id": key.kid, **kept, "revoked": said}
