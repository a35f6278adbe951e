"""Shapes of the catalogue and the rulebook."""

from backend.http.api import Schema, fields


class LabelOut(Schema):
    crop = fields.Text()
    phi_days = fields.Integer()
    max_uses = fields.Integer(allow_none=True)
    dose_max = fields.Text(allow_none=True)
    dose_unit = fields.Text(allow_none=True)


class WithdrawalOut(Schema):
    animal = fields.Text()
    produce = fields.Text()
    days = fields.Integer()


class InputOut(Schema):
    registration_no = fields.Text()
    name = fields.Text()
    kind = fields.Text()
    manufacturer = fields.Text()
    formulation = fields.Text()
    actives = fields.List(fields.Text())
    labels = fields.List(fields.Nested(LabelOut))
    withdrawals = fields.List(fields.Nested(WithdrawalOut))
    restricted = fields.Boolean()
    example = fields.Boolean(metadata={"description": "invented for demonstration, not a registered product"})
    source = fields.Text()
    confidence = fields.Text()


class InputQuery(Schema):
    q = fields.Text(required=True, min=1, max=40)
    crop = fields.Code("crops", load_default=None)
    kind = fields.Code("input_kinds", load_default=None)


class InputsOut(Schema):
    items = fields.List(fields.Nested(InputOut))


class SubstanceOut(Schema):
    substance = fields.Text()
    name_en = fields.Text()
    cas = fields.Text()
    measure = fields.Text()
    crop_classes = fields.List(fields.Text())
    effective_from = fields.Text()
    announcement = fields.Text()
    confidence = fields.Text(metadata={"description": "how sure the platform is of this row"})
    exempt_methods = fields.List(fields.Text())
    note = fields.Text()


class RulebookQuery(Schema):
    version = fields.Text(max=40, load_default=None)


class RulebookOut(Schema):
    version = fields.Text()
    title = fields.Text()
    effective_from = fields.Text()
    source = fields.Text()
    digest = fields.Text()
    substances = fields.List(fields.Nested(SubstanceOut), max=1000)
