"""Shapes of site visits and of their photos and signature."""

from marshmallow import validate

from backend.domains.producers.rules import FILE_ROLES
from backend.http.api import Schema, fields


class Position(Schema):
    """WGS 84, as the phone gave it."""

    lon = fields.Float(required=True, validate=validate.Range(-180, 180))
    lat = fields.Float(required=True, validate=validate.Range(-180, 180))
    accuracy_m = fields.Float(load_default=None, allow_none=True, validate=validate.Range(0, 100_000))


class NewVisit(Schema):
    client_id = fields.ClientId(required=True)
    declaration_id = fields.Identity(load_default=None, allow_none=True)
    visited_on = fields.Day(required=True)
    device_time = fields.Instant(load_default=None, allow_none=True)
    position = fields.Nested(Position, load_default=None, allow_none=True)
    findings = fields.Text(max=1000, load_default="")
    outcome = fields.Code("visit_outcomes", required=True)


class VisitFileForm(Schema):
    client_id = fields.ClientId(required=True)
    visit_client_id = fields.ClientId(required=True)
    role = fields.Text(required=True, validate=validate.OneOf(FILE_ROLES))


class VisitFileUpload(Schema):
    file = fields.Upload(required=True)


class VisitFileOut(Schema):
    id = fields.Text(max=60)
    visit_id = fields.Text(max=60)
    role = fields.Text(metadata={"enum": list(FILE_ROLES)})
    width = fields.Integer()
    height = fields.Integer()
    url = fields.Text(max=300, metadata={"description": "opens the image for a quarter of an hour, without a login"})
    thumb_url = fields.Text(max=300)
    created_at = fields.Instant()


class VisitOut(Schema):
    id = fields.Text(max=60)
    client_id = fields.Text()
    producer_id = fields.Identity()
    declaration_id = fields.Identity(allow_none=True)
    visited_on = fields.Day()
    device_time = fields.Instant(allow_none=True)
    position = fields.Nested(Position, allow_none=True)
    findings = fields.Text(max=1000)
    outcome = fields.Code("visit_outcomes")
    distance_m = fields.Integer(
        allow_none=True, metadata={"description": "to the producer's nearest site; null without a position or a site"}
    )
    files = fields.List(fields.Nested(VisitFileOut), max=10)
    visited_by = fields.Text(max=80)
    created_at = fields.Instant()
