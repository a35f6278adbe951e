"""Rulebook versions: what is known of one, and a new one from tables."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from backend.base.actor import Actor
from backend.base.documents import Page
from backend.base.errors import NotFound, RuleBroken
from backend.domains.inputs.models import RulebookVersion
from backend.domains.inputs.service import rulebooks, tables
from backend.domains.inputs.service.loading import Loaded, load_rulebook, state_of

SUBSTANCE_COLUMNS = ("substance_zh", "measure", "crop_classes", "effective_from", "announcement", "confidence")
PRODUCT_COLUMNS = ("registration_no", "name", "kind", "actives")


@dataclass(frozen=True, slots=True)
class VersionFacts:
    """A version without its rows. `state` is a code of `rulebook_states`; `products` how many are kept so far, of
    `copies` where they are still copied from another version; `impact_at` when its effects were last looked at."""

    version: str
    title: str
    effective_from: str
    source: str
    digest: str
    state: str
    products: int
    copies: str | None
    substances: int
    activates_on: str | None
    impact_against: str | None
    impact_at: Any
    reviews: tuple[Mapping[str, Any], ...]
    created_at: Any


def import_tables(
    actor: Actor,
    *,
    version: str,
    title: str,
    effective_from: date,
    source: str,
    substances: bytes,
    products: bytes | None,
) -> Loaded:
    """A version from CSV tables, as a draft; without `products` those of the active version are taken over.

    Raises TooLarge, RuleBroken naming row and column, Conflict.
    """
    said = {"version": version, "title": title, "effective_from": effective_from.isoformat(), "source": source}
    rules = substance_rows(substances)
    catalogue = None if products is None else tables.products(tables.rows_of(products, needed=PRODUCT_COLUMNS))
    return load_rulebook(actor, manifest=said, substances=rules, products=catalogue)


def substance_rows(content: bytes) -> list[dict[str, str]]:
    """The rows of a CSV of rules on substances. Raises as `tables.rows_of` does, and when there are none."""
    rows = tables.rows_of(content, needed=SUBSTANCE_COLUMNS)
    if not rows:
        raise RuleBroken("rulebook_table_malformed", field="substances", columns="substance_zh")
    return rows


def versions(*, cursor: str | None = None, size: int = 50) -> Page[VersionFacts]:
    """All versions, newest first."""
    page, active = RulebookVersion.page({}, cursor=cursor, size=size), rulebooks.active_version()
    return Page([_facts(one, active) for one in page.items], page.next_cursor)


def version(word: str) -> VersionFacts:
    """Raises NotFound."""
    return _facts(stored(word), rulebooks.active_version())


def stored(word: str) -> RulebookVersion:
    found = RulebookVersion.find_one({"_id": word})
    if found is None:
        raise NotFound
    return found


def _facts(one: RulebookVersion, active: str) -> VersionFacts:
    return VersionFacts(
        version=one.id,
        title=one.title or "",
        effective_from=one.effective_from,
        source=one.source or "",
        digest=one.digest,
        state=state_of(one, active),
        products=one.products,
        copies=one.copies,
        substances=len(one.substances),
        activates_on=one.activates_on,
        impact_against=one.impact.get("against"),
        impact_at=one.impact.get("at"),
        reviews=tuple(one.reviews),
        created_at=one.created_at,
    )
