"""Shapes of the rulebook, and of what happens to its versions."""

from marshmallow import validate

from backend.http.api import Schema, fields


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


class RulebookForm(Schema):
    version = fields.Text(required=True, min=3, max=40, validate=validate.Regexp(r"^[0-9A-Za-z][0-9A-Za-z._-]*$"))
    title = fields.Text(required=True, min=2, max=120)
    effective_from = fields.Day(required=True)
    source = fields.Text(required=True, min=2, max=400)


class RulebookFiles(Schema):
    substances = fields.Upload(required=True, metadata={"description": "CSV; columns as in schemas/rulebook"})
    products = fields.Upload(
        load_default=None, metadata={"description": "CSV, a row for each registration × crop; absent: those in force"}
    )


class LoadedOut(Schema):
    version = fields.Text()
    previous = fields.Text(allow_none=True)
    state = fields.Code("rulebook_states")
    added = fields.List(fields.Text(), max=1000)
    removed = fields.List(fields.Text(), max=1000)
    products = fields.Integer()


class RulebookReview(Schema):
    verdict = fields.Code("rulebook_verdicts", required=True)
    note = fields.Text(required=True, min=2, max=200, metadata={"description": "what was checked"})


class ReviewOut(Schema):
    verdict = fields.Text()
    note = fields.Text()
    at = fields.Instant()


class RulebookActivation(Schema):
    on = fields.Day(required=True, metadata={"description": "today or past: at once"})


class VersionOut(Schema):
    version = fields.Text()
    title = fields.Text()
    effective_from = fields.Text()
    source = fields.Text()
    digest = fields.Text()
    state = fields.Code("rulebook_states")
    substances = fields.Integer()
    products = fields.Integer(metadata={"description": "kept so far"})
    copies = fields.Text(allow_none=True, metadata={"description": "the version whose products it takes over"})
    activates_on = fields.Day(allow_none=True)
    impact_against = fields.Text(allow_none=True)
    impact_at = fields.Instant(allow_none=True)
    reviews = fields.List(fields.Nested(ReviewOut), max=20)
    created_at = fields.Instant()


class DiffQuery(Schema):
    against = fields.Text(max=40, load_default=None, metadata={"description": "absent: the version in force"})


class ChangedProductOut(Schema):
    registration_no = fields.Text()
    name = fields.Text()
    fields_ = fields.List(fields.Text(), attribute="fields", data_key="fields")


class DiffOut(Schema):
    """At most 500 of each kind are listed; `counts` says how many there are."""

    version = fields.Text()
    against = fields.Text()
    substances_added = fields.List(fields.Text(), max=500)
    substances_removed = fields.List(fields.Text(), max=500)
    substances_unknown = fields.List(
        fields.Text(), max=500, metadata={"description": "active substances new to the catalogue that no rule names"}
    )
    products_added = fields.List(fields.Text(), max=500)
    products_removed = fields.List(fields.Text(), max=500)
    products_changed = fields.List(fields.Nested(ChangedProductOut), max=500)
    counts = fields.Dict(keys=fields.Text(), values=fields.Integer())
