"""Looking things up in the catalogue: by registration number, or by part of a name, a substance or its pinyin."""

from typing import Any

from backend.base import vocab
from backend.base.errors import NotFound
from backend.domains.inputs import rules
from backend.domains.inputs.models import CatalogueProduct
from backend.domains.inputs.service.rulebooks import active_version

MAX_MATCHES = 300
SHOWN = ("registration_no", "name", "kind", "manufacturer", "formulation", "actives", "labels", "withdrawals",
         "restricted", "example", "toxicity", "traits", "not_with", "source", "confidence", "tokens")  # fmt: skip


def product(registration_no: str) -> dict[str, Any]:
    """One product of the active catalogue. Raises NotFound."""
    rows = CatalogueProduct.rows({"_id": f"{registration_no}@{active_version()}"}, SHOWN, limit=1)
    if not rows:
        raise NotFound
    return rows[0]


def search(*, q: str, crop: str | None = None, kind: str | None = None, size: int = 20) -> list[dict[str, Any]]:
    """Products whose name, number, substance or pinyin holds all of `q`; those registered for the crop come first.

    One indexed equality on the most telling token, the rest is filtered here.
    """
    wanted = rules.search_tokens(q)
    if not wanted:
        return []
    where = {"version": active_version(), "tokens": wanted[0]}
    rows = CatalogueProduct.rows(where, SHOWN, limit=MAX_MATCHES)
    names = set(vocab.get("crops")[crop]["label_crops"]) if crop and crop in vocab.get("crops") else set()
    matching = [row for row in rows if set(wanted) <= set(row["tokens"]) and kind in (None, row["kind"])]
    matching.sort(
        key=lambda row: (not names & {label["crop"] for label in row.get("labels", ())}, row["registration_no"])
    )
    return matching[:size]
