"""What a person reported while logged in: for their own copy, and without them when they leave."""

from typing import Any

from backend.base.actor import system
from backend.domains.complaints.models import Complaint
from backend.domains.complaints.service.erasing import erase

SHOWN = ("kind", "category", "identity", "text", "place", "region", "state", "contact_sealed", "created_at")
MOST = 1000
CHUNK = 100


def of_account(account_id: str) -> dict[str, Any]:
    """The newest MOST, and whether there are more. Anonymous ones belong to nobody and are not among them."""
    rows = Complaint.rows({"account_id": account_id}, SHOWN, limit=MOST, sort=[("created_at", -1)])
    items = [{**row, "place": row.get("place") or "", "has_contact": bool(row.get("contact_sealed"))} for row in rows]
    return {"items": items, "truncated": len(items) == MOST}


def unlink(account_id: str) -> int:
    """In the caller's transaction: the cases go on without the account, and the closed ones without its contact. The
    register is not told by whom, which would tie them to the account for ever. Returns how many cases there were."""
    changed = 0
    while rows := Complaint.rows({"account_id": account_id}, limit=CHUNK):
        over = [row for row in rows if not row["open"] and row.get("contact_sealed")]
        if over:
            erase(system("account-deletion"), over, reason="person_asked", note="")
        named = {"_id": {"$in": [row["_id"] for row in rows]}}
        changed += Complaint.update_many(named, {"$unset": {"account_id": ""}})
    return changed
