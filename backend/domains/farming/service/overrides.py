"""Overrides: an officer vouches, by name and on the record, for an input that the platform would refuse.

Kept beside the log, so that the farmer's window and the gate above know the same. Never for a ban or an interval.
"""

from collections.abc import Iterable

from backend.base import clock, ids, store
from backend.base.actor import Actor
from backend.base.documents import MAX_FOUND, Duplicate, Page
from backend.base.errors import Forbidden, RuleBroken
from backend.domains.accounts import service as accounts
from backend.domains.evidence import service as evidence
from backend.domains.farming import rules
from backend.domains.farming.models import InputOverride
from backend.domains.farming.service.facts import batch_facts, crop_of
from backend.domains.farming.service.reading import registrations
from backend.domains.farming.service.seasons import ground
from backend.domains.inputs import service as inputs
from backend.domains.producers import service as producers


def vouch(actor: Actor, *, batch_id: str, record_id: str, input_name: str, client_id: str, note: str) -> InputOverride:
    """Let the gate pass this input of this very version of the record, for the reasons that stand against it now; an
    amendment ends it, a ban is never passed.

    Raises NotFound, Forbidden `override_own_producer`, RuleBroken `override_not_needed`.
    """
    producer = producers.door(actor, ids.owner_of(record_id), "input:override")
    if actor.producers("certificate:issue") and producer.id in actor.producers("certificate:issue"):
        raise Forbidden("override_own_producer")
    made = InputOverride(
        id=ids.owned(producer.id, client_id),
        producer_id=producer.id,
        record_id=record_id,
        input_name=input_name,
        reasons=list(_needed(producer.id, batch_id, record_id, input_name)),
        note=note,
        by=actor.account_id or actor.name,
        created_at=clock.now(),
    )
    try:
        store.transaction(lambda: _keep(actor, made))
    except Duplicate:
        return InputOverride.find_one({"producer_id": producer.id, "_id": made.id}) or made
    return made


def _needed(producer_id: str, batch_id: str, record_id: str, input_name: str) -> tuple[str, ...]:
    """What stands against it in the current version of a record, of that which an officer may answer."""
    batch = batch_facts(batch_id)
    land = ground([batch] if batch.producer_id == producer_id else ())
    book = inputs.rulebook(registrations(land.records))
    found = rules.vouchable(land.log(batch.id), crop_of(batch.crop), book, record_id, input_name)
    if not found:
        raise RuleBroken("override_not_needed", field="input_name")
    return found


def _keep(actor: Actor, made: InputOverride) -> None:
    InputOverride.insert([made])
    evidence.append([evidence.Leaf("certificate.override", made.id, made.producer_id, made.to_mongo())])
    accounts.note(actor, "input.override", subjects=[made.record_id, made.id], producer_id=made.producer_id)


def overrides_of(actor: Actor, *, producer_id: str, cursor: str | None = None, size: int = 50) -> Page[InputOverride]:
    """What officers vouched for on this producer's land, newest first. Raises NotFound."""
    producers.door(actor, producer_id, "certificate:read")
    return InputOverride.page({"producer_id": producer_id}, cursor=cursor, size=size)


def vouched(record_ids: Iterable[str]) -> tuple[rules.Vouched, ...]:
    """The officers' words on these versions of records, of any producers; one command a thousand, none for none."""
    wanted, rows = sorted(set(record_ids)), []
    for start in range(0, len(wanted), MAX_FOUND):
        some = wanted[start : start + MAX_FOUND]
        owners = sorted({ids.owner_of(record_id) for record_id in some})
        rows += InputOverride.rows({"producer_id": {"$in": owners}, "record_id": {"$in": some}}, limit=MAX_FOUND)
    first = ("unknown_input", "no_label")  # all there was to answer for when older words were given
    return tuple(
        rules.Vouched(row["record_id"], row["input_name"], row["by"], tuple(row.get("reasons") or first))
        for row in rows
    )
