"""What one rulebook version changes against another."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from backend.domains.inputs.models import CatalogueProduct
from backend.domains.inputs.service import rulebooks
from backend.domains.inputs.service.digests import content
from backend.domains.inputs.service.loading import changed
from backend.domains.inputs.service.versions import stored

MAX_SHOWN = 500


@dataclass(frozen=True, slots=True)
class Diff:
    """What `version` changes against another: lines of substance rules, numbers of products. `fields` of a changed
    product are the names of what differs, `substances_unknown` the active substances that come for the first time and
    have no rule either, as misspelt ones would. At most MAX_SHOWN of a kind are listed, `counts` says how many there
    are."""

    version: str
    against: str
    substances_added: tuple[str, ...]
    substances_removed: tuple[str, ...]
    substances_unknown: tuple[str, ...] = ()
    products_added: list[str] = field(default_factory=list)
    products_removed: list[str] = field(default_factory=list)
    products_changed: list[dict[str, Any]] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)


def diff(word: str, *, against: str | None = None) -> Diff:
    """What a version changes against another, by default the active one. Raises NotFound."""
    new, old = stored(word), stored(against or rulebooks.active_version())
    added, removed = changed(old.substances, new.substances)
    unknown = _unknown(old.id, new.id, {row.substance for row in new.substances})
    found = Diff(new.id, old.id, added[:MAX_SHOWN], removed[:MAX_SHOWN], unknown[:MAX_SHOWN])
    counts = {"substances_unknown": len(unknown), "substances_added": len(added), "substances_removed": len(removed)}
    counts |= {"products_added": 0, "products_removed": 0, "products_changed": 0}
    for kind, item in _product_changes(old.id, new.id):
        counts[f"products_{kind}"] += 1
        if counts[f"products_{kind}"] <= MAX_SHOWN:
            getattr(found, f"products_{kind}").append(item)
    found.counts.update(counts)
    return found


def _unknown(old: str, new: str, ruled: set[str]) -> tuple[str, ...]:
    return tuple(sorted(_actives(new) - _actives(old) - ruled))


def _actives(version: str) -> set[str]:
    rows = CatalogueProduct.every({"version": version}, ["actives"])
    return {name for row in rows for name in row.get("actives", ())}


def _product_changes(old: str, new: str) -> Iterator[tuple[str, Any]]:
    before = {row["registration_no"]: content(row) for row in CatalogueProduct.every({"version": old})}
    for row in CatalogueProduct.every({"version": new}):
        number, after = row["registration_no"], content(row)
        known = before.pop(number, None)
        if known is None:
            yield "added", number
        elif known != after:
            names = sorted(name for name in {*known, *after} if known.get(name) != after.get(name))
            yield "changed", {"registration_no": number, "name": row["name"], "fields": names}
    yield from (("removed", number) for number in sorted(before))
