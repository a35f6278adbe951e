"""The officers' side of acting: one verb, and a table says what is possible when."""

from typing import Any

from backend.base.actor import Actor, region_path
from backend.base.errors import Forbidden, RuleBroken
from backend.domains.accounts import service as accounts
from backend.domains.complaints import rules
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
) -> CaseFacts:
    """Take a step as an officer. `close` needs an outcome, `move` a body, `transfer` a region; clock and history go on.

    Raises NotFound, Forbidden, RuleBroken, StaleVersion.
    """
    step = rules.STEPS[action]
    row = row_for(actor, complaint_id, "complaint:read")
    if not actor.may(step.needs, region=row["region"]):
        raise Forbidden("forbidden", permission=step.needs)
    changes = _changes(action, outcome=outcome, body=body, region=region)
    kept_inside = internal and action == "answer"
    perform(actor, row, action, by="officer", text=text, internal=kept_inside, **changes)
    return facts_of(row_of(complaint_id), timeline(complaint_id))


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
