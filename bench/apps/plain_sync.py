"""The sync as it is usually written first: one marshmallow load and one `save()` for each record.

It checks the shapes and nothing else: no owner, no law, no evidence, no audit, no repetition, as LongTrace does.
"""

import os
from datetime import UTC, datetime
from typing import Any

import mongoengine as me
from flask import Flask, request
from marshmallow import Schema, fields, validate

PLAIN = {"auto_create_index": False, "auto_create_index_on_save": False}


class Record(me.Document):
    id = me.StringField(primary_key=True)
    producer_id = me.StringField(required=True)
    batch_id = me.StringField(required=True)
    kind = me.StringField(required=True)
    happened_on = me.StringField(required=True)
    site_ids = me.ListField(me.StringField())
    target = me.StringField(max_length=80)
    note = me.StringField(max_length=500)
    inputs = me.ListField(me.DictField())
    created_at = me.DateTimeField(required=True)
    meta = {**PLAIN, "collection": "bench_plain_records", "indexes": [("producer_id", "batch_id", "created_at")]}


class InputIn(Schema):
    registration_no = fields.String(validate=validate.Length(max=40))
    source = fields.String(validate=validate.Length(max=80))
    method = fields.String(validate=validate.Length(max=40))
    amount = fields.Decimal()
    unit = fields.String(validate=validate.Length(max=20))


class RecordIn(Schema):
    client_id = fields.String(required=True, validate=validate.Length(min=8, max=40))
    batch_id = fields.String(required=True, validate=validate.Length(max=60))
    kind = fields.String(required=True, validate=validate.Length(max=40))
    happened_on = fields.Date(required=True)
    site_ids = fields.List(fields.String(), load_default=list)
    target = fields.String(load_default=None, validate=validate.Length(max=80))
    note = fields.String(load_default=None, validate=validate.Length(max=500))
    inputs = fields.List(fields.Nested(InputIn), load_default=list)


app = Flask(__name__, static_folder=None)
me.connect(host=os.environ["MONGODB_URI"])
Record.ensure_indexes()


@app.post("/plain/records:sync")
def sync() -> dict[str, Any]:
    return {"items": [_save(item) for item in request.get_json()["items"]]}


def _save(item: dict[str, Any]) -> dict[str, str]:
    data = RecordIn().load(item)
    producer_id, client_id = data["batch_id"].partition(".")[0], data.pop("client_id")
    data["happened_on"] = data["happened_on"].isoformat()
    data["inputs"] = [one | {"amount": str(one["amount"])} for one in data["inputs"]]
    record = Record(id=f"{producer_id}.{client_id}", producer_id=producer_id, created_at=datetime.now(UTC), **data)
    record.save()
    return {"client_id": client_id, "outcome": "created", "id": record.id}
