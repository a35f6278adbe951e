"""What a person reported while logged in: for their own copy, and without them when they leave."""

from typing import Any

from backend.domains.complaints.models import Complaint

SHOWN = ("kind", "category", "identity", "text", "place", "region", "state", "contact_sealed", "created_at")
MOST = 1000
CHUNK = 100


def of_account(account_id: str) -> dict[str, Any]:
    """The newest MOST, and whether there are more. Anonymous ones belong to nobody and are not among them."""
    rows = Complaint.rows({"account_id": account_id}, SHOWN, limit=MOST, sort=[("created_at", -1)])
    items = [{**row, "place": row.get("place") or "", "has_contact": bool(row.get("contact_sealed"))} for row in rows]
    return {"items": items, "truncated": len(items) == MOST}


def unlink(account_id: str) -> int:
    """In the caller's transaction: the cases go on without the account. Returns how many."""
    changed = 0
    while rows := Complaint.rows({"account_id": account_id}, ("_id",), limit=CHUNK):
        named = {"_id": {"$in": [row["_id"] for row in rows]}}
        changed += Complaint.update_many(named, {"$unset": {"account_id": ""}})
    return changed
