"""Checks of the state that the gate and the moves of lots obey and that no leaf binds: it must be what was registered
last. Holds, decisions and turns by the mirrors of the forms; marks and ends of recalls, the rulebook of now and the
list of keys here."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from scripts.audit import hashing, keys
from scripts.audit.findings import Report
from scripts.audit.reading import ALLOWANCE, Row, Seen, name_of

MARKS, ENDS, ACTIVE, RECALLS = "recall_marks", "recall_ends", "active_rulebook", "recalls"
OBEYED = (MARKS, ENDS, ACTIVE, keys.KEYS, keys.CURRENT)
BEFORE, MARKED, WITHDRAWN = "evidence.before", "recall.marks", "recall.withdraw"
LOADED, ACTIVATED = "inputs.rulebook", "inputs.rulebook_active"
WINDOW = ("reason", "since", "until")  # of a recall, and on each of its marks
MARK = ("_id", "key", "recall_id", "created_at", *WINDOW)
KEPT: Mapping[str, tuple[str, ...]] = {
    MARKS: MARK,
    ENDS: ("_id",),
    ACTIVE: ("version",),
    RECALLS: WINDOW,
    keys.KEYS: ("_id", "purpose", "alg", "jwk", "since", "until", "state", "revoked"),
    keys.CURRENT: ("_id", "kid"),
}
Forms = Mapping[str, Mapping[str, Any]]
Met = Mapping[tuple[str, str], Row]
Said = tuple[Row, Row, Any]  # a leaf, the mirror of its form, and the value that must stand


class Standing:
    """What is stored, gathered while the documents are read, and compared at the end. `met` says of documents that
    are registered themselves how another one stands."""

    def __init__(self, seen: Seen, forms: Forms, met: Met) -> None:
        self._leaves = sorted(seen.leaves, key=lambda row: (row.get("position", 1 << 62), row["created_at"]))
        self._rules = {kind: form["mirrors"] for kind, form in forms.items() if "mirrors" in form}
        self._met = met
        self._mirrored: dict[str, list[str]] = defaultdict(list)  # kinds by collection
        self._kept: dict[str, set[str]] = {name: set(fields) for name, fields in KEPT.items()}
        for kind, rule in self._rules.items():
            self._mirrored[rule["collection"]].append(kind)
            fields = {rule[name] for name in ("field", "kept", "cleared") if name in rule}
            self._kept.setdefault(rule["collection"], set()).update(fields)
        self._stored: dict[str, dict[str, Row]] = defaultdict(dict)
        told = (row.get("said", {}) for row in self._leaves if row["kind"] == BEFORE)
        self._before = {(said.get("kind"), said.get("subject_id")) for said in told}

    def saw(self, collection: str, document: Row) -> None:
        if collection in self._kept:
            row = {name: document.get(name) for name in self._kept[collection]}
            self._stored[collection][str(document["_id"])] = row

    def check(self, report: Report) -> None:
        newest = self._newest()
        for collection in self._mirrored:
            for subject, row in self._stored[collection].items():
                said = newest.get((collection, subject))
                wrong = _otherwise(*said, row) if said else self._too_early(collection, subject, row)
                if wrong:
                    report.find("state_differs", f"{collection} {subject}", wrong)
        self._ends(report)
        self._marks(report)
        self._active(report)
        listed = (self._stored[name].values() for name in (keys.KEYS, keys.CURRENT))
        for what, why in keys.astray(*listed):
            report.find("state_differs", what, why)

    def _of(self, kind: str) -> dict[str, Row]:
        """The newest leaf of a kind by its subject."""
        return {row["subject_id"]: row for row in self._leaves if row["kind"] == kind}

    def _newest(self) -> dict[tuple[str, str], Said]:
        newest: dict[tuple[str, str], Said] = {}
        for row in self._leaves:
            rule = self._rules.get(row["kind"])
            if rule is None:
                continue
            told = self._met.get((row["kind"], row["subject_id"])) if "id" in rule else None
            subject = told["id"] if told else row["subject_id"]
            wanted = told["from"] if told else row.get("said", {}).get(rule.get("from", ""), rule.get("value"))
            newest[rule["collection"], subject] = (row, rule, wanted)
        return newest

    def _too_early(self, collection: str, subject: str, row: Row) -> str:
        """What stands although nothing was registered yet that says so; leaves from before the forms say nothing."""
        kinds = self._mirrored[collection]
        if any((kind, subject) in self._before for kind in kinds):
            return ""
        for rule in (self._rules[kind] for kind in kinds):
            stands = row.get(rule["field"])
            if "until" in rule and stands is not None and stands not in rule["until"]:
                return f"stands as {stands!r}, and nothing registered says so"
            if "kept" in rule and row.get(rule["kept"]):
                return f"{rule['kept']} says {row[rule['kept']]!r}, and nothing registered does"
        return ""

    def _ends(self, report: Report) -> None:
        told, stored = self._of(WITHDRAWN), self._stored[ENDS]
        for recall in sorted({*stored} - {*told}):
            if (WITHDRAWN, recall) not in self._before:
                report.find("state_differs", f"{ENDS} {recall}", "it frees what no registered withdrawal does")
        for recall in sorted({*told} - {*stored}):
            report.find("state_differs", f"{ENDS} {recall}", f"it is not there, but {name_of(told[recall])}")

    def _marks(self, report: Report) -> None:
        stored: dict[str, list[Row]] = defaultdict(list)
        for row in self._stored[MARKS].values():
            stored[str(row["recall_id"])].append(row)
        told = self._of(MARKED)
        for recall in sorted({*stored, *told}):
            if recall in told:
                wrong = _marks_differ(told[recall], stored[recall], self._stored[RECALLS].get(recall, {}))
            else:
                wrong = "" if (MARKED, recall) in self._before else "nothing registered marks that"
            if wrong:
                report.find("state_differs", f"{MARKS} {recall}", wrong)

    def _active(self, report: Report) -> None:
        """Only the first version that was ever loaded holds without a leaf that says so."""
        stands = {subject: row["version"] for subject, row in self._stored[ACTIVE].items()}
        activated = [row["said"].get("version") for row in self._leaves if row["kind"] == ACTIVATED and "said" in row]
        loaded = [row for row in self._leaves if row["kind"] == LOADED]
        if activated:
            may = set(activated[-1:])
        else:
            may = {row["subject_id"] for at, row in enumerate(loaded) if at == 0 or row.get("origin")}
        if (stands or may) and (list(stands) != ["active"] or stands["active"] not in may):
            report.find(
                "state_differs", ACTIVE, f"stands as {stands}, registered is {', '.join(sorted(map(str, may)))}"
            )


def _otherwise(leaf: Row, rule: Row, wanted: Any, row: Row) -> str:
    """How the stored fields differ from the leaf that spoke last; empty when they do not."""
    stands = row.get(rule["field"])
    if stands is not None and not _as_said(rule, wanted, stands):
        return f"stands as {stands!r}, but {name_of(leaf)}"
    if "kept" in rule and hashing.plain(row.get(rule["kept"])) != leaf.get("said"):
        return f"{rule['kept']} says {row.get(rule['kept'])!r}, but {name_of(leaf)}"
    if "cleared" in rule and row.get(rule["cleared"]):
        return f"{rule['cleared']} says {row[rule['cleared']]!r}, but {name_of(leaf)}"
    return ""


def _as_said(rule: Row, wanted: Any, stands: Any) -> bool:
    if "not" in rule:
        return bool(stands != rule["not"])
    return wanted is None or stands == wanted or stands in rule.get("or", ())


def _marks_differ(leaf: Row, rows: list[Row], recall: Row) -> str:
    """How the marks of a recall differ from those that were registered; a drill has none."""
    said = leaf.get("said", {})
    wanted = [] if said.get("drill") else sorted(set(said.get("keys", ())))
    if sorted(str(row["key"]) for row in rows) != wanted:
        return f"on {', '.join(sorted(str(row['key']) for row in rows)) or 'nothing'}, but {name_of(leaf)}"
    for row in rows:
        if any(row.get(name) != recall.get(name) for name in WINDOW):
            return f"{row['key']} has another reason or other days than the recall"
        if row["_id"] != f"{row['key']}~{row['recall_id']}" or abs(row["created_at"] - leaf["created_at"]) > ALLOWANCE:
            return f"{row['key']} is named or dated otherwise"
    return ""
