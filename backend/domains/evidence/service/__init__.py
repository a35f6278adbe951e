"""Verbs of the evidence register, as other features, the routes, the pages and the worker call them."""

from backend.domains.evidence.service.appending import Entry, Leaf, append, entries, erase, proves, sealed_at
from backend.domains.evidence.service.bulletin import DayFacts, day, days, days_after
from backend.domains.evidence.service.keys import on_keys_revoked
from backend.domains.evidence.service.reading import (
    CheckpointFacts,
    bundles,
    checkpoint,
    checkpoints,
    consistency,
    entries_of_tile,
    inclusion,
    latest,
    tile,
)
from backend.domains.evidence.service.sealing import seal, seal_once, waiting
from backend.domains.evidence.service.stamping import TimestampFacts, stamp, stamping, timestamp
from backend.domains.evidence.service.witnesses import appoint, cosign, retire, witness, witnesses

__all__ = [
    "CheckpointFacts",
    "DayFacts",
    "Entry",
    "Leaf",
    "TimestampFacts",
    "append",
    "appoint",
    "bundles",
    "checkpoint",
    "checkpoints",
    "consistency",
    "cosign",
    "day",
    "days",
    "days_after",
    "entries",
    "entries_of_tile",
    "erase",
    "inclusion",
    "latest",
    "on_keys_revoked",
    "proves",
    "retire",
    "seal",
    "seal_once",
    "sealed_at",
    "stamp",
    "stamping",
    "tile",
    "timestamp",
    "waiting",
    "witness",
    "witnesses",
]
