"""Timestamps from outside (RFC 3161): whether each is of the checkpoint it lies beside, true, and of a possible time;
and whether a day between stamped days has none."""

import datetime
from collections.abc import Collection, Iterable, Mapping, Sequence
from hashlib import sha256
from typing import Any

from cryptography import x509
from rfc3161_client import TimeStampResponse, VerificationError, VerifierBuilder, decode_timestamp_response

from scripts.audit.findings import Report
from scripts.audit.notes import Note
from scripts.audit.sources import Source

CHINA = datetime.timezone(datetime.timedelta(hours=8))
ALLOWANCE = datetime.timedelta(minutes=10)  # between the clocks of the platform, of the authority and of the auditor
SECOND = datetime.timedelta(seconds=1)  # an authority may state finer times than a database keeps
LATE = datetime.timedelta(days=2)
SHA256 = "2.16.840.1.101.3.4.2.1"
Row = Mapping[str, Any]


def check(
    source: Source,
    checkpoints: Sequence[tuple[int, Note]],
    roots: Sequence[x509.Certificate],
    now: datetime.datetime,
    report: Report,
    *,
    since: Collection[int] = (),
) -> None:
    """`roots` are the auditor's own: without them a token is compared with its checkpoint, but not with its issuer.
    Checkpoints made `since` the reading began are of the next audit, and so are their timestamps."""
    known = dict(checkpoints)
    rows = [row for row in source.rows("evidence_timestamps") if row["number"] not in since]
    good = [row for row in rows if _fits(row, known, roots, now, report)]
    if rows and not roots:
        report.notes.append(
            "时间戳的签发者未核对 · whose the timestamps are was not checked (--timestamp-certs names roots)"
        )
    _days(checkpoints, {row["number"] for row in rows}, bool(roots), report)
    _late([row["at"] - known[row["number"]].at for row in good], report)


def _fits(
    row: Row, known: Mapping[int, Note], roots: Sequence[x509.Certificate], now: datetime.datetime, report: Report
) -> bool:
    report.count("timestamps")
    name, note = f"checkpoint {row['number']}", known.get(row["number"])
    wrong = "there is no such checkpoint" if note is None else _wrong(row, note, roots)
    if wrong or note is None:
        report.find("timestamp_wrong", name, wrong)
        return False
    if not note.at - ALLOWANCE <= row["at"] <= now + ALLOWANCE:
        said = f"stamped {row['at'].isoformat()}, the checkpoint says {note.at.isoformat()}"
        report.find("timestamp_time", name, said)
        return False
    return True


def _wrong(row: Row, note: Note, roots: Sequence[x509.Certificate]) -> str:
    """What is wrong with a token, in words; empty when nothing is."""
    try:
        reply = decode_timestamp_response(bytes(row["reply"]))
        told = reply.tst_info
        if (told.message_imprint.hash_algorithm.dotted_string, told.message_imprint.message) != (SHA256, note.digest):
            return "it stamps another text"
        if abs(told.gen_time - row["at"]) >= SECOND:
            return "its time is not the one stored beside it"
        _verify(reply, note, roots)
    except (VerificationError, ValueError) as error:
        return str(error)
    return ""


def _verify(reply: TimeStampResponse, note: Note, roots: Sequence[x509.Certificate]) -> None:
    """Signature, chain at the token's own time, purpose of the certificate. Raises VerificationError, ValueError."""
    if roots:
        VerifierBuilder(roots=list(roots)).build().verify(reply, sha256(note.text.encode()).digest())


def _days(checkpoints: Sequence[tuple[int, Note]], stamped: set[int], wanted: bool, report: Report) -> None:
    """Days are stamped in their order, so one left out between two others was taken away."""
    days: dict[datetime.date, bool] = {}
    for number, note in checkpoints:
        day = note.at.astimezone(CHINA).date()
        days[day] = days.get(day, False) or number in stamped
    over = list(days)[:-1]  # the last day may still go on
    with_one = [at for at, day in enumerate(over) if days[day]]
    if not with_one:
        if wanted and over:
            report.find("timestamp_missing", "register", "roots were given, but no day has a timestamp")
        return
    for day in over[with_one[0] : with_one[-1]]:
        if not days[day]:
            report.find("timestamp_missing", f"day {day.isoformat()}", "days before and after it have one")
    if later := len(over) - 1 - with_one[-1]:
        report.notes.append(f"最近 {later} 天还没有时间戳 · {later} days after the last stamped one have no timestamp")


def _late(waits: Iterable[datetime.timedelta], report: Report) -> None:
    late = [wait for wait in waits if wait > LATE]
    if late:
        count, most = len(late), max(late).days
        zh = f"{count} 个时间戳晚于检查点两天以上，最长 {most} 天：这段时间没有外部佐证"
        en = f"{count} timestamps came over two days late, at most {most}: nobody outside bounds that time"
        report.notes.append(f"{zh} · {en}")
