"""The platform's words as data: each file in schemas/vocab/ is one vocabulary with zh and en labels and a source.

An operator adds or corrects terms without a release: files of the same name in VOCAB_OVERLAY_DIR are merged by code.
"""

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

DIRECTORY = Path(__file__).resolve().parents[2] / "schemas" / "vocab"


@dataclass(frozen=True, slots=True)
class Term(Mapping[str, Any]):
    """One term; `zh` and `en` are its labels, anything else the vocabulary carries is read like a mapping."""

    code: str
    data: Mapping[str, Any]

    @property
    def zh(self) -> str:
        return str(self.data["zh"])

    @property
    def en(self) -> str:
        return str(self.data["en"])

    def label(self, lang: str = "zh") -> str:
        return self.en if lang == "en" else self.zh

    def __getitem__(self, key: str) -> Any:
        return self.data[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self.data)

    def __len__(self) -> int:
        return len(self.data)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    name: str
    source: str
    terms: Mapping[str, Term]

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(self.terms)

    def __contains__(self, code: object) -> bool:
        return code in self.terms

    def __getitem__(self, code: str) -> Term:
        return self.terms[code]

    def __iter__(self) -> Iterator[Term]:
        return iter(self.terms.values())

    def get(self, code: str, default: Mapping[str, Any]) -> Mapping[str, Any]:
        """The term, or `default` for a code that this vocabulary (any more, or not yet) does not hold."""
        return self.terms.get(code, default)


def _read(path: Path) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return data


@cache
def get(name: str) -> Vocabulary:
    """The vocabulary of that name. Raises FileNotFoundError: a missing vocabulary is a programming error."""
    data = _read(DIRECTORY / f"{name}.json")
    terms = {row["code"]: row for row in data["terms"]}
    overlay = os.environ.get("VOCAB_OVERLAY_DIR")
    if overlay and (extra := Path(overlay) / f"{name}.json").exists():
        for row in _read(extra)["terms"]:
            terms[row["code"]] = {**terms.get(row["code"], {}), **row}
    return Vocabulary(name, data["source"], {code: Term(code, row) for code, row in terms.items()})


def label(name: str, code: str, lang: str = "zh") -> str:
    """The label of a code, or the code itself when the vocabulary (an older or foreign one) does not hold it."""
    vocabulary = get(name)
    return vocabulary[code].label(lang) if code in vocabulary else code
