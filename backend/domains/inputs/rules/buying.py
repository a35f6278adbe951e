"""Pure rules of a purchase: what must be said, what may not be bought at all, and what the buyer should know at once.

Sources: 农产品质量安全法 art. 27 (records name the input and where it came from); 农药管理条例 art. 24 (restricted
pesticides are sold at appointed shops), art. 34 (banned ones may not be used).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from backend.base.errors import Problem, RuleBroken
from backend.domains.inputs.rules.stock import Named
from backend.domains.inputs.rules.substances import (
    BANNING,
    EVERYTHING,
    Product,
    Rulebook,
    SubstanceRule,
    restriction,
)

CHEMICAL_KINDS = frozenset({"pesticide", "vet_drug"})  # the gate refuses their use when nobody knows them


@dataclass(frozen=True, slots=True)
class Found:
    """A rule and the active substance of the product that it is about."""

    substance: str
    rule: SubstanceRule


def check_day(day: date, today: date, *, field: str) -> None:
    """Raises RuleBroken `day_in_future`; a phone may be a day ahead."""
    if day > today + timedelta(days=1):
        raise RuleBroken("day_in_future", field=field, day=day.isoformat())


def label_of(said: Mapping[str, Any], product: Product | None) -> Named:
    """What the catalogue calls it, else the farmer's words. Raises RuleBroken when those are wanting."""
    if product is not None:
        return Named(product.registration_no, product.name, product.manufacturer or None, product.kind)
    if not said.get("name"):
        raise RuleBroken("purchase_name_missing", field="name")
    if not said.get("kind"):
        raise RuleBroken("purchase_kind_missing", field="kind")
    return Named(said.get("registration_no") or None, said["name"], said.get("manufacturer") or None, said["kind"])


def check_allowed(product: Product | None, day: date, rulebook: Rulebook) -> None:
    """Raises RuleBroken `banned_input` when a substance in it is forbidden on that day for every crop and every use."""
    found = next((one for one in _bans(product, day, rulebook) if _outright(one.rule)), None)
    if product and found:
        said = {"name": product.name, "substance": found.substance, "source": found.rule.announcement}
        raise RuleBroken("banned_input", field="registration_no", **said)


def warnings(label: Named, product: Product | None, day: date, rulebook: Rulebook) -> tuple[Problem, ...]:
    """What the buyer should know: nobody knows the product, it is banned for some, its sale is restricted."""
    found: list[Problem] = []
    if product is None:
        if label.kind in CHEMICAL_KINDS:
            found.append(RuleBroken("warn_unregistered_purchase", name=label.name))
        return tuple(found)
    for one in _bans(product, day, rulebook):
        said = {"name": label.name, "substance": one.substance, "source": one.rule.announcement}
        found.append(RuleBroken("warn_partly_banned", **said))
    if product.restricted or any(restriction(substance, day, rulebook) for substance in product.actives):
        found.append(RuleBroken("warn_restricted_sale", name=label.name))
    return tuple(found)


def _bans(product: Product | None, day: date, rulebook: Rulebook) -> Iterable[Found]:
    return (
        Found(substance, rule)
        for substance in (product.actives if product else ())
        for rule in rulebook.on(substance)
        if rule.measure in BANNING and rule.in_force(day)
    )


def _outright(rule: SubstanceRule) -> bool:
    return EVERYTHING in rule.crop_classes and not rule.exempt_methods
