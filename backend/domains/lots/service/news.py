"""What the ledger tells the features above."""

from dataclasses import dataclass

from backend.base import events


@dataclass(frozen=True)
class LotHeld(events.Event):
    """A supervisor or a failing test stopped the lot."""

    lot_id: str
    producer_id: str


@dataclass(frozen=True)
class LotReleased(events.Event):
    lot_id: str
    producer_id: str
