"""What goods may come to at most when they are counted otherwise than before: weighed what was counted, or the reverse.

Nothing of it is stored. A lot of apples made of 1000 kg is worth 1000 kg however it is counted, and each part of it its
part, for what all descendants took of a lot is never more than the lot; only where the goods began as heads or pieces
does a weight a piece (`piece_weights`) say how much they may be.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from backend.base import vocab
from backend.base.errors import RuleBroken
from backend.domains.lots import rules
from backend.domains.lots.service import graph
from backend.domains.lots.service.facts import LotFacts

FIELDS = ("base", "unit", "crop", "parents")
Taken = Sequence[tuple[LotFacts, rules.Taken]]
Row = Mapping[str, Any]


def check(taken: Taken, wanted: int, unit: vocab.Term) -> None:
    """That `wanted` base units may come of what was taken. Raises RuleBroken `lot_more_than_possible`, or `unit_wrong`
    where goods of this kind can not be counted so; a command for each step back."""
    every: Row = {"_id": "", "parents": [{"lot_id": lot.id} for lot, _ in taken]}
    known = {row["_id"]: row for row in graph.lineage(every, FIELDS)[1:]}
    met: dict[str, int] = {}
    most = sum(_most(lot.id, unit, known, met) * some.base // lot.base for lot, some in taken)
    if wanted > most:
        raise RuleBroken("lot_more_than_possible", field="outputs", most=rules.shown(most, unit), unit=unit.zh)


def _most(lot_id: str, unit: vocab.Term, known: Mapping[str, Row], met: dict[str, int]) -> int:
    """What the whole of a lot may be in the unit's dimension."""
    if lot_id not in met:
        met[lot_id] = _of_all(known[lot_id], unit, known, met)
    return met[lot_id]


def _of_all(row: Row, unit: vocab.Term, known: Mapping[str, Row], met: dict[str, int]) -> int:
    own, base, weights = vocab.get("units")[row["unit"]], int(row["base"]), _weights(row["crop"])
    if own["dimension"] == unit["dimension"]:
        cut = (own.code, unit.code) == ("head", "piece")  # pieces of an animal, by way of its weight
        return base * int(weights["most"]) // int(weights["least"]) if cut and weights else base
    if not row.get("parents"):
        return rules.counted_otherwise(base, own, unit, weights)
    of_parents = sum(
        _most(one["lot_id"], unit, known, met) * int(one["base"]) // int(known[one["lot_id"]]["base"])
        for one in row["parents"]
    )
    if own["dimension"] == "mass":
        return min(of_parents, rules.counted_otherwise(base, own, unit, weights))
    return of_parents


def _weights(crop: str) -> Mapping[str, Any]:
    terms = vocab.get("piece_weights")
    return terms.get(crop, terms.get(vocab.get("crops")[crop]["class"], {}))
