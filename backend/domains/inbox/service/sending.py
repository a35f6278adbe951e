"""Sending outside: claimed and paid for first, then sent, so that nothing is ever sent twice."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import structlog

from backend import gateways
from backend.base import clock, store
from backend.base.errors import Problem
from backend.domains.accounts import service as accounts
from backend.domains.inbox import rules
from backend.domains.inbox.models import Consent, Notice

log = structlog.get_logger(__name__)
CHUNK = 50


def send_due() -> int:
    """Send what is due, at most CHUNK a call. Returns how many WeChat took."""
    where = {"outside": "due", "due_at": {"$lte": clock.now()}}
    return sum(_send(row) for row in Notice.rows(where, limit=CHUNK, sort=[("due_at", 1)]))


def _send(row: Mapping[str, Any]) -> bool:
    if not store.transaction(lambda: _claim(row)):
        return False
    outcome = rules.outcome(_delivered(row), row["attempts"] + 1)
    store.transaction(lambda: _settle(row, outcome))
    return outcome.outside == "sent"


def _claim(row: Mapping[str, Any]) -> bool:
    """Whether this worker may send it: nobody else took it, consent was left, and today is not full."""
    guard = {"_id": row["_id"], "outside": "due", "attempts": row["attempts"]}
    today = f"{clock.today()}"
    full = len(Notice.rows({"account_id": row["account_id"], "sent_on": today}, ("_id",), limit=rules.PER_DAY))
    agreed = full < rules.PER_DAY and Consent.update_one(
        {"_id": f"{row['account_id']}.{row['kind']}", "count": {"$gt": 0}}, {"$inc": {"count": -1}}
    )
    change = {"outside": "sending", "sent_on": today} if agreed else {"outside": "none"}
    taken = Notice.update_one(guard, {"$set": change, "$inc": {"attempts": 1}})
    if not taken and agreed:  # another worker was faster: what was spent is given back
        _give_back(row)
    return taken and agreed


def _give_back(row: Mapping[str, Any]) -> None:
    Consent.update_one({"_id": f"{row['account_id']}.{row['kind']}"}, {"$inc": {"count": 1}})


def _delivered(row: Mapping[str, Any]) -> str | None:
    """None when WeChat took it, else the reason word."""
    openid = accounts.openid_of(row["account_id"])
    if openid is None:
        return rules.NOT_AGREED
    outside = gateways.current()
    template = rules.templates(outside.settings.wechat_templates).get(row["kind"], "")
    data = rules.template_data(row["kind"], row["params"], clock.local(row["created_at"]))
    try:
        outside.wechat.send_notice(openid, template, data)
    except Problem as problem:
        log.warning("notice.not_sent", kind=row["kind"], reason=problem.reason)
        return problem.reason
    return None


def _settle(row: Mapping[str, Any], outcome: rules.Outcome) -> None:
    due = clock.now() + (outcome.again_in or timedelta())
    change: dict[str, Any] = {"$set": {"outside": outcome.outside, "due_at": due}}
    if outcome.outside != "sent":
        change["$unset"] = {"sent_on": ""}
    Notice.update_one({"_id": row["_id"], "outside": "sending"}, change)
    if outcome.outside == "due":
        _give_back(row)
    if outcome.outside == "refused":
        Consent.update_one({"_id": f"{row['account_id']}.{row['kind']}"}, {"$set": {"count": 0}})
