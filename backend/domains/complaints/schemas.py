"""Shapes of complaints: for those who report, and for those who answer."""

from marshmallow import validate

from backend.domains.complaints.rules import STEPS
from backend.http.api import Schema, fields
from backend.http.shapes import PageQuery

OFFICER_STEPS = [name for name, step in STEPS.items() if step.needs != "reporter"]


class PuzzleOut(Schema):
    puzzle = fields.Text(metadata={"description": "answer: SHA-256 of `puzzle:answer` begins with `bits` zeros"})
    bits = fields.Integer()


class ComplaintForm(Schema):
    """`answer` solves the puzzle; without it a person looks at the complaint first."""

    puzzle = fields.Text(required=True, max=80)
    answer = fields.Text(max=20, load_default="")
    kind = fields.Code("complaint_kinds", required=True)
    category = fields.Code("complaint_categories", required=True)
    identity = fields.Code("complaint_identities", required=True)
    text = fields.Text(required=True, min=5, max=2000)
    region = fields.Text(required=True, min=6, max=9, metadata={"description": "county or township"})
    place = fields.Text(max=200, load_default="")
    trace_code = fields.Text(max=40, load_default="")
    contact = fields.Text(max=100, load_default="")
    wechat_code = fields.Text(max=100, load_default="", metadata={"description": "a fresh wx.login code"})


class ComplaintPhotos(Schema):
    photos = fields.List(fields.Upload(), max=9, load_default=list)


class FiledOut(Schema):
    receipt = fields.Text(metadata={"description": "shown once; whoever holds it follows the case"})
    state = fields.Text()
    due_on = fields.Day(allow_none=True)


class ReceiptIn(Schema):
    receipt = fields.Text(required=True, min=1, max=64)


class MessageForm(ReceiptIn):
    text = fields.Text(required=True, min=1, max=2000)


class RatingIn(ReceiptIn):
    stars = fields.Integer(required=True, strict=True, validate=validate.Range(1, 5))
    text = fields.Text(max=500, load_default="")


class ReopenIn(ReceiptIn):
    text = fields.Text(required=True, min=1, max=2000)


class EntryOut(Schema):
    step = fields.Text()
    by = fields.Text()
    text = fields.Text(max=2000)
    internal = fields.Boolean()
    photos = fields.List(fields.Text(max=300))
    at = fields.Instant()


class CaseShown(Schema):
    """`left`: days to the due day in the clock's unit, negative when overdue; null while no clock runs."""

    kind = fields.Text()
    category = fields.Text()
    identity = fields.Text()
    text = fields.Text(max=2000)
    place = fields.Text()
    region = fields.Text()
    trace_code = fields.Text(allow_none=True)
    photos = fields.List(fields.Text(max=300))
    state = fields.Text()
    due_on = fields.Day(allow_none=True)
    provisional = fields.Boolean(metadata={"description": "a holiday year on the way is not known yet"})
    left = fields.Integer(allow_none=True)
    nearly = fields.Boolean()
    overdue = fields.Boolean()
    extended = fields.Boolean()
    reopened = fields.Boolean()
    outcome = fields.Text(allow_none=True)
    body = fields.Text(allow_none=True)
    stars = fields.Integer(allow_none=True)
    created_at = fields.Instant()
    actions = fields.List(fields.Text(), metadata={"description": "the steps that whoever asks may take now"})


class OwnCaseOut(CaseShown):
    """What the holder of the receipt sees: nothing that names a document of the platform."""

    entries = fields.List(fields.Nested(EntryOut), max=200)


class QueuedCase(CaseShown):
    id = fields.Identity()
    producer_id = fields.Text(allow_none=True)
    has_contact = fields.Boolean()
    contact_erased_at = fields.Instant(allow_none=True)
    review = fields.Boolean(metadata={"description": "its words want a person's eye"})


class CaseOut(QueuedCase):
    entries = fields.List(fields.Nested(EntryOut), max=200)


class QueueQuery(Schema):
    region = fields.Text(max=12, load_default=None)
    state = fields.Code("complaint_states", load_default=None)
    due = fields.Text(load_default="all", validate=validate.OneOf(["all", "overdue", "nearly"]))


class EndedQuery(PageQuery):
    region = fields.Text(max=12, load_default=None)


class QueueOut(Schema):
    items = fields.List(fields.Nested(QueuedCase), max=300)


class ActionIn(Schema):
    client_id = fields.ClientId(
        load_default=None, allow_none=True, metadata={"description": "sent again, the step is taken once"}
    )
    action = fields.Text(required=True, validate=validate.OneOf(OFFICER_STEPS))
    text = fields.Text(max=2000, load_default="")
    internal = fields.Boolean(load_default=False, metadata={"description": "an answer that only officers see"})
    outcome = fields.Code("complaint_outcomes", load_default=None, allow_none=True)
    body = fields.Code("complaint_bodies", load_default=None, allow_none=True)
    region = fields.Text(max=9, load_default=None, allow_none=True)


class ErasureIn(Schema):
    reason = fields.Code("erasure_reasons", required=True)
    note = fields.Text(
        required=True, min=2, max=200, metadata={"description": "by what the erasure was ordered; no personal data"}
    )


class ReporterContactOut(Schema):
    contact = fields.Text()
