"""A cooperative brings its farmers: every row is judged, and either all wanted ones are kept or none."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from backend.base import clock
from backend.base.actor import Actor
from backend.base.documents import settled
from backend.base.errors import Problem, RuleBroken
from backend.domains.accounts import service as accounts
from backend.domains.producers import rules
from backend.domains.producers.models import IdentityClaim, Producer
from backend.domains.producers.service import workbook
from backend.domains.producers.service.doors import ProducerFacts, door
from backend.domains.producers.service.registration import identity_key, new_producer

CHUNK = 100  # documents a write: wider ones can stall a small server


@dataclass(frozen=True, slots=True)
class Row:
    """What became of one row: created, duplicate or rejected, and why."""

    number: int
    name: str
    outcome: str
    problem: Problem | None = None
    producer_id: str | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """`committed` False means nothing was kept: a trial, or a rejected row that nobody chose to skip."""

    committed: bool
    rows: tuple[Row, ...]

    @property
    def counts(self) -> dict[str, int]:
        return {
            outcome: sum(row.outcome == outcome for row in self.rows)
            for outcome in ("created", "duplicate", "rejected")
        }


@dataclass(frozen=True, slots=True)
class _Candidate:
    number: int
    key: str
    farmer: rules.Farmer


def import_farmers(
    actor: Actor, cooperative_id: str, *, content: bytes, commit: bool = False, skip_rejected: bool = False
) -> Report:
    """Judge the XLSX `content` row by row; with `commit` keep all farmers that are new, in one transaction.

    A trial (`commit=False`) and a real run give the same rows. The same file again gives duplicates. With a rejected
    row nothing is kept unless `skip_rejected`. Raises NotFound, RuleBroken, BadRequest, TooLarge.
    """
    cooperative = door(actor, cooperative_id, "producer:import")
    if cooperative.kind != "cooperative":
        raise RuleBroken("import_only_cooperatives")
    if cooperative.status != "active":  # a stranger's cooperative must not find out who is registered
        raise RuleBroken("producer_suspended" if cooperative.status == "suspended" else "import_needs_admission")
    judged = list(_judged(workbook.rows(content), cooperative.region))
    return settled(lambda: _import(actor, cooperative, judged, commit, skip_rejected))


def _judged(rows: Sequence[tuple[int, tuple[Any, ...]]], region: str) -> Iterator[_Candidate | Row]:
    seen: dict[str, int] = {}
    today = clock.today()
    for number, cells in rows:
        try:
            farmer = rules.farmer(cells, region=region, today=today)
        except RuleBroken as problem:
            yield Row(number, str(cells[0] or "").strip()[:30], "rejected", problem)
            continue
        key = identity_key(farmer.identity)
        if key in seen:
            repeated = RuleBroken("import_repeated_row", row=seen[key])
            yield Row(number, farmer.name, "duplicate", repeated)
        else:
            seen[key] = number
            yield _Candidate(number, key, farmer)


def _import(
    actor: Actor, cooperative: ProducerFacts, judged: Sequence[_Candidate | Row], commit: bool, skip_rejected: bool
) -> Report:
    candidates = [item for item in judged if isinstance(item, _Candidate)]
    known = _known([candidate.key for candidate in candidates])
    yours = _managed(cooperative.id, list(known.values()))
    rows = [item if isinstance(item, Row) else _row(item, known, yours) for item in judged]
    rejected = any(row.outcome == "rejected" for row in rows)
    if not commit or (rejected and not skip_rejected):
        return Report(False, tuple(rows))
    made = _keep(actor, cooperative, [candidate for candidate in candidates if candidate.key not in known])
    return Report(True, tuple(replace(row, producer_id=made.get(row.number, row.producer_id)) for row in rows))


def _row(candidate: _Candidate, known: dict[str, str], yours: set[str]) -> Row:
    name = candidate.farmer.name
    producer_id = known.get(candidate.key)
    if producer_id is None:
        return Row(candidate.number, name, "created")
    if producer_id in yours:
        return Row(candidate.number, name, "duplicate", RuleBroken("import_already_yours"), producer_id)
    return Row(candidate.number, name, "duplicate", RuleBroken("import_registered_elsewhere"))


def _chunks(items: Sequence[Any]) -> Iterator[list[Any]]:
    for start in range(0, len(items), CHUNK):
        yield list(items[start : start + CHUNK])


def _known(keys: Sequence[str]) -> dict[str, str]:
    """Producer ids by identity key, of those that are registered."""
    return {
        row["_id"]: row["producer_id"]
        for chunk in _chunks(keys)
        for row in IdentityClaim.rows({"_id": {"$in": chunk}}, ["producer_id"], limit=CHUNK)
    }


def _managed(cooperative_id: str, producer_ids: Sequence[str]) -> set[str]:
    return {
        row["_id"]
        for chunk in _chunks(producer_ids)
        for row in Producer.rows({"_id": {"$in": chunk}, "managed_by": cooperative_id}, ["_id"], limit=CHUNK)
    }


def _keep(actor: Actor, cooperative: ProducerFacts, candidates: Sequence[_Candidate]) -> dict[int, str]:
    """Store the farmers; returns their producer ids by row number."""
    made = {candidate.number: _farmer(actor, cooperative.id, candidate.farmer) for candidate in candidates}
    for chunk in _chunks(candidates):
        IdentityClaim.insert(
            IdentityClaim(id=c.key, producer_id=made[c.number].id, subject_id=made[c.number].id) for c in chunk
        )
        Producer.insert(made[c.number] for c in chunk)
    created = [producer.id for producer in made.values()]
    if created:
        accounts.note(
            actor,
            "producer.import",
            subjects=created,
            producer_id=cooperative.id,
            region=cooperative.region,
        )
    return {number: producer.id for number, producer in made.items()}


def _farmer(actor: Actor, cooperative_id: str, farmer: rules.Farmer) -> Producer:
    return new_producer(
        actor,
        farmer.identity,
        name=farmer.name,
        kind="smallholder",
        region=farmer.region,
        phone=farmer.phone,
        address=farmer.address,
        contact_name=farmer.name,
        managed_by=cooperative_id,
    )
