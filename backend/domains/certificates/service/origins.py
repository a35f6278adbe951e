"""What a lot came from, for the gate: its harvests, where goods came in from others, and the proofs they came with."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from backend.base import clock, ids
from backend.domains.certificates import rules
from backend.domains.certificates.models import Certificate, IncomingProof
from backend.domains.certificates.service.facts import VOIDS, void_of
from backend.domains.farming import service as farming
from backend.domains.lots import service as lots

SPLIT = "split"


def of(known: lots.Ancestry) -> tuple[rules.Origin, ...]:
    """Each harvest behind the lot, with the lots whose tests speak for it and whether one on its way is held."""
    parents = {one.id: [parent.lot_id for parent in one.parents] for one in known.lots}
    held = {one.id for one in known.lots[1:] if one.held}
    return tuple(_origin(one, known.lot.id, parents, held) for one in known.origins)


def _origin(one: lots.LotFacts, lot_id: str, parents: dict[str, list[str]], held: set[str]) -> rules.Origin:
    return rules.Origin(
        lot_id=one.id,
        producer_id=one.producer_id,
        crop=farming.crop_of(one.crop),
        harvest_record=one.harvest_root_id,
        harvested_on=one.harvested_on,
        batch_ids=one.batch_ids,
        tested_by=rules.on_every_route(one.id, lot_id, parents),
        held=bool(held & rules.routes_from(one.id, lot_id, parents).keys()),
    )


@dataclass(frozen=True, slots=True)
class Arrival:
    """Goods that came to a producer: `whole` is what there ever was of that lot, `since` the day the first came."""

    inlet: rules.Inlet
    whole: int
    since: date


def arrivals(producer_id: str, known: lots.Ancestry) -> tuple[Arrival, ...]:
    """Where the lot's goods came to this producer: lots of others that its own were made of, and own lots of what came
    from outside the platform, whose proofs are entered by hand."""
    by_id = {one.id: one for one in known.lots}
    own = [one for one in known.lots if one.producer_id == producer_id]
    found: dict[str, list[tuple[lots.Parent, date]]] = {}
    for one in own:
        for parent in one.parents:
            if by_id[parent.lot_id].producer_id != producer_id:
                found.setdefault(parent.lot_id, []).append((parent, one.born_on))
    outside = (one for one in own if not one.parents and not one.batch_ids)
    return (
        *(_arrival(by_id[lot_id], came) for lot_id, came in found.items()),
        *(Arrival(rules.Inlet(one.id, one.base, one.base), one.base, one.born_on) for one in outside),
    )


def _arrival(lot: lots.LotFacts, came: Sequence[tuple[lots.Parent, date]]) -> Arrival:
    base, carried = sum(parent.base for parent, _ in came), sum(parent.carried for parent, _ in came)
    return Arrival(rules.Inlet(lot.id, base, carried), lot.base, min(day for _, day in came))


def incoming(found: Sequence[Arrival]) -> tuple[rules.Parent, ...]:
    """The proofs of what came in: certificates on the lots of others, what was entered of papers from outside. Two
    commands, none where nothing came in.

    A certificate that became void after goods had come counts against all of them, unless standing ones cover the
    whole lot: which of them went with these goods is not known.
    """
    came = {one.inlet.lot_id: one for one in found}
    if not came:
        return ()
    where = {"producer_id": {"$in": sorted({ids.owner_of(one) for one in came})}, "lot_id": {"$in": list(came)}}
    cards = list(Certificate.every(where, ["code", "lot_id", "base", *VOIDS], sort=[("created_at", 1)]))
    papers = IncomingProof.every(where, ["number", "lot_id", "base"], sort=[("created_at", 1)])
    standing = [row for row in cards if not void_of(row)]
    covered = {
        lot_id: sum(int(row["base"]) for row in standing if row["lot_id"] == lot_id) >= one.whole
        for lot_id, one in came.items()
    }
    gone = [row for row in cards if void_of(row) and not covered[row["lot_id"]] and _late(row, came)]
    return (
        *(rules.Parent(row["code"], True, row["lot_id"], int(row["base"])) for row in standing),
        *(rules.Parent(row["code"], False, row["lot_id"], int(row["base"])) for row in gone),
        *(rules.Parent(row["number"], True, row["lot_id"], int(row["base"])) for row in papers),
    )


def _late(row: Mapping[str, Any], came: Mapping[str, Arrival]) -> bool:
    """Whether it was void only when the first goods had come already."""
    return clock.civil_date(void_of(row)["at"]) >= came[row["lot_id"]].since


def certified_before(known: lots.Ancestry) -> int:
    """What of a lot that was only split off is under certificates of the same owner already: they go with it. A lot
    that was mixed or repacked is certified anew."""
    lot = known.lot
    if lot.born != SPLIT:
        return 0
    return sum(parent.carried for parent in lot.parents if ids.owner_of(parent.lot_id) == lot.producer_id)
