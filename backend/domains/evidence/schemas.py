"""Shapes of checkpoints, proofs, the bulletin and witnesses."""

from typing import Any

import marshmallow as ma

from backend.http.api import Schema, fields

MAX_SIZE = 2**53 - 1


def _place(**how: Any) -> ma.fields.Integer:
    return fields.Integer(strict=False, validate=ma.validate.Range(0, MAX_SIZE), **how)


class CheckpointOut(Schema):
    """A signed state of the register. `note` is the signed note (C2SP tlog-checkpoint) with all cosignatures so far."""

    number = fields.Integer()
    size = fields.Integer(metadata={"description": "leaves under the root"})
    root = fields.Text(metadata={"description": "hex"})
    at = fields.Instant()
    leaves = fields.Integer(metadata={"description": "sealed by this checkpoint"})
    migrated = fields.Integer(metadata={"description": "of these, made by a migration: they prove from this seal on"})
    note = fields.Text(max=20_000)
    witnesses = fields.List(fields.Text(), max=50)
    timestamp_at = fields.Instant(
        allow_none=True,
        metadata={"description": "when an RFC 3161 authority saw it; the last of a day has one, if asked"},
    )


class CheckpointsQuery(Schema):
    after = _place(load_default=0)
    size = fields.Integer(load_default=50, validate=ma.validate.Range(1, 100))


class CheckpointsOut(Schema):
    items = fields.List(fields.Nested(CheckpointOut), max=100)


class TimestampOut(Schema):
    """What an RFC 3161 authority answered about a checkpoint: that this digest existed at that time."""

    number = fields.Integer()
    at = fields.Instant()
    digest = fields.Text(
        max=64,
        metadata={
            "description": "SHA-256, in hex, of the note's text: all before its empty line, with the last newline"
        },
    )
    reply = fields.Text(max=50_000, metadata={"description": "the TimeStampResp in DER, base64"})


class ConsistencyQuery(Schema):
    first = _place(required=True)
    second = _place(required=True)


class ConsistencyOut(Schema):
    """That the tree of `second` leaves begins with that of `first` (RFC 9162 section 2.1.4); hashes in base64."""

    first = fields.Integer()
    second = fields.Integer()
    path = fields.List(fields.Text(), max=128)
    checkpoint = fields.Text(max=20_000)


class PlaceQuery(Schema):
    position = _place(required=True)


class YearQuery(Schema):
    year = fields.Integer(load_default=None, allow_none=True, validate=ma.validate.Range(2000, 2200))


class DayOut(Schema):
    """The last checkpoint of a China day; `closed`: the day is over, its root is final."""

    day = fields.Day()
    sealed = fields.Integer(metadata={"description": "leaves sealed on that day"})
    closed = fields.Boolean()
    checkpoint = fields.Nested(CheckpointOut)


class BulletinOut(Schema):
    items = fields.List(fields.Nested(DayOut), max=31)


class NewWitness(Schema):
    name = fields.Text(required=True, min=3, max=100, metadata={"description": "the key's name, best a host and path"})
    label = fields.Text(required=True, min=1, max=80)
    region = fields.Identity(required=True)
    public_key = fields.Text(
        required=True,
        max=64,
        validate=ma.validate.Regexp("^[0-9a-f]{64}$"),
        metadata={"description": "Ed25519, 32 bytes in hex"},
    )


class WitnessName(Schema):
    name = fields.Text(required=True, min=3, max=100)


class WitnessOut(Schema):
    name = fields.Text()
    label = fields.Text()
    region = fields.Text()
    public_key = fields.Text()
    retired_at = fields.Instant(allow_none=True)


class WitnessesOut(Schema):
    items = fields.List(fields.Nested(WitnessOut), max=1000)


class NewCosignature(Schema):
    cosignature = fields.Text(
        required=True, min=10, max=400, metadata={"description": "one signature line of C2SP tlog-cosignature"}
    )
