"""Witnesses: people outside the house who keep what they saw, and sign only what continues it."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from backend.base import clock, store
from backend.base.actor import Actor
from backend.base.documents import MAX_FOUND, Duplicate
from backend.base.errors import Conflict, NotFound, RuleBroken
from backend.domains.accounts import service as accounts
from backend.domains.evidence.models import Cosignature, Witness
from backend.domains.evidence.rules import notes, tree
from backend.domains.evidence.service.reading import CheckpointFacts, checkpoint, nodes_of, row_of

log = structlog.get_logger(__name__)
AHEAD = timedelta(minutes=5)  # a witness's clock may be before ours by this much


def appoint(actor: Actor, *, name: str, label: str, region: str, public_key: bytes) -> Witness:
    """A witness with its own key; the same name and key again answers what is there.

    Raises NotFound outside the actor's region, RuleBroken `witness_name_malformed` or `witness_key_malformed`,
    Conflict `witness_name_taken`.
    """
    place = accounts.check_region(region, levels=("province", "city", "county"))
    if not actor.may("evidence:appoint", region=place.code):
        raise NotFound
    if not notes.KEY_NAME.match(name):
        raise RuleBroken("witness_name_malformed", field="name")
    _key(public_key)
    made = Witness(
        id=name,
        label=label,
        region=place.code,
        public_key=public_key,
        created_by=actor.account_id or actor.name,
        created_at=clock.now(),
    )
    try:
        store.transaction(lambda: _keep(actor, made))
    except Duplicate:
        there = witness(name)
        if bytes(there.public_key) != public_key:
            raise Conflict("witness_name_taken", field="name") from None
        return there
    return made


def _key(public_key: bytes) -> Ed25519PublicKey:
    try:
        return Ed25519PublicKey.from_public_bytes(public_key)
    except ValueError as error:
        raise RuleBroken("witness_key_malformed", field="public_key") from error


def _keep(actor: Actor, made: Witness) -> None:
    Witness.insert([made])
    accounts.note(actor, "witness.appoint", subjects=[made.id], region=made.region)


def retire(actor: Actor, name: str) -> Witness:
    """From now on it cosigns no more; what it signed stays. Raises NotFound."""
    known = witness(name)
    if not actor.may("evidence:appoint", region=known.region):
        raise NotFound
    if known.retired_at is None:
        moment = clock.now()
        store.transaction(lambda: _retire(actor, known, moment))
        known.retired_at = moment
    return known


def _retire(actor: Actor, known: Witness, moment: datetime) -> None:
    Witness.update_one({"_id": known.id, "retired_at": None}, {"$set": {"retired_at": moment}})
    accounts.note(actor, "witness.retire", subjects=[known.id], region=known.region)


def witness(name: str) -> Witness:
    """Raises NotFound."""
    found = Witness.find_one({"_id": name})
    if found is None:
        raise NotFound
    return found


def witnesses() -> list[Witness]:
    """All there ever were, by name; their keys are public."""
    return sorted(Witness.find({}, limit=MAX_FOUND), key=lambda one: one.id)


def cosign(*, number: int, cosignature: str) -> CheckpointFacts:
    """Keep a witness's line under a checkpoint; the line itself says who it is, so no login is needed. The same line
    twice is one.

    The stored tree must still give the root that the checkpoint states: no witness's name is put under a history that
    was changed. Raises NotFound, RuleBroken `cosignature_malformed`, `witness_unknown`, `cosignature_wrong` (it signs
    another text, as of another history), `cosignature_out_of_time`, `log_inconsistent`.
    """
    row = row_of(number)
    line = _parsed(cosignature)
    known = Witness.find_one({"_id": line.name})
    if known is None or known.retired_at is not None or line.key_id != _key_id(known):
        raise RuleBroken("witness_unknown", field="cosignature")
    at = _verified(known, line, row)
    _consistent(row)
    made = Cosignature(
        id=f"{number}.{known.id}",
        number=number,
        size=row["size"],
        witness=known.id,
        line=line.line,
        signed_at=at,
        created_at=clock.now(),
    )
    with suppress(Duplicate):  # it has signed this one before, perhaps a second earlier: the first line stands
        Cosignature.insert([made])
    return checkpoint(number)


def _parsed(text: str) -> notes.Signature:
    try:
        line = notes.signature(text.strip() + "\n")
        notes.cosignature_parts(line.signature)
    except ValueError as error:
        raise RuleBroken("cosignature_malformed", field="cosignature") from error
    return line


def _key_id(known: Witness) -> bytes:
    return notes.key_id(known.id, bytes(known.public_key), notes.COSIGNATURE)


def _verified(known: Witness, line: notes.Signature, row: dict[str, Any]) -> datetime:
    second, signed = notes.cosignature_parts(line.signature)
    try:
        _key(bytes(known.public_key)).verify(signed, notes.cosigned(row["text"], second))
    except InvalidSignature as error:
        raise RuleBroken("cosignature_wrong", field="cosignature") from error
    latest = int((clock.now() + AHEAD).timestamp())
    if not int(row["created_at"].timestamp()) <= second <= latest:
        raise RuleBroken("cosignature_out_of_time", field="cosignature")
    return datetime.fromtimestamp(second, UTC)


def _consistent(row: dict[str, Any]) -> None:
    """The root recomputed from the tiles, without the checkpoint's own peaks."""
    peaks = tree.peaks_at(row["size"], nodes_of())
    if tree.root_of(peaks) != bytes(row["root"]):
        log.critical("evidence.inconsistent", number=row["number"])
        raise RuleBroken("log_inconsistent")
