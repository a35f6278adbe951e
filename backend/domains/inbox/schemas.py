"""Shapes of the inbox."""

from marshmallow import validate

from backend.http.api import Schema, fields


class Said(Schema):
    zh = fields.Text(max=500)
    en = fields.Text(max=500)


class InboxNoticeOut(Schema):
    id = fields.Text(max=120)
    kind = fields.Text()
    title = fields.Nested(Said)
    text = fields.Nested(Said)
    subject_id = fields.Text(max=120, metadata={"description": "what it is about; empty when nothing can be opened"})
    unread = fields.Boolean()
    created_at = fields.Instant()


class ConsentOut(Schema):
    kind = fields.Text()
    template_id = fields.Text(metadata={"description": "for wx.requestSubscribeMessage"})
    count = fields.Integer(metadata={"description": "messages of this kind that may still be sent"})


class SummaryOut(Schema):
    unread = fields.Integer(metadata={"description": "at most 99"})
    consents = fields.List(fields.Nested(ConsentOut))


class ReadIn(Schema):
    ids = fields.List(fields.Text(max=120), required=True, validate=validate.Length(1, 100))


class ConsentIn(Schema):
    client_id = fields.ClientId(required=True)
    kinds = fields.List(fields.Code("notice_kinds"), required=True, validate=validate.Length(1, 3))
