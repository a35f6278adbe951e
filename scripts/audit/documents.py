"""Checks of the documents: each is hashed again and must be what its leaf binds; none may be without one."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from scripts.audit import balances, erasures, states
from scripts.audit.erasures import Erased
from scripts.audit.findings import Report
from scripts.audit.leaves import Leaves, by_subject, dated, fits
from scripts.audit.reading import Row, Seen
from scripts.audit.sources import Source

FORMS = Path(__file__).resolve().parents[2] / "schemas" / "register" / "forms.json"
Progress = Callable[[str], None]


def forms() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(FORMS.read_text("utf-8"))["forms"]
    return found


def collections() -> list[str]:
    named = [form["collection"] for form in forms() if "collection" in form]
    mirrored = [form["mirrors"]["collection"] for form in forms() if "mirrors" in form]
    return sorted({*named, *mirrored, balances.LINKS, *states.OBEYED})


def check(source: Source, seen: Seen, report: Report, progress: Progress) -> None:
    by_kind = {form["kind"]: form for form in forms()}
    leaves = by_subject(seen.leaves)
    erased = erasures.read(seen, leaves, by_kind, report)
    met: dict[tuple[str, str], Row] = {}
    stands = states.Standing(seen, by_kind, met)
    ledger = balances.Ledger(source, seen)
    for collection in collections():
        progress(collection)
        mine = [form for form in by_kind.values() if form.get("collection") == collection]
        for document in source.rows(collection):
            ledger.saw(collection, document)
            stands.saw(collection, document)
            report.count("documents")
            for form in mine:
                if _applies(form, document):
                    met[form["kind"], str(document["_id"])] = _told(form, document)
                    _document(form, document, leaves, erased, report)
    _absent(leaves, met, by_kind, erased, report)
    _statements(leaves, by_kind, report)
    stands.check(report)
    progress("balances")
    ledger.check(report)


def _told(form: Mapping[str, Any], document: Row) -> Row:
    """What a mirror needs of a document that itself tells how another one stands."""
    rule = form.get("mirrors", {})
    return {name: document.get(rule[name]) for name in ("id", "from") if name in rule}


def _applies(form: Mapping[str, Any], document: Row) -> bool:
    for name, wanted in form.get("when", {}).items():
        value = document.get(name)
        if isinstance(wanted, dict):
            if value is None or ("above" in wanted and (not isinstance(value, int) or value <= wanted["above"])):
                return False
        elif value != wanted:
            return False
    return True


def _document(form: Mapping[str, Any], document: Row, leaves: Leaves, erased: Erased, report: Report) -> None:
    subject = str(document["_id"])
    mine = leaves.get((form["kind"], subject), [])
    name = f"{form['kind']} {subject}"
    if not mine:
        report.find("inserted", name)
    if len(mine) > 1:
        report.find("doubled", name)
    for row in mine:
        if erased.excuse(row, report):
            if left := erased.left(form["kind"], document):
                report.find("erasure_wrong", name, f"still there: {', '.join(left)}")
        elif fits(form, document, row, report):
            dated(form, document, row, report)


def _absent(
    leaves: Leaves, met: Mapping[tuple[str, str], Row], by_kind: Mapping[str, Any], erased: Erased, report: Report
) -> None:
    for (kind, subject), rows in leaves.items():
        form = by_kind.get(kind)
        if form is None:
            report.find("form_unknown", f"{kind} {subject}")
        elif "collection" in form and (kind, subject) not in met:
            gone = [row for row in rows if erased.excuse(row, report)]
            if len(gone) < len(rows):
                report.find("missing", f"{kind} {subject}")


def _statements(leaves: Leaves, by_kind: Mapping[str, Any], report: Report) -> None:
    for (kind, _), rows in leaves.items():
        form = by_kind.get(kind)
        if form is not None and "collection" not in form:
            for row in rows:
                if fits(form, said := row.get("said", {}), row, report):
                    dated(form, said, row, report)
