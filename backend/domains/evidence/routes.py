"""Endpoints of the register: open to everyone, for they show hashes and signatures and no content."""

import base64
from typing import Any

from backend.base.actor import Actor
from backend.domains.evidence import schemas
from backend.domains.evidence import service as evidence
from backend.http import limits
from backend.http.api import PUBLIC, Blueprint, Limit
from backend.http.proofs import InclusionOut

blueprint = Blueprint("evidence", description="存证登记簿")
READING = (Limit("300 per minute", limits.by_address),)
SIGNING = (Limit("30 per minute", limits.by_address),)


@blueprint.get("/evidence/checkpoints/latest", needs=PUBLIC, gives=schemas.CheckpointOut, limits=READING)
def latest_checkpoint(_actor: Actor) -> evidence.CheckpointFacts:
    """The newest signed state; as text/plain at /evidence/checkpoint."""
    return evidence.latest()


@blueprint.get(
    "/evidence/checkpoints",
    needs=PUBLIC,
    query=schemas.CheckpointsQuery,
    gives=schemas.CheckpointsOut,
    limits=READING,
)
def list_checkpoints(_actor: Actor, query: dict[str, Any]) -> dict[str, Any]:
    """Checkpoints after a number, oldest first: what an auditor reads from the beginning."""
    return {"items": evidence.checkpoints(**query)}


@blueprint.get("/evidence/checkpoints/<int:number>", needs=PUBLIC, gives=schemas.CheckpointOut, limits=READING)
def get_checkpoint(_actor: Actor, number: int) -> evidence.CheckpointFacts:
    """One checkpoint, with the cosignatures it has."""
    return evidence.checkpoint(number)


@blueprint.get("/evidence/checkpoints/<int:number>/timestamp", needs=PUBLIC, gives=schemas.TimestampOut, limits=READING)
def get_timestamp(_actor: Actor, number: int) -> dict[str, Any]:
    """What a timestamp authority answered about a day's last checkpoint; also at /evidence/checkpoint/{number}.tsr."""
    told = evidence.timestamp(number)
    reply = base64.b64encode(told.reply).decode()
    return {"number": told.number, "at": told.at, "digest": told.digest, "reply": reply}


@blueprint.post(
    "/evidence/checkpoints/<int:number>/cosignatures",
    needs=PUBLIC,
    takes=schemas.NewCosignature,
    gives=schemas.CheckpointOut,
    status=201,
    limits=SIGNING,
)
def cosign_checkpoint(_actor: Actor, data: dict[str, Any], number: int) -> evidence.CheckpointFacts:
    """A witness's line under a checkpoint. Its signature says who it is: no login."""
    return evidence.cosign(number=number, **data)


@blueprint.get(
    "/evidence/consistency",
    needs=PUBLIC,
    query=schemas.ConsistencyQuery,
    gives=schemas.ConsistencyOut,
    limits=READING,
)
def get_consistency(_actor: Actor, query: dict[str, Any]) -> dict[str, Any]:
    """That a later checkpoint contains an earlier one; both named by their sizes."""
    return evidence.consistency(**query)


@blueprint.get("/evidence/inclusion", needs=PUBLIC, query=schemas.PlaceQuery, gives=InclusionOut, limits=READING)
def get_inclusion(_actor: Actor, query: dict[str, Any]) -> dict[str, Any]:
    """The path of a sealed leaf to the newest root, by its place."""
    return evidence.inclusion(query["position"])


@blueprint.get("/evidence/bulletin", needs=PUBLIC, query=schemas.YearQuery, gives=schemas.BulletinOut, limits=READING)
def get_bulletin(_actor: Actor, query: dict[str, Any]) -> dict[str, Any]:
    """The root of every day on which something was sealed, newest first, at most 31; the page is /evidence/bulletin."""
    return {"items": evidence.days(query["year"])}


@blueprint.get("/evidence/witnesses", needs=PUBLIC, gives=schemas.WitnessesOut, limits=READING)
def list_witnesses(_actor: Actor) -> dict[str, Any]:
    """Who may cosign, with their public keys; retired ones stay listed."""
    return {"items": [_witness(one) for one in evidence.witnesses()]}


@blueprint.post(
    "/evidence/witnesses", needs="evidence:appoint", takes=schemas.NewWitness, gives=schemas.WitnessOut, status=201
)
def appoint_witness(actor: Actor, data: dict[str, Any]) -> dict[str, Any]:
    """Let a county's office cosign with a key of its own."""
    key = bytes.fromhex(data.pop("public_key"))
    return _witness(evidence.appoint(actor, public_key=key, **data))


@blueprint.post(
    "/evidence/witnesses/retirement", needs="evidence:appoint", takes=schemas.WitnessName, gives=schemas.WitnessOut
)
def retire_witness(actor: Actor, data: dict[str, Any]) -> dict[str, Any]:
    """Take no further cosignatures of a witness; those it gave stay."""
    return _witness(evidence.retire(actor, data["name"]))


def _witness(known: Any) -> dict[str, Any]:
    shown = {name: getattr(known, name) for name in ("label", "region", "retired_at")}
    return {"name": known.id, "public_key": bytes(known.public_key).hex(), **shown}
