"""The farming log as the public may read it: what was done, what the label of each input asks for, and the photos."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from backend.base import clock, vocab
from backend.domains.farming import service as farming
from backend.domains.inputs import rules as input_rules
from backend.domains.inputs import service as inputs
from backend.domains.tracing.rules import Deed, InputUse, Photo, is_example, waiting_days

# A telephone or identity number has no place on a public page, whoever typed it.
NUMBERS = re.compile(r"\d[\d\s-]{5,}\d")
MAX_PHOTOS = 6


def deeds(producer_id: str, batch_ids: Sequence[str], crop: str) -> tuple[Deed, ...]:
    """The current versions of the public records of these batches; four reads at most."""
    rows = farming.story(producer_id, batch_ids)
    book = inputs.rulebook(_registrations(rows))
    return tuple(_deed(row, crop, book) for row in rows)


def _registrations(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    return [use["registration_no"] for row in rows for use in row.get("inputs", ()) if use.get("registration_no")]


def _deed(row: Mapping[str, Any], crop: str, book: input_rules.Rulebook) -> Deed:
    return Deed(
        kind=row["kind"],
        happened_on=date.fromisoformat(row["happened_on"]),
        ended_on=date.fromisoformat(row["ended_on"]),
        received_on=clock.civil_date(row["first_entered_at"]),
        text=public_text(row),
        inputs=tuple(_use(use, crop, book) for use in row.get("inputs", ())),
        photos=tuple(Photo(f"/f/{file_id}", f"/f/{file_id}.t") for file_id in row["photos"][:MAX_PHOTOS]),
        amended=row["version"] > 1,
    )


def public_text(row: Mapping[str, Any]) -> str:
    """Target, quantity and note of a record in one line, long numbers blotted out; the worker's name stays inside."""
    measured = row.get("amount") and row.get("unit")
    amount = f"{row['amount']} {vocab.label('units', row['unit'])}" if measured else ""
    parts = (row.get("target"), amount, row.get("note"))
    return NUMBERS.sub("…", "，".join(str(part) for part in parts if part))


def _use(use: Mapping[str, Any], crop: str, book: input_rules.Rulebook) -> InputUse:
    number = use.get("registration_no")
    return InputUse(
        name=use["name"],
        registration_no=number,
        example=is_example(number, book),
        amount=use.get("amount"),
        unit=use.get("unit"),
        phi_days=waiting_days(number, crop, book),
    )
