"""Endpoints of what leaves the house."""

from backend.domains.exchange.routes import dumps, epcis, mapping, sortable
from backend.domains.exchange.routes.blueprint import blueprint

__all__ = ["blueprint", "dumps", "epcis", "mapping", "sortable"]
