"""Endpoints of what leaves the house."""

from backend.domains.exchange.routes import clients, dumps, epcis, mapping, national, sortable, webhooks
from backend.domains.exchange.routes.blueprint import blueprint

__all__ = ["blueprint", "clients", "dumps", "epcis", "mapping", "national", "sortable", "webhooks"]
