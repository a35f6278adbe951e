"""A case as JSON and back, so that a decision can be made again years later from what was kept."""

import types
from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date
from typing import Any, Union, get_args, get_origin, get_type_hints

from backend.domains.certificates.rules.case import Case


def kept(value: Any) -> Any:
    """JSON-able form of a case, a decision, or any part: days as ISO text, tuples as lists."""
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: kept(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {key: kept(inner) for key, inner in value.items()}
    if isinstance(value, tuple | list):
        return [kept(inner) for inner in value]
    return value


def case_from(data: Mapping[str, Any]) -> Case:
    """The case that was kept. Raises KeyError, TypeError or ValueError when it is not one."""
    case: Case = read(Case, data)
    return case


def read(kind: Any, data: Any) -> Any:
    """A kept value as an instance of its dataclass again. What was kept before a field was there gets its default."""
    origin, inner = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        return None if data is None else read(next(one for one in inner if one is not type(None)), data)
    if origin is tuple:
        return tuple(read(inner[0], one) for one in data)
    if origin is not None and issubclass(origin, Mapping):
        return {key: read(inner[1], one) for key, one in data.items()}
    if is_dataclass(kind):
        hints = get_type_hints(kind)
        there = [field.name for field in fields(kind) if field.name in data or not _defaulted(field)]
        return kind(**{name: read(hints[name], data[name]) for name in there})  # type: ignore[operator]
    return date.fromisoformat(data) if kind is date else data


def _defaulted(field: Field[Any]) -> bool:
    return field.default is not MISSING or field.default_factory is not MISSING
