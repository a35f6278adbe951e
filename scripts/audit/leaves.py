"""One leaf against what it binds: whether it hashes right, and whether its time is possible."""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from scripts.audit import hashing
from scripts.audit.findings import Report
from scripts.audit.reading import ALLOWANCE, Row, name_of

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
Leaves = Mapping[tuple[str, str], list[Row]]
Form = Mapping[str, Any]


def by_subject(rows: Iterable[Row]) -> Leaves:
    """By kind and subject, in the order in which they were read."""
    found: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows:
        found[row["kind"], row["subject_id"]].append(row)
    return found


def fits(form: Form, said: Row, row: Row, report: Report) -> bool:
    """Whether the leaf binds this; what is wrong is told."""
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


def dated(document: Row, row: Row, report: Report) -> None:
    """A document that says it is older than its leaf was written later than it says; migrated ones prove only from
    their seal on."""
    said = next((document[name] for name in TIMES if isinstance(document.get(name), datetime.datetime)), None)
    late = said is not None and not row.get("origin") and said < row["created_at"] - ALLOWANCE
    if said is not None and late and row["kind"] not in LATER:
        report.find("back_dated", name_of(row), f"says {said.isoformat()}, registered {row['created_at'].isoformat()}")
