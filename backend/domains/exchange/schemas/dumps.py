"""Shapes of the open data: data sets, their column dictionary, their dumps."""

from typing import Any

from backend.http.api import Schema, fields


class ColumnOut(Schema):
    name = fields.Text()
    type = fields.Text(metadata={"description": "text, integer, list, date, month or instant"})
    zh = fields.Text(max=300)
    en = fields.Text(max=300)


class DumpFileOut(Schema):
    """`size` in bytes and `sha256` are of the file unpacked, `packed` is what goes over the line with gzip."""

    form = fields.Text(metadata={"description": "csv or jsonl"})
    url = fields.Text()
    size = fields.Integer()
    packed = fields.Integer()
    sha256 = fields.Text()


class DumpOut(Schema):
    """All that was so before `until`; never changes."""

    day = fields.Day()
    until = fields.Instant()
    rows = fields.Integer()
    licence = fields.Text()
    columns = fields.List(fields.Nested(ColumnOut), max=40)
    files = fields.List(fields.Nested(DumpFileOut), max=4)
    finished_at = fields.Instant()


class LicenceOut(Schema):
    code = fields.Text()
    zh = fields.Text()
    en = fields.Text()
    url = fields.Text()


class BuildingOut(Schema):
    """A dump in the making: records looked at, rows written so far."""

    day = fields.Day()
    state = fields.Text()
    seen = fields.Integer()
    rows = fields.Integer()


class DataSetOut(Schema):
    name = fields.Text()
    zh = fields.Text()
    en = fields.Text()
    about_zh = fields.Text(max=1000)
    about_en = fields.Text(max=1000)
    every = fields.Text(metadata={"description": "month or week"})
    licence = fields.Nested(LicenceOut)
    versions = fields.List(
        fields.Nested(DumpOut), max=12, metadata={"description": "newest first; older ones are gone"}
    )
    building = fields.Nested(BuildingOut, allow_none=True)


class DataSetsOut(Schema):
    items = fields.List(fields.Nested(DataSetOut), max=50)


def shown(one: Any) -> dict[str, Any]:
    """A data set as it is answered."""
    term, about = one.term, one.term["about"]
    licence = {"code": one.licence.code, **{name: one.licence[name] for name in ("zh", "en", "url")}}
    named = {"name": one.name, "zh": term.zh, "en": term.en, "every": term["every"]}
    said = {"about_zh": about["zh"], "about_en": about["en"]}
    return {**named, **said, "licence": licence, "versions": one.dumps, "building": one.building}
