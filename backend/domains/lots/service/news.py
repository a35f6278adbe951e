"""What the ledger tells the features above."""

from dataclasses import dataclass

from backend.base import events


@dataclass(frozen=True)
class LotMade(events.Event):
    """A lot is there: by a harvest, or out of other lots."""

    lot_id: str
    producer_id: str


@dataclass(frozen=True)
class LotHeld(events.Event):
    """A supervisor or a failing test stopped the lot."""

    lot_id: str
    producer_id: str


@dataclass(frozen=True)
class LotReleased(events.Event):
    lot_id: str
    producer_id: str


@dataclass(frozen=True)
class RecalledLotMade(events.Event):
    """Goods of a recalled lot arrived somewhere and are a lot there."""

    lot_id: str
    recall_id: str
