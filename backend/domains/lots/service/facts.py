"""What other features may know of a lot, and reading one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from backend.base import ids, vocab
from backend.base.actor import Actor
from backend.base.documents import Page
from backend.base.errors import NotFound
from backend.domains.farming import service as farming
from backend.domains.lots import rules
from backend.domains.lots.models import Lot
from backend.domains.lots.service import graph
from backend.domains.producers import service as producers

RECALLED = "recalled"
INTAKE = "intake"  # how a lot from outside the platform begins here


@dataclass(frozen=True, slots=True)
class Parent:
    """What a lot came from: `base` of the other lot, `carried` of it under certificates of its owner."""

    lot_id: str
    base: int
    carried: int


@dataclass(frozen=True, slots=True)
class LotFacts:
    """A lot. `born` is a code of `lot_event_kinds`; `held` also when anything it came from is recalled, and then
    `held_reason` is `recalled`; `stopped` only by an officer or a test. `batch_ids` are at most 20 of a mixed lot's:
    `ancestry` knows them all. `written` is its state as it is stored, which lags behind a recall or its withdrawal."""

    id: str
    producer_id: str
    batch_ids: tuple[str, ...]
    harvest_root_id: str
    crop: str
    crop_class: str
    product_name: str
    variety: str
    gtin: str | None
    amount: Decimal
    unit: str
    base: int
    certified_base: int
    gone_base: int
    carried_base: int
    covers: tuple[rules.Cover, ...]
    harvested_on: date
    born: str
    born_on: date
    parents: tuple[Parent, ...]
    depth: int
    event_id: str | None
    state: str
    held: bool
    held_reason: str | None
    stopped: bool
    recall_id: str | None
    recalled_at: datetime | None
    created_at: datetime
    written: str

    @property
    def balance(self) -> rules.Balance:
        return rules.Balance(self.base, self.certified_base, self.gone_base, self.carried_base, self.covers)

    @property
    def from_outside(self) -> bool:
        """Whether it was neither harvested nor made here: its way on the platform begins with its holder."""
        return self.born == INTAKE

    @property
    def recalled(self) -> bool:
        return self.recall_id is not None

    @property
    def left(self) -> str:
        """What may still be certified, in the lot's own unit."""
        return rules.shown(self.balance.left, vocab.get("units")[self.unit])

    @property
    def on_hand(self) -> str:
        """What has not left, in the lot's own unit."""
        return rules.shown(self.balance.on_hand, vocab.get("units")[self.unit])


def facts_of(row: Mapping[str, Any]) -> LotFacts:
    """As it is written on the lot, without a look at what it came from."""
    return facts_under(row, row.get("recall"))


def facts_under(row: Mapping[str, Any], recall: Mapping[str, Any] | None) -> LotFacts:
    """`recall`: what was found to stand over the lot, written on it or not."""
    known, stopped = recall or {}, bool(row.get("hold"))
    return LotFacts(
        id=row["_id"],
        producer_id=row["producer_id"],
        batch_ids=tuple(row["batch_ids"]),
        harvest_root_id=row["harvest_root_id"],
        crop=row["crop"],
        crop_class=farming.crop_of(row["crop"]).crop_class,
        product_name=row["product_name"],
        variety=row.get("variety", ""),
        gtin=row.get("gtin"),
        amount=Decimal(row["amount"]),
        unit=row["unit"],
        base=int(row["base"]),
        certified_base=int(row["certified_base"]),
        gone_base=int(row.get("gone_base", 0)),
        carried_base=int(row.get("carried_base", 0)),
        covers=tuple(
            rules.Cover(one["id"], int(one["base"]), int(one["out"]), one["stands"]) for one in row.get("covers", ())
        ),
        harvested_on=date.fromisoformat(row["harvested_on"]),
        born=row.get("born", "harvest"),
        born_on=date.fromisoformat(row.get("born_on", row["harvested_on"])),
        parents=tuple(Parent(one["lot_id"], int(one["base"]), int(one["carried"])) for one in row.get("parents", ())),
        depth=int(row.get("depth", 0)),
        event_id=row.get("event_id"),
        state=RECALLED if known else "held" if stopped else "free",
        held=stopped or bool(known),
        held_reason=RECALLED if known else (row.get("hold") or {}).get("reason"),
        stopped=stopped,
        recall_id=known.get("recall_id"),
        recalled_at=known.get("at"),
        created_at=row["created_at"],
        written=row["state"],
    )


def facts(lot_id: str) -> LotFacts:
    """For features above, which have opened the producer's door themselves; a recall of anything the lot came from
    counts from the moment it was ordered. Two commands, and one more for each step back. Raises NotFound."""
    row = row_of(lot_id)
    return facts_under(row, graph.recall_over(row))


def row_of(lot_id: str) -> dict[str, Any]:
    found = Lot.rows({"producer_id": ids.owner_of(lot_id), "_id": lot_id}, limit=1)
    if not found:
        raise NotFound
    return found[0]


@dataclass(frozen=True, slots=True)
class Ancestry:
    """All a lot came from, itself the first and then step by step back. `origins` were harvested on the platform or
    came from outside of it; `batches` and `site_ids` are those of the harvests, `producer_ids` of every owner."""

    lots: tuple[LotFacts, ...]
    origins: tuple[LotFacts, ...]
    batches: tuple[farming.BatchFacts, ...]
    site_ids: tuple[str, ...]
    producer_ids: tuple[str, ...]

    @property
    def lot(self) -> LotFacts:
        return self.lots[0]


def ancestry(lot_id: str) -> Ancestry:
    """For features above, as `facts`: one command a step back, and one for the batches. Raises NotFound, RuleBroken
    `lot_ancestry_too_wide` past graph.MAX_ANCESTORS."""
    rows = graph.lineage(row_of(lot_id))
    recall = graph.recall_on(rows)
    known = (facts_under(rows[0], recall), *(facts_of(row) for row in rows[1:]))
    origins = tuple(lot for lot in known if not lot.parents)
    batches = farming.batches_named(batch_id for lot in origins for batch_id in lot.batch_ids)
    return Ancestry(
        lots=known,
        origins=origins,
        batches=batches,
        site_ids=tuple(dict.fromkeys(site for batch in batches for site in batch.site_ids)),
        producer_ids=tuple(dict.fromkeys(lot.producer_id for lot in known)),
    )


def lot(actor: Actor, lot_id: str, permission: str = "lot:read") -> LotFacts:
    """The lot, if the actor holds the permission on its producer. Raises NotFound."""
    producers.door(actor, ids.owner_of(lot_id), permission)
    return facts(lot_id)


def uncertified(after: str, size: int) -> list[LotFacts]:
    """For walks of the worker over all producers: the next lots by their id of which something may still be certified;
    as many rows are looked at as are needed for `size` of them."""
    found: list[LotFacts] = []
    while len(found) < size:
        rows = Lot.rows({"_id": {"$gt": after}}, limit=size, sort=[("_id", 1)])
        found += [one for one in map(facts_of, rows) if one.balance.left > 0]
        if len(rows) < size:
            break
        after = rows[-1]["_id"]
    return found[:size]


def crops_of(lot_ids: Sequence[str]) -> dict[str, str]:
    """For walks of the worker: what these lots, at most a thousand, are of; one command."""
    where = {"producer_id": {"$in": sorted({ids.owner_of(one) for one in lot_ids})}, "_id": {"$in": list(lot_ids)}}
    return {row["_id"]: row["crop"] for row in Lot.rows(where, ("crop",), limit=len(lot_ids))} if lot_ids else {}


def lots_of(
    actor: Actor, *, producer_id: str, state: str | None = None, cursor: str | None = None, size: int = 50
) -> Page[LotFacts]:
    """A producer's lots, newest first."""
    producers.door(actor, producer_id, "lot:read")
    where = {"producer_id": producer_id, **({"state": state} if state else {})}
    page = Lot.page(where, cursor=cursor, size=size)
    return Page([facts_of(found.to_mongo()) for found in page.items], page.next_cursor)
