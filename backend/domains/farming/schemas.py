"""Shapes of batches, records, what a phone sends, and the window of lawful harvest."""

from backend.http.api import PageQuery, Schema, fields


class NewBatch(Schema):
    producer_id = fields.Identity(required=True)
    client_id = fields.ClientId(required=True)
    product_id = fields.Identity(required=True)
    site_ids = fields.List(fields.Identity(), required=True, min=1, max=50)
    started_on = fields.Day(required=True)
    planned_harvest_on = fields.Day(load_default=None, allow_none=True)


class BatchOut(Schema):
    id = fields.Identity()
    producer_id = fields.Identity()
    product_id = fields.Identity()
    product_name = fields.Text()
    crop = fields.Text()
    crop_class = fields.Text()
    variety = fields.Text()
    site_ids = fields.List(fields.Identity())
    area_mu = fields.Amount()
    started_on = fields.Day()
    planned_harvest_on = fields.Day(allow_none=True)
    state = fields.Text()


class BatchesQuery(PageQuery):
    producer_id = fields.Identity(required=True)
    state = fields.Code("batch_states", load_default=None)


class BatchState(Schema):
    state = fields.Code("batch_states", required=True)


class InputUsed(Schema):
    """One input in a record. Without a registration number the name and the maker must be given."""

    registration_no = fields.Text(max=40, load_default=None, allow_none=True)
    name = fields.Text(max=80, load_default=None, allow_none=True)
    manufacturer = fields.Text(max=80, load_default=None, allow_none=True)
    source = fields.Text(max=80, load_default=None, allow_none=True, metadata={"description": "where it was bought"})
    method = fields.Code("application_methods", load_default=None, allow_none=True)
    amount = fields.Amount(load_default=None, allow_none=True)
    unit = fields.Code("units", load_default=None, allow_none=True)


class RecordBody(Schema):
    """What was done. Which fields the law requires depends on the kind (vocabulary record_kinds)."""

    client_id = fields.ClientId(required=True)
    kind = fields.Code("record_kinds", required=True)
    happened_on = fields.Day(required=True)
    ended_on = fields.Day(load_default=None, allow_none=True)
    site_ids = fields.List(fields.Identity(), load_default=list, max=50)
    target = fields.Text(max=80, load_default=None, allow_none=True, metadata={"description": "pest, disease or weed"})
    note = fields.Text(max=500, load_default=None, allow_none=True)
    worker = fields.Text(max=40, load_default=None, allow_none=True)
    amount = fields.Amount(load_default=None, allow_none=True)
    unit = fields.Code("units", load_default=None, allow_none=True)
    inputs = fields.List(fields.Nested(InputUsed), load_default=list, max=8)
    device_time = fields.Instant(load_default=None, allow_none=True)


class NewRecord(RecordBody):
    batch_id = fields.Identity(required=True)


class NewAmendment(RecordBody):
    batch_id = fields.Identity(required=True)
    amend_reason = fields.Text(required=True, min=1, max=200)
    amends_version = fields.Integer(load_default=None, allow_none=True)


class SyncItem(NewRecord):
    """An item of a sync: a record, or with `amends` a further version of one."""

    amends = fields.Identity(load_default=None, allow_none=True)
    amends_version = fields.Integer(load_default=None, allow_none=True)
    amend_reason = fields.Text(max=200, load_default=None, allow_none=True)


class SyncIn(Schema):
    """Items are judged one by one; each should be a SyncItem, and one that is not costs the others nothing."""

    items = fields.List(
        fields.Raw(allow_none=True, metadata={"description": "a SyncItem"}), required=True, min=1, max=1000
    )
    sent_at = fields.Instant(load_default=None, allow_none=True, metadata={"description": "the phone's own clock"})


class ReasonOut(Schema):
    code = fields.Text()
    record_id = fields.Text()
    input_name = fields.Text()
    until = fields.Day(allow_none=True)
    days = fields.Integer(allow_none=True)
    substance = fields.Text(allow_none=True)
    source = fields.Text()


class WindowOut(Schema):
    """`earliest_lawful_harvest` null: any day. `blocked`: no day, as the log stands."""

    batch_id = fields.Identity()
    earliest_lawful_harvest = fields.Day(allow_none=True)
    days_left = fields.Integer()
    blocked = fields.Boolean()
    because = fields.List(fields.Nested(ReasonOut), max=1000)
    rulebook_version = fields.Text()


class NoticeOut(Schema):
    reason = fields.Text()
    message = fields.Text()
    hint = fields.Text()


class ItemOut(NoticeOut):
    client_id = fields.Text()
    outcome = fields.Text(metadata={"enum": ["created", "duplicate", "rejected"]})
    id = fields.Text(allow_none=True)
    version = fields.Integer(allow_none=True)
    field = fields.Text()
    details = fields.Raw()
    differs = fields.Boolean(metadata={"description": "the stored record is not what was sent now; amend to change it"})
    warnings = fields.List(fields.Nested(NoticeOut))


class SyncOut(Schema):
    items = fields.List(fields.Nested(ItemOut), max=1000)
    batches = fields.List(fields.Nested(WindowOut), max=1000)
    server_time = fields.Instant()
    clock_skew_seconds = fields.Integer(allow_none=True)
    warnings = fields.List(fields.Nested(NoticeOut))


class WrittenOut(Schema):
    record = fields.Nested(ItemOut)
    window = fields.Nested(WindowOut)


class RecordOut(RecordBody):
    """One version of a record as stored."""

    id = fields.Identity()
    batch_id = fields.Identity()
    root_id = fields.Identity()
    version = fields.Integer()
    amend_reason = fields.Text(allow_none=True)
    inputs = fields.List(fields.Raw(), max=8)
    late_days = fields.Integer()
    created_at = fields.Instant()
    sealed_at = fields.Instant(
        allow_none=True,
        metadata={"description": "已存证: sealed in the register since then; null: waits for its seal"},
    )


class OverviewQuery(Schema):
    producer_id = fields.Identity(required=True)


class BatchNowOut(Schema):
    batch = fields.Nested(BatchOut)
    window = fields.Nested(WindowOut)
    last_record_on = fields.Day(allow_none=True, metadata={"description": "the newest deed as the log stands"})
    records = fields.List(fields.Nested(RecordOut), max=10)


class OverviewOut(Schema):
    """Open batches, newest first; each with its window and its ten newest deeds in their current versions."""

    items = fields.List(fields.Nested(BatchNowOut), max=50)
    more = fields.Boolean(metadata={"description": "there are further open batches, listed by /farming/batches"})
    server_time = fields.Instant()
    rulebook_version = fields.Text()


class PhotoForm(Schema):
    producer_id = fields.Identity(required=True)
    client_id = fields.ClientId(required=True)
    record_client_id = fields.ClientId(required=True)
    public = fields.Boolean(load_default=True, metadata={"description": "may be shown on the public trace page"})


class PhotoFile(Schema):
    photo = fields.Upload(required=True)


class PhotoOut(Schema):
    id = fields.Identity()
    record_id = fields.Identity()
    file_id = fields.Text()
    width = fields.Integer()
    height = fields.Integer()
    public = fields.Boolean()
