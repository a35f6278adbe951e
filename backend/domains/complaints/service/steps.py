"""One step of a case, whoever takes it: checked, written with its line, its clock and its audit in one transaction."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from backend.base import clock, ids, store, vocab
from backend.base.actor import ANONYMOUS, Actor
from backend.base.errors import RuleBroken, StaleVersion
from backend.domains.accounts import service as accounts
from backend.domains.complaints import rules
from backend.domains.complaints.models import Complaint, ComplaintEntry
from backend.domains.complaints.service.facts import working_calendar
from backend.domains.evidence import service as evidence
from backend.domains.inbox import service as inbox


def started(name: str, day: date) -> dict[str, Any]:
    """A clock of the vocabulary `complaint_clocks` that begins after `day`, as the fields it sets."""
    term = vocab.get("complaint_clocks")[name]
    return _set(day, int(term["days"]), str(term["unit"]))


def handling(row: Mapping[str, Any]) -> str:
    """The clock of handling this case: its category's own, where the vocabulary has one, else its kind's."""
    own = f"{row['kind']}.{row['category']}"
    return own if own in vocab.get("complaint_clocks") else str(row["kind"])


def _set(day: date, days: int, unit: str) -> dict[str, Any]:
    found = rules.due(day, days, unit, working_calendar())
    kept = {"unit": unit, "days": days, "started_on": day.isoformat(), "provisional": found.provisional}
    return {"clock": kept, "due_on": found.day.isoformat()}


def recounted(row: Mapping[str, Any]) -> dict[str, Any]:
    """The same clock by the holidays that are known now."""
    kept = row["clock"]
    return _set(date.fromisoformat(kept["started_on"]), int(kept["days"]), kept["unit"])


def _clock(step: rules.Step, row: Mapping[str, Any]) -> dict[str, Any]:
    today, kept = clock.today(), row.get("clock") or {}
    if step.clock == "accept":
        return started("accept", today)
    if step.clock == "handle":
        return started(handling(row), today)
    if step.clock == "extend":
        return _extended(row)
    if step.clock == "pause":
        left = rules.left(today, date.fromisoformat(row["due_on"]), kept["unit"], working_calendar())
        return {"clock": {**kept, "left": left}, "due_on": ""}
    if step.clock == "resume":
        return _set(today, int(kept["left"]), kept["unit"])
    return {"clock": {}, "due_on": ""} if step.clock == "stop" else {}


def _extended(row: Mapping[str, Any]) -> dict[str, Any]:
    more = int(vocab.get("complaint_clocks")[handling(row)].get("extend", 0))
    if row.get("extended") or not more:
        raise RuleBroken("extended_already")
    kept = row["clock"]
    return _set(date.fromisoformat(kept["started_on"]), int(kept["days"]) + more, kept["unit"]) | {"extended": True}


def perform(
    actor: Actor,
    row: Mapping[str, Any],
    action: str,
    *,
    by: str,
    text: str = "",
    internal: bool = False,
    photos: Sequence[str] = (),
    entry_id: str | None = None,
    **changes: Any,
) -> None:
    """Take the step; its line gets `entry_id` where a retry must be known again.

    Raises RuleBroken when it is not possible, StaleVersion when somebody was faster, Duplicate for a known `entry_id`.
    """
    step = rules.check(action, row["state"], text)
    if row["entries"] >= rules.MAX_ENTRIES:
        raise RuleBroken("conversation_full")
    state = step.to or row["state"]
    fields = {"state": state, "open": state in rules.OPEN, **_clock(step, row), **changes}
    entry = ComplaintEntry(
        id=entry_id or ids.token(),
        complaint_id=row["_id"],
        step=action,
        by=by,
        account_id=actor.account_id if by == "officer" else None,
        state=state,
        region=changes.get("region", row["region"]),
        text=text.strip(),
        internal=internal,
        photos=list(photos),
        created_at=clock.now(),
    )
    store.transaction(lambda: _write(actor, row, fields, entry))


def _write(actor: Actor, row: Mapping[str, Any], fields: Mapping[str, Any], entry: ComplaintEntry) -> None:
    guard = {"_id": row["_id"], "version": row["version"]}
    if not Complaint.update_one(guard, {"$set": dict(fields), "$inc": {"version": 1, "entries": 1}}):
        raise StaleVersion("version_stale")
    ComplaintEntry.insert([entry])
    evidence.append([evidence.Leaf("complaint.step", entry.id, None, entry.to_mongo())])
    accounts.note(writer(actor, row, entry.by), f"complaint.{entry.step}", subjects=[row["_id"]], region=row["region"])
    if row.get("account_id") and entry.by != "reporter" and not entry.internal:
        key, state = f"complaint-{row['_id']}-{row['version']}", ("complaint_states", fields["state"])
        inbox.tell([row["account_id"]], "complaint_moved", key=key, step=("complaint_steps", entry.step), state=state)


def writer(actor: Actor, row: Mapping[str, Any], by: str) -> Actor:
    """Who the audit trail names: nobody, for a reporter who wants to be nobody, whoever is logged in."""
    return ANONYMOUS if by == "reporter" and row["identity"] == "anonymous" else actor
