"""Where a producer sits: a township (9 digits) or a village (12 digits) of the division codes."""

from functools import cache

from backend.base import vocab
from backend.base.errors import RuleBroken

TOWNSHIP, VILLAGE = 9, 12


def place(code: str, *, field: str = "region") -> str:
    """The code, when its township is in use. Raises RuleBroken `region_not_township`, `region_unknown`.

    Villages are not in the vocabulary (there are some 16,000): one is accepted when its township is known.
    """
    if not (code.isascii() and code.isdigit()) or len(code) not in (TOWNSHIP, VILLAGE):
        raise RuleBroken("region_not_township", field=field)
    regions = vocab.get("regions")
    township = code[:TOWNSHIP]
    if township not in regions or regions[township].get("withdrawn"):
        raise RuleBroken("region_unknown", field=field, code=code)
    return code


@cache
def _townships(county: str) -> dict[str, str]:
    return {
        term.zh: term.code
        for term in vocab.get("regions")
        if term.get("parent") == county and not term.get("withdrawn")
    }


def township_named(name: str, *, near: str) -> str:
    """The code of a township of `near`'s county by its name (黄羊镇). Raises RuleBroken `township_unknown`."""
    code = _townships(vocab.get("regions")[near[:TOWNSHIP]]["parent"]).get(name)
    if code is None:
        raise RuleBroken("township_unknown", field="region", name=name)
    return code
