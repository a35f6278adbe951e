"""The event hash id of CBV 2.0 (section 8.9): an event's own content names it, whatever its notation.

Our own reading of the published rules; checked in tests against published pre-hash strings and hashes. Sensor data is
not read: nothing here has any.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from backend.domains.exchange.rules.epcis_ids import canonical

ORDER = (
    "eventTime", "eventTimeZoneOffset", "epcList", "parentID", "inputEPCList", "childEPCs", "quantityList",
    "childQuantityList", "inputQuantityList", "outputEPCList", "outputQuantityList", "action", "transformationID",
    "bizStep", "disposition", "persistentDisposition", "readPoint", "bizLocation", "bizTransactionList", "sourceList",
    "destinationList",
)  # fmt: skip
EPCS = {"epcList", "inputEPCList", "childEPCs", "outputEPCList"}
QUANTITIES = {"quantityList", "childQuantityList", "inputQuantityList", "outputQuantityList"}
PAIRS = {
    "bizTransactionList": ("bizTransaction", "BTT"),
    "sourceList": ("source", "SDT"),
    "destinationList": ("destination", "SDT"),
}
PLACES = ("readPoint", "bizLocation")
WORDS = {"bizStep": "BizStep", "disposition": "Disp"}
IGNORED = {"@context", "type", "eventID", "recordTime", "errorDeclaration", "certificationInfo", "rdfs:comment"}
CBV = "https://ref.gs1.org/cbv/"
NAMESPACES = {"cbvmda": "urn:epcglobal:cbv:mda"}
URN_WORD = re.compile(r"urn:epcglobal:cbv:(bizstep|disp|btt|sdt):")
URN_WORDS = {"bizstep": "BizStep", "disp": "Disp", "btt": "BTT", "sdt": "SDT"}
NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?")
Row = Mapping[str, Any]


def event_id(event: Row, namespaces: Mapping[str, str]) -> str:
    """`ni:///sha-256;…?ver=CBV2.0` of an event; `namespaces` are the prefixes of its own fields. Raises ValueError for
    one with sensor data."""
    return f"ni:///sha-256;{hashlib.sha256(pre_hash(event, namespaces).encode()).hexdigest()}?ver=CBV2.0"


def pre_hash(event: Row, namespaces: Mapping[str, str]) -> str:
    """The canonical string that is hashed: known fields in the standard's order, then what is the user's own."""
    if event.get("sensorElementList"):
        raise ValueError("sensor data cannot be hashed here")
    spaces = {**NAMESPACES, **namespaces}
    known = "".join(_field(name, event[name]) for name in ORDER if event.get(name) not in (None, [], {}))
    goods = f"ilmd{_own(event['ilmd'], spaces)}" if event.get("ilmd") else ""
    places = "".join(
        name + _own(extra, spaces) for name in PLACES if (extra := _without(event.get(name) or {}, ("id",)))
    )
    rest = _own(_without(event, (*ORDER, *IGNORED, "ilmd")), spaces)
    return f"eventType={event['type']}{known}{goods}{places}{rest}"


def _without(event: Row, names: Iterable[str]) -> Row:
    return {key: value for key, value in event.items() if key not in set(names)}


def _field(name: str, value: Any) -> str:
    if name in EPCS or name in QUANTITIES or name in PAIRS:
        return name + "".join(sorted(_item(name, one) for one in value))
    if name == "persistentDisposition":
        return name + "".join(_words(kind, value.get(kind, ())) for kind in ("set", "unset"))
    if name in PLACES:
        return f"{name}id={_value(value['id'])}"
    if name == "eventTime":
        return f"{name}={moment(value)}"
    return f"{name}={_word(WORDS[name], value) if name in WORDS else _value(value)}"


def _item(name: str, one: Any) -> str:
    if name in EPCS:
        return f"epc={_value(one)}"
    return _quantity(one) if name in QUANTITIES else _pair(one, *PAIRS[name])


def _quantity(one: Row) -> str:
    parts = [f"{name}={_value(one[name])}" for name in ("epcClass", "quantity", "uom") if name in one]
    return "quantityElement" + "".join(parts)


def _pair(one: Row, name: str, vocabulary: str) -> str:
    kind = f"type={_word(vocabulary, one['type'])}" if one.get("type") else ""
    return f"{kind}{name}={_value(one[name])}"


def _words(kind: str, words: Sequence[str]) -> str:
    return "".join(sorted(f"{kind}={_word('Disp', word)}" for word in words))


def _word(vocabulary: str, word: str) -> str:
    """A bare word of the standard as its web URI; a URI as it is."""
    return _value(word) if ":" in word else f"{CBV}{vocabulary}-{word}"


def _own(fields: Row, spaces: Mapping[str, str]) -> str:
    return "".join(sorted(part for key, value in fields.items() for part in _parts(_name(key, spaces), value, spaces)))


def _parts(name: str, value: Any, spaces: Mapping[str, str]) -> list[str]:
    if isinstance(value, Mapping):
        return [name + _own(value, spaces)]
    if isinstance(value, list | tuple):
        return [part for one in value for part in _parts(name, one, spaces)]
    return [f"{name}={_value(value)}"]


def _name(key: str, spaces: Mapping[str, str]) -> str:
    prefix, colon, local = key.partition(":")
    return f"{{{spaces[prefix]}}}{local}" if colon and prefix in spaces else key


def _value(value: Any) -> str:
    """Text without space around it, numbers without idle zeros, names in their canonical form."""
    if isinstance(value, bool):
        return str(value).lower()
    text = URN_WORD.sub(lambda found: f"{CBV}{URN_WORDS[found[1]]}-", str(value).strip())
    if NUMBER.fullmatch(text):
        return plain(Decimal(text))
    return canonical(text)


def plain(number: Decimal) -> str:
    return format(number, "f").rstrip("0").rstrip(".") if number.as_tuple().exponent else str(int(number))


def moment(text: str) -> str:
    """In UTC, to the millisecond."""
    at = datetime.fromisoformat(text.strip()).astimezone(UTC)
    return f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03}Z"
