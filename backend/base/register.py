"""How a stored document becomes what the evidence register hashes.

The forms are data (schemas/register/forms.json): for each kind the collection and the fields that the leaf binds, so
that whoever has the documents can hash them again without this code. Values follow RFC 8785 after the conversions that
the file names.
"""

import hashlib
import json
from collections.abc import Mapping
from contextlib import suppress
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
EXACT = 2**53  # whole numbers below it are the same in every reader
AS_THEY_ARE = frozenset({str, int, bool, float, type(None)})


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
    return hashlib.sha256(salt + canonical(dict(stated))).digest()


_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def canonical(value: Any) -> bytes:
    """RFC 8785. Of what has only text, whole numbers and ASCII names, as nearly every record has, the standard
    library's own encoder writes the very same bytes, faster; all else goes to rfc8785 (a test compares the two)."""
    if _ordinary(value):
        with suppress(UnicodeEncodeError):  # half a surrogate pair: the library says what is wrong
            return _ENCODER.encode(value).encode()
    return rfc8785.dumps(value)


def _ordinary(value: Any) -> bool:
    kind = type(value)
    if kind is str or kind is bool or value is None:
        return True
    if kind is dict:
        return all(type(name) is str and name.isascii() and _ordinary(inner) for name, inner in value.items())
    if kind is list:
        return all(map(_ordinary, value))
    return kind is int and -EXACT < value < EXACT


def _at(row: Mapping[str, Any], path: str) -> Any:
    value: Any = row
    for name in path.split("."):
        value = value.get(name) if isinstance(value, Mapping) else None
    return value


def plain(value: Any) -> Any:
    """JSON values only: see `values` in the forms' file."""
    if type(value) in AS_THEY_ARE:  # most of them, asked first: `Mapping` is slow to ask for
        return value
    if isinstance(value, Mapping):
        return {str(name): plain(inner) for name, inner in value.items() if inner is not None}
    if isinstance(value, list | tuple):
        return [plain(inner) for inner in value]
    if isinstance(value, date):
        return instant(value) if isinstance(value, datetime) else value.isoformat()
    if isinstance(value, bytes | bytearray | memoryview):
        return bytes(value).hex()
    return str(value) if isinstance(value, Decimal) else value


def instant(moment: datetime) -> str:
    """UTC, cut to the milliseconds that are stored: 2026-10-01T02:00:00.000Z."""
    utc = moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    return f"{utc:%Y-%m-%dT%H:%M:%S}.{utc.microsecond // 1000:03d}Z"
