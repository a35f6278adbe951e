"""Overrides: an officer vouches, by name and on the record, for an input the platform does not know."""

from backend.base import clock, ids, store
from backend.base.actor import Actor
from backend.base.documents import Duplicate, Page
from backend.base.errors import Forbidden, RuleBroken
from backend.domains.accounts import service as accounts
from backend.domains.certificates import rules
from backend.domains.certificates.models import InputOverride
from backend.domains.evidence import service as evidence
from backend.domains.farming import service as farming
from backend.domains.inputs import service as inputs
from backend.domains.producers import service as producers


def vouch(actor: Actor, *, batch_id: str, record_id: str, input_name: str, client_id: str, note: str) -> InputOverride:
    """Let the gate pass this input of this very version of the record; an amendment ends it, a ban is never passed.

    Raises NotFound, Forbidden `override_own_producer`, RuleBroken `override_not_needed`.
    """
    producer = producers.door(actor, ids.owner_of(record_id), "input:override")
    if actor.producers("certificate:issue") and producer.id in actor.producers("certificate:issue"):
        raise Forbidden("override_own_producer")
    _needed(producer.id, batch_id, record_id, input_name)
    made = InputOverride(
        id=ids.owned(producer.id, client_id),
        producer_id=producer.id,
        record_id=record_id,
        input_name=input_name,
        note=note,
        by=actor.account_id or actor.name,
        created_at=clock.now(),
    )
    try:
        store.transaction(lambda: _keep(actor, made))
    except Duplicate:
        return InputOverride.find_one({"producer_id": producer.id, "_id": made.id}) or made
    return made


def _needed(producer_id: str, batch_id: str, record_id: str, input_name: str) -> None:
    """Only what the gate would refuse as unknown or unlabelled, in the current version of a record."""
    batch = farming.batch_facts(batch_id)
    records = farming.gate_records(producer_id, [batch.id]) if batch.producer_id == producer_id else ()
    numbers = [use.registration_no for record in records for use in record.uses if use.registration_no]
    if not rules.vouchable(records, farming.crop_of(batch.crop), inputs.rulebook(numbers), record_id, input_name):
        raise RuleBroken("override_not_needed", field="input_name")


def _keep(actor: Actor, made: InputOverride) -> None:
    InputOverride.insert([made])
    evidence.append([evidence.Leaf("certificate.override", made.id, made.producer_id, made.to_mongo())])
    accounts.note(actor, "input.override", subjects=[made.record_id, made.id], producer_id=made.producer_id)


def overrides_of(actor: Actor, *, producer_id: str, cursor: str | None = None, size: int = 50) -> Page[InputOverride]:
    """What officers vouched for on this producer's land, newest first. Raises NotFound."""
    producers.door(actor, producer_id, "certificate:read")
    return InputOverride.page({"producer_id": producer_id}, cursor=cursor, size=size)
