"""What was put on the land of some batches, by whichever batch of the same crop: one season, not one paper."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from backend.base import clock, vocab
from backend.domains.farming import rules
from backend.domains.farming.models import ProductionBatch
from backend.domains.farming.service.facts import BatchFacts, facts_of
from backend.domains.farming.service.reading import GATE_FIELDS, as_gate_record, records_in, rows_of
from backend.domains.inputs import service as inputs

AHEAD = timedelta(days=2)  # how long before its day a deed may be entered: a phone may be a day ahead, and time zones


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Other batches on the land of some, and all versions of the deeds with inputs that may still count there."""

    batches: tuple[BatchFacts, ...]
    records: tuple[rules.GateRecord, ...]
    wait: timedelta


@dataclass(frozen=True, slots=True)
class Ground:
    """Batches, all versions of their own records, and what lies beside them."""

    batches: tuple[BatchFacts, ...]
    own: tuple[rules.GateRecord, ...]
    others: Neighbours

    @property
    def records(self) -> tuple[rules.GateRecord, ...]:
        return (*self.own, *self.others.records)

    def since(self, batch_ids: Iterable[str]) -> date | None:
        """From when on the deeds of others count: the longest interval there is before the first of these batches."""
        days = [one.started_on for one in self._named(batch_ids)]
        return min(days) - self.others.wait if days else None

    def beside(self, batch_ids: Iterable[str]) -> tuple[rules.Beside, ...]:
        """The other batches on the land of these of which a deed with inputs is known."""
        mine = self._named(batch_ids)
        using = {record.batch_id for record in self.records if record.uses} - {one.id for one in mine}
        near = (one for one in (*self.batches, *self.others.batches) if one.id in using)
        found = []
        for other in near:
            sharing = [one for one in mine if _neighbours(one, other)]
            if sharing:
                sites = tuple(site for site in other.site_ids if any(site in one.site_ids for one in sharing))
                found.append(rules.Beside(other.id, sites, any(self._at_once(one, other) for one in sharing)))
        return tuple(found)

    def put_on(self, batch_id: str) -> tuple[rules.GateRecord, ...]:
        """What other batches put on the land of this one, as if it were of it."""
        since = self.since([batch_id])
        return rules.put_on(self.records, self.beside([batch_id]), since, batch_id) if since else ()

    def log(self, batch_id: str) -> tuple[rules.GateRecord, ...]:
        """All versions of its own records, and what others put on its land."""
        return (*(record for record in self.own if record.batch_id == batch_id), *self.put_on(batch_id))

    def _named(self, batch_ids: Iterable[str]) -> list[BatchFacts]:
        wanted = set(batch_ids)
        return [one for one in self.batches if one.id in wanted]

    def _at_once(self, one: BatchFacts, other: BatchFacts) -> bool:
        """A batch that was closed ended with the last deed in its log."""
        return not (self._over_before(one, other.started_on) or self._over_before(other, one.started_on))

    def _over_before(self, batch: BatchFacts, day: date) -> bool:
        if batch.state == "open":
            return False
        log = rules.current(record for record in self.records if record.batch_id == batch.id)
        return max((one.ended_on for one in log), default=batch.started_on) < day


def ground(batches: Iterable[BatchFacts]) -> Ground:
    """The batches with their logs and what others put on their land: one command for the batches beside them, and one
    a producer for their deeds where there are any."""
    known = tuple(batches)
    return Ground(known, records_in(known), neighbours(known))


def neighbours(batches: Sequence[BatchFacts]) -> Neighbours:
    """What lies beside these batches, without themselves, and is not older than the longest interval."""
    wait = timedelta(days=inputs.longest_wait())
    mine = {one.id for one in batches}
    others = tuple(
        one
        for one in _on_their_land(batches)
        if one.id not in mine and any(_neighbours(one, another) for another in batches)
    )
    if not others:
        return Neighbours((), (), wait)
    entered = min(one.started_on for one in batches) - wait - AHEAD
    known = {one.id: one for one in others}
    found = [
        as_gate_record(row, known[row["batch_id"]])
        for producer_id in sorted({one.producer_id for one in others})
        for row in rows_of(
            producer_id,
            [one.id for one in others if one.producer_id == producer_id],
            GATE_FIELDS,
            entered_since=datetime.combine(entered, time(), clock.CHINA),
        )
    ]
    using = {record.root_id for record in rules.current(found) if record.uses}
    return Neighbours(others, tuple(record for record in found if record.root_id in using), wait)


def open_beside(touched: Collection[str], batches: Sequence[BatchFacts], others: Neighbours) -> list[str]:
    """The open batches on the land of those `touched`, which are not touched themselves."""
    named = [one for one in batches if one.id in touched]
    near = (one for one in (*batches, *others.batches) if one.state == "open" and one.id not in touched)
    return [one.id for one in near if any(_neighbours(one, another) for another in named)]


def _on_their_land(batches: Sequence[BatchFacts]) -> tuple[BatchFacts, ...]:
    sites = sorted({site for one in batches for site in one.site_ids})
    if not sites:
        return ()
    owners = sorted({one.producer_id for one in batches})
    where = {"producer_id": {"$in": owners}, "site_ids": {"$in": sites}}
    return tuple(facts_of(row) for row in ProductionBatch.every(where, sort=[("_id", 1)]))


def _neighbours(one: BatchFacts, other: BatchFacts) -> bool:
    """The same crop, or animals of one species, on some of the same land of one producer."""
    if one.producer_id != other.producer_id or not set(one.site_ids) & set(other.site_ids):
        return False
    if one.crop == other.crop:
        return True
    crops = vocab.get("crops")
    species = [crops.get(batch.crop, {}).get("species") for batch in (one, other)]
    return species[0] is not None and species[0] == species[1]
