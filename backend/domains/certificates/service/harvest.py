"""May I harvest on that day? The gate's judgements on the log as it stands, before anything is cut."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from backend.base.actor import Actor
from backend.base.errors import Problem, RuleBroken
from backend.domains.certificates import rules
from backend.domains.certificates.service.problems import as_problem
from backend.domains.farming import service as farming
from backend.domains.inputs import service as inputs


@dataclass(frozen=True, slots=True)
class HarvestAnswer:
    """`answer` is the whole in one sentence, `refusals` each reason by itself."""

    batch_id: str
    on: date
    allowed: bool
    answer: Problem
    refusals: Sequence[Problem]
    earliest: date | None
    rulebook_version: str


def may_harvest(actor: Actor, *, batch_id: str, on: date) -> HarvestAnswer:
    """What the gate would say to a harvest on that day, as log, rulebook and officers' words stand; nothing is written.
    Raises NotFound."""
    batch = farming.batch(actor, batch_id)
    land = farming.ground([batch])
    book = inputs.rulebook(farming.registrations(land.records))
    vouched = farming.vouched(record.id for record in land.records if record.uses)
    crop = farming.crop_of(batch.crop)
    decision = rules.foresee(land.own, crop, book, on, vouched, beside=land.put_on(batch.id))
    return HarvestAnswer(
        batch_id=batch_id,
        on=on,
        allowed=decision.allowed,
        answer=RuleBroken(_word(decision), day=on.isoformat(), earliest=_text(decision.earliest)),
        refusals=[as_problem(refusal) for refusal in decision.refusals],
        earliest=decision.earliest,
        rulebook_version=decision.rulebook_version,
    )


def _text(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _word(decision: rules.Decision) -> str:
    if decision.allowed:
        return "harvest_yes"
    return "harvest_wait" if decision.earliest else "harvest_no"
