"""Certificates of which a part is recalled: goods that are passed on unopened keep the certificates they came with
(ADR 0025), and a recall may begin with a lot further on. Such a certificate is not void: other goods stand under it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from backend.base.actor import system
from backend.domains.certificates import service as certificates
from backend.domains.lots import service as lots
from backend.domains.producers import service as producers
from backend.domains.tracing.models import MAX_PARTS, PublicTrace, Recall, RecallLot
from backend.domains.tracing.service.building import rebuild

ME = system("recall")


@dataclass(slots=True)
class Part:
    """A lot under whose certificates of before `until` the goods of these recalled lots left it."""

    lot_id: str
    until: datetime
    recalled: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a Part."""

    code: str
    certificate_id: str
    part: Part


def pages_over(recall_id: str, lot_ids: Sequence[str]) -> Iterator[Page]:
    """The pages whose certificates these recalled lots came under, but for those of lots that are recalled themselves:
    these are red."""
    found = _covering(lot_ids)
    where = {"recall_id": recall_id, "_id": {"$in": [f"{recall_id}~{lot_id}" for lot_id in found]}}
    red = {row["lot_id"] for row in RecallLot.every(where, ("lot_id",))} if found else set()
    amber = sorted(set(found) - red)
    if amber:
        for trace in PublicTrace.every({"lot_id": {"$in": amber}}, ("lot_id", "certificate_id")):
            yield Page(trace["_id"], trace["certificate_id"], found[trace["lot_id"]])


def _covering(lot_ids: Sequence[str]) -> dict[str, Part]:
    """All that these lots came from unopened and in part under certificates; one command a step back."""
    found: dict[str, Part] = {}
    wave, origins = {lot.id: lot for lot in lots.now(lot_ids)}, {lot_id: {lot_id} for lot_id in lot_ids}
    while wave:
        before = {one.id: one for one in lots.now(sorted({one.lot_id for lot in wave.values() for one in lot.parents}))}
        passed: dict[str, set[str]] = {}
        for lot in wave.values():
            if not certificates.unopened(lot, before):
                continue
            (came,) = lot.parents
            passed.setdefault(came.lot_id, set()).update(origins[lot.id])
            if came.carried:
                part = found.setdefault(came.lot_id, Part(came.lot_id, lot.created_at))
                part.until = max(part.until, lot.created_at)
                part.recalled |= origins[lot.id]
        wave, origins = {lot_id: before[lot_id] for lot_id in passed}, passed
    return found


def mark(recall: Recall, page: Page) -> None:
    """One page in one transaction: it says that a part is recalled, and where to ask; not when the recall was taken
    back, nor of a certificate that was issued after these goods had left."""
    if not Recall.rows({"_id": recall.id, "state": "spreading"}, ("state",), limit=1):
        return
    if certificates.card(page.certificate_id).issued_at > page.part.until:
        return
    said = {"recall_id": recall.id, "reason": recall.reason, "at": recall.created_at, "region": recall.region[:6]}
    where = {"_id": page.code, "parts.recall_id": {"$ne": recall.id}, f"parts.{MAX_PARTS - 1}": {"$exists": False}}
    if PublicTrace.update_one(where, {"$push": {"parts": said}}):
        rebuild([page.code])
        _tell(page, "part_recalled", f"part-recalled-{recall.id}", ("recall_reasons", recall.reason))


def unmark(recall: Recall, page: Page) -> None:
    """The other way, when the recall is taken back. Always written, so that a late chunk cannot mark it after this."""
    marked = {"_id": page.code, "parts.recall_id": recall.id}
    if PublicTrace.update_one(marked, {"$pull": {"parts": {"recall_id": recall.id}}}):
        why = ("recall_withdrawals", recall.withdrawal["reason"])
        _tell(page, "recall_withdrawn", f"recall-withdrawn-{recall.id}", why)
    rebuild([page.code])


def _tell(page: Page, kind: str, key: str, why: tuple[str, str]) -> None:
    (lot,) = lots.now([page.part.lot_id])
    said = {"product": lot.product_name, "reason": why}
    producers.tell_people(ME, lot.producer_id, kind, key=key, subject_id=lot.id, **said)
