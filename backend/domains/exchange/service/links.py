"""What stands behind a GS1 Digital Link, or behind one of our own trace codes."""

from typing import Any

from backend import gateways
from backend.base import ids
from backend.base.errors import NotFound
from backend.domains.exchange.rules import links
from backend.domains.tracing import service as tracing

NAME = "LongTrace 陇溯"


def code_behind(path: str) -> str:
    """The trace code that `/01/{path}` was printed for. Raises BadRequest, NotFound."""
    code = tracing.code_of_alias(*links.lot_in(path))
    if code is None:
        raise NotFound("trace_not_found")
    return code


def printed_code(typed: str) -> str:
    """A trace code as it was printed, whatever way it was typed. Raises NotFound."""
    code = ids.normal_trace_code(typed)
    if tracing.subject_of(code) is None:
        raise NotFound("trace_not_found")
    return code


def linkset(code: str, anchor: str) -> dict[str, Any]:
    """`anchor`: the path of the item's own name on this site."""
    base = _base()
    return links.linkset(code, anchor=base + anchor, base=base)


def resolver() -> dict[str, Any]:
    return links.description(_base(), NAME)


def _base() -> str:
    return gateways.current().settings.public_base_url
