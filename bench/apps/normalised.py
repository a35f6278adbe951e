"""The read as our own libraries invite to write it: MongoEngine references, a marshmallow schema, Flask-Smorest.

Certificate, producer, lot, records and results each in a collection; the answer is the same story that LongTrace
stores as finished bytes. `fill` splits such a story into these collections; the Express peer reads them too.
"""

import os
from collections.abc import Mapping, Sequence
from types import SimpleNamespace
from typing import Any

import mongoengine as me
from flask import Flask
from flask_smorest import Api, Blueprint, abort
from marshmallow import Schema, fields
from pymongo.database import Database

OF_PRODUCER = ("producer", "place")
OF_LOT = ("product", "batch", "hold", "recall")
OF_OTHERS = (*OF_PRODUCER, *OF_LOT, "timeline", "tests", "code")
PLAIN = {"auto_create_index": False, "auto_create_index_on_save": False}
CHUNK = 100


class Producer(me.Document):
    id = me.StringField(primary_key=True)
    producer = me.DictField()
    place = me.DictField()
    meta = {**PLAIN, "collection": "bench_producers"}


class Lot(me.Document):
    id = me.StringField(primary_key=True)
    product = me.DictField()
    batch = me.DictField()
    hold = me.DictField(null=True)
    recall = me.DictField(null=True)
    meta = {**PLAIN, "collection": "bench_lots"}


class Certificate(me.Document):
    id = me.StringField(primary_key=True)
    code = me.StringField(required=True)
    producer = me.ReferenceField(Producer, required=True)
    lot = me.ReferenceField(Lot, required=True)
    format = me.StringField()
    url = me.StringField()
    state = me.StringField()
    state_label = me.DictField()
    certificate = me.DictField()
    timeline_omitted = me.IntField()
    scans = me.DictField()
    related = me.ListField(me.DictField())
    notices = me.ListField(me.DictField())
    meta = {**PLAIN, "collection": "bench_certificates", "indexes": [{"fields": ["code"], "unique": True}]}


class Input(me.EmbeddedDocument):
    name = me.StringField()
    registration_no = me.StringField()
    example = me.BooleanField()
    amount = me.StringField()
    unit_zh = me.StringField()
    unit_en = me.StringField()
    phi_days = me.IntField()


class Record(me.Document):
    id = me.StringField(primary_key=True)
    lot = me.StringField(required=True)
    seq = me.IntField(required=True)
    date = me.StringField()
    ended = me.StringField()
    kind = me.StringField()
    kind_zh = me.StringField()
    kind_en = me.StringField()
    harvest = me.BooleanField()
    text = me.StringField()
    inputs = me.EmbeddedDocumentListField(Input)
    photos = me.ListField(me.DictField())
    recorded_on = me.StringField()
    late_days = me.IntField()
    amended = me.BooleanField()
    grade = me.StringField()
    meta = {**PLAIN, "collection": "bench_records", "indexes": ["lot"]}


class Result(me.Document):
    id = me.StringField(primary_key=True)
    lot = me.StringField(required=True)
    seq = me.IntField(required=True)
    lab = me.StringField()
    sampled_on = me.StringField()
    reported_on = me.StringField()
    verdict = me.StringField()
    verdict_label = me.DictField()
    items = me.ListField(me.DictField())
    grade = me.StringField()
    meta = {**PLAIN, "collection": "bench_results", "indexes": ["lot"]}


MODELS = (Producer, Lot, Certificate, Record, Result)


class InputOut(Schema):
    name = fields.String()
    registration_no = fields.String()
    example = fields.Boolean()
    amount = fields.String()
    unit_zh = fields.String()
    unit_en = fields.String()
    phi_days = fields.Integer()


class RecordOut(Schema):
    date = fields.String()
    ended = fields.String()
    kind = fields.String()
    kind_zh = fields.String()
    kind_en = fields.String()
    harvest = fields.Boolean()
    text = fields.String()
    inputs = fields.List(fields.Nested(InputOut))
    photos = fields.List(fields.Dict())
    recorded_on = fields.String()
    late_days = fields.Integer()
    amended = fields.Boolean()
    grade = fields.String()


class ResultOut(Schema):
    lab = fields.String()
    sampled_on = fields.String()
    reported_on = fields.String()
    verdict = fields.String()
    verdict_label = fields.Dict()
    items = fields.List(fields.Dict())
    grade = fields.String()


class StoryOut(Schema):
    format = fields.String()
    code = fields.String()
    url = fields.String()
    state = fields.String()
    state_label = fields.Dict()
    product = fields.Dict()
    producer = fields.Dict()
    place = fields.Dict()
    certificate = fields.Dict()
    recall = fields.Dict()
    hold = fields.Dict()
    batch = fields.Dict()
    timeline = fields.List(fields.Nested(RecordOut))
    timeline_omitted = fields.Integer()
    tests = fields.List(fields.Nested(ResultOut))
    scans = fields.Dict()
    related = fields.List(fields.Dict())
    notices = fields.List(fields.Dict())


blueprint = Blueprint("normalised", __name__)


@blueprint.get("/n/<code>")
@blueprint.response(200, StoryOut)
def read(code: str) -> SimpleNamespace:
    certificate = Certificate.objects(code=code).first()
    if certificate is None:
        abort(404)
    told = {name: certificate[name] for name in Certificate._fields if name not in ("id", *OF_PRODUCER, "lot")}
    told |= {name: certificate.producer[name] for name in OF_PRODUCER}
    told |= {name: certificate.lot[name] or None for name in OF_LOT}
    told["timeline"] = sorted(Record.objects(lot=certificate.lot.id), key=lambda record: record.seq)
    told["tests"] = sorted(Result.objects(lot=certificate.lot.id), key=lambda result: result.seq)
    return SimpleNamespace(**told)


def fill(database: Database[dict[str, Any]], story: Mapping[str, Any], codes: Sequence[str]) -> None:
    """The story once for each code, split into its collections; indexed as the reads need it."""
    for start in range(0, len(codes), CHUNK):
        rows: dict[type[me.Document], list[dict[str, Any]]] = {model: [] for model in MODELS}
        for code in codes[start : start + CHUNK]:
            _split(rows, story, code)
        for model, documents in rows.items():
            database[model._meta["collection"]].insert_many(documents)
    database["bench_certificates"].create_index("code", unique=True)
    for name in ("bench_records", "bench_results"):
        database[name].create_index("lot")


def _split(rows: dict[type[me.Document], list[dict[str, Any]]], story: Mapping[str, Any], code: str) -> None:
    producer, lot = f"P{code}", f"L{code}"
    own = {name: value for name, value in story.items() if name not in OF_OTHERS}
    rows[Producer].append({"_id": producer} | {name: story[name] for name in OF_PRODUCER})
    rows[Lot].append({"_id": lot} | {name: story[name] for name in OF_LOT})
    rows[Certificate].append({"_id": f"C{code}", "code": code, "producer": producer, "lot": lot} | own)
    for model, name in ((Record, "timeline"), (Result, "tests")):
        rows[model] += [{"_id": f"{lot}.{seq}", "lot": lot, "seq": seq} | one for seq, one in enumerate(story[name])]


def create_app() -> Flask:
    app = Flask(__name__, static_folder=None)
    app.config.update(API_TITLE="normalised", API_VERSION="1", OPENAPI_VERSION="3.1.0")
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    Api(app).register_blueprint(blueprint)
    return app


if uri := os.environ.get("BENCH_NORMALISED"):  # set for its server alone; the run imports this module to fill it
    me.connect(host=uri)
    app = create_app()
