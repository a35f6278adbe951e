"""Taking back a recall that was ordered by mistake. The withdrawal is one small transaction: from its commit on the
marks bind nobody. The worker then frees lots and pages in chunks that can be broken off anywhere and go on."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from backend.base import clock, events, store
from backend.base.actor import Actor, system
from backend.base.errors import NotFound, RuleBroken
from backend.domains.accounts import service as accounts
from backend.domains.certificates import service as certificates
from backend.domains.evidence import service as evidence
from backend.domains.lots import service as lots
from backend.domains.producers import service as producers
from backend.domains.tracing.models import PublicTrace, Recall, RecallLot
from backend.domains.tracing.service import parts
from backend.domains.tracing.service.building import rebuild
from backend.domains.tracing.service.goings import tell_receivers
from backend.domains.tracing.service.recall_news import LotFreed, RecallWithdrawn
from backend.domains.tracing.service.recalling import recall

WITHDRAW = "recall:withdraw"
GONE = ("withdrawing", "withdrawn")
CHUNK = 20  # lots
ME = system("recall")
Row = Mapping[str, Any]


def withdraw(actor: Actor, *, recall_id: str, reason: str, note: str, now: datetime | None = None) -> Recall:
    """Take the recall back, with a code of `recall_withdrawals` and a word for the file, in whatever state it is. Done
    again it answers what is there; a drill stopped nothing, so there is nothing to take back. What ran out of the house
    meanwhile (goods destroyed, sent back) stays so. Raises NotFound, RuleBroken `recall_is_drill`.
    """
    found = recall(actor, recall_id, WITHDRAW)
    if not actor.may(WITHDRAW, region=found.region):
        raise NotFound
    if found.drill:
        raise RuleBroken("recall_is_drill")
    said = {"reason": reason, "note": note, "by": actor.account_id or actor.name}
    store.transaction(lambda: _withdraw(actor, found, said, now or clock.now()))
    return Recall.find_one({"_id": found.id}) or found


def _withdraw(actor: Actor, found: Recall, said: Row, moment: datetime) -> None:
    change = {"state": "withdrawing", "working": True, "withdrawn_at": moment, "withdrawal": said}
    change |= {"attempts": 0, "retry_at": None, "failing_since": None}
    if not Recall.update_one({"_id": found.id, "state": {"$nin": list(GONE)}}, {"$set": change}):
        return  # somebody was first, or it is the same request again
    lots.end(found.id)
    events.publish(RecallWithdrawn(found.id, found.region))
    evidence.append([evidence.Leaf("recall.withdraw", found.id, None, {**said, "at": moment})])
    accounts.note(actor, "recall.withdraw", subjects=[found.id, found.target_id], region=found.region)


def free_chunk(found: Recall) -> int:
    """The next lots are free again where no other recall stands over them, their pages say so, their holders are told.
    Returns how many lots; 0 when nothing is left, and then the recall is withdrawn."""
    rows = _next(found.id)
    if not rows:
        _finish(found)
        return 0
    lot_ids = [row["lot_id"] for row in rows]
    others = store.transaction(lambda: _lift(found, rows))
    restored = 0
    for trace in PublicTrace.every({"lot_id": {"$in": lot_ids}}, ("lot_id", "certificate_id")):
        restored += store.transaction(lambda current=trace: _whiten(found, current))  # type: ignore[misc]
    for page in parts.pages_over(found.id, lot_ids):
        store.transaction(lambda current=page: parts.unmark(found, current))  # type: ignore[misc]
    store.transaction(lambda: _done(found, rows, others, restored))
    return len(rows)


def _next(recall_id: str) -> list[dict[str, Any]]:
    """Those whose pages are red first."""
    for state in ("done", "found"):
        where = {"recall_id": recall_id, "state": state}
        if rows := RecallLot.rows(where, limit=CHUNK, sort=[("recall_id", 1), ("state", 1), ("step", 1)]):
            return rows
    return []


def _lift(found: Recall, rows: Sequence[Row]) -> Mapping[str, Row]:
    others = lots.lift([row["lot_id"] for row in rows], recall_id=found.id)
    told = {row["producer_id"]: row for row in rows if row["state"] == "done"}
    for row in told.values():
        producers.tell_people(
            ME,
            row["producer_id"],
            "recall_withdrawn",
            key=f"recall-withdrawn-{found.id}",
            subject_id=row["lot_id"],
            product=row["product_name"],
            reason=("recall_withdrawals", found.withdrawal["reason"]),
        )
    written = [row for row in rows if row["state"] == "done"]
    events.publish(*(LotFreed(row["lot_id"], row["producer_id"], found.id) for row in written))
    freed = [row["lot_id"] for row in written]
    why = ("recall_withdrawals", found.withdrawal["reason"])
    tell_receivers(freed, "recall_withdrawn", key=f"recall-withdrawn-{found.id}", reason=why)
    return others


def _whiten(found: Recall, trace: Row) -> int:
    """One page in one transaction: it tells the recall that still stands over its lot, or none, and then its
    certificate stands again if it may. Always written, so that a late chunk of the recall cannot redden it after this.
    1 if the certificate stands again."""
    over = lots.recall_over(trace["lot_id"])
    said = {"reason": over["reason"], "at": over["at"]} if over else None
    PublicTrace.update_one({"_id": trace["_id"]}, {"$set": {"recall": said}})
    restored = over is None and certificates.restore(ME, trace["certificate_id"], recall_id=found.id)
    rebuild([trace["_id"]])
    return int(restored)


def _done(found: Recall, rows: Sequence[Row], others: Mapping[str, Row], restored: int) -> None:
    moment, tally = clock.now(), {"freed": 0, "kept": 0}
    for row in rows:
        state = "kept" if row["lot_id"] in others else "freed"
        where = {"recall_id": found.id, "_id": row["_id"], "state": row["state"]}
        tally[state] += RecallLot.update_one(where, {"$set": {"state": state, "done_at": moment}})
    grown = {f"counts.{name}": number for name, number in {**tally, "restored": restored}.items()}
    Recall.update_one({"_id": found.id}, {"$inc": grown})


def _finish(found: Recall) -> None:
    def body() -> None:
        change = {"state": "withdrawn", "working": False}
        if Recall.update_one({"_id": found.id, "state": "withdrawing"}, {"$set": change}):
            accounts.note(ME, "recall.withdrawn", subjects=[found.id], region=found.region)

    store.transaction(body)
