"""The signed list of certificates that were taken back: noted with the void, published by the worker."""

from datetime import datetime, timedelta
from typing import Any

import rfc8785

from backend.base import clock, store
from backend.base.errors import NotFound
from backend.domains.certificates import rules
from backend.domains.certificates.models import Revocation, RevocationList
from backend.domains.certificates.service.proofs import valid_until
from backend.domains.signing import service as signing

CURRENT = "current"
FORMAT = "longtrace-revoked/1"
REFRESH = timedelta(minutes=15)  # a list without news is signed again, so that its time says how much one knows
CHUNK = 100
NEWS = 1000


def note(code: str, proof: str, moment: datetime) -> None:
    """Remember, in the transaction of the void, that the list must name this code."""
    said = {"month": f"{valid_until(proof):%Y-%m}", "at": moment, "listed": False, "lifted": False}
    Revocation.update_one({"_id": code}, {"$set": said}, upsert=True)


def lift(code: str) -> None:
    """In the transaction that lets a certificate stand again: the next list does not name it."""
    Revocation.update_one({"_id": code}, {"$set": {"listed": False, "lifted": True}})


def publish() -> int:
    """Make the list anew when there is something to add or it is older than REFRESH; 1 if so, for the worker.

    What is not yet `listed` is found by that mark and not by its time: a void that was committed late is not lost.
    """
    moment = clock.now()
    known = RevocationList.find_one({"_id": CURRENT})
    fresh = [row["_id"] for row in Revocation.rows({"listed": False}, ["_id"], limit=NEWS)]
    if known is not None and not fresh and moment - known.as_of < REFRESH:
        return 0
    body = made([*_listed(moment)], moment)
    RevocationList.update_one({"_id": CURRENT}, {"$set": {"as_of": moment, "body": body}}, upsert=True)
    for start in range(0, len(fresh), CHUNK):
        Revocation.update_many({"_id": {"$in": fresh[start : start + CHUNK]}}, {"$set": {"listed": True}})
    return 1


def _listed(moment: datetime) -> list[str]:
    """Every code whose certificate is not past its last month; read with one cursor, there may be very many."""
    this_month = f"{clock.local(moment):%Y-%m}"
    wanted = {"month": {"$gte": this_month}, "lifted": {"$ne": True}}
    return [row["_id"] for row in Revocation.collection().find(wanted, {"_id": 1}, session=store.session())]


def made(codes: list[str], moment: datetime) -> bytes:
    """A compact JWS, a line feed, and the coded set that the JWS names by its hash. Raises as `signing.sign`."""
    count, rice, data = rules.coded(codes)
    shape: dict[str, Any] = {"format": FORMAT, "count": count, "bits": rules.BITS, "rice": rice}
    payload = rfc8785.dumps({**shape, "iat": int(moment.timestamp()), "sha256": rules.digest(data)})
    return signing.sign_jws(signing.current("revocations"), payload).encode() + b"\n" + data


def published() -> tuple[bytes, datetime]:
    """The list and its time. Raises NotFound before the worker made the first."""
    found = RevocationList.find_one({"_id": CURRENT})
    if found is None:
        raise NotFound("revocation_list_not_made")
    return bytes(found.body), found.as_of
