"""Shapes of a list of farmers and of the report on it."""

from typing import Any

from backend.http import errors
from backend.http.api import Schema, fields

WORDS = {"type": "object", "properties": {"reason": {"type": "string"}, "message": {"type": "string"}}}


class ImportQuery(Schema):
    commit = fields.Boolean(load_default=False, metadata={"description": "false 只检查，不保存"})
    skip_rejected = fields.Boolean(load_default=False, metadata={"description": "true 时跳过不合格的行"})


class ImportFile(Schema):
    file = fields.Upload(required=True, metadata={"description": "XLSX，不超过 2 MB、500 户"})


class ImportRowOut(Schema):
    number = fields.Integer(metadata={"description": "表格中的行号"})
    name = fields.Text(max=30)
    outcome = fields.Text(max=20, metadata={"enum": ["created", "duplicate", "rejected"]})
    producer_id = fields.Identity(allow_none=True)
    problem = fields.Method("_problem", metadata={**WORDS, "type": ["object", "null"]})

    def _problem(self, row: Any) -> dict[str, Any] | None:
        return None if row.problem is None else errors.describe(row.problem)


class ImportOut(Schema):
    committed = fields.Boolean(metadata={"description": "false 表示没有保存任何一户"})
    counts = fields.Dict(keys=fields.Text(max=20), values=fields.Integer())
    rows = fields.List(fields.Nested(ImportRowOut))
