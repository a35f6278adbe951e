"""What is known of lots, as far as the reader may see it: the ground of every export that tells a lot's history."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from backend.base import ids
from backend.base.actor import Actor
from backend.domains.certificates import service as certificates
from backend.domains.farming import service as farming
from backend.domains.lots import service as lots
from backend.domains.producers import service as producers
from backend.domains.testing import service as testing
from backend.domains.tracing import service as tracing

MOST = 500  # lots in one export
HARVEST = "harvest"
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class History:
    """`told` are the lots whose whole story the reader may see; `known` are those and every lot that their events name,
    of which others' are only named. `harvests` are all versions of a harvest by the lot it made, oldest first."""

    told: Sequence[lots.LotFacts]
    known: Mapping[str, lots.LotFacts]
    events: Sequence[Row]
    tests: Sequence[testing.ResultFacts]
    certificates: Sequence[certificates.CertificateFacts]
    harvests: Mapping[str, Sequence[farming.HarvestVersion]]
    holders: Mapping[str, producers.Visible]
    recalls: Sequence[tracing.RecallOnLot] = ()
    truncated: bool = False

    def gtin(self, lot_id: str) -> str | None:
        return self.known[lot_id].gtin if lot_id in self.known else None


def history(actor: Actor, lot_id: str) -> History:
    """Back and forward from a lot. Of others' lots no more is told than that they went in. Raises NotFound."""
    found = lots.trace(actor, lot_id, most=MOST)
    own = [node["lot_id"] for node in found["nodes"] if "lot_id" in node]
    return gathered(actor, own, lots.events_on(own), truncated=found["truncated"])


def gathered(actor: Actor, lot_ids: Sequence[str], events: Sequence[Row], *, truncated: bool = False) -> History:
    """All about these lots, whose producers' doors are open to the actor for `lot:read`; tests, certificates and the
    log each only where the actor may read them too."""
    known = {lot.id: lot for lot in lots.now(list(dict.fromkeys([*lot_ids, *_named(events)])))}
    parents = {one.lot_id for lot in known.values() for one in lot.parents} - set(known)
    known |= {lot.id: lot for lot in lots.now(sorted(parents))}
    told = [known[lot_id] for lot_id in lot_ids if lot_id in known]
    parties = {ids.owner_of(one) for one in known} | {row["to_producer_id"] for row in events if _taker(row)}
    return History(
        told=told,
        known=known,
        events=events,
        tests=testing.results(_readable(actor, told, "test:read")),
        certificates=certificates.on_lots(_readable(actor, told, "certificate:read")),
        harvests=_harvests([known[one] for one in _readable(actor, told, "farming:read")]),
        holders=producers.visible(actor, sorted(parties), "lot:read"),
        recalls=tracing.recalls_on([lot.id for lot in told]),
        truncated=truncated,
    )


def _named(events: Iterable[Row]) -> Iterable[str]:
    return (line["lot_id"] for row in events for side in ("takes", "makes") for line in row.get(side, ()))


def _taker(row: Row) -> bool:
    return bool(row.get("to_producer_id"))


def _readable(actor: Actor, told: Sequence[lots.LotFacts], permission: str) -> list[str]:
    owners = producers.visible(actor, sorted({lot.producer_id for lot in told}), permission)
    return [lot.id for lot in told if owners[lot.producer_id].allowed]


def _harvests(told: Sequence[lots.LotFacts]) -> Mapping[str, Sequence[farming.HarvestVersion]]:
    found: dict[str, list[farming.HarvestVersion]] = defaultdict(list)
    for one in farming.harvest_versions([lot.id for lot in told if lot.born == HARVEST]):
        found[one.root_id].append(one)
    return found
