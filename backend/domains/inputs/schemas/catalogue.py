"""Shapes of the catalogue of registered inputs."""

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
    forbidden = fields.Boolean(metadata={"description": "never given to animals that lay or are milked"})


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
    toxicity = fields.Text(metadata={"description": "a code of toxicities, as on the label"})
    traits = fields.List(fields.Text())
    not_with = fields.List(fields.Text(), metadata={"description": "traits and substances not to be mixed with it"})
    example = fields.Boolean(metadata={"description": "invented for demonstration, not a registered product"})
    source = fields.Text()
    confidence = fields.Text()


class InputQuery(Schema):
    q = fields.Text(required=True, min=1, max=40)
    crop = fields.Code("crops", load_default=None)
    kind = fields.Code("input_kinds", load_default=None)


class InputsOut(Schema):
    items = fields.List(fields.Nested(InputOut))
