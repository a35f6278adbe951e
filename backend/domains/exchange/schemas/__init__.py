"""Shapes of the exchange at the edge."""

from backend.domains.exchange.schemas.epcis import EpcisQuery
from backend.domains.exchange.schemas.mapping import MappedLot, MappingsOut, WholeMapping

__all__ = ["EpcisQuery", "MappedLot", "MappingsOut", "WholeMapping"]
