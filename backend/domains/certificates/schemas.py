"""Shapes of certificates, of what the gate answers, and of overrides."""

from marshmallow import validate

from backend.http.api import PageQuery, Schema, fields


class Asked(Schema):
    """What the gate is asked. Without a template the form in force for this subject is taken."""

    lot_id = fields.Identity(required=True)
    amount = fields.Amount(required=True)
    unit = fields.Code("units", required=True)
    bases = fields.List(fields.Code("certificate_bases"), required=True, min=1, max=5)
    template = fields.Code("certificate_templates", load_default=None, allow_none=True)


class NewCertificate(Asked):
    client_id = fields.ClientId(required=True)


class BasisOut(Schema):
    code = fields.Text()
    zh = fields.Text()
    checked = fields.Boolean()


class FieldOut(Schema):
    code = fields.Text()
    label = fields.Text()
    value = fields.Text()


class CardOut(Schema):
    """The certificate word by word, as anyone may read it."""

    title = fields.Text()
    lead = fields.Text()
    commitments = fields.List(fields.Text())
    bases = fields.List(fields.Nested(BasisOut))
    fields_ = fields.List(fields.Nested(FieldOut), attribute="fields", data_key="fields")


class CertificateOut(Schema):
    id = fields.Identity()
    producer_id = fields.Identity()
    lot_id = fields.Identity()
    code = fields.Text()
    number = fields.Text()
    url = fields.Text()
    template = fields.Text()
    amount = fields.Amount()
    unit = fields.Text()
    card = fields.Nested(CardOut)
    flags = fields.List(fields.Text())
    parents = fields.List(fields.Text(), max=200, metadata={"description": "trace codes and papers it came in with"})
    rulebook_version = fields.Text()
    decision_id = fields.Identity()
    proof = fields.Text(
        max=4000, allow_none=True, metadata={"description": "compact JWS, null where it was issued unsigned"}
    )
    state = fields.Text()
    issued_at = fields.Instant()
    voided_at = fields.Instant(allow_none=True)
    void_reason = fields.Text(allow_none=True)
    void_note = fields.Text(allow_none=True)


class RefusalDetails(Schema):
    source = fields.Text(metadata={"description": "the law or rule, by name"})
    record_ids = fields.List(fields.Identity())
    earliest = fields.Day(allow_none=True, metadata={"description": "first lawful day"})


class RefusalOut(Schema):
    reason = fields.Text()
    message = fields.Text()
    hint = fields.Text()
    details = fields.Nested(RefusalDetails)


class CheckOut(Schema):
    """`checked` names each check that ran to its end; `flags` what is lawful but worth knowing, `notes` the same with
    numbers; `earliest` the first day on which none of this stands in the way, null when waiting is no help."""

    allowed = fields.Boolean()
    refusals = fields.List(fields.Told(RefusalOut))
    flags = fields.List(fields.Text())
    checked = fields.List(fields.Text())
    notes = fields.List(fields.Told(RefusalOut))
    earliest = fields.Day(allow_none=True)
    rulebook_version = fields.Text()


class DecisionOut(CheckOut):
    id = fields.Identity()
    lot_id = fields.Identity()
    certificate_id = fields.Identity(allow_none=True)
    decided_at = fields.Instant()
    replays = fields.Boolean(
        allow_none=True, metadata={"description": "whether deciding again from what was kept gives the same answer"}
    )


class CertificatesQuery(PageQuery):
    producer_id = fields.Identity(required=True)
    lot_id = fields.Identity(load_default=None)


class VoidIn(Schema):
    reason = fields.Code("void_reasons", required=True)
    note = fields.Text(max=200, load_default="")


class NewOverride(Schema):
    batch_id = fields.Identity(required=True)
    record_id = fields.Identity(required=True)
    input_name = fields.Text(required=True, min=1, max=80)
    client_id = fields.ClientId(required=True)
    note = fields.Text(required=True, min=2, max=200, metadata={"description": "what was verified, and how"})


class OverrideOut(Schema):
    id = fields.Identity()
    producer_id = fields.Identity()
    record_id = fields.Identity()
    input_name = fields.Text()
    note = fields.Text()
    created_at = fields.Instant()


class OverridesQuery(PageQuery):
    producer_id = fields.Identity(required=True)


class SheetQuery(Schema):
    layout = fields.Code("label_layouts", load_default="3x8")
    count = fields.Integer(load_default=24, validate=validate.Range(1, 480))


class ThermalQuery(Schema):
    size = fields.Code("label_sizes", load_default="40x30")
    copies = fields.Integer(load_default=1, validate=validate.Range(1, 500))


class RegionQuery(PageQuery):
    region = fields.Code("regions", required=True)


class HarvestQuery(Schema):
    batch_id = fields.Identity(required=True)
    on = fields.Day(required=True, metadata={"description": "the day in question"})


class HarvestOut(Schema):
    """`allowed`: nothing in the log as it stands forbids it. `answer` is one plain sentence;
    `earliest` the first lawful day, null when it is that day or when waiting is no help."""

    batch_id = fields.Identity()
    on = fields.Day()
    allowed = fields.Boolean()
    answer = fields.Told(RefusalOut)
    refusals = fields.List(fields.Told(RefusalOut))
    earliest = fields.Day(allow_none=True)
    rulebook_version = fields.Text()


class NewProof(Schema):
    """A certificate on paper or of another platform under which a lot came in from outside."""

    lot_id = fields.Identity(required=True)
    client_id = fields.ClientId(required=True)
    kind = fields.Code("proof_kinds", required=True)
    number = fields.Text(required=True, min=1, max=80, metadata={"description": "what the paper calls itself"})
    issuer = fields.Text(required=True, min=2, max=80)
    issued_on = fields.Day(required=True)
    amount = fields.Amount(required=True)
    unit = fields.Code("units", required=True)
    note = fields.Text(max=200, load_default="")


class CameWithOut(Schema):
    """A proof of goods that came from another: `code` is a trace code, or what a paper from outside calls itself."""

    lot_id = fields.Identity(metadata={"description": "of whoever sent them"})
    code = fields.Text()
    valid = fields.Boolean()


class CameWithListOut(Schema):
    items = fields.List(fields.Nested(CameWithOut), max=4000)


class IncomingProofOut(Schema):
    id = fields.Identity()
    producer_id = fields.Identity()
    lot_id = fields.Identity()
    kind = fields.Text()
    number = fields.Text()
    issuer = fields.Text()
    issued_on = fields.Day()
    amount = fields.Amount()
    unit = fields.Text()
    note = fields.Text(allow_none=True)
    created_at = fields.Instant()


class CountsOut(Schema):
    batches = fields.Integer()
    lots = fields.Integer()


class ImpactOut(Schema):
    """`state`: running or done. `seen` and `changed` grow while it runs."""

    version = fields.Text()
    against = fields.Text()
    state = fields.Text()
    stage = fields.Text()
    seen = fields.Nested(CountsOut)
    changed = fields.Nested(CountsOut)
    started_at = fields.Instant()
    finished_at = fields.Instant(allow_none=True)


class ChangesQuery(PageQuery):
    kind = fields.Text(max=10, load_default=None, validate=validate.OneOf(["batches", "lots"]))


class VerdictOut(Schema):
    allowed = fields.Boolean()
    reasons = fields.List(fields.Text())
    earliest = fields.Day(allow_none=True)


class ChangeOut(Schema):
    kind = fields.Text()
    subject_id = fields.Identity()
    producer_id = fields.Identity()
    product_name = fields.Text()
    before = fields.Nested(VerdictOut)
    after = fields.Nested(VerdictOut)
