"""A lot in the shape of a Chinese standard, field by field, each with how sure we are that the standard means this."""

from collections.abc import Mapping, Sequence
from typing import Any

from backend.base import vocab
from backend.base.errors import NotFound

Facts = Mapping[str, Mapping[str, Any]]


def standards() -> Sequence[vocab.Term]:
    return list(vocab.get("mappings"))


def standard(code: str) -> vocab.Term:
    """Raises NotFound `mapping_unknown`."""
    known = vocab.get("mappings")
    if code not in known:
        raise NotFound("mapping_unknown")
    return known[code]


def filled(fields: Sequence[Mapping[str, Any]], facts: Facts) -> list[dict[str, Any]]:
    """Each field with its value: None where nothing is known of it, or nothing may be made up. `take` is dotted:
    which thing, and what of it."""
    return [{**field, "value": _value(field["take"], facts)} for field in fields]


def _value(take: str, facts: Facts) -> str | None:
    thing, _, name = take.partition(".")
    value = facts.get(thing, {}).get(name)
    return None if value in (None, "") else str(value)
