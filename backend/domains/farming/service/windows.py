"""When harvest becomes lawful: the window of a batch, by its log, the rules of now and what officers vouched for."""

from collections.abc import Mapping, Sequence
from typing import Any

from backend.base import clock
from backend.base.actor import Actor
from backend.domains.farming import rules
from backend.domains.farming.service.batches import batch
from backend.domains.farming.service.facts import BatchFacts, crop_of
from backend.domains.farming.service.overrides import vouched
from backend.domains.farming.service.reading import registrations
from backend.domains.farming.service.seasons import ground
from backend.domains.inputs import rules as input_rules
from backend.domains.inputs import service as inputs


def batch_window(actor: Actor, *, batch_id: str) -> dict[str, Any]:
    """When harvest becomes lawful, as the log stands, and why."""
    known = batch(actor, batch_id)
    land = ground([known])
    book = inputs.rulebook(registrations(land.records))
    window = windows([known], {batch_id: land.log(batch_id)}, book)[batch_id]
    return describe_window(batch_id, window, book.version)


def describe_window(batch_id: str, window: rules.Window, version: str) -> dict[str, Any]:
    """The window as the answer carries it; `days_left` counts from today, 0 when harvest is lawful now."""
    left = (window.earliest - clock.today()).days if window.earliest else 0
    return {
        "batch_id": batch_id,
        "earliest_lawful_harvest": window.earliest,
        "days_left": max(left, 0),
        "blocked": window.blocked,
        "because": window.because,
        "rulebook_version": version,
    }


def windows(
    batches: Sequence[BatchFacts],
    logs: Mapping[str, Sequence[rules.GateRecord]],
    book: input_rules.Rulebook,
) -> dict[str, rules.Window]:
    """The window of each batch by its id, `logs` by batch with what others put on its land. Officers' words are read,
    with one command, only where one of them could change the answer."""
    found = {one.id: rules.harvest_window(logs.get(one.id, ()), crop_of(one.crop), book) for one in batches}
    open_to_words = [
        reason.version_id for window in found.values() for reason in window.because if reason.code in rules.VOUCHABLE
    ]
    said = vouched(open_to_words)
    if not said:
        return found
    return {one.id: rules.harvest_window(logs.get(one.id, ()), crop_of(one.crop), book, said) for one in batches}
