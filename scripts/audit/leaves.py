"""One leaf against what it binds: whether it hashes right, and whether its time is possible."""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from scripts.audit import hashing
from scripts.audit.findings import Report
from scripts.audit.reading import ALLOWANCE, Row, name_of

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


def dated(form: Form, said: Row, row: Row, report: Report) -> None:
    """Whether the time at which it says that this was done, if it says so, is about the time of its leaf; migrated
    leaves prove only from their seal on."""
    told = hashing.found(said, form["time"]) if "time" in form else None
    if told is None or row.get("origin"):
        return
    at, registered = _moment(told), row["created_at"]
    if at is None or at < registered - ALLOWANCE:
        report.find("back_dated", name_of(row), f"{form['time']} says {told}, registered {registered.isoformat()}")
    elif at > registered + ALLOWANCE:
        report.find("post_dated", name_of(row), f"{form['time']} says {told}, registered {registered.isoformat()}")


def _moment(told: Any) -> datetime.datetime | None:
    """A stored time, or the text of one as a statement keeps it; None for anything else."""
    try:
        at = told if isinstance(told, datetime.datetime) else datetime.datetime.fromisoformat(told)
    except (TypeError, ValueError):
        return None
    return at if at.tzinfo else at.replace(tzinfo=datetime.UTC)
