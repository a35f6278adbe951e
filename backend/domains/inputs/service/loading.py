"""Loading a rulebook version: rows are checked one by one, the version is kept for ever and waits for its review."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import rfc8785

from backend.base import clock, store, vocab
from backend.base.actor import Actor
from backend.base.errors import Conflict, Forbidden, RuleBroken
from backend.domains.accounts import service as accounts
from backend.domains.evidence import service as evidence
from backend.domains.inputs import rules
from backend.domains.inputs.models import ActiveRulebook, CatalogueProduct, RulebookVersion, SubstanceRow
from backend.domains.inputs.service import rulebooks

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
    the same content again changes nothing. Only where no rulebook is active yet it is made active at once.

    Raises RuleBroken `rulebook_row_malformed` naming row and column, Conflict when the version word has other content.
    """
    if not actor.holds("rulebook:load"):
        raise Forbidden("forbidden", permission="rulebook:load")
    exempt = _exemptions()
    rows = [_substance(number, row, exempt) for number, row in enumerate(substances, 2)]
    version = str(manifest["version"])
    catalogue = [_product(number, row, version) for number, row in enumerate(products or (), 1)]
    said = None if products is None else list(products)
    digest = hashlib.sha256(rfc8785.dumps([dict(manifest), [dict(r) for r in substances], said])).hexdigest()
    _refuse_other_content(version, digest)
    for start in range(0, len(catalogue), CHUNK):
        _keep_products(catalogue[start : start + CHUNK])
    made = _stored(actor, manifest, rows, digest)
    made.products, made.copies = len(catalogue), _copied(products)
    loaded = store.transaction(lambda: _keep(actor, made))
    rulebooks.forget()
    return loaded


def _copied(products: Sequence[Any] | None) -> str | None:
    """The version whose products are taken over. Raises RuleBroken when there is none."""
    if products is not None:
        return None
    active = ActiveRulebook.find_one({"_id": "active"})
    if active is None:
        raise RuleBroken("rulebook_products_missing", field="products")
    return str(active.version)


def _bad(row: int, column: str, value: Any) -> RuleBroken:
    return RuleBroken("rulebook_row_malformed", row=row, column=column, value=str(value)[:80])


def _substance(number: int, row: Mapping[str, str], exempt: set[str]) -> SubstanceRow:
    if not row.get("substance_zh"):
        raise _bad(number, "substance_zh", row.get("substance_zh"))
    if row.get("measure") not in vocab.get("substance_measures"):
        raise _bad(number, "measure", row.get("measure"))
    return SubstanceRow(
        substance=row["substance_zh"],
        name_en=row.get("name_en", ""),
        cas=row.get("cas", ""),
        measure=row["measure"],
        crop_classes=list(_codes(number, "crop_classes", row, {*vocab.get("crop_classes").codes, "*", "animal"})),
        effective_from=_day(number, row),
        announcement=row.get("announcement", ""),
        confidence=row.get("confidence", ""),
        exempt_methods=list(_codes(number, "exempt_methods", row, exempt)),
        note=row.get("note", ""),
    )


def _codes(number: int, column: str, row: Mapping[str, str], known: set[str]) -> Iterator[str]:
    for code in filter(None, row.get(column, "").split("|")):
        if code not in known:
            raise _bad(number, column, code)
        yield code


def _exemptions() -> set[str]:
    """A method for every class of crops, or `method@class` for one."""
    methods, classes = vocab.get("application_methods").codes, vocab.get("crop_classes").codes
    return {*methods, *(f"{method}@{one}" for method in methods for one in classes)}


def _day(number: int, row: Mapping[str, str]) -> str:
    text = row.get("effective_from", "")
    try:
        return date.fromisoformat(text).isoformat() if text else ""
    except ValueError as error:
        raise _bad(number, "effective_from", text) from error


def _product(number: int, row: Mapping[str, Any], version: str) -> CatalogueProduct:
    for column in ("registration_no", "name", "kind"):
        if not row.get(column) or (column == "kind" and row[column] not in vocab.get("input_kinds")):
            raise _bad(number, column, row.get(column))
    _check_words(number, row)
    known = {key: value for key, value in row.items() if key != "pinyin"}
    words = " ".join([row["registration_no"], row["name"], row.get("pinyin", ""), *row.get("actives", ())])
    found_by = [*rules.label_tokens(row["registration_no"]), *rules.tokens(words)]
    try:
        made = CatalogueProduct(
            id=f"{row['registration_no']}@{version}", version=version, tokens=found_by[:300], **known
        )
        made.validate()
    except Exception as error:
        raise _bad(number, type(error).__name__, row.get("registration_no")) from error
    return made


def _check_words(number: int, row: Mapping[str, Any]) -> None:
    """Codes that the rules read: a misspelt one would be passed over in silence."""
    if row.get("toxicity") and row["toxicity"] not in vocab.get("toxicities"):
        raise _bad(number, "toxicity", row["toxicity"])
    for trait in row.get("traits", ()):
        if trait not in vocab.get("mix_traits"):
            raise _bad(number, "traits", trait)
    for label in row.get("labels", ()):
        unit = vocab.get("units").get(label.get("dose_unit") or "", {})
        if label.get("dose_max") and unit.get("dimension") not in ("dose", "dilution"):
            raise _bad(number, "dose_unit", label.get("dose_unit"))


def _refuse_other_content(version: str, digest: str) -> None:
    stored = RulebookVersion.find_one({"_id": version})
    if stored is not None and stored.digest != digest:
        raise Conflict("rulebook_version_taken", version=version)


def _keep_products(chunk: Sequence[CatalogueProduct]) -> None:
    known = {row["_id"] for row in CatalogueProduct.rows({"_id": {"$in": [p.id for p in chunk]}}, ["_id"], limit=CHUNK)}
    CatalogueProduct.insert(product for product in chunk if product.id not in known)


def _keep(actor: Actor, made: RulebookVersion) -> Loaded:
    active = ActiveRulebook.find_one({"_id": "active"})
    before = RulebookVersion.find_one({"_id": active.version}) if active else None
    known = RulebookVersion.find_one({"_id": made.id})
    if known is None:
        made.state = "active" if active is None else "loading" if made.copies else "draft"
        RulebookVersion.insert([made])
        evidence.append([evidence.Leaf("inputs.rulebook", str(made.id), None, made.to_mongo())])
        accounts.note(actor, "rulebook.load", subjects=[made.id])
    if active is None:
        ActiveRulebook.update_one({"_id": "active"}, {"$set": {"version": made.id}}, upsert=True)
        accounts.note(actor, "rulebook.activate", subjects=[made.id])
    added, removed = changed(before.substances if before else (), made.substances)
    state = state_of(known or made, active.version if active else made.id)
    return Loaded(made.id, before.id if before else None, added, removed, made.products, state)


def state_of(known: RulebookVersion, active: str) -> str:
    """A code of `rulebook_states`; versions from before there were states were active, all but the last retired."""
    return str(known.state or ("active" if known.id == active else "retired"))


def changed(before: Sequence[SubstanceRow], after: Sequence[SubstanceRow]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The substance rules that are new and those that are gone, as one line each."""
    old, new = ({_key(row) for row in rows} for rows in (before, after))
    return tuple(sorted(new - old)), tuple(sorted(old - new))


def _stored(actor: Actor, manifest: Mapping[str, Any], rows: Sequence[SubstanceRow], digest: str) -> RulebookVersion:
    return RulebookVersion(
        id=str(manifest["version"]),
        title=manifest.get("title", ""),
        effective_from=manifest["effective_from"],
        source=manifest.get("source", ""),
        digest=digest,
        substances=list(rows),
        loaded_by=actor.account_id or actor.name,
        created_at=clock.now(),
    )


def _key(row: SubstanceRow) -> str:
    line = f"{row.substance} {row.measure} {'|'.join(row.crop_classes)} {row.effective_from}"
    return f"{line} ({'|'.join(row.exempt_methods)})" if row.exempt_methods else line
