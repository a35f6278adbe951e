"""Shapes of test results."""

from backend.http.api import PageQuery, Schema, fields


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
    lab = fields.Text(max=80, load_default="", metadata={"description": "its name, where the list does not have it"})
    lab_id = fields.Identity(load_default=None, allow_none=True)
    report_no = fields.Text(required=True, min=1, max=60)
    sampled_on = fields.Day(required=True)
    reported_on = fields.Day(required=True)
    valid_until = fields.Day(load_default=None, allow_none=True, metadata={"description": "what the report says"})
    items = fields.List(fields.Nested(AnalyteIn), required=True, min=1, max=500)


class AnalyteOut(AnalyteIn):
    verdict = fields.Text()


class ResultOut(Schema):
    id = fields.Identity()
    lot_id = fields.Identity()
    kind = fields.Text()
    lab = fields.Text()
    lab_id = fields.Identity(allow_none=True)
    report_no = fields.Text()
    sampled_on = fields.Day()
    reported_on = fields.Day()
    valid_until = fields.Day(allow_none=True)
    items = fields.List(fields.Nested(AnalyteOut), max=500)
    verdict = fields.Text()


class ResultsQuery(Schema):
    lot_id = fields.Identity(required=True)


class ResultsOut(Schema):
    items = fields.List(fields.Nested(ResultOut))


class NewLab(Schema):
    client_id = fields.ClientId(required=True)
    name = fields.Text(required=True, min=2, max=80)
    region = fields.Code("regions", required=True)
    catl_no = fields.Text(max=60, load_default=None, allow_none=True)
    cma_no = fields.Text(max=60, load_default=None, allow_none=True)
    source = fields.Text(required=True, min=2, max=200, metadata={"description": "the list this was taken from"})


class LabOut(Schema):
    id = fields.Identity()
    name = fields.Text()
    region = fields.Text()
    catl_no = fields.Text(allow_none=True)
    cma_no = fields.Text(allow_none=True)
    source = fields.Text()


class LabsQuery(PageQuery):
    region = fields.Code("regions", load_default=None)


class NewAccreditation(Schema):
    """One analyte in one matrix: a code of `crops`, of `crop_classes`, or `*`."""

    analyte = fields.Text(required=True, min=1, max=80)
    matrix = fields.Text(required=True, min=1, max=40)
    method = fields.Text(max=80, load_default="")
    certificate_no = fields.Text(required=True, min=1, max=60)
    valid_from = fields.Day(required=True)
    valid_to = fields.Day(required=True)


class NewAccreditations(Schema):
    items = fields.List(fields.Nested(NewAccreditation), required=True, min=1, max=500)


class AccreditationOut(NewAccreditation):
    id = fields.Identity()
    ended_on = fields.Day(allow_none=True)
    end_reason = fields.Text(allow_none=True)


class AddedOut(Schema):
    added = fields.Integer()
    known = fields.Integer(metadata={"description": "were there already"})


class AccreditationEnd(Schema):
    accreditation_id = fields.Identity(required=True)
    ended_on = fields.Day(required=True, metadata={"description": "the first day on which it no longer counts"})
    reason = fields.Text(required=True, min=1, max=200)
