"""One season of the land: what other batches of the same crop put on it counts for this harvest too.

The interval is one of the land and the crop, not of a batch (农药管理条例 art. 34; 兽药管理条例 art. 40).
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from backend.domains.farming.rules.records import GateRecord, current


@dataclass(frozen=True, slots=True)
class Beside:
    """Another batch of the same crop, or of the same animals, on some of the same land, which `site_ids` are.
    `together`: both were under way at once, so that their applications are counted as those of one season."""

    batch_id: str
    site_ids: tuple[str, ...]
    together: bool = True


def put_on(
    records: Iterable[GateRecord], beside: Iterable[Beside], since: date, batch_id: str
) -> tuple[GateRecord, ...]:
    """The current deeds with inputs of those batches that went on the shared land and ended on that day or later, as if
    they were of `batch_id`; those of another season keep their batch and are `apart`."""
    shared = {one.batch_id: one for one in beside}
    found = []
    for record in current(record for record in records if record.batch_id in shared):
        one = shared[record.batch_id]
        sites = tuple(site for site in record.site_ids or one.site_ids if site in one.site_ids)
        if record.uses and sites and max(record.happened_on, record.ended_on) >= since:
            batch = batch_id if one.together else record.batch_id
            found.append(replace(record, batch_id=batch, site_ids=sites, apart=not one.together))
    return tuple(found)
