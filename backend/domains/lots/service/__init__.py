"""Verbs of the ledger, as other features and the routes call them."""

from backend.domains.lots.service.book import book, book_xlsx
from backend.domains.lots.service.facts import (
    Ancestry,
    LotFacts,
    Parent,
    ancestry,
    crops_of,
    facts,
    lot,
    lots_of,
    uncertified,
)
from backend.domains.lots.service.holding import hold, stop, unhold
from backend.domains.lots.service.intake import take_in
from backend.domains.lots.service.leaving import leave
from backend.domains.lots.service.ledger import on_harvest_amended, on_harvests, release, reserve, reserve_again
from backend.domains.lots.service.moving import convert
from backend.domains.lots.service.news import LotHeld, LotMade, LotReleased, RecalledLotMade
from backend.domains.lots.service.reading import events_of, events_on, recipient
from backend.domains.lots.service.recalls import (
    Found,
    Window,
    beginnings,
    end,
    lift,
    mark,
    marked,
    marks_on,
    now,
    reached,
    recall_over,
    write_recall,
)
from backend.domains.lots.service.receiving import receive, refuse
from backend.domains.lots.service.shipments import shipment, shipments
from backend.domains.lots.service.shipping import cancel, settle, ship
from backend.domains.lots.service.trace import trace

__all__ = [
    "Ancestry",
    "Found",
    "LotFacts",
    "LotHeld",
    "LotMade",
    "LotReleased",
    "Parent",
    "RecalledLotMade",
    "Window",
    "ancestry",
    "beginnings",
    "book",
    "book_xlsx",
    "cancel",
    "convert",
    "crops_of",
    "end",
    "events_of",
    "events_on",
    "facts",
    "hold",
    "leave",
    "lift",
    "lot",
    "lots_of",
    "mark",
    "marked",
    "marks_on",
    "now",
    "on_harvest_amended",
    "on_harvests",
    "reached",
    "recall_over",
    "receive",
    "recipient",
    "refuse",
    "release",
    "reserve",
    "reserve_again",
    "settle",
    "ship",
    "shipment",
    "shipments",
    "stop",
    "take_in",
    "trace",
    "uncertified",
    "unhold",
    "write_recall",
]
