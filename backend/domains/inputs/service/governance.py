"""What happens to a rulebook version: two persons, a look at its impact, a day from which it holds."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any

import structlog

from backend.base import clock, events, store
from backend.base.actor import Actor, system
from backend.base.documents import Page
from backend.base.errors import Forbidden, NotFound, RuleBroken
from backend.domains.accounts import service as accounts
from backend.domains.evidence import service as evidence
from backend.domains.inputs.models import ActiveRulebook, CatalogueProduct, RulebookVersion
from backend.domains.inputs.service import rulebooks, tables
from backend.domains.inputs.service.loading import CHUNK, Loaded, changed, load_rulebook, state_of

log = structlog.get_logger(__name__)
SUBSTANCE_COLUMNS = ("substance_zh", "measure", "crop_classes", "effective_from", "announcement", "confidence")
PRODUCT_COLUMNS = ("registration_no", "name", "kind")
CHUNKS_A_TURN = 20
MAX_SHOWN = 500
REVIEWABLE = frozenset({"draft", "approved", "scheduled"})
NOT_CONTENT = frozenset({"_id", "version", "tokens"})


@dataclass(frozen=True)
class RulebookActivated(events.Event):
    version: str


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


@dataclass(frozen=True, slots=True)
class Diff:
    """What `version` changes against another: lines of substance rules, numbers of products. `fields` of a changed
    product are the names of what differs. At most MAX_SHOWN of a kind are listed, `counts` says how many there are."""

    version: str
    against: str
    substances_added: tuple[str, ...]
    substances_removed: tuple[str, ...]
    products_added: list[str] = field(default_factory=list)
    products_removed: list[str] = field(default_factory=list)
    products_changed: list[dict[str, Any]] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)


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
    rules = tables.rows_of(substances, needed=SUBSTANCE_COLUMNS)
    if not rules:
        raise RuleBroken("rulebook_table_malformed", field="substances", columns="substance_zh")
    catalogue = None if products is None else tables.products(tables.rows_of(products, needed=PRODUCT_COLUMNS))
    return load_rulebook(actor, manifest=said, substances=rules, products=catalogue)


def versions(*, cursor: str | None = None, size: int = 50) -> Page[VersionFacts]:
    """All versions, newest first."""
    page, active = RulebookVersion.page({}, cursor=cursor, size=size), rulebooks.active_version()
    return Page([_facts(one, active) for one in page.items], page.next_cursor)


def version(word: str) -> VersionFacts:
    """Raises NotFound."""
    return _facts(_stored(word), rulebooks.active_version())


def _stored(word: str) -> RulebookVersion:
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


def diff(word: str, *, against: str | None = None) -> Diff:
    """What a version changes against another, by default the active one. Raises NotFound."""
    new, old = _stored(word), _stored(against or rulebooks.active_version())
    added, removed = changed(old.substances, new.substances)
    found = Diff(new.id, old.id, added[:MAX_SHOWN], removed[:MAX_SHOWN])
    counts = {"substances_added": len(added), "substances_removed": len(removed)}
    counts |= {"products_added": 0, "products_removed": 0, "products_changed": 0}
    for kind, item in _product_changes(old.id, new.id):
        counts[f"products_{kind}"] += 1
        if counts[f"products_{kind}"] <= MAX_SHOWN:
            getattr(found, f"products_{kind}").append(item)
    found.counts.update(counts)
    return found


def _product_changes(old: str, new: str) -> Iterator[tuple[str, Any]]:
    before = {row["registration_no"]: _content(row) for row in CatalogueProduct.every({"version": old})}
    for row in CatalogueProduct.every({"version": new}):
        number, after = row["registration_no"], _content(row)
        known = before.pop(number, None)
        if known is None:
            yield "added", number
        elif known != after:
            names = sorted(name for name in {*known, *after} if known.get(name) != after.get(name))
            yield "changed", {"registration_no": number, "name": row["name"], "fields": names}
    yield from (("removed", number) for number in sorted(before))


def _content(row: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in row.items() if key not in NOT_CONTENT and value not in (None, [], "", False)}


def copy_products() -> int:
    """A turn of the worker: versions that take over another's products get the next chunks of them."""
    waiting = RulebookVersion.rows({"state": "loading"}, ["copies", "copied_to"], limit=5)
    return sum(_copied(row) for row in waiting)


def _copied(row: Mapping[str, Any]) -> int:
    done, edge = 0, row.get("copied_to") or ""
    for _ in range(CHUNKS_A_TURN):
        where = {"version": row["copies"], "registration_no": {"$gt": edge}}
        found = CatalogueProduct.rows(where, limit=CHUNK, sort=[("registration_no", 1)])
        edge = found[-1]["registration_no"] if found else edge
        done += len(found)
        _keep_copies(row["_id"], found, edge, last=len(found) < CHUNK)
        if len(found) < CHUNK:
            break
    return done


def _keep_copies(word: str, found: list[dict[str, Any]], edge: str, *, last: bool) -> None:
    """One chunk; a turn that was cut short meets its own rows again and passes over them."""
    rows = [{**row, "_id": f"{row['registration_no']}@{word}", "version": word} for row in found]
    there = CatalogueProduct.rows({"_id": {"$in": [row["_id"] for row in rows]}}, ["_id"], limit=CHUNK)
    known = {row["_id"] for row in there}
    fresh = [row for row in rows if row["_id"] not in known]

    def keep() -> None:
        CatalogueProduct.insert_rows(fresh)
        change = {"$set": {"copied_to": edge, **({"state": "draft"} if last else {})}, "$inc": {"products": len(found)}}
        RulebookVersion.update_one({"_id": word, "state": "loading"}, change)

    store.transaction(keep)


def review(actor: Actor, word: str, *, verdict: str, note: str) -> VersionFacts:
    """The second person's word. Approving needs somebody other than who loaded it; a rejected version stays readable
    and is never activated. Raises NotFound, Forbidden `rulebook_own_review`, RuleBroken `rulebook_not_reviewable`."""
    if not actor.holds("rulebook:review"):
        raise Forbidden("forbidden", permission="rulebook:review")
    known = _stored(word)
    if verdict == "approve" and known.loaded_by == _name(actor):
        raise Forbidden("rulebook_own_review")
    allowed = ("draft",) if verdict == "approve" else tuple(REVIEWABLE)
    store.transaction(lambda: _review(actor, known, verdict, note, allowed))
    return version(word)


def _review(actor: Actor, known: RulebookVersion, verdict: str, note: str, allowed: tuple[str, ...]) -> None:
    moment = clock.now()
    said = {"verdict": verdict, "note": note, "by": _name(actor), "at": moment}
    state = "approved" if verdict == "approve" else "rejected"
    where = {"_id": known.id, "state": {"$in": list(allowed)}}
    if not RulebookVersion.update_one(where, {"$set": {"state": state}, "$push": {"reviews": said}}):
        raise RuleBroken("rulebook_not_reviewable", field="verdict")
    body = {**said, "state": state, "version": known.id, "digest": known.digest}
    evidence.append([evidence.Leaf("inputs.rulebook_review", str(known.id), None, body)])
    accounts.note(actor, f"rulebook.{verdict}", subjects=[known.id])


def _name(actor: Actor) -> str:
    return actor.account_id or actor.name


def impact_seen(word: str, *, against: str) -> None:
    """Somebody above has looked at what the version would change against another."""
    change = {"impact": {"against": against, "at": clock.now()}}
    if not RulebookVersion.update_one({"_id": word}, {"$set": change}):
        raise NotFound


def activate(actor: Actor, word: str, *, on: date) -> VersionFacts:
    """Make an approved version hold from that day on: at once when it has come, else when the worker sees it come.

    Raises NotFound, Forbidden, RuleBroken `rulebook_not_approved`, `rulebook_impact_missing` when nobody looked at what
    it changes against the version of now.
    """
    if not actor.holds("rulebook:load"):
        raise Forbidden("forbidden", permission="rulebook:load")
    known = _stored(word)
    if known.state not in ("approved", "scheduled"):
        raise RuleBroken("rulebook_not_approved")
    _check_impact(known)
    store.transaction(lambda: _schedule(actor, known, on))
    if on <= clock.today():
        store.transaction(lambda: _switch(actor, _stored(word)))
        rulebooks.forget()
    return version(word)


def _check_impact(known: RulebookVersion) -> None:
    active = ActiveRulebook.find_one({"_id": "active"})
    if active is None or known.impact.get("against") != active.version:
        raise RuleBroken("rulebook_impact_missing")


def _schedule(actor: Actor, known: RulebookVersion, on: date) -> None:
    where = {"_id": known.id, "state": {"$in": ["approved", "scheduled"]}}
    if not RulebookVersion.update_one(where, {"$set": {"state": "scheduled", "activates_on": on.isoformat()}}):
        raise RuleBroken("rulebook_not_approved")
    accounts.note(actor, "rulebook.schedule", subjects=[known.id, on.isoformat()])


def _switch(actor: Actor, known: RulebookVersion) -> None:
    _check_impact(known)
    active = ActiveRulebook.find_one({"_id": "active"})
    before = active.version if active else None
    if not RulebookVersion.update_one({"_id": known.id, "state": "scheduled"}, {"$set": {"state": "active"}}):
        raise RuleBroken("rulebook_not_approved")
    if before is not None:
        RulebookVersion.update_one({"_id": before}, {"$set": {"state": "retired"}})
    ActiveRulebook.update_one({"_id": "active", "version": before}, {"$set": {"version": known.id}})
    body = {"version": known.id, "digest": known.digest, "before": before, "on": clock.today().isoformat()}
    evidence.append([evidence.Leaf("inputs.rulebook_active", str(known.id), None, body)])
    accounts.note(actor, "rulebook.activate", subjects=[known.id])
    events.publish(RulebookActivated(str(known.id)))


def _come(word: str) -> None:
    _switch(system("rulebook"), _stored(word))


def activate_due() -> int:
    """A turn of the worker: the scheduled version whose day has come. One that was overtaken by another goes back to
    approved, for its impact must be looked at again."""
    where = {"state": "scheduled", "activates_on": {"$lte": clock.today().isoformat()}}
    done = 0
    for row in RulebookVersion.rows(where, ["activates_on"], limit=5, sort=[("activates_on", 1)]):
        try:
            store.transaction(partial(_come, row["_id"]))
            done += 1
        except RuleBroken as problem:
            log.warning("rulebook.not_activated", version=row["_id"], reason=problem.reason)
            RulebookVersion.update_one({"_id": row["_id"], "state": "scheduled"}, {"$set": {"state": "approved"}})
    if done:
        rulebooks.forget()
    return done
