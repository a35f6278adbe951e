"""Pure rules of complaints: the clock, what may be done when, and the two lanes of filing."""

from backend.domains.complaints.rules.clock import Calendar, Due, calendar, due, is_working, left, missing_years
from backend.domains.complaints.rules.lanes import BITS, RECEIPT_LENGTH, challenge, is_ours, receipt, solves, watched
from backend.domains.complaints.rules.spelling import spoken, typed
from backend.domains.complaints.rules.steps import MAX_ENTRIES, OPEN, STEPS, Step, check, possible

__all__ = [
    "BITS",
    "MAX_ENTRIES",
    "OPEN",
    "RECEIPT_LENGTH",
    "STEPS",
    "Calendar",
    "Due",
    "Step",
    "calendar",
    "challenge",
    "check",
    "due",
    "is_ours",
    "is_working",
    "left",
    "missing_years",
    "possible",
    "receipt",
    "solves",
    "spoken",
    "typed",
    "watched",
]
