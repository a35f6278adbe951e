"""Registered erasures: what each may have taken away, and what must stand in its place.

An erasure excuses a leaf that can no longer be hashed, so it is itself looked at: the forms say what may be erased
(`erasable`), the erased leaf must have lost its salt, and the rest of its document must be bound again (`remains`).
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from scripts.audit.findings import Report
from scripts.audit.leaves import Leaves, fits
from scripts.audit.reading import Row, Seen, name_of

ERASURE = "evidence.erasure"
Forms = Mapping[str, Mapping[str, Any]]
Named = tuple[str, str, str]


def _named(row: Row) -> Named:
    return row["kind"], row["subject_id"], bytes(row["hash"]).hex()


@dataclass
class Erased:
    """Leaves whose erasure is sealed, and those whose erasure waits for its seal, and they with it."""

    forms: Forms
    sealed: set[Named] = field(default_factory=set)
    waiting: set[Named] = field(default_factory=set)

    def excuse(self, row: Row, report: Report) -> bool:
        """Whether nothing can be asked of the leaf any more, or not yet."""
        gone = _named(row) in self.sealed
        if gone or _named(row) in self.waiting:
            report.count("erased" if gone else "waiting")
            return True
        return False

    def left(self, kind: str, document: Row) -> list[str]:
        """Of the fields that an erasure of this kind takes away, those that the document still has."""
        remains = self.forms[kind]["erasable"]["remains"]
        taken = set(self.forms[kind]["fields"]) - set(self.forms[remains]["fields"])
        return sorted(name for name in taken if document.get(name) is not None)


def read(seen: Seen, leaves: Leaves, forms: Forms, report: Report) -> Erased:
    """Only statements that hash right and name what may be erased count. Who erased is told."""
    erased = Erased(forms)
    known = {bytes(row["hash"]).hex(): row for row in seen.leaves}
    whose: Counter[tuple[str, str]] = Counter()
    for row in seen.leaves:
        if row["kind"] != ERASURE or not fits(forms[ERASURE], row.get("said", {}), row, Report()):
            continue  # one that does not fit is found among the statements
        said = row["said"]
        report.count("erasures")
        whose[str(said.get("by")), str(said.get("reason"))] += 1
        target = known.get(said.get("hash", ""))
        if target is None or (wrong := _wrong(said, target, leaves, forms)):
            told = wrong if target else "it names no leaf of the register"
            report.find("erasure_wrong", name_of(target or row), f"erased by {said.get('by')}: {told}")
        else:
            (erased.sealed if row.get("position") in seen.placed else erased.waiting).add(_named(target))
    for (by, reason), number in sorted(whose.items()):
        zh, en = f"经 {by} 登记删除 {number} 份，原因 {reason}", f"{number} erased by {by}: {reason}"
        report.notes.append(f"{zh} · {en}")
    if erased.waiting:
        report.notes.append(f"{len(erased.waiting)} 项删除尚未封存 · erasures not sealed yet")
    return erased


def _wrong(said: Row, target: Row, leaves: Leaves, forms: Forms) -> str:
    """Why this erasure excuses nothing, in words; empty when it does."""
    if (said.get("kind"), said.get("subject_id")) != (target["kind"], target["subject_id"]):
        return f"it says {said.get('kind')} {said.get('subject_id')}"
    rule = forms.get(target["kind"], {}).get("erasable")
    if rule is None:
        return "what may not be erased"
    if target.get("salt"):
        return "the leaf still has its salt"
    if not leaves.get((rule["remains"], target["subject_id"])):
        return f"what remains was not registered as {rule['remains']}"
    return ""
