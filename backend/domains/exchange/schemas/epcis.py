"""Shapes of EPCIS queries; what is answered has the official GS1 schema (schemas/payloads/epcis)."""

import marshmallow as ma

from backend.domains.exchange.rules.epcis_query import KINDS
from backend.http.api import Schema, fields


def _kinds(text: str) -> None:
    if any(one.strip() not in KINDS for one in text.split(",")):
        raise ma.ValidationError(f"Must be one of: {', '.join(KINDS)}.")


class EpcisQuery(Schema):
    """One of `lot_id` and `producer_id`; the rest are the standard's own names. Lists are separated by commas."""

    lot_id = fields.Identity(load_default=None)
    producer_id = fields.Identity(load_default=None)
    event_type = fields.Text(data_key="eventType", min=1, load_default="", validate=_kinds)
    since = fields.Instant(data_key="GE_eventTime", load_default=None)
    before = fields.Instant(data_key="LT_eventTime", load_default=None)
    biz_step = fields.Text(data_key="EQ_bizStep", max=400, load_default="")
    disposition = fields.Text(data_key="EQ_disposition", max=400, load_default="")
    epc_class = fields.Text(data_key="MATCH_epcClass", max=1000, load_default="")
    any_class = fields.Text(data_key="MATCH_anyEPCClass", max=1000, load_default="")
    size = fields.Integer(data_key="perPage", load_default=30, validate=ma.validate.Range(1, 100))
    token = fields.Text(data_key="nextPageToken", max=500, load_default=None)
