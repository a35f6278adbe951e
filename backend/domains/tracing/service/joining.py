"""What comes under a recall after its order: what was made of its lots meanwhile, goods that arrive, harvests and
inputs that are entered late."""

from collections.abc import Collection, Sequence
from typing import Any

from backend.base import store
from backend.base.actor import region_path
from backend.domains.farming import service as farming
from backend.domains.lots import service as lots
from backend.domains.producers import service as producers
from backend.domains.tracing.models import Recall, RecallLot
from backend.domains.tracing.service.reaching import window_of
from backend.domains.tracing.service.recalling import OPEN, batches_within, named
from backend.domains.tracing.service.withdrawing import GONE

ROWS = 500
MAX_REGIONS = 2000
MOST_INPUTS = 500  # recalls of an input that a late record is held against


def row_of(recall: Recall, lot: lots.LotFacts, step: int) -> dict[str, Any]:
    """What is written down of a lot that is found."""
    return {
        "_id": f"{recall.id}~{lot.id}",
        "recall_id": recall.id,
        "lot_id": lot.id,
        "producer_id": lot.producer_id,
        "step": step,
        "product_name": lot.product_name,
        "unit": lot.unit,
        "base": lot.base,
        "on_hand": lot.balance.on_hand,
        "parents": [parent.lot_id for parent in lot.parents],
        "state": "closed" if recall.drill else "found",
        "pages": 0,
    }


def places_of(holders: Sequence[producers.Named]) -> list[str]:
    """The paths of the counties in which these people are: their officers see the recall."""
    return sorted({part for one in holders for part in region_path(one.region[:6])})


def add(recall: Recall, lot_ids: Sequence[str]) -> int:
    """Put these lots under the recall where they are not yet, in the caller's transaction, and count them, their
    holders and the steps to them; the officers where they are see the recall too. Returns how many are new."""
    there = set(_steps(recall.id, lot_ids))
    fresh = lots.now([lot_id for lot_id in dict.fromkeys(lot_ids) if lot_id not in there])
    if not fresh:
        return 0
    steps = _steps(recall.id, [parent.lot_id for lot in fresh for parent in lot.parents])
    rows = [
        row_of(recall, lot, min((1 + steps[one.lot_id] for one in lot.parents if one.lot_id in steps), default=0))
        for lot in fresh
    ]
    holders = {lot.producer_id for lot in fresh}
    where = {"recall_id": recall.id, "producer_id": {"$in": sorted(holders)}}
    known = {row["producer_id"] for row in RecallLot.every(where, ("producer_id",))}
    for start in range(0, len(rows), ROWS):
        RecallLot.insert_rows(rows[start : start + ROWS])
    grown = {
        "$inc": {"counts.lots": len(rows), "counts.holders": len(holders - known)},
        "$max": {"counts.steps": max(row["step"] for row in rows)},
        "$addToSet": {"regions": {"$each": places_of(named(sorted(holders - known)))}},
    }
    Recall.update_one({"_id": recall.id}, grown)
    return len(rows)


def _steps(recall_id: str, lot_ids: Sequence[str]) -> dict[str, int]:
    """How far those of these lots that are under the recall are from where it begins."""
    wanted = [f"{recall_id}~{lot_id}" for lot_id in dict.fromkeys(lot_ids)]
    found: dict[str, int] = {}
    for start in range(0, len(wanted), ROWS):
        where = {"recall_id": recall_id, "_id": {"$in": wanted[start : start + ROWS]}}
        found |= {row["lot_id"]: row["step"] for row in RecallLot.every(where, ("lot_id", "step"))}
    return found


def on_recalled_lots(batch: Sequence[lots.RecalledLotMade]) -> None:
    """Goods that were on the road when they were recalled have arrived: their new lot is under the recall too."""
    for news in batch:
        store.transaction(lambda current=news: _join(current.recall_id, [current.lot_id]))  # type: ignore[misc]


def _join(recall_id: str, lot_ids: Sequence[str]) -> None:
    """A closed recall opens again when more of its goods turn up; one that was taken back does not."""
    recall = Recall.find_one({"_id": recall_id})
    if recall is None or recall.state in ("ordered", *GONE):  # not found yet: it will be
        return
    if add(recall, lot_ids):
        here = {"_id": recall_id, "state": recall.state}
        Recall.update_one(here, {"$set": {"working": True, "state": "spreading"}})


def on_batches_written(batch: Sequence[farming.RecordsChanged]) -> None:
    """A harvest of a recalled batch, or a recalled input entered late: their lots come under the recall too. The gate
    refuses the first from the start, the second from here on."""
    for news in batch:
        for recall in _of_inputs(farming.inputs_of(news.producer_id, news.batch_id)):
            _mark_late(recall, news.batch_id)
        key = f"batch:{news.batch_id}"
        for recall_id, window in lots.marks_on([key, f"producer:{news.producer_id}"]):
            begun = lots.beginnings([key], window)
            store.transaction(lambda one=recall_id, found=begun: _join(one, found))  # type: ignore[misc]


def _of_inputs(used: Collection[str]) -> list[Recall]:
    """The recalls of these inputs that were not taken back."""
    states = [*OPEN, "closed"]
    where = {"target": "input", "state": {"$in": states}, "target_id": {"$in": list(used)}, "drill": {"$ne": True}}
    return Recall.find(where, limit=MOST_INPUTS) if used else []


def _mark_late(recall: Recall, batch_id: str) -> None:
    if batch_id in batches_within(recall.target_id, recall.region, [batch_id]):
        keys = [key for key in (f"batch:{batch_id}",) if recall.id not in {one for one, _ in lots.marks_on([key])}]
        store.transaction(lambda: lots.mark(recall.id, keys, reason=recall.reason, window=window_of(recall)))
