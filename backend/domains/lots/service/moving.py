"""Lots made of lots: split, merge, repack, transform. What comes out is always a new lot, so there are no cycles."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from backend.base import clock, events, ids, vocab
from backend.base.actor import Actor
from backend.base.errors import RuleBroken
from backend.domains.farming import rules as farming_rules
from backend.domains.lots import rules
from backend.domains.lots.models import MAX_BATCHES, Lot, LotLink
from backend.domains.lots.service import bounds, journal
from backend.domains.lots.service.facts import LotFacts
from backend.domains.lots.service.graph import MAX_DEPTH
from backend.domains.lots.service.news import LotMade
from backend.domains.producers import service as producers

Row = Mapping[str, Any]


def convert(
    actor: Actor,
    *,
    producer_id: str,
    client_id: str,
    kind: str,
    happened_on: date,
    inputs: Sequence[Row],
    outputs: Sequence[Row],
    note: str = "",
) -> dict[str, Any]:
    """Make `outputs` (client_id, amount, unit, product_name, variety) of `inputs` (lot_id, amount, unit).

    `kind` is split, merge, repack or transform. Only quantity without a certificate can be made into something else; a
    split and a merge lose nothing, sorting may, and processing may weigh what was counted (`bounds`). Raises NotFound,
    RuleBroken, Conflict.
    """
    producers.door(actor, producer_id, "lot:move")
    term = vocab.get("lot_event_kinds")[kind]
    _check_parts(term, inputs, outputs)
    event_id = ids.owned(producer_id, client_id)
    said = [kind, happened_on, inputs, outputs, note]
    facts: dict[str, Any] = {"happened_on": happened_on, "inputs": inputs, "outputs": outputs, "note": note}
    return journal.once(event_id, said, lambda digest: _convert(actor, event_id, term, digest, **facts))


def _check_parts(term: vocab.Term, inputs: Sequence[Row], outputs: Sequence[Row]) -> None:
    fits = all(
        term.get(side) and term[side][0] <= len(lines) <= term[side][1]
        for side, lines in (("parents", inputs), ("children", outputs))
    )
    if not fits:
        raise RuleBroken("lot_parts_wrong", field="inputs", kind=term)
    if term.code == "transform" and not all(one.get("product_name") for one in outputs):
        raise RuleBroken("lot_product_name_missing", field="outputs")


def _convert(
    actor: Actor,
    event_id: str,
    term: vocab.Term,
    digest: str,
    *,
    happened_on: date,
    inputs: Sequence[Row],
    outputs: Sequence[Row],
    note: str,
) -> None:
    producer_id = ids.owner_of(event_id)
    taken = journal.take(term.code, producer_id, inputs, happened_on)
    units = [vocab.get("units")[one["unit"]] for one in outputs]
    bases = [farming_rules.base_amount(one["amount"], unit) for one, unit in zip(outputs, units, strict=True)]
    loss = _loss(term, taken, bases, units)
    parents = _parents(taken, bases)
    birth: dict[str, Any] = {"event_id": event_id, "kind": term.code, "happened_on": happened_on}
    made = [
        child(ids.owned(producer_id, one["client_id"]), one, base, some, **birth)
        for one, base, some in zip(outputs, bases, parents, strict=True)
    ]
    bear(made, event_id, term.code)
    takes = [journal.line_of(lot, some, line) for (lot, some), line in zip(taken, inputs, strict=True)]
    journal.keep(
        actor,
        event_id,
        term.code,
        digest,
        happened_on=happened_on.isoformat(),
        takes=takes,
        makes=[made_line(lot) for lot in made],
        loss_base=loss,
        note=note,
    )


def _loss(
    term: vocab.Term, taken: Sequence[tuple[LotFacts, rules.Taken]], bases: Sequence[int], units: Sequence[vocab.Term]
) -> int | None:
    """None where what was counted is weighed now, or the reverse: only processing may do that, and within bounds."""
    before, after = {vocab.get("units")[lot.unit]["dimension"] for lot, _ in taken}, {one["dimension"] for one in units}
    if before == after and len(after) == 1:
        return rules.check_made(term.code, sum(one.base for _, one in taken), bases, exact=term["exact"])
    if term.code != "transform":
        raise RuleBroken("unit_wrong", field="outputs", unit=term)
    if len(after) > 1:
        raise RuleBroken("lot_dimensions_mixed", field="outputs")
    bounds.check(taken, sum(bases), units[0])
    return None


def _parents(
    taken: Sequence[tuple[LotFacts, rules.Taken]], bases: Sequence[int]
) -> list[list[tuple[LotFacts, rules.Taken]]]:
    """What each new lot has of each old one, by weight; all parts of what was taken go somewhere."""
    by_parent = [rules.shares(one.base, bases) for _, one in taken]
    return [
        [(lot, rules.Taken(parts[number], 0)) for (lot, _), parts in zip(taken, by_parent, strict=True)]
        for number in range(len(bases))
    ]


def child(
    lot_id: str,
    said: Row,
    base: int,
    parents: Sequence[tuple[LotFacts, rules.Taken]],
    *,
    event_id: str,
    kind: str,
    happened_on: date,
) -> Lot:
    """A new lot of these parents. Its crop is theirs; what is not said of it is taken from the first."""
    first, lots = parents[0][0], [lot for lot, _ in parents]
    if len({lot.crop for lot in lots}) > 1:
        raise RuleBroken("lot_crops_differ", field="inputs")
    depth = 1 + max(lot.depth for lot in lots)
    if depth > MAX_DEPTH:
        raise RuleBroken("lot_too_deep", most=MAX_DEPTH)
    newest = max(lots, key=lambda lot: (lot.harvested_on, lot.id))
    owner = ids.owner_of(lot_id)
    same = {(lot.gtin, lot.product_name, lot.producer_id) for lot in lots} == {(first.gtin, first.product_name, owner)}
    return Lot(
        id=lot_id,
        producer_id=owner,
        batch_ids=sorted({batch for lot in lots for batch in lot.batch_ids})[:MAX_BATCHES],
        harvest_root_id=newest.harvest_root_id,
        crop=first.crop,
        product_name=said.get("product_name") or first.product_name,
        variety=said.get("variety") or (first.variety if len({lot.variety for lot in lots}) == 1 else ""),
        gtin=first.gtin if same and not said.get("product_name") else None,
        amount=journal.plain(said["amount"]),
        unit=said["unit"],
        base=base,
        harvested_on=newest.harvested_on.isoformat(),
        born=kind,
        born_on=happened_on.isoformat(),
        parents=[{"lot_id": lot.id, "base": one.base, "carried": one.carried} for lot, one in parents],
        depth=depth,
        event_id=event_id,
        created_at=clock.now(),
    )


def bear(made: Sequence[Lot], event_id: str, kind: str) -> None:
    """Insert new lots with the links that lead to them, in the caller's transaction: two commands. Raises Duplicate."""
    Lot.insert(made)
    LotLink.insert(
        LotLink(
            id=f"{parent['lot_id']}~{lot.id}",
            parent_id=parent["lot_id"],
            child_id=lot.id,
            base=parent["base"],
            kind=kind,
            event_id=event_id,
            happened_on=lot.born_on,
            created_at=lot.created_at,
        )
        for lot in made
        for parent in lot.parents
    )
    events.publish(*(LotMade(lot.id, lot.producer_id) for lot in made))


def made_line(lot: Lot) -> dict[str, Any]:
    return {
        "lot_id": lot.id,
        "base": lot.base,
        "amount": lot.amount,
        "unit": lot.unit,
        "product_name": lot.product_name,
        "variety": lot.variety,
        "crop": lot.crop,
        "harvested_on": lot.harvested_on,
    }
