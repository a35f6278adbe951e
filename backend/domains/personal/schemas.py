"""Shapes of one's own data: the copy, and what is said when it ends."""

from typing import Any

from marshmallow import validate

from backend.http import language
from backend.http.api import Schema, fields

MOST = 1000


class ProfileOut(Schema):
    id = fields.Identity()
    kind = fields.Text()
    name = fields.Text()
    login = fields.Text(allow_none=True)
    wechat = fields.Boolean(metadata={"description": "whether a WeChat identity is kept, sealed"})
    authenticator = fields.Boolean()
    created_at = fields.Instant()


class RoleOut(Schema):
    role = fields.Text()
    role_zh = fields.Text()
    region = fields.Text(allow_none=True)
    producer_id = fields.Text(allow_none=True)
    granted_at = fields.Instant()


class OwnDeviceOut(Schema):
    id = fields.Identity(attribute="sid")
    name = fields.Text()
    created_at = fields.Instant()
    seen_at = fields.Instant()
    expires_at = fields.Instant()


class OwnProducerOut(Schema):
    id = fields.Identity()
    name = fields.Text()
    kind = fields.Text()


class OwnConsentOut(Schema):
    kind = fields.Text()
    count = fields.Integer(metadata={"description": "WeChat messages that may still be sent"})


class Told(Schema):
    zh = fields.Text(max=500)
    en = fields.Text(max=500)


class OwnNoticeOut(Schema):
    kind = fields.Text()
    title = fields.Nested(Told)
    text = fields.Nested(Told)
    unread = fields.Boolean()
    created_at = fields.Instant()


class OwnNoticesOut(Schema):
    items = fields.List(fields.Nested(OwnNoticeOut), max=MOST)
    truncated = fields.Boolean()


class OwnComplaintOut(Schema):
    kind = fields.Text()
    category = fields.Text()
    identity = fields.Text()
    text = fields.Text(max=2000)
    place = fields.Text()
    region = fields.Text()
    state = fields.Text()
    has_contact = fields.Boolean()
    created_at = fields.Instant()


class OwnComplaintsOut(Schema):
    items = fields.List(fields.Nested(OwnComplaintOut), max=MOST)
    truncated = fields.Boolean()


class OwnAnswerOut(Schema):
    producer_id = fields.Text()
    question_id = fields.Text()
    text = fields.Text(max=2000)
    created_at = fields.Instant()


class OwnAnswersOut(Schema):
    items = fields.List(fields.Nested(OwnAnswerOut), max=MOST)
    truncated = fields.Boolean()


class ActOut(Schema):
    created_at = fields.Instant()
    action = fields.Text()
    subjects = fields.List(fields.Text(), max=500)
    producer_id = fields.Text(allow_none=True)
    request_id = fields.Text(allow_none=True)


class ActsOut(Schema):
    items = fields.List(fields.Nested(ActOut), max=MOST)
    truncated = fields.Boolean()


class ExportOut(Schema):
    """The newest 1000 of each; `truncated` says that there are more."""

    exported_at = fields.Instant()
    profile = fields.Nested(ProfileOut)
    roles = fields.List(fields.Nested(RoleOut))
    devices = fields.List(fields.Nested(OwnDeviceOut))
    producers = fields.List(fields.Nested(OwnProducerOut))
    answers = fields.Nested(OwnAnswersOut, metadata={"description": "what this account answered to officers"})
    consents = fields.List(fields.Nested(OwnConsentOut))
    notices = fields.Nested(OwnNoticesOut)
    complaints = fields.Nested(OwnComplaintsOut)
    acts = fields.Nested(ActsOut, metadata={"description": "what this account did, from the audit trail"})


class DeletionIn(Schema):
    confirm = fields.Boolean(required=True, validate=validate.Equal(True))
    client_id = fields.ClientId(
        load_default=None, allow_none=True, metadata={"description": "not needed: a retry finds the session ended"}
    )


class KeptOut(Schema):
    """In the reader's language."""

    code = fields.Text()
    what = fields.Method("_what", metadata={"type": "string"})
    why = fields.Method("_why", metadata={"type": "string"})
    law = fields.Method("_law", metadata={"type": "string"})

    def _what(self, term: Any) -> str:
        return str(term.label(language.wanted()))

    def _why(self, term: Any) -> str:
        return str(term[f"why_{language.wanted()}"])

    def _law(self, term: Any) -> str:
        return str(term[f"law_{language.wanted()}"])


class DeletedOut(Schema):
    deleted_at = fields.Instant()
    kept = fields.List(fields.Nested(KeptOut))
