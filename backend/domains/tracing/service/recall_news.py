"""What a recall tells the features above."""

from dataclasses import dataclass

from backend.base import events


@dataclass(frozen=True)
class RecallOrdered(events.Event):
    """No drill: goods are to come back. `region` is that of whoever ordered it."""

    recall_id: str
    region: str
    target: str
    reason: str


@dataclass(frozen=True)
class RecallClosed(events.Event):
    recall_id: str
    region: str


@dataclass(frozen=True)
class RecallWithdrawn(events.Event):
    """It was ordered by mistake and binds nobody any more; its lots and certificates follow."""

    recall_id: str
    region: str


@dataclass(frozen=True)
class LotRecalled(events.Event):
    """A recall was written on this lot, wherever it is; `reason` is a code of `recall_reasons`."""

    lot_id: str
    producer_id: str
    recall_id: str
    reason: str


@dataclass(frozen=True)
class LotFreed(events.Event):
    """The recall that was written on this lot was taken back; another, or a hold, may still stop it."""

    lot_id: str
    producer_id: str
    recall_id: str
