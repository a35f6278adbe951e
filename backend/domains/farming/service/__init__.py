"""Verbs of farming, as other features and the routes call them."""

from backend.domains.farming.service.batches import batch, batches_of, new_batch, set_state
from backend.domains.farming.service.facts import (
    BatchFacts,
    batch_facts,
    batches_named,
    batches_on,
    batches_using,
    crop_of,
    open_batches,
)
from backend.domains.farming.service.harvests import tell_harvests
from backend.domains.farming.service.news import BatchBegun, HarvestAmended, HarvestRecorded, RecordsChanged
from backend.domains.farming.service.overrides import overrides_of, vouch, vouched
from backend.domains.farming.service.overview import Overview, overview
from backend.domains.farming.service.photos import add_photo, photo_ids
from backend.domains.farming.service.reading import (
    HarvestVersion,
    harvest_versions,
    inputs_of,
    proof,
    records_in,
    records_of,
    registrations,
    story,
)
from backend.domains.farming.service.seasons import Ground, ground
from backend.domains.farming.service.windows import batch_window
from backend.domains.farming.service.writing import ItemResult, SyncResult, amend, record, sync

__all__ = [
    "BatchBegun",
    "BatchFacts",
    "Ground",
    "HarvestAmended",
    "HarvestRecorded",
    "HarvestVersion",
    "ItemResult",
    "Overview",
    "RecordsChanged",
    "SyncResult",
    "add_photo",
    "amend",
    "batch",
    "batch_facts",
    "batch_window",
    "batches_named",
    "batches_of",
    "batches_on",
    "batches_using",
    "crop_of",
    "ground",
    "harvest_versions",
    "inputs_of",
    "new_batch",
    "open_batches",
    "overrides_of",
    "overview",
    "photo_ids",
    "proof",
    "record",
    "records_in",
    "records_of",
    "registrations",
    "set_state",
    "story",
    "sync",
    "tell_harvests",
    "vouch",
    "vouched",
]
