"""Pure rules of the farming log: what a record must say, current versions, and when harvest becomes lawful."""

from backend.domains.farming.rules.label import above, comparable, dose, off_label
from backend.domains.farming.rules.log import (
    FIELD_WORDS,
    YIELD_DIMENSIONS,
    base_amount,
    check_complete,
    check_dates,
    check_fits,
    check_yield,
    missing_fields,
)
from backend.domains.farming.rules.records import Crop, GateRecord, Reason, Use, Vouched, current, late_days
from backend.domains.farming.rules.season import Beside, put_on
from backend.domains.farming.rules.uses import CHEMICAL_KINDS, EDITION, FED, NEVER_UNKNOWN, reasons, unknown_chemical
from backend.domains.farming.rules.window import (
    VOUCHABLE,
    Window,
    answered,
    harvest_window,
    is_news,
    standing,
    vouchable,
)

__all__ = [
    "CHEMICAL_KINDS",
    "EDITION",
    "FED",
    "FIELD_WORDS",
    "NEVER_UNKNOWN",
    "VOUCHABLE",
    "YIELD_DIMENSIONS",
    "Beside",
    "Crop",
    "GateRecord",
    "Reason",
    "Use",
    "Vouched",
    "Window",
    "above",
    "answered",
    "base_amount",
    "check_complete",
    "check_dates",
    "check_fits",
    "check_yield",
    "comparable",
    "current",
    "dose",
    "harvest_window",
    "is_news",
    "late_days",
    "missing_fields",
    "off_label",
    "put_on",
    "reasons",
    "standing",
    "unknown_chemical",
    "vouchable",
]
