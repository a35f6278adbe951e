"""Our deeds as EPCIS 2.0 events (JSON-LD). Which step a deed is stands in `schemas/vocab/epcis_steps.json`, which unit
is which in `epcis_units.json`. A day is told as its first moment in China; when it was written down is `recordTime`."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

from backend.base import vocab
from backend.domains.exchange.rules.epcis_hash import event_id

OFFSET = "+08:00"
CHINA = timezone(timedelta(hours=8))
CONTEXT = "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"
PREFIX = "longtrace"
NAMESPACE = "/ns/exchange#"
INPUTS, OUTPUTS = "inputQuantityList", "outputQuantityList"
Event = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Line:
    """So much of a class of goods, in base units (None: the lot as such); `unit` is the one it was said in."""

    uri: str
    base: int | None = None
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that was done with goods. `code` is one of `epcis_steps`; `at` a day or a moment. `takes` went in or
    were looked at, `makes` came out; `papers` are (type, URI); `extras` our own fields, `goods` what the lot is."""

    code: str
    at: str
    recorded: datetime
    takes: Sequence[Line]
    makes: Sequence[Line] = ()
    place: str | None = None
    giver: str | None = None
    taker: str | None = None
    papers: Sequence[tuple[str, str]] = ()
    certified_by: str | None = None
    goods: Mapping[str, Any] | None = None
    extras: Mapping[str, Any] | None = None


def namespaces(base: str) -> dict[str, str]:
    return {PREFIX: base + NAMESPACE}


def event(deed: Deed, base: str) -> Event:
    """The event, named by its own content (CBV 2.0 event hash id)."""
    term = vocab.get("epcis_steps")[deed.code]
    found = {
        "type": term["event"],
        "eventTime": _moment(deed.at),
        "eventTimeZoneOffset": OFFSET,
        "recordTime": deed.recorded.astimezone(CHINA).isoformat(timespec="milliseconds"),
        "action": term.get("action"),
        "bizStep": term.get("step"),
        "disposition": term.get("disposition"),
        "persistentDisposition": {"unset": [term["ends"]]} if "ends" in term else None,
        **_quantities(term["event"], deed),
        "readPoint": {"id": deed.place} if deed.place else None,
        "bizTransactionList": [{"type": kind, "bizTransaction": uri} for kind, uri in deed.papers],
        "sourceList": _party("source", deed.giver),
        "destinationList": _party("destination", deed.taker),
        "certificationInfo": deed.certified_by,
        "ilmd": dict(deed.goods or {}),
        **_own(deed.extras or {}),
    }
    said = {key: value for key, value in found.items() if value not in (None, [], {}, "")}
    return {"eventID": event_id(said, namespaces(base)), **said}


def _moment(at: str) -> str:
    return at if "T" in at else f"{at}T00:00:00.000{OFFSET}"


def _quantities(kind: str, deed: Deed) -> Event:
    if kind == "TransformationEvent":
        return {INPUTS: list(map(quantity, deed.takes)), OUTPUTS: list(map(quantity, deed.makes))}
    return {"quantityList": list(map(quantity, deed.takes))}


def quantity(line: Line) -> Event:
    """Exact: a base unit is at most a millionth of any unit here. Of a unit that has no code (a county added it) only
    the goods are told: a bare number would count pieces."""
    term = vocab.get("epcis_units").get(line.unit, {})
    if line.base is None or not term:
        return {"epcClass": line.uri}
    amount = Decimal(line.base) / int(term["to_base"])
    whole = amount == amount.to_integral_value()
    return {"epcClass": line.uri, "quantity": int(amount) if whole else float(amount), "uom": term["uom"]}


def _party(side: str, uri: str | None) -> list[Event]:
    return [{"type": "possessing_party", side: uri}] if uri else []


def _own(extras: Mapping[str, Any]) -> Event:
    return {f"{PREFIX}:{key}": value for key, value in extras.items()}


def goods(*, number: str, product: str, variety: str = "", crop: str = "", harvested: str = "") -> Event:
    """Instance/lot master data of a new lot, in the words of CBV where it has them."""
    said = {"cbvmda:lotNumber": number, "cbvmda:countryOfOrigin": "CN", "cbvmda:harvestEndDate": harvested}
    said |= _own({"productName": product, "variety": variety, "crop": crop})
    return {key: value for key, value in said.items() if value}


def corrected(versions: Sequence[tuple[Deed, datetime]], base: str) -> list[Event]:
    """The events of a deed that was written down anew, oldest first, each with the moment it was: an older one is
    declared an error and names the one that stands in its place."""
    events = [event(deed, base) for deed, _ in versions]
    for older, newer, (_, since) in zip(events, events[1:], versions[1:], strict=False):
        older["errorDeclaration"] = {
            "declarationTime": since.astimezone(CHINA).isoformat(timespec="milliseconds"),
            "reason": "incorrect_data",
            "correctiveEventIDs": [newer["eventID"]],
        }
    return events


def ordered(events: Iterable[Event]) -> list[Event]:
    """By time, each once, whoever of several lots told it; what begins a life before what was done with it that day."""
    once = {one["eventID"]: one for one in events}
    return sorted(once.values(), key=_place_in_time)


def _place_in_time(one: Event) -> tuple[str, bool, str, str]:
    return one["eventTime"], one.get("bizStep") != "commissioning", one["recordTime"], one["eventID"]


def document(events: Sequence[Event], *, base: str, created: datetime, master: Sequence[Event], **own: Any) -> Event:
    """What another system captures: an EPCISDocument, with what its names mean (`master`) in the header."""
    return {
        "@context": context(base),
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": created.astimezone(CHINA).isoformat(timespec="milliseconds"),
        "epcisHeader": {"epcisMasterData": {"vocabularyList": list(master)}},
        "epcisBody": {"eventList": list(events)},
        **_own(own),
    }


def answer(
    events: Sequence[Mapping[str, Any]], *, base: str, created: datetime, next_page: str | None, **own: Any
) -> Event:
    """What an EPCIS query is answered with; the token of the next page stands in the Link header too."""
    return {
        "@context": context(base),
        "type": "EPCISQueryDocument",
        "schemaVersion": "2.0",
        "creationDate": created.astimezone(CHINA).isoformat(timespec="milliseconds"),
        "epcisBody": {
            "queryResults": {"queryName": "SimpleEventQuery", "resultsBody": {"eventList": list(events)}},
        },
        **({f"{PREFIX}:nextPageToken": next_page} if next_page else {}),
        **_own(own),
    }


def context(base: str) -> list[Any]:
    return [CONTEXT, namespaces(base)]


def vocabulary(kind: str, named: Mapping[str, Mapping[str, str]]) -> Event:
    """Master data of one kind (EPCClass, Location, Party): by URI what it is called."""
    return {
        "type": f"urn:epcglobal:epcis:vtype:{kind}",
        "vocabularyElementList": [
            {"id": uri, "attributes": [{"id": key, "attribute": value} for key, value in said.items() if value]}
            for uri, said in sorted(named.items())
        ],
    }
