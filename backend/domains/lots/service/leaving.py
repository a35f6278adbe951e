"""Goods that enter a market, are sold by retail or destroyed: what leaves for good makes no new lot."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from backend.base import ids
from backend.base.actor import Actor
from backend.domains.lots import rules
from backend.domains.lots.service import journal
from backend.domains.producers import service as producers

Row = Mapping[str, Any]


def leave(
    actor: Actor,
    *,
    producer_id: str,
    client_id: str,
    kind: str,
    happened_on: date,
    lines: Sequence[Row],
    place: str = "",
    reason: str | None = None,
    note: str = "",
) -> dict[str, Any]:
    """Keep that goods entered a market (`market`: they stay the producer's), were sold (`retail`) or destroyed
    (`destroy`, also of a held or recalled lot, with a code of `destroy_reasons`).

    Raises NotFound, RuleBroken, Conflict.
    """
    producers.door(actor, producer_id, "lot:move")
    event_id = ids.owned(producer_id, client_id)
    said = [kind, happened_on, lines, place, reason, note]

    def body(digest: str) -> None:
        goes = kind != "market"
        taken = (journal.take if goes else _seen)(kind, producer_id, lines, happened_on)
        takes = [journal.line_of(lot, some, line) for (lot, some), line in zip(taken, lines, strict=True)]
        words = {"place": place, "reason": reason, "note": note}
        journal.keep(actor, event_id, kind, digest, happened_on=happened_on.isoformat(), takes=takes, **words)

    return journal.once(event_id, said, body)


def _seen(kind: str, producer_id: str, lines: Sequence[Row], happened_on: date) -> list[Any]:
    """What enters a market must be on hand; its lots are as they were."""
    return [
        (lot, rules.take(lot.balance, base, rules.CERTIFIED_FIRST, unit))
        for lot, base, unit in journal.measured(kind, producer_id, lines, happened_on)
    ]
