"""Reads how often a code was looked up."""

from backend.domains.tracing.models import ScanTally
from backend.domains.tracing.rules import Tally


def tally(code: str) -> Tally:
    rows = ScanTally.rows({"_id": code}, ("count", "first_at", "last_at"), limit=1)
    return Tally(rows[0]["count"], rows[0]["first_at"], rows[0]["last_at"]) if rows else Tally()
