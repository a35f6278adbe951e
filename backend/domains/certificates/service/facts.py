"""What other features may know of certificates and decisions, and the news certificates give."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from backend import gateways
from backend.base import events
from backend.base.errors import Problem
from backend.gateways.keys import jws


@dataclass(frozen=True)
class CertificateIssued(events.Event):
    code: str
    certificate_id: str
    producer_id: str
    lot_id: str
    gtin: str | None = None


@dataclass(frozen=True)
class CertificateVoided(events.Event):
    code: str
    certificate_id: str
    producer_id: str
    lot_id: str


@dataclass(frozen=True)
class CertificateRestored(events.Event):
    """It stands again: the recall that voided it was taken back."""

    code: str
    certificate_id: str
    producer_id: str
    lot_id: str


@dataclass(frozen=True, slots=True)
class CertificateFacts:
    """A certificate as anyone may know it. `card`: title, lead, commitments, bases (code, zh, checked), fields (code,
    label, value). `number` is the trace code in groups of four, the one name a person ever has to type. `proof` is the
    compact JWS, None on those from before there were signatures."""

    id: str
    producer_id: str
    code: str
    lot_id: str
    template: str
    bases: tuple[str, ...]
    amount: Decimal
    unit: str
    base: int
    place_region: str
    card: Mapping[str, Any]
    flags: tuple[str, ...]
    parents: tuple[str, ...]
    decision_id: str
    rulebook_version: str
    proof: str | None
    state: str
    issued_at: datetime
    voided_at: datetime | None
    void_reason: str | None
    void_note: str | None
    turns: tuple[tuple[str, datetime, str | None], ...] = ()
    """What became of it since it was issued, by time: `void` or `restored`, when, and why it was void."""

    @property
    def number(self) -> str:
        return grouped(self.code)

    @property
    def kid(self) -> str | None:
        """The key that signed it, if any did."""
        return str(jws.parse(self.proof).header["kid"]) if self.proof else None

    @property
    def url(self) -> str:
        return trace_url(self.code)


def grouped(code: str) -> str:
    """7K3MPX9Q2RTV → 7K3M-PX9Q-2RTV."""
    return "-".join(code[at : at + 4] for at in range(0, len(code), 4))


def trace_url(code: str) -> str:
    """What the QR code carries."""
    return f"{gateways.current().settings.public_base_url}/t/{code}"


VOIDS = ("void", "restored", "voided_again", "later")  # what `void_of` reads


def void_of(row: Mapping[str, Any]) -> Mapping[str, Any]:
    """The void that stands, empty when the certificate is valid: the first, or after a restoration a later one."""
    if later := row.get("later"):
        return later[-1] if later[-1]["turn"] == "void" else {}
    return row.get("voided_again" if row.get("restored") else "void") or {}


def facts_of(row: Mapping[str, Any]) -> CertificateFacts:
    void = void_of(row)
    return CertificateFacts(
        id=row["_id"],
        producer_id=row["producer_id"],
        code=row["code"],
        lot_id=row["lot_id"],
        template=row["template"],
        bases=tuple(row["bases"]),
        amount=Decimal(row["amount"]),
        unit=row["unit"],
        base=int(row["base"]),
        place_region=row["place_region"],
        card=row["card"],
        flags=tuple(row.get("flags", ())),
        parents=tuple(row.get("parents", ())),
        decision_id=row["decision_id"],
        rulebook_version=row["rulebook_version"],
        proof=row.get("proof"),
        state="void" if void else "valid",
        issued_at=row["created_at"],
        voided_at=void.get("at"),
        void_reason=void.get("reason"),
        void_note=void.get("note"),
        turns=_turns(row),
    )


def _turns(row: Mapping[str, Any]) -> tuple[tuple[str, datetime, str | None], ...]:
    firsts = (("void", "void"), ("restored", "restored"), ("voided_again", "void"))
    found = [(turn, row[name]) for name, turn in firsts if row.get(name)]
    found += [(one["turn"], one) for one in row.get("later") or ()]
    return tuple((turn, one["at"], one.get("reason")) for turn, one in found)


@dataclass(frozen=True, slots=True)
class DecisionFacts:
    """One answer of the gate as it was given. `refusals` are Problems, one for each rule that said no."""

    id: str
    lot_id: str
    certificate_id: str | None
    allowed: bool
    refusals: Sequence[Problem]
    flags: tuple[str, ...]
    notes: Sequence[Problem]
    checked: tuple[str, ...]
    rulebook_version: str
    earliest: date | None
    decided_at: datetime
    replays: bool | None = None
