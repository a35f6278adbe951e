"""The whole history of a lot in one answer: what it came from and what came of it, seen as far as the reader may."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import Any

from backend.base import ids
from backend.base.actor import Actor
from backend.domains.lots.service import graph
from backend.domains.lots.service.facts import LotFacts, facts_of, row_of
from backend.domains.producers import service as producers

MOST = 2000
Row = Mapping[str, Any]


def trace(actor: Actor, lot_id: str, *, direction: str = "both", most: int = MOST) -> dict[str, Any]:
    """`nodes` by `ref`, nearest first (`step` below 0 is back, above 0 forward) and `links` between them.

    Whoever may read a lot sees it whole. Of others' lots behind it they see whose they are and where from; of what
    came of theirs, who received it from them and no more. `truncated` past `most` lots. Raises NotFound.
    """
    producers.door(actor, ids.owner_of(lot_id), "lot:read")
    start = row_of(lot_id)
    steps = {lot_id: 0}
    rows: dict[str, Row] = {lot_id: start}
    if direction != "forward":
        _back(start, rows, steps, most)
    truncated = direction != "back" and _forward(lot_id, rows, steps, most)
    links = [
        {"parent": parent["lot_id"], "child": row["_id"], "base": parent["base"]}
        for row in rows.values()
        for parent in row.get("parents", ())
        if parent["lot_id"] in rows
    ]
    nodes = [(facts_of(row), steps[row["_id"]]) for row in rows.values()]
    return {**_seen(actor, nodes, links), "truncated": truncated or len(rows) > most}


def _back(start: Row, rows: dict[str, Row], steps: dict[str, int], most: int) -> None:
    for row in graph.lineage(start)[1:most]:
        rows[row["_id"]] = row
    wave, step = [start["_id"]], 0
    while wave:
        step -= 1
        parents = [one["lot_id"] for lot_id in wave if lot_id in rows for one in rows[lot_id].get("parents", ())]
        wave = [lot_id for lot_id in dict.fromkeys(parents) if lot_id in rows and lot_id not in steps]
        steps |= dict.fromkeys(wave, step)


def _forward(lot_id: str, rows: dict[str, Row], steps: dict[str, int], most: int) -> bool:
    """Whether there was more than `most`."""
    for step, (wave, _) in enumerate(graph.steps_down([lot_id])):
        room = most - len(rows)
        fresh = list(islice((one for one in wave if one not in rows), room + 1))
        for row in graph.rows_of(fresh[:room]):
            rows[row["_id"]] = row
            steps[row["_id"]] = step
        if len(fresh) > room:
            return True
    return False


def _seen(actor: Actor, nodes: Sequence[tuple[LotFacts, int]], links: Iterable[Row]) -> dict[str, Any]:
    holders = producers.visible(actor, sorted({lot.producer_id for lot, _ in nodes}), "lot:read")
    refs = {lot.id: number for number, (lot, _) in enumerate(nodes)}
    own = {lot.id for lot, _ in nodes if holders[lot.producer_id].allowed}
    near = own | {link["child"] for link in links if link["parent"] in own}
    shown = [
        _whole(refs[lot.id], lot, step, holders[lot.producer_id])
        if lot.id in own
        else _masked(refs[lot.id], lot, step, holders[lot.producer_id] if step < 0 or lot.id in near else None)
        for lot, step in nodes
    ]
    joined = [
        {
            "parent": refs[link["parent"]],
            "child": refs[link["child"]],
            "base": link["base"] if own & {link["parent"], link["child"]} else None,
        }
        for link in links
    ]
    return {"nodes": shown, "links": joined}


def _masked(ref: int, lot: LotFacts, step: int, holder: producers.Visible | None) -> dict[str, Any]:
    return {
        "ref": ref,
        "step": step,
        "product_name": lot.product_name,
        "crop": lot.crop,
        "born": lot.born,
        "born_on": lot.born_on,
        "holder": holder.public_name if holder else None,
        "region": holder.region[:6] if holder else None,
    }


def _whole(ref: int, lot: LotFacts, step: int, holder: producers.Visible) -> dict[str, Any]:
    return _masked(ref, lot, step, holder) | {
        "lot_id": lot.id,
        "holder": holder.name,
        "region": holder.region,
        "amount": lot.amount,
        "unit": lot.unit,
        "on_hand": lot.on_hand,
        "state": lot.state,
    }
