"""Photos of people who came through WeChat are shown to its content check. What it says only marks a report for a
person's eye; of who sent them nothing is kept."""

from collections.abc import Sequence
from datetime import timedelta

from backend import gateways
from backend.base import clock
from backend.base.errors import Problem
from backend.domains.complaints.models import Complaint, PhotoCheck
from backend.domains.complaints.service.facts import links

LINK_MINUTES = 60  # WeChat answers within half an hour
GIVEN_UP = timedelta(hours=2)
CHUNK = 100


def ask(openid: str, complaint_id: str, photos: Sequence[str]) -> None:
    """Ask WeChat about these photos. When it cannot be asked, a person looks."""
    settings = gateways.current().settings
    if not settings.wechat_push_token:
        return  # no answer could ever come
    for link in links(photos, minutes=LINK_MINUTES):
        try:
            trace_id = gateways.current().wechat.check_image(openid, settings.public_base_url + link)
        except Problem:
            _look(complaint_id)
            return
        PhotoCheck.insert([PhotoCheck(id=trace_id, complaint_id=complaint_id, created_at=clock.now())])


def photo_checked(trace_id: str, suggest: str) -> bool:
    """WeChat's opinion of one photo; False for one nobody asked about, or that was answered before."""
    known = PhotoCheck.find_one({"_id": trace_id})
    if known is None:
        return False
    if suggest != "pass":
        _look(known.complaint_id)
    return PhotoCheck.delete_many({"_id": trace_id}) > 0


def give_up_photo_checks() -> int:
    """What WeChat has not answered for two hours is for a person. Returns how many."""
    where = {"created_at": {"$lte": clock.now() - GIVEN_UP}}
    late = PhotoCheck.rows(where, ("complaint_id",), limit=CHUNK, sort=[("created_at", 1)])
    for row in late:
        photo_checked(row["_id"], "unanswered")
    return len(late)


def _look(complaint_id: str) -> None:
    Complaint.update_one({"_id": complaint_id}, {"$set": {"review": True}})
