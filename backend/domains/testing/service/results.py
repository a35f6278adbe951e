"""Verbs of testing: record a result, read results. A failing one stops its lot in the same transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from backend.base import clock, events, ids, store
from backend.base.actor import Actor
from backend.base.documents import MAX_FOUND, Duplicate
from backend.base.errors import NotFound, RuleBroken
from backend.domains.accounts import service as accounts
from backend.domains.evidence import service as evidence
from backend.domains.lots import service as lots
from backend.domains.producers import service as producers
from backend.domains.testing import rules
from backend.domains.testing.models import TestResult
from backend.domains.testing.service.labs import lab as laboratory


@dataclass(frozen=True)
class ResultRecorded(events.Event):
    result_id: str
    lot_id: str
    producer_id: str
    verdict: str


@dataclass(frozen=True, slots=True)
class ResultFacts:
    """One report. `items` as stored: numbers are text, a value of None is not detected."""

    id: str
    producer_id: str
    lot_id: str
    kind: str
    lab: str
    lab_id: str | None
    report_no: str
    sampled_on: date
    reported_on: date
    valid_until: date | None
    items: tuple[Mapping[str, Any], ...]
    verdict: str
    recorded_at: datetime

    @property
    def analytes(self) -> frozenset[str]:
        return frozenset(item["analyte"] for item in self.items)


def record(
    actor: Actor,
    *,
    lot_id: str,
    client_id: str,
    kind: str,
    lab: str = "",
    lab_id: str | None = None,
    report_no: str,
    sampled_on: date,
    reported_on: date,
    valid_until: date | None = None,
    items: Sequence[Mapping[str, Any]],
) -> ResultFacts:
    """Keep a report on a lot; verdicts follow from values and limits. A repeated client id answers what is there."""
    known = lots.lot(actor, lot_id, "test:record")
    rules.check_days(sampled_on=sampled_on, reported_on=reported_on, today=clock.today())
    rules.check_valid_until(reported_on=reported_on, valid_until=valid_until)
    named = laboratory(lab_id).name if lab_id else lab
    if not named:
        raise RuleBroken("lab_missing", field="lab")
    judged = [{**item, "verdict": rules.judge(item)} for item in items]
    result = TestResult(
        id=ids.owned(known.producer_id, client_id),
        producer_id=known.producer_id,
        lot_id=lot_id,
        kind=kind,
        lab=named,
        lab_id=lab_id,
        report_no=report_no,
        sampled_on=sampled_on.isoformat(),
        reported_on=reported_on.isoformat(),
        valid_until=valid_until.isoformat() if valid_until else None,
        items=[_plain(item) for item in judged],
        verdict=rules.verdict(item["verdict"] for item in judged),
        recorded_by=actor.account_id or actor.name,
        created_at=clock.now(),
    )
    try:
        store.transaction(lambda: _keep(actor, result, known))
    except Duplicate:
        there = TestResult.find_one({"producer_id": known.producer_id, "_id": result.id})
        return facts_of((there or result).to_mongo())
    return facts_of(result.to_mongo())


def _plain(item: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value if value is None else str(value) for key, value in item.items()}


def _keep(actor: Actor, result: TestResult, known: lots.LotFacts) -> None:
    TestResult.insert([result])
    evidence.append([evidence.Leaf("testing.result", result.id, result.producer_id, result.to_mongo())])
    accounts.note(actor, "test.record", subjects=[result.id, result.lot_id], producer_id=result.producer_id)
    if result.verdict == rules.FAIL:
        lots.stop(actor, known, reason="test_failed", note=result.report_no)
    events.publish(ResultRecorded(result.id, result.lot_id, result.producer_id, result.verdict))


def results(lot_ids: Sequence[str]) -> list[ResultFacts]:
    """The reports on these lots, of any producers, oldest first; one command a thousand lots."""
    found: list[ResultFacts] = []
    for start in range(0, len(lot_ids), MAX_FOUND):
        some = list(lot_ids[start : start + MAX_FOUND])
        owners = sorted({ids.owner_of(lot_id) for lot_id in some})
        where = {"producer_id": {"$in": owners}, "lot_id": {"$in": some}}
        found += [facts_of(row) for row in TestResult.every(where, sort=[("created_at", 1)])]
    return found


def results_after(after: str, size: int) -> list[ResultFacts]:
    """For walks of the worker over all producers: the next reports by their id."""
    return [facts_of(row) for row in TestResult.rows({"_id": {"$gt": after}}, limit=size, sort=[("_id", 1)])]


def lot_of(result_id: str) -> str:
    """The lot a report is about. For features above. Raises NotFound."""
    rows = TestResult.rows({"producer_id": ids.owner_of(result_id), "_id": result_id}, ("lot_id",), limit=1)
    if not rows:
        raise NotFound
    return str(rows[0]["lot_id"])


def results_of(actor: Actor, *, lot_id: str) -> list[ResultFacts]:
    """The reports on a lot the actor may see. Raises NotFound."""
    producers.door(actor, ids.owner_of(lot_id), "test:read")
    known = lots.facts(lot_id)
    return results([known.id])


def facts_of(row: Mapping[str, Any]) -> ResultFacts:
    return ResultFacts(
        id=row["_id"],
        producer_id=row["producer_id"],
        lot_id=row["lot_id"],
        kind=row["kind"],
        lab=row["lab"],
        lab_id=row.get("lab_id"),
        report_no=row["report_no"],
        sampled_on=date.fromisoformat(row["sampled_on"]),
        reported_on=date.fromisoformat(row["reported_on"]),
        valid_until=date.fromisoformat(row["valid_until"]) if row.get("valid_until") else None,
        items=tuple(row["items"]),
        verdict=row["verdict"],
        recorded_at=row["created_at"],
    )
