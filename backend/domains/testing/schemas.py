"""Shapes of test results."""

from backend.http.api import Schema, fields


class AnalyteIn(Schema):
    analyte = fields.Text(required=True, min=1, max=80)
    value = fields.Amount(
        positive=False, load_default=None, allow_none=True, metadata={"description": "null: not detected"}
    )
    unit = fields.Text(load_default="mg/kg", max=20)
    lod = fields.Amount(load_default=None, allow_none=True)
    limit = fields.Amount(positive=False, load_default=None, allow_none=True)
    limit_source = fields.Text(max=80, load_default="")
    method = fields.Text(max=80, load_default="")


class NewResult(Schema):
    lot_id = fields.Identity(required=True)
    client_id = fields.ClientId(required=True)
    kind = fields.Code("test_kinds", required=True)
    lab = fields.Text(required=True, min=1, max=80)
    report_no = fields.Text(required=True, min=1, max=60)
    sampled_on = fields.Day(required=True)
    reported_on = fields.Day(required=True)
    items = fields.List(fields.Nested(AnalyteIn), required=True, min=1, max=500)


class AnalyteOut(AnalyteIn):
    verdict = fields.Text()


class ResultOut(Schema):
    id = fields.Identity()
    lot_id = fields.Identity()
    kind = fields.Text()
    lab = fields.Text()
    report_no = fields.Text()
    sampled_on = fields.Day()
    reported_on = fields.Day()
    items = fields.List(fields.Nested(AnalyteOut), max=500)
    verdict = fields.Text()


class ResultsQuery(Schema):
    lot_id = fields.Identity(required=True)


class ResultsOut(Schema):
    items = fields.List(fields.Nested(ResultOut))
