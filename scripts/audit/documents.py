"""Checks of the documents: each is hashed again and must be what its leaf binds; none may be without one."""

import json
from collections import defaultdict
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from scripts.audit import balances, erasures
from scripts.audit.erasures import Erased
from scripts.audit.findings import Report
from scripts.audit.leaves import Leaves, by_subject, dated, fits
from scripts.audit.reading import Row, Seen, name_of
from scripts.audit.sources import Source

FORMS = Path(__file__).resolve().parents[2] / "schemas" / "register" / "forms.json"
STATES = ("state", "status", "standing")  # what mirrors tell of
Progress = Callable[[str], None]


def forms() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(FORMS.read_text("utf-8"))["forms"]
    return found


def collections() -> list[str]:
    named = [form["collection"] for form in forms() if "collection" in form]
    mirrored = [form["mirrors"]["collection"] for form in forms() if "mirrors" in form]
    return sorted({*named, *mirrored, balances.LINKS})


def check(source: Source, seen: Seen, report: Report, progress: Progress) -> None:
    by_kind = {form["kind"]: form for form in forms()}
    leaves = by_subject(seen.leaves)
    erased = erasures.read(seen, leaves, by_kind, report)
    states: dict[str, dict[str, Any]] = defaultdict(dict)
    met: dict[tuple[str, str], Row] = {}
    ledger = balances.Ledger(source, seen)
    for collection in collections():
        progress(collection)
        mine = [form for form in by_kind.values() if form.get("collection") == collection]
        for document in source.rows(collection):
            ledger.saw(collection, document)
            report.count("documents")
            states[collection][str(document["_id"])] = {name: document.get(name) for name in STATES}
            for form in mine:
                if _applies(form, document):
                    met[form["kind"], str(document["_id"])] = _told(form, document)
                    _document(form, document, leaves, erased, report)
    _absent(leaves, met, by_kind, erased, report)
    _statements(leaves, by_kind, report)
    _mirrors(seen, by_kind, states, met, report)
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


def _mirrors(
    seen: Seen,
    by_kind: Mapping[str, Any],
    states: Mapping[str, Mapping[str, Row]],
    met: Mapping[tuple[str, str], Row],
    report: Report,
) -> None:
    """What was registered last on a thing must be how the thing stands."""
    newest: dict[tuple[str, str], tuple[Row, Mapping[str, Any], Any]] = {}
    for row in sorted(seen.leaves, key=lambda row: (row.get("position", 1 << 62), row["created_at"])):
        rule = by_kind.get(row["kind"], {}).get("mirrors")
        if rule is None:
            continue
        told = met.get((row["kind"], row["subject_id"])) if "id" in rule else None
        subject = told["id"] if told else row["subject_id"]
        wanted = told["from"] if told else row.get("said", {}).get(rule.get("from", ""), rule.get("value"))
        newest[rule["collection"], subject] = (row, rule, wanted)
    for (collection, subject), (row, rule, wanted) in newest.items():
        stands = states[collection].get(subject, {}).get(rule["field"])
        if stands is not None and not _as_said(rule, wanted, stands):
            report.find("state_differs", f"{collection} {subject}", f"stands as {stands!r}, but {name_of(row)}")


def _as_said(rule: Mapping[str, Any], wanted: Any, stands: Any) -> bool:
    if "not" in rule:
        return bool(stands != rule["not"])
    return wanted is None or stands == wanted or stands in rule.get("or", ())
