"""Verbs of the ledger, as other features and the routes call them."""

from backend.domains.lots.service.facts import Ancestry, LotFacts, Parent, ancestry, facts, lot, lots_of
from backend.domains.lots.service.holding import hold, stop, unhold
from backend.domains.lots.service.ledger import on_harvest_amended, on_harvests, release, reserve
from backend.domains.lots.service.news import LotHeld, LotReleased

__all__ = [
    "Ancestry",
    "LotFacts",
    "LotHeld",
    "LotReleased",
    "Parent",
    "ancestry",
    "facts",
    "hold",
    "lot",
    "lots_of",
    "on_harvest_amended",
    "on_harvests",
    "release",
    "reserve",
    "stop",
    "unhold",
]
