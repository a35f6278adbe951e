"""Who has not declared this year is told so, once: a walk over the producers, a part a turn, in the morning."""

from collections.abc import Sequence
from datetime import time
from typing import Any

from backend.base import clock, store, vocab
from backend.domains.accounts import service as accounts
from backend.domains.inbox import service as inbox
from backend.domains.producers import rules
from backend.domains.producers.models import DeclarationRound, DeclaredSeason, Producer

MORNING, NOON = time(8, 0), time(12, 0)  # China time
CHUNK = 200  # with five seasons each: the most that is read at once


def remind_of_declarations() -> int:
    """In the mornings of the year's time for it: the next CHUNK producers by their ids. Returns how many were told."""
    today, now = clock.today(), clock.local(clock.now()).time()
    if not MORNING <= now < NOON or not rules.is_reminding(vocab.get("declaration_reminders")["year"], today):
        return 0
    year = f"{today:%Y}"
    walk = DeclarationRound.find_one({"_id": year}) or _begin(year)
    if walk.ended:
        return 0
    rows = Producer.rows({"_id": {"$gt": walk.done_to}}, ("name", "status"), limit=CHUNK, sort=[("_id", 1)])
    declared = _declared([row["_id"] for row in rows], today.year)
    told = sum(_tell(row, year) for row in rows if row["status"] != "suspended" and row["_id"] not in declared)
    last = rows[-1]["_id"] if rows else walk.done_to
    DeclarationRound.update_one({"_id": year}, {"$set": {"done_to": last, "ended": len(rows) < CHUNK}})
    return told


def _begin(year: str) -> DeclarationRound:
    DeclarationRound.update_one({"_id": year}, {"$setOnInsert": {"done_to": "", "ended": False}}, upsert=True)
    return DeclarationRound(id=year, done_to="", ended=False)


def _declared(producer_ids: Sequence[str], year: int) -> set[str]:
    """Those of them with any version of the year or of a season in it, whatever became of it; one command."""
    if not producer_ids:
        return set()
    keys = [f"{one}.{season}" for one in producer_ids for season in rules.seasons_of(year)]
    where = {"_id": {"$in": keys}, "producer_id": {"$in": list(producer_ids)}}
    return {row["producer_id"] for row in DeclaredSeason.rows(where, ("producer_id",), limit=len(keys))}


def _tell(row: dict[str, Any], year: str) -> bool:
    people = accounts.people_of(row["_id"], "declaration:submit")
    if people:
        key = f"declare-{row['_id']}-{year}"
        said = {"producer": row["name"], "year": year}
        store.transaction(lambda: inbox.tell(people, "declaration_due", key=key, subject_id=row["_id"], **said))
    return bool(people)
