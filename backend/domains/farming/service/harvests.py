"""The day from which harvest is lawful, kept on the batch so that the worker finds whom to tell: one indexed read."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, time
from typing import Any

import structlog

from backend.base import clock, store
from backend.domains.accounts import service as accounts
from backend.domains.farming import rules
from backend.domains.farming.models import ProductionBatch
from backend.domains.farming.service.facts import facts_of
from backend.domains.farming.service.reading import registrations
from backend.domains.farming.service.seasons import ground
from backend.domains.farming.service.windows import windows
from backend.domains.inbox import service as inbox
from backend.domains.inputs import service as inputs

log = structlog.get_logger(__name__)
MORNING = time(6, 0)  # China time: before people go to the field, and not at midnight
CHUNK = 100
LOOK_AGAIN = {"$set": {"earliest_harvest_on": "", "harvest_notice": "due"}}


def keep_days(
    producer_id: str, windows: Sequence[Mapping[str, Any]], touched: Collection[str], beside: Collection[str] = ()
) -> None:
    """In the transaction that wrote the log, with one command: the new day of each batch whose uses were touched. The
    open ones `beside` them are looked at anew by the worker, which tells what became of them.

    That it always writes makes two requests on one batch meet, so that neither keeps a day without the other's use.
    """
    today = clock.today()
    ProductionBatch.upsert_many(
        [
            ({"_id": one["batch_id"], "producer_id": producer_id}, _marks(one["earliest_lawful_harvest"], today))
            for one in windows
            if one["batch_id"] in touched
        ]
        + [({"_id": batch_id, "producer_id": producer_id}, LOOK_AGAIN) for batch_id in beside]
    )


def _marks(earliest: date | None, today: date) -> dict[str, Any]:
    """A day to come is news when it comes; one that has passed was told by the answer itself."""
    if earliest is None:
        return {"$unset": {"earliest_harvest_on": "", "harvest_notice": ""}}
    day = {"earliest_harvest_on": earliest.isoformat()}
    if earliest > today:
        return {"$set": {**day, "harvest_notice": "due"}}
    return {"$set": day, "$unset": {"harvest_notice": ""}}


def tell_harvests() -> int:
    """From six in the morning: the next CHUNK open batches whose day has come, each by its log and the rules of now.

    Returns of how many somebody was told.
    """
    today = clock.today()
    if clock.local(clock.now()).time() < MORNING:
        return 0
    where = {"state": "open", "harvest_notice": "due", "earliest_harvest_on": {"$lte": today.isoformat()}}
    due = ProductionBatch.rows(where, limit=CHUNK, sort=[("earliest_harvest_on", 1)])
    return sum(_told(row, today) for row in due)


def _told(row: Mapping[str, Any], today: date) -> bool:
    """One batch that cannot be judged holds up no other."""
    try:
        return store.transaction(lambda: _settle(row, today))
    except Exception:
        log.exception("harvest_notice.failed", batch=row["_id"])
        return False


def _settle(row: Mapping[str, Any], today: date) -> bool:
    batch = facts_of(row)
    land = ground([batch])
    book = inputs.rulebook(registrations(land.records))
    window = windows([batch], {batch.id: land.log(batch.id)}, book)[batch.id]
    seen = {name: row[name] for name in ("_id", "producer_id", "state", "harvest_notice", "earliest_harvest_on")}
    if not ProductionBatch.update_one(seen, _marks(window.earliest, today)):
        return False  # written to meanwhile: the next turn looks again
    if window.earliest is None or not rules.is_news(window, today):
        return False
    day = window.earliest.isoformat()
    people = accounts.people_of(batch.producer_id, "farming:write")
    said = {"product": batch.product_name, "started": batch.started_on.isoformat(), "day": day}
    inbox.tell(people, "phi_ended", key=f"phi-{batch.id}-{day}", subject_id=batch.id, **said)
    return bool(people)
