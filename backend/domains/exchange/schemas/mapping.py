"""Shapes of mappings to Chinese standards."""

from backend.http.api import Schema, fields


class MappedField(Schema):
    code = fields.Text()
    zh = fields.Text()
    en = fields.Text()
    take = fields.Text(metadata={"description": "what of a lot goes here; empty: nothing, and nothing is made up"})
    sure = fields.Boolean(metadata={"description": "whether the standard is known to mean this"})
    source = fields.Text()


class FilledField(MappedField):
    value = fields.Text(allow_none=True)


class MappingOut(Schema):
    code = fields.Text()
    zh = fields.Text()
    en = fields.Text()
    known = fields.Text(metadata={"description": "what of the standard is known: its number, its title, its text"})
    source = fields.Text()


class MappingsOut(Schema):
    items = fields.List(fields.Nested(MappingOut))


class WholeMapping(MappingOut):
    fields_ = fields.List(fields.Nested(MappedField), data_key="fields", attribute="fields")


class MappedLot(MappingOut):
    lot_id = fields.Identity()
    unsure = fields.Integer(metadata={"description": "how many of the fields are unsure"})
    fields_ = fields.List(fields.Nested(FilledField), data_key="fields", attribute="fields")
