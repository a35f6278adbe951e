"""A case as it is shown: to its reporter, or to those who work on it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from backend import gateways
from backend.base import clock, vocab
from backend.base.actor import Actor
from backend.domains.complaints import rules
from backend.domains.complaints.models import ComplaintEntry
from backend.gateways import files

LINK_MINUTES = 15


@dataclass(frozen=True, slots=True)
class Filed:
    """What the reporter is told, once: the receipt is kept nowhere in a readable form."""

    receipt: str
    state: str
    due_on: date | None


@dataclass(frozen=True, slots=True)
class EntryFacts:
    step: str
    by: str
    text: str
    internal: bool
    photos: tuple[str, ...]
    at: datetime


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """`left`: days to the due day in the clock's unit, negative when overdue; `photos` are short-lived links."""

    id: str
    kind: str
    category: str
    identity: str
    text: str
    place: str
    region: str
    trace_code: str | None
    producer_id: str | None
    photos: tuple[str, ...]
    has_contact: bool
    contact_erased_at: datetime | None
    state: str
    review: bool
    due_on: date | None
    provisional: bool
    left: int | None
    nearly: bool
    extended: bool
    reopened: bool
    outcome: str | None
    body: str | None
    stars: int | None
    created_at: datetime
    actions: tuple[str, ...]
    entries: tuple[EntryFacts, ...] = ()

    @property
    def overdue(self) -> bool:
        return self.left is not None and self.left < 0


@cache
def working_calendar() -> rules.Calendar:
    return rules.calendar(list(vocab.get("holiday_years")))


def nearly_until() -> date:
    """The last due day that counts as nearly due."""
    nearly = vocab.get("complaint_clocks")["nearly"]
    return rules.due(clock.today(), int(nearly["days"]), str(nearly["unit"]), working_calendar()).day


def facts_of(
    row: Mapping[str, Any], entries: Sequence[Mapping[str, Any]] = (), *, officer: Actor | None = None
) -> CaseFacts:
    """`actions` are those this officer may take; without one it is the reporter who looks, and internal lines are left
    out."""
    reporter = officer is None
    until = date.fromisoformat(row["due_on"]) if row.get("due_on") else None
    left = days_left(until, (row.get("clock") or {}).get("unit", "working"))
    shown = [entry for entry in entries if not (reporter and entry.get("internal"))]
    return CaseFacts(
        id=row["_id"],
        kind=row["kind"],
        category=row["category"],
        identity=row["identity"],
        text=row["text"],
        place=row.get("place") or "",
        region=row["region"],
        trace_code=row.get("trace_code"),
        producer_id=row.get("producer_id"),
        photos=links(row.get("photos", ())),
        has_contact=bool(row.get("contact_sealed")),
        contact_erased_at=(row.get("contact_erased") or {}).get("at"),
        state=row["state"],
        review=row.get("review", False),
        due_on=until,
        provisional=bool((row.get("clock") or {}).get("provisional")),
        left=left,
        nearly=left is not None and 0 <= left <= int(vocab.get("complaint_clocks")["nearly"]["days"]),
        extended=row.get("extended", False),
        reopened=row.get("reopened", False),
        outcome=row.get("outcome"),
        body=row.get("body"),
        stars=row.get("stars"),
        created_at=row["created_at"],
        actions=rules.possible(row["state"], lambda needs: _may(officer, needs, row["region"])),
        entries=tuple(_entry(entry) for entry in shown),
    )


def _may(officer: Actor | None, needs: str, region: str) -> bool:
    return needs == "reporter" if officer is None else officer.may(needs, region=region)


def days_left(until: date | None, unit: str) -> int | None:
    if until is None:
        return None
    today = clock.today()
    if until < today:
        return -max(rules.left(until, today, unit, working_calendar()), 1)
    return rules.left(today, until, unit, working_calendar())


def _entry(row: Mapping[str, Any]) -> EntryFacts:
    return EntryFacts(
        step=row["step"],
        by=row["by"],
        text=row.get("text", ""),
        internal=row.get("internal", False),
        photos=links(row.get("photos", ())),
        at=row["created_at"],
    )


def links(file_ids: Sequence[str], *, minutes: int = LINK_MINUTES) -> tuple[str, ...]:
    """Signed links to private photos, good for a quarter of an hour unless told otherwise."""
    secret, until = gateways.current().settings.link_secret, clock.now() + timedelta(minutes=minutes)
    return tuple(f"/f/{one}?{files.signed_query(one, 'full', expires_at=until, secret=secret)}" for one in file_ids)


def timeline(complaint_id: str) -> list[dict[str, Any]]:
    where = {"complaint_id": complaint_id}
    return ComplaintEntry.rows(where, sort=[("created_at", 1)], limit=rules.MAX_ENTRIES)
