"""How a stored document becomes what the evidence register hashes.

The forms are data (schemas/register/forms.json): for each kind the collection and the fields that the leaf binds, so
that whoever has the documents can hash them again without this code. Values follow RFC 8785 after the conversions that
the file names.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import rfc8785

PATH = Path(__file__).resolve().parents[2] / "schemas" / "register" / "forms.json"
SALT_BYTES = 16
MIGRATION = "migration"


@dataclass(frozen=True, slots=True)
class Form:
    """`fields` of a document of `collection`; without a collection the leaf itself keeps what was said."""

    kind: str
    number: int
    zh: str
    en: str
    collection: str | None = None
    fields: tuple[str, ...] = ()
    when: Mapping[str, Any] = field(default_factory=dict)
    left_out: Mapping[str, str] = field(default_factory=dict)
    public: bool = False


class UnknownForm(LookupError):  # noqa: N818 - what is wrong is the form, and the name says so
    """A kind of leaf that schemas/register/forms.json does not know: nobody could hash it again."""


@cache
def forms() -> Mapping[str, Form]:
    data = json.loads(PATH.read_text("utf-8"))
    return {row["kind"]: _form(row) for row in data["forms"]}


def _form(row: Mapping[str, Any]) -> Form:
    return Form(
        kind=row["kind"],
        number=row["form"],
        zh=row["zh"],
        en=row["en"],
        collection=row.get("collection"),
        fields=tuple(row.get("fields", ())),
        when=row.get("when", {}),
        left_out=row.get("left_out", {}),
        public=row.get("public", False),
    )


def form_of(kind: str) -> Form:
    """Raises UnknownForm."""
    try:
        return forms()[kind]
    except KeyError as error:
        raise UnknownForm(f"{kind}: add it to {PATH.name}") from error


def applies(form: Form, row: Mapping[str, Any]) -> bool:
    """Whether a document of the form's collection must have a leaf of this kind."""
    for name, wanted in form.when.items():
        value = row.get(name)
        if isinstance(wanted, Mapping):
            if value is None or ("above" in wanted and value <= wanted["above"]):
                return False
        elif value != wanted:
            return False
    return True


def statement(kind: str, row: Mapping[str, Any], origin: str | None = None) -> dict[str, Any]:
    """What the leaf binds: the kind, the form, and what the document (or the statement itself) says."""
    form = form_of(kind)
    said = plain(row if form.collection is None else {name: _at(row, name) for name in form.fields})
    return {"kind": kind, "form": form.number, "said": said, **({"origin": origin} if origin else {})}


def leaf_hash(salt: bytes, stated: Mapping[str, Any]) -> bytes:
    """32 bytes. The salt keeps a short record from being guessed from its hash, and lets it be erased later."""
    return hashlib.sha256(salt + rfc8785.dumps(dict(stated))).digest()


def _at(row: Mapping[str, Any], path: str) -> Any:
    value: Any = row
    for name in path.split("."):
        value = value.get(name) if isinstance(value, Mapping) else None
    return value


def plain(value: Any) -> Any:
    """JSON values only: see `values` in the forms' file."""
    if isinstance(value, Mapping):
        return {str(name): plain(inner) for name, inner in _present(value)}
    if isinstance(value, list | tuple):
        return [plain(inner) for inner in value]
    if isinstance(value, datetime):
        return instant(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes | bytearray | memoryview):
        return bytes(value).hex()
    return str(value) if isinstance(value, Decimal) else value


def _present(value: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    return ((name, inner) for name, inner in value.items() if inner is not None)


def instant(moment: datetime) -> str:
    """UTC, cut to the milliseconds that are stored: 2026-10-01T02:00:00.000Z."""
    utc = moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    return f"{utc:%Y-%m-%dT%H:%M:%S}.{utc.microsecond // 1000:03d}Z"
