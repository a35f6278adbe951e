"""Loading a rulebook version: rows are checked one by one, the version is kept for ever, then made the active one."""

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
    """What loading changed against the version that was active: substance rules added and gone, products kept."""

    version: str
    previous: str | None
    added: tuple[str, ...]
    removed: tuple[str, ...]
    products: int


def load_rulebook(
    actor: Actor,
    *,
    manifest: Mapping[str, Any],
    substances: Sequence[Mapping[str, str]],
    products: Sequence[Mapping[str, Any]],
) -> Loaded:
    """Check, keep and activate a version. Loading the same content again changes nothing.

    Raises RuleBroken `rulebook_row_malformed` naming row and column, Conflict when the version word has other content.
    """
    if not actor.holds("rulebook:load"):
        raise Forbidden("forbidden", permission="rulebook:load")
    rows = [_substance(number, row) for number, row in enumerate(substances, 2)]
    catalogue = [_product(number, row, str(manifest["version"])) for number, row in enumerate(products, 1)]
    digest = hashlib.sha256(rfc8785.dumps([dict(manifest), [dict(r) for r in substances], list(products)])).hexdigest()
    _refuse_other_content(str(manifest["version"]), digest)
    for start in range(0, len(catalogue), CHUNK):
        _keep_products(catalogue[start : start + CHUNK])
    loaded = store.transaction(lambda: _activate(actor, manifest, rows, digest, len(catalogue)))
    rulebooks.forget()
    return loaded


def _bad(row: int, column: str, value: Any) -> RuleBroken:
    return RuleBroken("rulebook_row_malformed", row=row, column=column, value=str(value)[:80])


def _substance(number: int, row: Mapping[str, str]) -> SubstanceRow:
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
        exempt_methods=list(_codes(number, "exempt_methods", row, set(vocab.get("application_methods").codes))),
        note=row.get("note", ""),
    )


def _codes(number: int, column: str, row: Mapping[str, str], known: set[str]) -> Iterator[str]:
    for code in filter(None, row.get(column, "").split("|")):
        if code not in known:
            raise _bad(number, column, code)
        yield code


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


def _refuse_other_content(version: str, digest: str) -> None:
    stored = RulebookVersion.find_one({"_id": version})
    if stored is not None and stored.digest != digest:
        raise Conflict("rulebook_version_taken", version=version)


def _keep_products(chunk: Sequence[CatalogueProduct]) -> None:
    known = {row["_id"] for row in CatalogueProduct.rows({"_id": {"$in": [p.id for p in chunk]}}, ["_id"], limit=CHUNK)}
    CatalogueProduct.insert(product for product in chunk if product.id not in known)


def _activate(
    actor: Actor, manifest: Mapping[str, Any], rows: Sequence[SubstanceRow], digest: str, products: int
) -> Loaded:
    version = str(manifest["version"])
    active = ActiveRulebook.find_one({"_id": "active"})
    before = RulebookVersion.find_one({"_id": active.version}) if active else None
    if RulebookVersion.find_one({"_id": version}) is None:
        made = _stored(actor, manifest, rows, digest)
        RulebookVersion.insert([made])
        evidence.append([evidence.Leaf("inputs.rulebook", version, None, made.to_mongo())])
    if active is None or active.version != version:
        ActiveRulebook.update_one({"_id": "active"}, {"$set": {"version": version}}, upsert=True)
        accounts.note(actor, "rulebook.activate", subjects=[version])
    old, new = ({_key(row) for row in rows_} for rows_ in (before.substances if before else (), rows))
    return Loaded(version, before.id if before else None, tuple(sorted(new - old)), tuple(sorted(old - new)), products)


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
    return f"{row.substance} {row.measure} {'|'.join(row.crop_classes)} {row.effective_from}"
