"""Reading the log: for the farmer, for the gate, for the public story."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from backend.base import clock, ids, vocab
from backend.base.actor import Actor
from backend.base.documents import MAX_FOUND, Page
from backend.base.errors import NotFound
from backend.domains.evidence import service as evidence
from backend.domains.farming import rules
from backend.domains.farming.models import FarmingRecord
from backend.domains.farming.service.batches import batch
from backend.domains.farming.service.facts import BatchFacts
from backend.domains.farming.service.photos import photo_ids
from backend.domains.producers import service as producers

REGISTERED = ("farming.record", "farming.amendment")
GATE_FIELDS = ("root_id", "version", "kind", "batch_id", "happened_on", "ended_on", "created_at", "inputs", "base",
               "site_ids", "target", "amount", "unit", "note")  # fmt: skip
HARVEST_FIELDS = ("root_id", "version", "happened_on", "base", "unit", "created_at")
CHUNK = 200  # harvests asked about in one command


def records_of(actor: Actor, *, batch_id: str, cursor: str | None = None, size: int = 50) -> Page[FarmingRecord]:
    """Every version of every record of the batch, newest entry first, each with `sealed_at`."""
    known = batch(actor, batch_id)
    where = {"producer_id": known.producer_id, "batch_id": batch_id}
    page = FarmingRecord.page(where, cursor=cursor, size=size)
    tell_seals(page.items)
    return page


def tell_seals(records: Sequence[FarmingRecord]) -> None:
    """Since when each record is sealed in the register; None for one that waits for its seal. One command."""
    seals = evidence.sealed_at([one.id for one in records], REGISTERED)
    for one in records:
        one.sealed_at = seals.get(one.id)


def proof(actor: Actor, record_id: str) -> list[dict[str, Any]]:
    """What proves this version of a record offline. Raises NotFound."""
    producer_id = ids.owner_of(record_id)
    producers.door(actor, producer_id, "farming:read")
    rows = FarmingRecord.rows({"producer_id": producer_id, "_id": record_id}, limit=1)
    if not rows:
        raise NotFound
    return evidence.bundles(record_id, rows[0])


def records_in(batches: Iterable[BatchFacts]) -> tuple[rules.GateRecord, ...]:
    """All versions of all records of these batches, of any producers: a log may stand behind another's lot."""
    owned: dict[str, dict[str, BatchFacts]] = defaultdict(dict)
    for one in batches:
        owned[one.producer_id][one.id] = one
    return tuple(
        as_gate_record(row, known[row["batch_id"]])
        for producer_id, known in owned.items()
        for row in rows_of(producer_id, known, GATE_FIELDS)
    )


@dataclass(frozen=True, slots=True)
class HarvestVersion:
    """What one version of a harvest's record said: `base` in grams or pieces, `unit` the one it was said in."""

    root_id: str
    happened_on: date
    base: int
    unit: str
    written_at: datetime


def harvest_versions(root_ids: Sequence[str]) -> list[HarvestVersion]:
    """All versions of these harvests, each one's oldest first; one command a CHUNK of them."""
    found: list[HarvestVersion] = []
    for start in range(0, len(root_ids), CHUNK):
        roots = list(root_ids[start : start + CHUNK])
        where = {"producer_id": {"$in": sorted({ids.owner_of(one) for one in roots})}, "root_id": {"$in": roots}}
        rows = sorted(FarmingRecord.every(where, HARVEST_FIELDS), key=lambda row: (row["root_id"], row["version"]))
        found += [
            HarvestVersion(
                row["root_id"], date.fromisoformat(row["happened_on"]), row["base"], row["unit"], row["created_at"]
            )
            for row in rows
        ]
    return found


def rows_of(
    producer_id: str, batch_ids: Iterable[str], fields: Sequence[str], *, entered_since: datetime | None = None
) -> list[dict[str, Any]]:
    """All versions in these batches, never cut short: a window over part of a log would allow too much. Those
    `entered_since` a moment hold the newest version of every deed that lasted until then.

    One command a thousand rows; a batch holds fewer than that (drafts.MAX_RECORDS), so every command ends a batch.
    """
    found: list[dict[str, Any]] = []
    left = sorted(set(batch_ids))
    entered = {"created_at": {"$gte": entered_since}} if entered_since else {}
    while left:
        where = {"producer_id": producer_id, "batch_id": {"$in": left}, **entered}
        rows = FarmingRecord.rows(where, fields, limit=MAX_FOUND, sort=[("batch_id", 1)])
        cut = rows[-1]["batch_id"] if len(rows) == MAX_FOUND else None
        whole = [row for row in rows if row["batch_id"] != cut] or rows
        found += whole
        left = [one for one in left if cut is not None and one > whole[-1]["batch_id"]]
    return found


def as_gate_record(row: Mapping[str, Any], batch: BatchFacts) -> rules.GateRecord:
    kinds, units = vocab.get("record_kinds"), vocab.get("units")
    kind = kinds.get(row["kind"], {})
    area = batch.area_mu if set(row.get("site_ids") or batch.site_ids) == set(batch.site_ids) else None
    return rules.GateRecord(
        id=row["_id"],
        root_id=row["root_id"],
        version=row["version"],
        kind=row["kind"],
        batch_id=row["batch_id"],
        happened_on=date.fromisoformat(row["happened_on"]),
        ended_on=date.fromisoformat(row["ended_on"]),
        received_on=clock.civil_date(row["created_at"]),
        uses=tuple(_use(used, area) for used in row.get("inputs", ())),
        quantity_base=row.get("base"),
        missing=rules.missing_fields(kind, row),
        site_ids=tuple(row.get("site_ids") or ()),
        quantity_of=units.get(row.get("unit") or "", {}).get("dimension", ""),
        yields=bool(kind.get("yields")),
    )


def _use(used: Mapping[str, Any], area: Decimal | None) -> rules.Use:
    unit = vocab.get("units").get(used.get("unit") or "", {})
    dose, of = rules.dose(used.get("amount"), unit, area)
    kind = used.get("kind", "pesticide")
    return rules.Use(used["name"], used.get("registration_no"), kind, used.get("method"), dose, of)


def registrations(records: Iterable[rules.GateRecord]) -> list[str]:
    return [use.registration_no for record in records for use in record.uses if use.registration_no]


def inputs_of(producer_id: str, batch_id: str) -> set[str]:
    """The registered inputs that any version of a record of this batch names."""
    uses = (use for row in rows_of(producer_id, [batch_id], ("batch_id", "inputs")) for use in row.get("inputs", ()))
    return {number for use in uses if (number := use.get("registration_no"))}


def story(producer_id: str, batch_ids: Sequence[str]) -> list[dict[str, Any]]:
    """The public part of the log, newest versions by day: what was done, with which inputs, how late it was entered."""
    where = {"producer_id": producer_id, "batch_id": {"$in": list(batch_ids)}}
    rows = FarmingRecord.rows(where, limit=MAX_FOUND)
    newest: dict[str, dict[str, Any]] = {}
    first_entered: dict[str, Any] = {}
    for row in sorted(rows, key=lambda row: row["version"]):
        newest[row["root_id"]] = row
        first_entered.setdefault(row["root_id"], row["created_at"])
    public = [row for row in newest.values() if _is_public(row["kind"])]
    photos = photo_ids(producer_id, [row["_id"] for row in rows], public_only=True)
    for row in public:
        versions = [version["_id"] for version in rows if version["root_id"] == row["root_id"]]
        row["photos"] = [photo for version in versions for photo in photos.get(version, ())]
        row["first_entered_at"] = first_entered[row["root_id"]]
    return sorted(public, key=lambda row: (row["happened_on"], row["root_id"]))


def _is_public(kind: str) -> bool:
    kinds = vocab.get("record_kinds")
    return bool(kinds.get(kind, {"public": False}).get("public", True))
