"""What a lot came from, for the gate: its harvests, where goods came in from others, and the proofs they came with."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from backend.base import clock, ids
from backend.domains.certificates import rules
from backend.domains.certificates.models import Certificate, IncomingProof
from backend.domains.certificates.service import numbers, passing
from backend.domains.certificates.service.facts import VOIDS, void_of
from backend.domains.farming import service as farming
from backend.domains.lots import service as lots

Row = Mapping[str, Any]


def of(known: lots.Ancestry, land: farming.Ground) -> tuple[rules.Origin, ...]:
    """Each harvest behind the lot, with the lots whose tests speak for it, whether one on its way is held, and which
    other batches put something on its land."""
    parents = {one.id: [parent.lot_id for parent in one.parents] for one in known.lots}
    held = {one.id for one in known.lots[1:] if one.held}
    return tuple(_origin(one, known.lot.id, parents, held, land) for one in known.origins)


def _origin(
    one: lots.LotFacts, lot_id: str, parents: dict[str, list[str]], held: set[str], land: farming.Ground
) -> rules.Origin:
    return rules.Origin(
        lot_id=one.id,
        producer_id=one.producer_id,
        crop=farming.crop_of(one.crop),
        harvest_record=one.harvest_root_id,
        harvested_on=one.harvested_on,
        batch_ids=one.batch_ids,
        tested_by=rules.on_every_route(one.id, lot_id, parents),
        held=bool(held & rules.routes_from(one.id, lot_id, parents).keys()),
        beside=land.beside(one.batch_ids),
        since=land.since(one.batch_ids),
    )


@dataclass(frozen=True, slots=True)
class Arrival:
    """Goods that came to a producer: `whole` is what there ever was of that lot, `since` the day the first came."""

    inlet: rules.Inlet
    whole: int
    since: date


def arrivals(producer_id: str, known: lots.Ancestry) -> tuple[Arrival, ...]:
    """Where the lot's goods came to this producer: lots of others that its own were made of, as far back as they were
    only passed on, and own lots of what came from outside the platform, whose proofs are entered by hand."""
    by_id = {one.id: one for one in known.lots}
    own = [one for one in known.lots if one.producer_id == producer_id]
    came = [
        one for lot in own for parent in lot.parents for one in passing.sources(producer_id, parent, lot.born_on, by_id)
    ]
    outside = (one for one in own if one.from_outside)
    return (
        *_together(came, by_id),
        *(Arrival(rules.Inlet(one.id, one.base, one.base), one.base, one.born_on) for one in outside),
    )


def _together(came: Sequence[passing.Came], by_id: passing.Lots) -> Iterator[Arrival]:
    """One arrival a lot."""
    for lot_id in dict.fromkeys(one.lot_id for one in came):
        some = [one for one in came if one.lot_id == lot_id]
        inlet = rules.Inlet(lot_id, sum(one.base for one in some), sum(one.carried for one in some))
        yield Arrival(inlet, by_id[lot_id].base, min(one.since for one in some))


def with_goods(sent: Sequence[lots.Parent], sent_on: date, to: str) -> tuple[rules.Parent, ...]:
    """The standing proofs that go to a receiver with these goods: certificates on the lots themselves, and where the
    sender only passes goods on, of whom they came from."""
    named: dict[str, None] = {}
    for goods in sent:
        if goods.carried == goods.base:
            named[goods.lot_id] = None
            continue
        by_id = {one.id: one for one in lots.ancestry(goods.lot_id).lots}
        named |= {one.lot_id: None for one in passing.sources(to, goods, sent_on, by_id) if one.carried}
    cards, papers = _written(list(named))
    return _standing([row for row in cards if not void_of(row)], papers)


def incoming(found: Sequence[Arrival]) -> tuple[rules.Parent, ...]:
    """The proofs of what came in: certificates on the lots of others, what was entered of papers from outside. Two
    commands, none where nothing came in.

    A certificate that became void after goods had come counts against all of them, unless standing ones cover the
    whole lot: which of them went with these goods is not known.
    """
    came = {one.inlet.lot_id: one for one in found}
    cards, papers = _written(list(came))
    standing = [row for row in cards if not void_of(row)]
    covered = {
        lot_id: sum(int(row["base"]) for row in standing if row["lot_id"] == lot_id) >= one.whole
        for lot_id, one in came.items()
    }
    gone = [row for row in cards if void_of(row) and not covered[row["lot_id"]] and _late(row, came)]
    return (
        *_standing(standing, papers),
        *(rules.Parent(row["code"], False, row["lot_id"], int(row["base"])) for row in gone),
    )


def _written(lot_ids: Sequence[str]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The certificates on these lots, standing or not, and the papers of those from outside."""
    if not lot_ids:
        return [], []
    where = {"producer_id": {"$in": sorted({*map(ids.owner_of, lot_ids)})}, "lot_id": {"$in": lot_ids}}
    cards = Certificate.every(where, ["code", "lot_id", "base", *VOIDS], sort=[("created_at", 1)])
    return list(cards), list(IncomingProof.every(where, ["number", "lot_id", "base"], sort=[("created_at", 1)]))


def _standing(cards: Sequence[Row], papers: Sequence[Row]) -> tuple[rules.Parent, ...]:
    """A paper with the number of a certificate of the platform, entered when nobody asked, stands as long as that."""
    ours = numbers.of_ours([row["number"] for row in papers])
    void = {number for number, card in ours.items() if void_of(card)}
    return (
        *(rules.Parent(row["code"], True, row["lot_id"], int(row["base"])) for row in cards),
        *(rules.Parent(row["number"], row["number"] not in void, row["lot_id"], int(row["base"])) for row in papers),
    )


def _late(row: Row, came: Mapping[str, Arrival]) -> bool:
    """Whether it was void only when the first goods had come already."""
    return clock.civil_date(void_of(row)["at"]) >= came[row["lot_id"]].since


def certified_before(known: lots.Ancestry) -> int:
    """What of a lot is under standing certificates of the same owner already: goods that went out under them and came
    back unopened. Of a mixture all of it counts, for which part of it came back so is not known."""
    by_id = {one.id: one for one in known.lots}
    owner = known.lot.producer_id
    parents = [parent for one in known.lots if one.producer_id == owner for parent in one.parents]
    return min(known.lot.base, sum(passing.under_own(owner, parent, by_id) for parent in parents))
