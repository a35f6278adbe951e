"""The reporter's contact is erased once its case needs it no more (个人信息保护法第四十七条); the case itself stays.

The register's leaf of the complaint as filed binds the contact too. It loses its salt and stays in the tree, an erasure
says who did it and why, and what remains of the complaint gets a leaf of its own: erasing is no way to alter it unseen.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from backend.base import clock, store
from backend.base.actor import Actor
from backend.base.errors import Conflict, Forbidden, RuleBroken
from backend.domains.accounts import service as accounts
from backend.domains.complaints.models import Complaint
from backend.domains.complaints.service.facts import CaseFacts
from backend.domains.complaints.service.reading import case, row_for
from backend.domains.evidence import service as evidence

FILED, REMAINING = "complaint.filed", "complaint.remaining"


def erase_contact(actor: Actor, complaint_id: str, *, reason: str, note: str) -> CaseFacts:
    """Erase the contact of a closed case, with a code of `erasure_reasons` and a word for the file, which holds no
    personal data itself. What is erased already answers as it is.

    Raises NotFound, Forbidden, RuleBroken `complaint_open`, `contact_none`.
    """
    row = row_for(actor, complaint_id, "complaint:read")
    if not actor.may("complaint:erase", region=row["region"]):
        raise Forbidden("forbidden", permission="complaint:erase")
    if not row.get("contact_erased"):
        if row["open"]:
            raise RuleBroken("complaint_open")
        if not row.get("contact_sealed"):
            raise RuleBroken("contact_none")
        store.transaction(lambda: erase(actor, [row], reason=reason, note=note))
    return case(actor, complaint_id)


def erase(actor: Actor, rows: Sequence[Mapping[str, Any]], *, reason: str, note: str) -> None:
    """For these closed cases, in the caller's transaction. Raises Conflict when one was opened again meanwhile."""
    said = {"reason": reason, "note": note, "by": actor.account_id or actor.name, "at": clock.now()}
    named = [row["_id"] for row in rows]
    where = {"_id": {"$in": named}, "open": False, "contact_erased": None}
    change = {"$unset": {"contact_sealed": ""}, "$set": {"contact_erased": said}}
    if Complaint.update_many(where, change) != len(named):
        raise Conflict("complaint_busy")
    evidence.erase(actor, named, reason=reason, kinds=(FILED,))
    evidence.append([evidence.Leaf(REMAINING, row["_id"], None, {**row, "contact_erased": said}) for row in rows])
    for row in rows:
        accounts.note(actor, "complaint.erase", subjects=[row["_id"]], region=row["region"], protected=True)
