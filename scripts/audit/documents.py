"""Checks of the documents: each is hashed again and must be what its leaf binds; none may be without one."""

import datetime
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from scripts.audit import balances, hashing
from scripts.audit.findings import Report
from scripts.audit.reading import ALLOWANCE, Row, Seen, name_of
from scripts.audit.sources import Source

FORMS = Path(__file__).resolve().parents[2] / "schemas" / "register" / "forms.json"
ERASURE = "evidence.erasure"
TIMES = ("created_at", "submitted_at")  # when a document says that it was written
LATER = frozenset(
    {
        "certificate.void",
        "certificate.restore",
        "certificate.void_again",
        "complaint.remaining",
        "inputs.purchase_cancellation",
        "lab.accreditation_end",
    }
)
STATES = ("state", "status", "standing")  # what mirrors tell of
Leaves = dict[tuple[str, str], list[Row]]
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
    leaves: Leaves = defaultdict(list)
    for row in seen.leaves:
        leaves[row["kind"], row["subject_id"]].append(row)
    erased = _erased(leaves, by_kind, report)
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
    _statements(leaves, by_kind, erased, report)
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


def _document(form: Mapping[str, Any], document: Row, leaves: Leaves, erased: set[bytes], report: Report) -> None:
    subject = str(document["_id"])
    mine = leaves.get((form["kind"], subject), [])
    name = f"{form['kind']} {subject}"
    if not mine:
        report.find("inserted", name)
    if len(mine) > 1:
        report.find("doubled", name)
    for row in mine:
        if bytes(row["hash"]) in erased:
            report.count("erased")
        elif _fits(form, document, row, report):
            _dated(document, row, report)


def _fits(form: Mapping[str, Any], said: Row, row: Row, report: Report) -> bool:
    if row["form"] != form["form"]:
        report.find("form_unknown", name_of(row), f"form {row['form']}")
        return False
    if not row.get("salt"):
        report.find("salt_missing", name_of(row))
        return False
    report.count("hashed")
    try:
        again = hashing.leaf(bytes(row["salt"]), hashing.stated(form, said, row.get("origin")))
    except (TypeError, ValueError) as error:
        report.find("altered", name_of(row), str(error))
        return False
    if again != bytes(row["hash"]):
        report.find("altered", name_of(row))
        return False
    return True


def _dated(document: Row, row: Row, report: Report) -> None:
    """A document that says it is older than its leaf was written later than it says; migrated ones prove only from
    their seal on."""
    said = next((document[name] for name in TIMES if isinstance(document.get(name), datetime.datetime)), None)
    if said is not None and not row.get("origin") and said < row["created_at"] - ALLOWANCE and not _later(row):
        report.find("back_dated", name_of(row), f"says {said.isoformat()}, registered {row['created_at'].isoformat()}")


def _later(row: Row) -> bool:
    """Leaves on what happened to a document afterwards."""
    return row["kind"] in LATER


def _erased(leaves: Leaves, by_kind: Mapping[str, Any], report: Report) -> set[bytes]:
    """The hashes that registered erasures name; only statements that hash right count. Who erased is told."""
    found: set[bytes] = set()
    whose: Counter[tuple[str, str]] = Counter()
    for (kind, _), rows in leaves.items():
        if kind == ERASURE:
            for row in rows:
                if _fits(by_kind[kind], row.get("said", {}), row, Report()):
                    found.add(bytes.fromhex(row["said"]["hash"]))
                    report.count("erasures")
                    whose[row["said"]["by"], row["said"]["reason"]] += 1
    for (by, reason), number in sorted(whose.items()):
        zh, en = f"经 {by} 登记删除 {number} 份，原因 {reason}", f"{number} erased by {by}: {reason}"
        report.notes.append(f"{zh} · {en}")
    return found


def _absent(
    leaves: Leaves, met: Mapping[tuple[str, str], Row], by_kind: Mapping[str, Any], erased: set[bytes], report: Report
) -> None:
    for (kind, subject), rows in leaves.items():
        form = by_kind.get(kind)
        if form is None:
            report.find("form_unknown", f"{kind} {subject}")
        elif "collection" in form and (kind, subject) not in met:
            if all(bytes(row["hash"]) in erased for row in rows):
                report.count("erased", len(rows))
            else:
                report.find("missing", f"{kind} {subject}")


def _statements(leaves: Leaves, by_kind: Mapping[str, Any], erased: set[bytes], report: Report) -> None:
    for (kind, _), rows in leaves.items():
        form = by_kind.get(kind)
        if form is not None and "collection" not in form:
            for row in rows:
                if not row.get("salt") and bytes(row["hash"]) in erased:
                    report.count("erased")
                else:
                    _fits(form, row.get("said", {}), row, report)


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
