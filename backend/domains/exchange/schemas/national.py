"""Shapes of the push to the national platform."""

from backend.domains.exchange.schemas.deliveries import DeliveryStandingOut
from backend.http.api import fields


class NationalStatusOut(DeliveryStandingOut):
    enabled = fields.Boolean()
    version = fields.Text(allow_none=True, metadata={"description": "the mapping file in force"})
