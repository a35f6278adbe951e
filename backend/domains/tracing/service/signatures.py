"""The signed certificate by its trace code, for anyone."""

from typing import Any

from backend.base.errors import NotFound
from backend.base.ids import normal_trace_code
from backend.domains.certificates import service as certificates
from backend.domains.tracing.models import PublicTrace


def signed(code: str) -> dict[str, Any]:
    """The bundle that `/verify` checks. Raises NotFound `trace_not_found`, RuleBroken `certificate_unsigned`."""
    rows = PublicTrace.rows({"_id": normal_trace_code(code)}, ("certificate_id",), limit=1)
    if not rows:
        raise NotFound("trace_not_found")
    return certificates.signed(rows[0]["certificate_id"])
