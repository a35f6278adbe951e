"""The words of a text by the dictionary, asked when something is published. A query needs none: the words that count
are those some reading has."""

import importlib
from functools import cache
from typing import Any

from backend.domains.articles import rules


@cache
def _dictionary() -> Any:
    """33 MB: only a process that publishes pays for it."""
    return importlib.import_module("rjieba")


def words(text: str) -> list[str]:
    """The distinct Chinese words of three characters or more; shorter ones are tokens anyway."""
    found = dict.fromkeys(_dictionary().cut_for_search(text.casefold()))
    return [word for word in found if rules.LONG_WORD.fullmatch(word)][: rules.MAX_WORDS]
