"""Where recalled goods went by themselves: sold, sent out of the platform, or on the road to somebody who has no lot of
them yet."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from backend.base.actor import system
from backend.domains.lots import service as lots
from backend.domains.producers import service as producers

KINDS = ("ship", "return", "retail", "market")
ON_THE_ROAD = "sent"
ME = system("recall")
Row = Mapping[str, Any]


def goings(lot_ids: Sequence[str]) -> list[tuple[Row, Row]]:
    """(what happened, its line) for each of these lots that left its holder, or entered a market: first what is on the
    road, then what left the platform, then the rest; by day."""
    wanted = set(lot_ids)
    found = [(event, one) for event in lots.events_on(lot_ids) for one in _lines(event, wanted)]
    return sorted(found, key=lambda pair: (_rank(pair[0]), pair[0]["happened_on"], pair[0]["_id"]))


def _lines(event: Row, wanted: Collection[str]) -> Iterator[Row]:
    if event["kind"] in KINDS:
        yield from (one for one in event["takes"] if one["lot_id"] in wanted)


def _rank(event: Row) -> int:
    if event["state"] == ON_THE_ROAD:
        return 0
    return 2 if event.get("to_producer_id") else 1


def tell_receivers(lot_ids: Sequence[str], kind: str, *, key: str, reason: tuple[str, str]) -> None:
    """In the caller's transaction: tell those to whom these lots' goods are on the road, once under one key."""
    for event, one in goings(lot_ids):
        if event["state"] == ON_THE_ROAD and (receiver := event.get("to_producer_id")):
            said = {"product": one["product_name"], "reason": reason}
            producers.tell_people(ME, receiver, kind, key=key, subject_id=event["_id"], **said)
