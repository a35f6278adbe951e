"""The worker's part of a recall: finds everything it reaches, then turns pages red and tells the holders, in chunks
that can be broken off anywhere and go on where they were. One that is taken back is `withdrawing`'s."""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import timedelta
from functools import partial
from typing import Any

import structlog

from backend.base import clock, events, store
from backend.base.actor import region_path, system
from backend.base.documents import Duplicate
from backend.domains.accounts import service as accounts
from backend.domains.certificates import service as certificates
from backend.domains.inbox import service as inbox
from backend.domains.lots import service as lots
from backend.domains.producers import service as producers
from backend.domains.tracing.models import PublicTrace, Recall, RecallLot
from backend.domains.tracing.service import parts
from backend.domains.tracing.service.building import rebuild
from backend.domains.tracing.service.goings import tell_receivers
from backend.domains.tracing.service.joining import MAX_REGIONS, ROWS, add, places_of, row_of
from backend.domains.tracing.service.reaching import keys_of, reach, window_of
from backend.domains.tracing.service.recall_news import LotRecalled
from backend.domains.tracing.service.withdrawing import free_chunk

log = structlog.get_logger(__name__)
CHUNK = 20  # lots
TURN_SECONDS, CHUNKS_A_TURN = 5.0, 1000
LONGEST_PAUSE = timedelta(minutes=1)
TELL_AFTER = 5  # failures in a row, about ten seconds: then whoever ordered it is told
MOST_LEFT = 200  # lots whose pages failed in one turn
ME = system("recall")
Row = Mapping[str, Any]


class PagesLeftError(Exception):
    """All was dealt with but for these many lots, of which a page could not be told; the next turns try them again."""


def spread_recalls(*, chunks: int = CHUNKS_A_TURN) -> int:
    """Go on with every open recall for some seconds or chunks, the oldest first; one that fails holds up no other, and
    is tried again for ever, after a longer pause each time. Returns how many lots were dealt with."""
    moment = clock.now()
    due = {"working": True, "created_at": {"$lte": moment}, "retry_at": {"$not": {"$gt": moment}}}
    working = Recall.find(due, limit=20, sort=[("created_at", 1)])
    return sum(_go_on(recall, chunks) for recall in working)


def _go_on(recall: Recall, chunks: int) -> int:
    try:
        done = _turn(recall, chunks)
    except Exception:
        log.exception("recall.failed", recall=recall.id)
        store.transaction(lambda: _pause(recall))
        return 0
    if recall.attempts:
        Recall.update_one({"_id": recall.id}, {"$set": {"attempts": 0, "retry_at": None, "failing_since": None}})
    return done


def _turn(recall: Recall, chunks: int) -> int:
    if recall.state == "ordered":
        _find(recall)
        recall = Recall.find_one({"_id": recall.id}) or recall
    done, until, left = 0, time.monotonic() + TURN_SECONDS, set[str]()
    deal = free_chunk if recall.state == "withdrawing" else partial(_chunk, left=left)
    for _ in range(chunks if recall.state in ("spreading", "withdrawing") else 0):
        if not (dealt := deal(recall)):
            break
        done += dealt
        if time.monotonic() >= until or len(left) >= MOST_LEFT:
            break
    if left:
        raise PagesLeftError(recall.id, len(left))
    return done


def _pause(recall: Recall) -> None:
    """Again at once, then after a second, three, seven … at most LONGEST_PAUSE; who ordered it is told once."""
    attempts, moment = recall.attempts + 1, clock.now()
    pause = min(timedelta(seconds=2 ** min(recall.attempts, 10) - 1), LONGEST_PAUSE)
    since = recall.failing_since or moment
    change = {"attempts": attempts, "retry_at": moment + pause, "failing_since": since}
    Recall.update_one({"_id": recall.id}, {"$set": change})
    if attempts >= TELL_AFTER:
        what = ("recall_targets", recall.target)
        inbox.tell([recall.by], "recall_stuck", key=f"recall-stuck-{recall.id}", subject_id=recall.id, what=what)


def _find(recall: Recall) -> None:
    """Find all, by steps, and take the time; then write down what was found. Done again it writes the same."""
    began = time.monotonic()
    reached = reach(keys_of(recall), window_of(recall))
    took = int((time.monotonic() - began) * 1000)
    found, holders = reached.found, reached.holders
    rows = [row_of(recall, one.lot, one.step) for one in found]
    for start in range(0, len(rows), ROWS):
        try:
            RecallLot.insert_rows(rows[start : start + ROWS])
        except Duplicate:  # written before it broke off
            log.info("recall.found_again", recall=recall.id)
    counts = {
        "lots": len(found),
        "holders": len(holders),
        "steps": max((one.step for one in found), default=0),
        "done": 0,
        "pages": 0,
    }
    regions = sorted({*region_path(recall.region), *places_of(holders)})[:MAX_REGIONS]
    state = "closed" if recall.drill else "spreading"
    change = {"state": state, "working": not recall.drill, "counts": counts, "found_ms": took, "regions": regions}
    Recall.update_one({"_id": recall.id, "state": "ordered"}, {"$set": {**change, "found_at": clock.now()}})
    log.info("recall.found", recall=recall.id, drill=recall.drill, milliseconds=took, **counts)


def _chunk(recall: Recall, left: set[str]) -> int:
    """The next lots: the recall is written on them, what was made of them meanwhile is added, their pages turn red,
    their holders are told. Returns how many lots; 0 when nothing is left, or when it was taken back meanwhile. Lots
    of which a page failed go to `left`, and hold up no other."""
    where: dict[str, Any] = {"recall_id": recall.id, "state": "found"}
    if left:
        where["lot_id"] = {"$nin": sorted(left)}
    rows = RecallLot.rows(where, limit=CHUNK, sort=[("recall_id", 1), ("state", 1), ("step", 1)])
    if not rows:
        _finish(recall)
        return 0
    lot_ids = [row["lot_id"] for row in rows]
    if not store.transaction(lambda: _stop(recall, rows, lot_ids)):
        return 0
    pages = dict.fromkeys(lot_ids, 0)
    for trace in PublicTrace.every({"lot_id": {"$in": lot_ids}}, ("lot_id", "certificate_id")):
        if _page(recall, partial(_redden, recall, trace), [trace["lot_id"]], left):
            pages[trace["lot_id"]] += 1
    for page in parts.pages_over(recall.id, lot_ids):
        _page(recall, partial(parts.mark, recall, page), page.part.recalled, left)
    told = [row for row in rows if row["lot_id"] not in left]
    store.transaction(lambda: _done(recall, told, pages))
    return len(rows)


def _page(recall: Recall, tell: Callable[[], None], lot_ids: Iterable[str], left: set[str]) -> bool:
    """One page in one transaction; when it fails, the lots for which it is told are left for another turn."""
    try:
        store.transaction(tell)
    except Exception:
        log.exception("recall.page_failed", recall=recall.id)
        left |= set(lot_ids)
        return False
    return True


def _stop(recall: Recall, rows: Sequence[Row], lot_ids: Sequence[str]) -> bool:
    """False when it was taken back: its lots are free, and stay so."""
    if not Recall.update_one({"_id": recall.id, "state": "spreading"}, {"$set": {"touched": clock.now()}}):
        return False
    children = lots.write_recall(lot_ids, recall_id=recall.id, reason=recall.reason, at=recall.created_at)
    add(recall, children)
    for row in {one["producer_id"]: one for one in rows}.values():
        producers.tell_people(
            ME,
            row["producer_id"],
            "lot_recalled",
            key=f"recall-{recall.id}",
            subject_id=row["lot_id"],
            product=row["product_name"],
            reason=("recall_reasons", recall.reason),
        )
    events.publish(*(LotRecalled(row["lot_id"], row["producer_id"], recall.id, recall.reason) for row in rows))
    why = ("recall_reasons", recall.reason)
    tell_receivers(lot_ids, "shipment_recalled", key=f"recall-road-{recall.id}", reason=why)
    return True


def _redden(recall: Recall, trace: Row) -> None:
    """One page in one transaction, with its certificate: void from now on; neither, when the recall was taken back."""
    if not Recall.rows({"_id": recall.id, "state": "spreading"}, ("state",), limit=1):
        return
    said = {"reason": recall.reason, "at": recall.created_at}
    PublicTrace.update_one({"_id": trace["_id"], "recall": None}, {"$set": {"recall": said}})
    if certificates.card(trace["certificate_id"]).state == "valid":
        certificates.void(ME, trace["certificate_id"], reason="recalled", note=recall.id)  # tells the page anew
    else:
        rebuild([trace["_id"]])


def _done(recall: Recall, rows: Sequence[Row], pages: Mapping[str, int]) -> None:
    moment, finished = clock.now(), 0
    for row in rows:
        change = {"state": "done", "pages": pages[row["lot_id"]], "done_at": moment}
        where = {"recall_id": recall.id, "_id": row["_id"], "state": "found"}
        finished += RecallLot.update_one(where, {"$set": change})
    grown = {"counts.done": finished, "counts.pages": sum(pages.values())}
    Recall.update_one({"_id": recall.id}, {"$inc": grown})


def _finish(recall: Recall) -> None:
    """Nothing is left: said with the guard that nothing was added at this moment."""

    def body() -> None:
        if not RecallLot.rows({"recall_id": recall.id, "state": "found"}, ("state",), limit=1):
            change = {"state": "spread", "working": False, "spread_at": clock.now()}
            Recall.update_one({"_id": recall.id, "state": "spreading"}, {"$set": change})
            accounts.note(ME, "recall.spread", subjects=[recall.id], region=recall.region)

    store.transaction(body)
