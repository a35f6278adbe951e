"""The reporter's side: whoever holds the receipt follows, answers, rates and may ask once more."""

from collections.abc import Sequence
from typing import Any

from backend.base.actor import Actor
from backend.base.errors import NotFound, RuleBroken
from backend.domains.complaints.models import MAX_PHOTOS, Complaint, Receipt
from backend.domains.complaints.service.facts import CaseFacts, facts_of, timeline
from backend.domains.complaints.service.filing import drop_photos, keep_photos, receipt_key
from backend.domains.complaints.service.steps import perform


def follow(receipt: str) -> CaseFacts:
    """The case as its reporter may see it. Raises NotFound `receipt_unknown`, whatever is wrong with the receipt."""
    row = _row(receipt)
    return facts_of(row, timeline(row["_id"]))


def _row(receipt: str) -> dict[str, Any]:
    """Two reads for a known receipt and two for an unknown one: the answer's time says nothing."""
    known = Receipt.find_one({"_id": receipt_key(receipt)})
    rows = Complaint.rows({"_id": known.complaint_id if known else "-"}, limit=1)
    if not rows:
        raise NotFound("receipt_unknown", field="receipt")
    return rows[0]


def say(actor: Actor, *, receipt: str, text: str, photos: Sequence[bytes] = ()) -> CaseFacts:
    """A message of the reporter. Raises NotFound, RuleBroken."""
    row = _row(receipt)
    if len(photos) > MAX_PHOTOS:
        raise RuleBroken("too_many_files", field="photos", limit=MAX_PHOTOS)
    kept = keep_photos(photos)
    try:
        perform(actor, row, "message", by="reporter", text=text, photos=kept)
    except Exception:
        drop_photos(kept)
        raise
    return follow(receipt)


def rate(actor: Actor, *, receipt: str, stars: int, text: str = "") -> CaseFacts:
    """One to five stars, once. Raises NotFound, RuleBroken."""
    row = _row(receipt)
    if row.get("stars"):
        raise RuleBroken("rated_already")
    perform(actor, row, "rate", by="reporter", text=text, stars=stars)
    return follow(receipt)


def reopen(actor: Actor, *, receipt: str, text: str) -> CaseFacts:
    """Ask for it to be looked at again, once, with a reason. Raises NotFound, RuleBroken."""
    row = _row(receipt)
    if row.get("reopened"):
        raise RuleBroken("reopened_already")
    perform(actor, row, "reopen", by="reporter", text=text, reopened=True, outcome=None)
    return follow(receipt)
