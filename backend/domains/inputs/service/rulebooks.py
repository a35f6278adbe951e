"""Reading the rulebook: the active version, kept in the process for a few seconds, and older ones for replays."""

import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from backend.base import vocab
from backend.base.errors import NotFound, Unavailable
from backend.domains.inputs import rules
from backend.domains.inputs.models import ActiveRulebook, CatalogueProduct, RulebookVersion

FRESH_SECONDS = 5.0
MAX_PRODUCTS = 500

_lock = threading.Lock()
_active: tuple[float, str] | None = None
_substances: dict[str, tuple[rules.SubstanceRule, ...]] = {}
_longest: dict[str, int] = {}


def forget() -> None:
    """After loading a version: this process looks again at once."""
    global _active  # noqa: PLW0603 - a small cache of the process
    with _lock:
        _active = None
        _substances.clear()
        _longest.clear()


def active_version() -> str:
    """The version decisions are made by now. Raises Unavailable: without rules nothing is allowed."""
    global _active  # noqa: PLW0603 - a small cache of the process
    with _lock:
        if _active and time.monotonic() - _active[0] < FRESH_SECONDS:
            return _active[1]
    row = ActiveRulebook.find_one({"_id": "active"})
    if row is None:
        raise Unavailable("rulebook_missing")
    with _lock:
        _active = (time.monotonic(), row.version)
    return str(row.version)


def rulebook(registration_nos: Iterable[str], *, version: str | None = None) -> rules.Rulebook:
    """The substance rules and these products, at most two commands when warm. An unknown number is just not in it."""
    chosen = version or active_version()
    wanted = [f"{number}@{chosen}" for number in dict.fromkeys(registration_nos)][:MAX_PRODUCTS]
    rows = CatalogueProduct.rows({"_id": {"$in": wanted}}, limit=MAX_PRODUCTS) if wanted else []
    products = {row["registration_no"]: as_product(row) for row in rows}
    return rules.Rulebook(chosen, _rules_of(chosen), products)


def longest_wait(version: str | None = None) -> int:
    """The longest interval in days, before a harvest or of withdrawal, that any label of this version asks for. Walks
    over its catalogue once in a process."""
    chosen = version or active_version()
    if chosen not in _longest:
        rows = CatalogueProduct.every({"version": chosen}, ("labels.phi_days", "withdrawals.days"))
        _longest[chosen] = max((_longest_of(row) for row in rows), default=0)
    return _longest[chosen]


def _longest_of(row: Mapping[str, Any]) -> int:
    days = [one["phi_days"] for one in row.get("labels", ())] + [one["days"] for one in row.get("withdrawals", ())]
    return max(days, default=0)


def _rules_of(version: str) -> tuple[rules.SubstanceRule, ...]:
    if version not in _substances:
        stored = RulebookVersion.find_one({"_id": version})
        if stored is None:
            raise Unavailable("rulebook_missing")
        _substances[version] = tuple(_rule(row) for row in stored.substances)
    return _substances[version]


def _rule(row: Any) -> rules.SubstanceRule:
    return rules.SubstanceRule(
        substance=row.substance,
        measure=row.measure,
        crop_classes=tuple(row.crop_classes),
        effective_from=date.fromisoformat(row.effective_from) if row.effective_from else None,
        announcement=row.announcement or "",
        confidence=row.confidence or "",
        note=row.note or "",
        exempt_methods=tuple(row.exempt_methods),
    )


def as_product(row: dict[str, Any]) -> rules.Product:
    """A stored catalogue row as the rules see it."""
    return rules.Product(
        registration_no=row["registration_no"],
        name=row["name"],
        kind=row["kind"],
        manufacturer=row.get("manufacturer", ""),
        actives=tuple(row.get("actives", ())),
        labels=tuple(_label(label) for label in row.get("labels", ())),
        withdrawals=tuple(rules.Withdrawal(**withdrawal) for withdrawal in row.get("withdrawals", ())),
        restricted=row.get("restricted", False),
        example=row.get("example", False),
        toxicity=row.get("toxicity", ""),
        traits=tuple(row.get("traits", ())),
        not_with=tuple(row.get("not_with", ())),
    )


def _label(row: Mapping[str, Any]) -> rules.Label:
    """With its dose in grams, millilitres or times of dilution: units are data, and a kept decision must not follow a
    change of them."""
    unit = vocab.get("units").get(row.get("dose_unit") or "", {})
    said = row.get("dose_max")
    if not said or unit.get("dimension") not in ("dose", "dilution"):
        return rules.Label(**row)
    base = format((Decimal(said) * int(unit["to_base"])).normalize(), "f")
    return rules.Label(**row, dose_base=base, dose_of=unit.get("of", "dilution"))


def published(version: str | None = None) -> dict[str, Any]:
    """A version as the phone caches it and anyone may read it. Raises NotFound."""
    stored = RulebookVersion.find_one({"_id": version or active_version()})
    if stored is None:
        raise NotFound
    substances: Sequence[Any] = stored.substances
    return {
        "version": stored.id,
        "title": stored.title,
        "effective_from": stored.effective_from,
        "source": stored.source,
        "digest": stored.digest,
        "substances": [row.to_mongo().to_dict() for row in substances],
    }
