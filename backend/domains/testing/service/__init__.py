"""Verbs of testing, as other features and the routes call them."""

from backend.domains.testing.service.labs import accredit, accreditations, end_accreditation, lab, labs, new_lab, scopes
from backend.domains.testing.service.results import (
    ResultFacts,
    ResultRecorded,
    lot_of,
    record,
    results,
    results_after,
    results_of,
)

__all__ = [
    "ResultFacts",
    "ResultRecorded",
    "accredit",
    "accreditations",
    "end_accreditation",
    "lab",
    "labs",
    "lot_of",
    "new_lab",
    "record",
    "results",
    "results_after",
    "results_of",
    "scopes",
]
