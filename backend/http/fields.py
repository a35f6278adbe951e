"""Field types every schema uses: each has a limit, so no input is unbounded."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

import marshmallow as ma
from marshmallow import validate
from marshmallow.fields import Boolean, Constant, Dict, Float, Integer, Method, Nested, Raw

from backend.base import clock, ids, vocab
from backend.http.errors import describe

__all__ = [
    "Amount",
    "Boolean",
    "Bytes",
    "ClientId",
    "Code",
    "Constant",
    "Day",
    "Dict",
    "Float",
    "Identity",
    "Instant",
    "Integer",
    "List",
    "Method",
    "Nested",
    "Raw",
    "Text",
    "Told",
    "Upload",
]
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2200, 1, 1)
MAX_AMOUNT = Decimal(10) ** 12


class Text(ma.fields.String):
    """A string of `min`..`max` characters, trimmed, without control characters."""

    def __init__(self, *, max: int = 200, min: int = 0, **kwargs: Any) -> None:
        checks = [validate.Length(min=min, max=max), *_listed(kwargs.pop("validate", None))]
        super().__init__(validate=checks, **kwargs)

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        text = super()._deserialize(value, attr, data, **kwargs)
        if CONTROL.search(text):
            raise ma.ValidationError("String does not match expected pattern.")
        return text.strip()


def _listed(checks: Any) -> list[Any]:
    return [] if checks is None else list(checks) if isinstance(checks, list | tuple) else [checks]


class Identity(Text):
    """A stored document's id."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max=64, min=1, **kwargs)


class ClientId(Text):
    """The id a client makes for what it creates (UUID or alike, 8 to 40 of [0-9A-Za-z_-]); a retry repeats it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max=40, min=8, validate=validate.Regexp(ids.CLIENT_ID.pattern.replace(r"\Z", "$")), **kwargs)


class Code(Text):
    """A term of a vocabulary; which terms there are is data, so the published contract names the vocabulary only."""

    def __init__(self, vocabulary: str, **kwargs: Any) -> None:
        self.vocabulary = vocabulary
        kwargs["metadata"] = {"x-vocabulary": vocabulary, **kwargs.pop("metadata", {})}
        super().__init__(max=40, min=1, validate=self._known, **kwargs)

    def _known(self, code: str) -> None:
        known = vocab.get(self.vocabulary)
        if code not in known:
            raise ma.ValidationError(f"Must be one of: {', '.join(known.codes[:40])}.")


class Day(ma.fields.Date):
    """A civil date in China, ISO 8601, 1900 to 2200."""

    def __init__(self, **kwargs: Any) -> None:
        checks = [validate.Range(min=FIRST_DAY, max=LAST_DAY), *_listed(kwargs.pop("validate", None))]
        super().__init__(format="iso", validate=checks, **kwargs)

    def _serialize(self, value: Any, attr: Any, obj: Any, **kwargs: Any) -> str | None:
        """Documents keep days as ISO text."""
        return None if value is None else str(value)


class Instant(ma.fields.AwareDateTime):
    """RFC 3339 with an offset; read as any offset, written as China's."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="iso", default_timezone=None, **kwargs)

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> datetime:
        moment = super()._deserialize(value, attr, data, **kwargs)
        try:
            moment = moment.astimezone(UTC)
        except OverflowError as error:
            raise ma.ValidationError("Not a valid datetime.") from error
        if not FIRST_DAY <= moment.date() <= LAST_DAY:
            raise ma.ValidationError("Not a valid datetime.")
        return moment.replace(microsecond=moment.microsecond // 1000 * 1000)

    def _serialize(self, value: Any, attr: Any, obj: Any, **kwargs: Any) -> str | None:
        return None if value is None else clock.local(value).isoformat(timespec="seconds")


class Amount(ma.fields.String):
    """A non-negative decimal with at most three places, as a string so that nothing is rounded on the way."""

    def __init__(self, *, positive: bool = True, **kwargs: Any) -> None:
        self.positive = positive
        kwargs["metadata"] = {"pattern": r"^\d{1,12}(\.\d{1,3})?$", **kwargs.pop("metadata", {})}
        super().__init__(**kwargs)

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise ma.ValidationError("Not a valid number.")
        try:
            amount = Decimal(str(value))
        except InvalidOperation as error:
            raise ma.ValidationError("Not a valid number.") from error
        if not amount.is_finite() or amount < 0 or amount >= MAX_AMOUNT or (self.positive and amount == 0):
            raise ma.ValidationError("Must be greater than 0." if self.positive else "Invalid value.")
        if amount != amount.quantize(Decimal("0.001")):
            raise ma.ValidationError("String does not match expected pattern.")
        return amount

    def _serialize(self, value: Any, attr: Any, obj: Any, **kwargs: Any) -> str | None:
        return None if value is None else format(Decimal(str(value)).normalize(), "f")


class List(ma.fields.List):
    """A list of at most `max` items."""

    def __init__(self, inner: Any, *, max: int = 100, min: int = 0, **kwargs: Any) -> None:
        super().__init__(
            inner, validate=[validate.Length(min=min, max=max), *_listed(kwargs.pop("validate", None))], **kwargs
        )


class Told(Nested):
    """A Problem as the reader is told it, in the reader's language; the nested schema documents its parts."""

    # The library's own Nested renames this parameter of Field; both signatures cannot be met.
    def _serialize(self, nested_obj: Any, attr: Any, obj: Any, **kwargs: Any) -> Any:  # type: ignore[override]
        return None if nested_obj is None else describe(nested_obj)


class Upload(ma.fields.Raw):
    """A file of a multipart form (a werkzeug FileStorage)."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(metadata={"type": "string", "format": "binary", **kwargs.pop("metadata", {})}, **kwargs)


class Bytes(ma.fields.Raw):
    """Documents a binary answer."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(metadata={"type": "string", "format": "binary"}, **kwargs)
