"""What is stored of a version, as one digest: what a second person approves is what decisions are made by."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import rfc8785

from backend.base.errors import RuleBroken
from backend.domains.inputs.models import CatalogueProduct, RulebookVersion

NOT_CONTENT = frozenset({"_id", "version", "tokens"})
WORDS = ("_id", "title", "effective_from", "source")


def content(row: Mapping[str, Any]) -> dict[str, Any]:
    """A stored product without what only names, finds or leaves it empty."""
    return {key: value for key, value in row.items() if key not in NOT_CONTENT and value not in (None, [], "", False)}


def of_products(rows: Iterable[Mapping[str, Any]]) -> str:
    """SHA-256, in hexadecimal, of products in any order, whichever version they are kept under. What searching finds
    them by is not part of it."""
    return _sha256(json.dumps(sorted(map(_of_product, rows))).encode())


def _of_product(row: Mapping[str, Any]) -> str:
    key = row["_id"].rsplit("@", 1)[0]
    return _sha256(json.dumps([key, content(row)], ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode())


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def of_version(row: Mapping[str, Any], products: str) -> str:
    """SHA-256 of a stored version row, and of its products by their digest."""
    substances: Sequence[Mapping[str, Any]] = row.get("substances", ())
    said: Any = [{name: row.get(name) or "" for name in WORDS}, [content(one) for one in substances], products]
    return _sha256(rfc8785.dumps(said))


def stored_products(word: str) -> str:
    return of_products(CatalogueProduct.every({"version": word}))


def refuse_altered(word: str) -> None:
    """Compute the digest again over what is stored now; reads every product of the version. Raises RuleBroken
    `rulebook_content_differs` when it is not that of what was loaded."""
    [row] = RulebookVersion.rows({"_id": word}, limit=1)
    if row.get("content") != of_version(row, stored_products(word)):
        raise RuleBroken("rulebook_content_differs", version=word)
