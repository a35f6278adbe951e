"""The officers' side of acting: one verb, and a table says what is possible when."""

from typing import Any

from backend.base.actor import Actor, region_path
from backend.base.documents import Duplicate
from backend.base.errors import Forbidden, NotFound, Problem, RuleBroken
from backend.domains.accounts import service as accounts
from backend.domains.complaints import rules
from backend.domains.complaints.models import ComplaintEntry
from backend.domains.complaints.service.facts import CaseFacts, facts_of, timeline
from backend.domains.complaints.service.reading import row_for, row_of
from backend.domains.complaints.service.steps import perform


def act(
    actor: Actor,
    complaint_id: str,
    *,
    action: str,
    text: str = "",
    internal: bool = False,
    outcome: str | None = None,
    body: str | None = None,
    region: str | None = None,
    client_id: str | None = None,
) -> CaseFacts:
    """Take a step as an officer. `close` needs an outcome, `move` a body, `transfer` a region; clock and history go on.

    The same officer's `client_id` on the same case is one step: sent again it writes nothing and answers with the case.
    Raises NotFound, Forbidden, RuleBroken, StaleVersion.
    """
    said: dict[str, Any] = {"text": text, "internal": internal, "outcome": outcome, "body": body, "region": region}
    if client_id is None:
        return _act(actor, complaint_id, action, None, **said)
    entry_id = f"{complaint_id}.{actor.account_id}.{client_id}"
    if there := _taken(actor, complaint_id, entry_id):
        return there
    try:
        return _act(actor, complaint_id, action, entry_id, **said)
    except (Problem, Duplicate):  # the same step twice at once: the other one may have taken it meanwhile
        if there := _taken(actor, complaint_id, entry_id):
            return there
        raise


def _taken(actor: Actor, complaint_id: str, entry_id: str) -> CaseFacts | None:
    """The case, if the actor took this very step before. Who passed it on to another region sees it as they left it;
    once it has moved on, NotFound."""
    mine = ComplaintEntry.rows({"_id": entry_id, "complaint_id": complaint_id}, ("created_at",), limit=1)
    if not mine:
        return None
    row, lines = row_of(complaint_id), timeline(complaint_id)
    later = any(line["created_at"] > mine[0]["created_at"] for line in lines)
    if later and not actor.may("complaint:read", region=row["region"]):
        raise NotFound
    return facts_of(row, lines, officer=actor)


def _act(
    actor: Actor,
    complaint_id: str,
    action: str,
    entry_id: str | None,
    *,
    text: str,
    internal: bool,
    **given: str | None,
) -> CaseFacts:
    step = rules.STEPS[action]
    row = row_for(actor, complaint_id, "complaint:read")
    if not actor.may(step.needs, region=row["region"]):
        raise Forbidden("forbidden", permission=step.needs)
    kept_inside = internal and action == "answer"
    changes = _changes(action, **given)
    perform(actor, row, action, by="officer", text=text, internal=kept_inside, entry_id=entry_id, **changes)
    return facts_of(row_of(complaint_id), timeline(complaint_id), officer=actor)


def _changes(action: str, *, outcome: str | None, body: str | None, region: str | None) -> dict[str, Any]:
    if action == "close":
        if outcome is None:
            raise RuleBroken("outcome_missing", field="outcome")
        return {"outcome": outcome}
    if action == "move":
        if body is None:
            raise RuleBroken("body_missing", field="body")
        return {"body": body}
    if action == "transfer":
        if region is None:
            raise RuleBroken("body_missing", field="region")
        there = accounts.check_region(region, levels=("county", "township")).code
        return {"region": there, "region_path": region_path(there)}
    return {}
