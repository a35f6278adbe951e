"""What a rulebook version would change before it is in force: every open batch and every lot with something left to
certify is judged by the version in force and by the new one. The worker walks in chunks; a stop loses nothing."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from backend.base import clock, store
from backend.base.actor import Actor
from backend.base.documents import Page
from backend.base.errors import Forbidden, NotFound, RuleBroken
from backend.domains.accounts import service as accounts
from backend.domains.certificates import rules
from backend.domains.certificates.models import RulebookChange, RulebookImpact
from backend.domains.farming import rules as farming_rules
from backend.domains.farming import service as farming
from backend.domains.inputs import service as inputs
from backend.domains.lots import service as lots

CHUNK = 50
STAGES = ("batches", "lots")
LOOKED_AT = ("draft", "approved", "scheduled")


@dataclass(frozen=True, slots=True)
class ImpactFacts:
    """How far the walk has come: `state` running or done, `seen` and `changed` by kind. `against`: the version that was
    in force when it began; when another comes into force meanwhile, it must be walked again."""

    version: str
    against: str
    state: str
    stage: str
    seen: Mapping[str, int]
    changed: Mapping[str, int]
    started_at: datetime
    finished_at: datetime | None


@dataclass(frozen=True, slots=True)
class Verdict:
    """`reasons` are the gate's codes; `earliest` the first lawful day where only waiting is needed."""

    allowed: bool
    reasons: tuple[str, ...]
    earliest: str | None


def start(actor: Actor, version: str) -> ImpactFacts:
    """Begin to walk, or begin anew after another version came into force. A walk that runs is left to run.

    Raises NotFound, Forbidden, RuleBroken `rulebook_not_reviewable` for a version that is not to come into force.
    """
    if not actor.holds("rulebook:review"):
        raise Forbidden("forbidden", permission="rulebook:review")
    if inputs.version(version).state not in LOOKED_AT:
        raise RuleBroken("rulebook_not_reviewable")
    against = inputs.active_version()
    known = RulebookImpact.find_one({"_id": version})
    if known is None or known.against != against or known.state == "done":
        store.transaction(lambda: _begin(actor, version, against))
    return impact(version)


def _begin(actor: Actor, version: str, against: str) -> None:
    fresh = {
        "against": against,
        "state": "running",
        "stage": STAGES[0],
        "after": "",
        "seen": dict.fromkeys(STAGES, 0),
        "changed": dict.fromkeys(STAGES, 0),
        "started_by": actor.account_id or actor.name,
        "started_at": clock.now(),
        "finished_at": None,
    }
    RulebookImpact.update_one({"_id": version}, {"$set": fresh, "$inc": {"run": 1}}, upsert=True)
    accounts.note(actor, "rulebook.impact", subjects=[version, against])


def impact(version: str) -> ImpactFacts:
    """Raises NotFound."""
    known = RulebookImpact.find_one({"_id": version})
    if known is None:
        raise NotFound
    return ImpactFacts(
        version=known.id,
        against=known.against,
        state=known.state,
        stage=known.stage,
        seen=known.seen,
        changed=known.changed,
        started_at=known.started_at,
        finished_at=known.finished_at,
    )


def changes(
    version: str, *, kind: str | None = None, cursor: str | None = None, size: int = 50
) -> Page[RulebookChange]:
    """What would get another verdict, newest found first. Raises NotFound."""
    known = RulebookImpact.find_one({"_id": version})
    if known is None:
        raise NotFound
    where = {"version": version, "run": known.run, **({"kind": kind} if kind else {})}
    return RulebookChange.page(where, cursor=cursor, size=size)


def walk() -> int:
    """A turn of the worker: the next chunk of each walk; returns how many things were judged."""
    return sum(_advance(row) for row in RulebookImpact.rows({"state": "running"}, limit=3))


def _advance(row: Mapping[str, Any]) -> int:
    """One chunk: what was found and how far it got, in one transaction."""
    stage, found = row["stage"], _next(row["stage"], row["after"])
    made = list(_judged(row, stage, found))
    last = len(found) < CHUNK
    change: dict[str, Any] = {"after": found[-1].id if found and not last else ""}
    if last and stage == STAGES[-1]:
        change |= {"state": "done", "finished_at": clock.now()}
    elif last:
        change |= {"stage": STAGES[STAGES.index(stage) + 1]}
    grown = {f"seen.{stage}": len(found), f"changed.{stage}": len(made)}
    where = {name: row[name] for name in ("_id", "run", "stage", "after", "state")}

    def keep() -> None:
        if RulebookImpact.update_one(where, {"$set": change, "$inc": grown}):
            RulebookChange.insert(made)
            if change.get("state") == "done":
                inputs.impact_seen(row["_id"], against=row["against"])

    store.transaction(keep)
    return len(found)


def _next(stage: str, after: str) -> Sequence[Any]:
    return farming.open_batches(after, CHUNK) if stage == "batches" else lots.uncertified(after, CHUNK)


def _judged(row: Mapping[str, Any], stage: str, found: Sequence[Any]) -> Iterator[RulebookChange]:
    pairs = _batches(row, found) if stage == "batches" else _lots(row, found)
    for subject, before, after in pairs:
        if before != after:
            yield RulebookChange(
                id=f"{row['_id']}~{row['run']}~{stage}~{subject.id}",
                version=row["_id"],
                run=row["run"],
                kind=stage,
                subject_id=subject.id,
                producer_id=subject.producer_id,
                product_name=subject.product_name,
                before=_kept(before),
                after=_kept(after),
                created_at=clock.now(),
            )


def _kept(verdict: Verdict) -> dict[str, Any]:
    return {"allowed": verdict.allowed, "reasons": list(verdict.reasons), "earliest": verdict.earliest}


Judged = Iterator[tuple[Any, Verdict, Verdict]]


def _batches(row: Mapping[str, Any], found: Sequence[farming.BatchFacts]) -> Judged:
    """The windows of these batches by both versions; the log of a chunk is read once."""
    land = farming.ground(found)
    records = land.records
    logs = {one.id: land.log(one.id) for one in found}
    numbers = farming.registrations(records)
    vouched = farming.vouched(record.id for record in records if record.uses)
    books = [inputs.rulebook(numbers, version=word) for word in (row["against"], row["_id"])]
    for batch in found:
        crop = farming.crop_of(batch.crop)
        windows = (farming_rules.harvest_window(logs[batch.id], crop, book, vouched) for book in books)
        before, after = (_of_window(window) for window in windows)
        yield batch, before, after


def _of_window(window: farming_rules.Window) -> Verdict:
    codes = tuple(sorted({rules.REASONS[reason.code] for reason in window.because}))
    earliest = window.earliest.isoformat() if window.earliest else None
    return Verdict(not window.blocked, codes, earliest)


def _lots(row: Mapping[str, Any], found: Sequence[lots.LotFacts]) -> Judged:
    for lot in found:
        known = lots.ancestry(lot.id)
        land = farming.ground(known.batches)
        records = land.records
        numbers = farming.registrations(records)
        vouched = farming.vouched(record.id for record in records if record.uses)
        books = [inputs.rulebook(numbers, version=word) for word in (row["against"], row["_id"])]
        before, after = (_of_lot(known, land, book, vouched) for book in books)
        yield lot, before, after


def _of_lot(known: lots.Ancestry, land: farming.Ground, book: Any, vouched: Any) -> Verdict:
    """What the inputs alone say to the lot: everything else at the gate is the same under both versions."""
    said = [
        rules.foresee(
            [record for record in land.own if record.batch_id in origin.batch_ids],
            farming.crop_of(origin.crop),
            book,
            origin.harvested_on,
            vouched,
            beside=[record for batch_id in origin.batch_ids[:1] for record in land.put_on(batch_id)],
        )
        for origin in known.origins
    ]
    codes = {refusal.reason for decision in said for refusal in decision.refusals}
    return Verdict(all(decision.allowed for decision in said), tuple(sorted(codes)), None)
