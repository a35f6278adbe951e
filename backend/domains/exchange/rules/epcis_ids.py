"""Names in the world of GS1: our own things as URIs, and any name in the one canonical form (GS1 Digital Link URI).

A product with a GTIN of its own is named by it; anything else by an https URI of ours. A GS1 company prefix is never
made up: what has none has none.
"""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote

from backend.base import ids
from backend.domains.tracing.rules import gtin14

CANONICAL = "https://id.gs1.org"
LOT_LENGTH = 16  # AI 10 holds 20 characters; 80 bits are nobody's to guess
LINK = re.compile(r"https?://[^/?#]+(?:/[^?#]*?)?/(00|01|253|255|401|402|414|417|8003|8004|8018)/([^/?#]+)([^?#]*)")
FINER = {"01": ("21", "10", "235"), "414": ("254",)}  # the most fine-grained qualifier that is there


@dataclass(frozen=True, slots=True)
class Names:
    """Our things by name, under the address that codes are printed with. What is private about them is hashed: a name
    tells two things apart and nothing else."""

    base: str

    def lot(self, lot_id: str, gtin: str | None) -> str:
        """The class of goods that a lot is: GTIN and lot where the product has one."""
        normal = gtin14(gtin) if gtin else None
        return f"{CANONICAL}/01/{normal}/10/{lot_number(lot_id)}" if normal else self._own("lot", lot_number(lot_id))

    def printed(self, gtin: str | None, code: str) -> str | None:
        """The Digital Link that stands on the packs of a certificate, which names its lot by the trace code."""
        normal = gtin14(gtin) if gtin else None
        return f"{self.base}/01/{normal}/10/{code}" if normal else None

    def trace(self, code: str) -> str:
        return f"{self.base}/t/{code}"

    def party(self, producer_id: str) -> str:
        return self._own("party", digest("party", producer_id))

    def place(self, region: str) -> str:
        """A township at most: a farm is not where a stranger may look for it."""
        return self._own("place", region[:9])

    def paper(self, kind: str, document_id: str) -> str:
        """A test report or a shipment."""
        return self._own(kind, digest(kind, document_id))

    def _own(self, kind: str, name: str) -> str:
        return f"{self.base}/id/{kind}/{name}"


def lot_number(lot_id: str) -> str:
    """A lot's number for others: short enough for AI 10, always the same, and silent about whose it is."""
    return digest("lot", lot_id)


def digest(kind: str, name: str) -> str:
    number = int.from_bytes(hashlib.sha256(f"{kind}:{name}".encode()).digest())
    return ids.spelled(number, LOT_LENGTH)


def canonical(uri: str) -> str:
    """The constrained canonical GS1 Digital Link URI (CBV 2.0, 8.9.1: rules 17 and 18 of the event hash): of the EPC
    URNs those of trade items, logistic units, places, parties and assets; anything else as it is."""
    for prefix, convert in URNS.items():
        if uri.startswith(prefix):
            return _converted(uri, uri.removeprefix(prefix).split("."), convert)
    link = LINK.fullmatch(uri.partition("?")[0].partition("#")[0])
    return f"{CANONICAL}/{link[1]}/{_key(link[1], link[2])}{_finest(link[1], link[3])}" if link else uri


def _converted(uri: str, parts: list[str], convert: Callable[..., str]) -> str:
    try:
        return CANONICAL + convert(*parts)
    except (TypeError, ValueError, IndexError):  # not of the form that its scheme has
        return uri


def _key(kind: str, value: str) -> str:
    return value.zfill(14) if kind == "01" and value.isdigit() else value


def _finest(kind: str, rest: str) -> str:
    parts = rest.strip("/").split("/")
    known = dict(zip(parts[::2], parts[1::2], strict=False))
    named = next((one for one in FINER.get(kind, ()) if one in known), None)
    return f"/{named}/{known[named]}" if named else ""


def checked(digits: str) -> str:
    """With its GS1 check digit: weights 3 and 1 from the right. Raises ValueError unless all are digits."""
    total = sum(int(digit) * (1 if place % 2 else 3) for place, digit in enumerate(reversed(digits)))
    return f"{digits}{-total % 10}"


def _gtin(company: str, item: str) -> str:
    return checked(item[0] + company + item[1:])


def _sgtin(company: str, item: str, *serial: str) -> str:
    named = ".".join(serial)
    return f"/01/{_gtin(company, item)}" + ("" if named == "*" else f"/21/{quote(named, safe='%')}")


def _lgtin(company: str, item: str, *lot: str) -> str:
    return f"/01/{_gtin(company, item)}/10/{quote('.'.join(lot), safe='%')}"


def _sgln(company: str, place: str, *extension: str) -> str:
    named = ".".join(extension)
    return f"/414/{checked(company + place)}" + ("" if named in ("0", "") else f"/254/{quote(named, safe='%')}")


URNS: dict[str, Callable[..., str]] = {
    "urn:epc:id:sgtin:": _sgtin,
    "urn:epc:idpat:sgtin:": _sgtin,
    "urn:epc:class:lgtin:": _lgtin,
    "urn:epc:id:sscc:": lambda company, serial: f"/00/{checked(serial[0] + company + serial[1:])}",
    "urn:epc:id:sgln:": _sgln,
    "urn:epc:id:pgln:": lambda company, party: f"/417/{checked(company + party)}",
    "urn:epc:id:giai:": lambda company, *asset: f"/8004/{company}{quote('.'.join(asset), safe='%')}",
}
