"""GS1 Digital Link aliases, the example that the home page offers, and what lies behind a code."""

from typing import Any

from backend.base import clock, ids
from backend.base.errors import NotFound
from backend.domains.certificates import service as certificates
from backend.domains.tracing import rules
from backend.domains.tracing.models import GtinLot, PublicTrace, TraceExample

HOME = "home"


def keep_alias(*, gtin: str, lot: str, code: str, producer_id: str) -> bool:
    """Let `/01/{gtin}/10/{lot}` lead to a code. False when either is malformed or another producer's already."""
    key = rules.alias(gtin, lot)
    if key is None:
        return False
    known = GtinLot.find_one({"_id": key})
    if known is None:
        GtinLot.insert([GtinLot(id=key, code=code, producer_id=producer_id, created_at=clock.now())])
        return True
    return GtinLot.update_one({"_id": key, "producer_id": producer_id}, {"$set": {"code": code}})


def code_of_alias(gtin: str, lot: str) -> str | None:
    """The trace code behind a Digital Link; None when nobody printed it."""
    key = rules.alias(gtin, lot)
    known = GtinLot.find_one({"_id": key}) if key else None
    return str(known.code) if known else None


def show_as_example(code: str, *, product: str) -> None:
    """Offer this trace on the home page (the demo data do)."""
    TraceExample.update_one({"_id": HOME}, {"$set": {"code": code, "product": product}}, upsert=True)


def example() -> dict[str, str] | None:
    """`{"code", "product"}` of the offered trace, if there is one and it still stands."""
    offered = TraceExample.find_one({"_id": HOME})
    if offered is None or not PublicTrace.rows({"_id": offered.code}, ("state",), limit=1):
        return None
    return {"code": str(offered.code), "product": str(offered.product)}


def subject_of(code: str) -> tuple[str, str] | None:
    """(producer, lot) behind a trace code; None for one nobody printed. For features above, never for strangers."""
    rows = PublicTrace.rows({"_id": code}, ("producer_id", "lot_id"), limit=1)
    return (str(rows[0]["producer_id"]), str(rows[0]["lot_id"])) if rows else None


def proof(code: str) -> list[dict[str, Any]]:
    """What proves the certificate behind a trace code, as anyone may see it. Raises NotFound `trace_not_found`."""
    rows = PublicTrace.rows({"_id": ids.normal_trace_code(code)}, ("certificate_id",), limit=1)
    if not rows:
        raise NotFound("trace_not_found")
    return certificates.public_proof(rows[0]["certificate_id"])
