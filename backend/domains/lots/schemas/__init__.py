"""Shapes of lots, and of what happens to them."""

from backend.domains.lots.schemas.books import BookOut, BookQuery
from backend.domains.lots.schemas.lots import HoldIn, LotOut, LotsQuery, ReleaseIn
from backend.domains.lots.schemas.moves import (
    EventsQuery,
    LotEventOut,
    NewConversion,
    NewIntake,
    NewLeaving,
    NewReceipt,
    NewShipment,
    NoteIn,
    RecipientOut,
    RecipientQuery,
    ShipmentsQuery,
)
from backend.domains.lots.schemas.traces import LotTrace, TraceQuery

__all__ = [
    "BookOut",
    "BookQuery",
    "EventsQuery",
    "HoldIn",
    "LotEventOut",
    "LotOut",
    "LotTrace",
    "LotsQuery",
    "NewConversion",
    "NewIntake",
    "NewLeaving",
    "NewReceipt",
    "NewShipment",
    "NoteIn",
    "RecipientOut",
    "RecipientQuery",
    "ReleaseIn",
    "ShipmentsQuery",
    "TraceQuery",
]
