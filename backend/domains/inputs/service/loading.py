"""Loading a rulebook version: all of it is checked, its row is kept, then its products in chunks; only when what is
stored is what was sent does it become a draft, which waits for its review."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import rfc8785

from backend.base import clock, store
from backend.base.actor import Actor
from backend.base.documents import settled
from backend.base.errors import Conflict, Forbidden, RuleBroken
from backend.domains.accounts import service as accounts
from backend.domains.evidence import service as evidence
from backend.domains.inputs.models import ActiveRulebook, CatalogueProduct, RulebookVersion, SubstanceRow
from backend.domains.inputs.service import checking, digests, rulebooks

CHUNK = 100


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a version changes against the one that is active: substance rules added and gone, products kept. `state` is
    what became of it: the very first version is active at once, any other waits for its review."""

    version: str
    previous: str | None
    added: tuple[str, ...]
    removed: tuple[str, ...]
    products: int
    state: str


def load_rulebook(
    actor: Actor,
    *,
    manifest: Mapping[str, Any],
    substances: Sequence[Mapping[str, str]],
    products: Sequence[Mapping[str, Any]] | None,
) -> Loaded:
    """Check and keep a version; `products` None takes over those of the active one, which the worker copies. Loading
    the same content again changes nothing, or completes a load that died. Only where no rulebook is active yet it is
    made active at once.

    Raises RuleBroken `rulebook_row_malformed`, `rulebook_names_unseparated`, `rulebook_rows_contradict` naming row and
    column, `rulebook_manifest_malformed`, Conflict when the version word has other content.
    """
    if not actor.holds("rulebook:load"):
        raise Forbidden("forbidden", permission="rulebook:load")
    made = _made(actor, manifest, substances)
    catalogue = checking.catalogue(products or (), str(made.id))
    made.digest = _digest(manifest, substances, products)
    before = ActiveRulebook.find_one({"_id": "active"})
    made.copies = _copied(products, before)
    rows = [product.to_mongo().to_dict() for product in catalogue]
    kept = digests.of_products(rows) if products is not None else digests.stored_products(str(made.copies))
    made.content = digests.of_version(made.to_mongo().to_dict(), kept)
    _clear(str(made.id))
    known = settled(partial(_begin, actor, made))
    if known.state == "loading" and not known.copies:
        _complete(actor, known, rows)
    rulebooks.forget()
    return _told(made, before, len(rows))


def _made(actor: Actor, manifest: Mapping[str, Any], substances: Sequence[Mapping[str, str]]) -> RulebookVersion:
    words = checking.manifest(manifest)
    return RulebookVersion(
        id=words["version"],
        title=words["title"],
        effective_from=words["effective_from"],
        source=words["source"],
        substances=checking.substances(substances),
        loaded_by=name_of(actor),
        created_at=clock.now(),
        state="loading",
    )


def _digest(manifest: Mapping[str, Any], substances: Sequence[Mapping[str, str]], products: Any) -> str:
    said = None if products is None else list(products)
    return hashlib.sha256(rfc8785.dumps([dict(manifest), [dict(row) for row in substances], said])).hexdigest()


def _copied(products: Sequence[Any] | None, active: ActiveRulebook | None) -> str | None:
    """The version whose products are taken over. Raises RuleBroken when there is none."""
    if products is not None:
        return None
    if active is None:
        raise RuleBroken("rulebook_products_missing", field="products")
    return str(active.version)


def _clear(word: str) -> None:
    """Away with products of a version that was never kept: those of loads that broke off before versions came first."""
    while store.transaction(partial(_clear_some, word)):
        continue


def _clear_some(word: str) -> int:
    if RulebookVersion.find_one({"_id": word}) is not None:
        return 0
    left = [row["_id"] for row in CatalogueProduct.rows({"version": word}, ["_id"], limit=CHUNK)]
    return CatalogueProduct.delete_many({"_id": {"$in": left}}) if left else 0


def _begin(actor: Actor, made: RulebookVersion) -> RulebookVersion:
    """The version as it is known, kept first of all: from here on its word stands for this content alone."""
    known = RulebookVersion.find_one({"_id": made.id})
    if known is not None:
        if known.digest != made.digest:
            raise Conflict("rulebook_version_taken", version=made.id)
        return known
    RulebookVersion.insert([made])
    evidence.append([evidence.Leaf("inputs.rulebook", str(made.id), None, made.to_mongo())])
    accounts.note(actor, "rulebook.load", subjects=[made.id])
    return made


def _complete(actor: Actor, known: RulebookVersion, rows: Sequence[dict[str, Any]]) -> None:
    """The products that are not there yet, then a draft of it. Raises RuleBroken `rulebook_content_differs`."""
    for start in range(0, len(rows), CHUNK):
        if not settled(partial(_keep_products, str(known.id), rows[start : start + CHUNK])):
            return  # the same was sent twice at once, and the other has finished
    digests.refuse_altered(str(known.id))
    settled(partial(_finish, actor, known, len(rows)))


def _keep_products(word: str, chunk: Sequence[dict[str, Any]]) -> bool:
    """One chunk, only while the version is being loaded; whether it was."""
    there = CatalogueProduct.rows({"_id": {"$in": [row["_id"] for row in chunk]}}, ["_id"], limit=CHUNK)
    known = {row["_id"] for row in there}
    fresh = [row for row in chunk if row["_id"] not in known]
    CatalogueProduct.insert_rows(fresh)
    return RulebookVersion.update_one({"_id": word, "state": "loading"}, {"$inc": {"products": len(fresh)}})


def _finish(actor: Actor, known: RulebookVersion, products: int) -> None:
    first = ActiveRulebook.find_one({"_id": "active"}) is None
    change: dict[str, Any] = {"state": "active" if first else "draft", "products": products}
    if known.loaded_by != name_of(actor):
        change["completed_by"] = name_of(actor)
    if not RulebookVersion.update_one({"_id": known.id, "state": "loading"}, {"$set": change}):
        return
    if "completed_by" in change:
        accounts.note(actor, "rulebook.load", subjects=[known.id])
    if first:
        ActiveRulebook.insert([ActiveRulebook(id="active", version=known.id)])
        accounts.note(actor, "rulebook.activate", subjects=[known.id])


def name_of(actor: Actor) -> str:
    """Who somebody is among those who load and review: the account, for parts of the platform their name."""
    return actor.account_id or actor.name


def _told(made: RulebookVersion, active: ActiveRulebook | None, products: int) -> Loaded:
    before = RulebookVersion.find_one({"_id": active.version}) if active else None
    added, removed = changed(before.substances if before else (), made.substances)
    known = RulebookVersion.find_one({"_id": made.id}) or made
    state = state_of(known, active.version if active else made.id)
    return Loaded(made.id, before.id if before else None, added, removed, products, state)


def state_of(known: RulebookVersion, active: str) -> str:
    """A code of `rulebook_states`; versions from before there were states were active, all but the last retired."""
    return str(known.state or ("active" if known.id == active else "retired"))


def changed(before: Sequence[SubstanceRow], after: Sequence[SubstanceRow]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The substance rules that are new and those that are gone, as one line each."""
    old, new = ({_key(row) for row in rows} for rows in (before, after))
    return tuple(sorted(new - old)), tuple(sorted(old - new))


def _key(row: SubstanceRow) -> str:
    line = f"{row.substance} {row.measure} {'|'.join(row.crop_classes)} {row.effective_from}"
    return f"{line} ({'|'.join(row.exempt_methods)})" if row.exempt_methods else line
