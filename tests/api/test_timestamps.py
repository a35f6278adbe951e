"""Timestamps of the register from outside, by a stand-in with a root of its own: one a day, true or not taken, and
what the auditor says of those that were tampered with."""

import base64
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.x509.oid import ExtendedKeyUsageOID
from werkzeug.test import Client

from backend import gateways, worker
from backend.base import clock, store
from backend.config import ConfigError, Settings
from backend.domains.evidence import service as evidence
from backend.domains.evidence.rules import notes, stamping
from backend.gateways import timestamps
from backend.gateways.timestamps.sandbox import Sandbox, signing
from scripts.audit import __main__ as audit
from scripts.audit import reading
from scripts.audit import timestamps as checks
from scripts.audit.findings import Report
from scripts.audit.notes import read as read_note
from scripts.audit.sources import Database, Source, Web
from tests.factories.http import Api

API = "/api/v1"
DAY = timedelta(days=1)
NOW = datetime(2026, 10, 1, 2, tzinfo=UTC)
MIDNIGHT = datetime(2026, 10, 1, 16, tzinfo=UTC)  # in China, at the end of 1 October
Travel = Callable[[datetime], None]


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    running = Sandbox(clock=clock.now)
    yield running
    running.stop()


@pytest.fixture
def on(app: Any, sandbox: Sandbox) -> None:
    """The register is stamped by the stand-in."""
    install(timestamps.TimestampAuthority(sandbox.url, sandbox.roots))


def install(authority: timestamps.TimestampAuthority) -> None:
    gateways.install(replace(gateways.current(), timestamps=authority))


def seal() -> int:
    """One more checkpoint; its number."""
    said = evidence.Leaf("lot.hold", "P000000001.lot-00000001", "P000000001", {"reason": "x"})
    store.transaction(lambda: evidence.append([said]))
    assert evidence.seal() == 1
    return evidence.latest().number


def seal_days(travel: Travel, count: int) -> None:
    """A checkpoint on each of so many days, and the morning after the last of them."""
    for at in range(count):
        travel(NOW + at * DAY)
        seal()
    travel(NOW + count * DAY)


def stamped() -> list[int]:
    return sorted(row["number"] for row in store.collection("evidence_timestamps").find({}))


def told(api: Api) -> dict[str, Any]:
    return dict(api.get("/readyz").json["parts"]["timestamps"])


# ── asking


def test_nobody_is_asked_until_it_is_set(api: Api, travel: Travel, settings: Settings, tmp_path: Path) -> None:
    seal_days(travel, 1)
    assert (evidence.stamp(), told(api), timestamps.connect(settings)) == (0, {"ok": True, "enabled": False}, None)
    latest = api.get(f"{API}/evidence/checkpoints/latest").json
    assert latest["timestamp_at"] is None
    assert api.get(f"{API}/evidence/checkpoints/1/timestamp").json["reason"] == "not_stamped"
    with pytest.raises(ConfigError, match="TIMESTAMP_CERTS"):
        timestamps.connect(replace(settings, timestamp_url="https://tsa.test/"))
    with pytest.raises(ConfigError, match="TIMESTAMP_URL"):
        timestamps.connect(replace(settings, timestamp_url="ldap://tsa.test/"))
    (tmp_path / "empty.pem").write_text("nothing")
    with pytest.raises(ConfigError, match="TIMESTAMP_CERTS"):
        empty = str(tmp_path / "empty.pem")
        timestamps.connect(replace(settings, timestamp_url="https://tsa.test/", timestamp_certs=empty))


def test_the_settings_make_an_authority_that_stamps(settings: Settings, sandbox: Sandbox, tmp_path: Path) -> None:
    roots = tmp_path / "roots.pem"
    roots.write_bytes(sandbox.pem)
    made = timestamps.connect(replace(settings, timestamp_url=sandbox.url, timestamp_certs=str(roots)))
    assert made is not None and made.stamp(b"hello").at <= clock.now()


@pytest.mark.usefixtures("on")
def test_the_last_checkpoint_of_a_day_is_stamped_when_the_day_is_over(
    api: Api, travel: Travel, sandbox: Sandbox
) -> None:
    travel(NOW)
    seal()
    number = seal()
    (job,) = [one for one in worker.JOBS if one.name == "timestamps"]
    for moment in (NOW, MIDNIGHT - timedelta(seconds=1), MIDNIGHT + timedelta(minutes=9)):
        travel(moment)
        assert worker.run_job(job, "me") == 0
    travel(MIDNIGHT + timedelta(minutes=10))
    assert (worker.run_job(job, "me"), worker.run_job(job, "me"), sandbox.asked) == (1, 0, 1)
    shown = api.get(f"{API}/evidence/checkpoints/{number}/timestamp").json
    assert (shown["number"], shown["at"]) == (number, "2026-10-02T00:10:00+08:00")
    text, _ = notes.split(evidence.latest().note)
    assert shown["digest"] == notes.text_hash(text).hex()
    one, two = api.get(f"{API}/evidence/checkpoints").json["items"]
    assert (one["timestamp_at"], two["timestamp_at"]) == (None, shown["at"])
    assert told(api) == {"ok": True, "enabled": True, "last_day": "2026-10-01", "failures": 0, "reason": None}


@pytest.mark.usefixtures("on")
def test_the_first_time_the_newest_day_is_stamped_and_from_then_on_every_day_in_order(travel: Travel) -> None:
    seal_days(travel, 3)
    assert (evidence.stamp(), stamped()) == (1, [3])
    for at in range(3, 10):
        travel(NOW + at * DAY)
        seal()
    travel(NOW + 10 * DAY)
    assert (evidence.stamp(), evidence.stamp(), evidence.stamp()) == (5, 2, 0)
    assert stamped() == list(range(3, 11))


@pytest.mark.usefixtures("on")
@pytest.mark.skipif(shutil.which("openssl") is None, reason="SKIPPED for want of openssl: the second opinion on tokens")
def test_openssl_finds_the_token_good_with_the_files_anyone_can_download(
    app: Any, travel: Travel, sandbox: Sandbox, tmp_path: Path
) -> None:
    seal_days(travel, 1)
    evidence.stamp()
    web = Client(app.wsgi_app)
    page = web.get("/evidence/bulletin/2026-10-01", headers={"Accept": "text/html"}).text
    assert "时间戳" in page and 'href="/evidence/checkpoint/1.tsr"' in page
    answer = web.get("/evidence/checkpoint/1.tsr")
    assert answer.content_type == "application/timestamp-reply" and "immutable" in answer.headers["Cache-Control"]
    (tmp_path / "1.tsr").write_bytes(answer.data)
    text = web.get("/evidence/checkpoint/1.txt").text.split("\n\n")[0] + "\n"
    (tmp_path / "roots.pem").write_bytes(sandbox.pem)

    def verify(said: str) -> int:
        (tmp_path / "1.text").write_text(said, "utf-8")
        command = ["openssl", "ts", "-verify", "-data", "1.text", "-in", "1.tsr", "-CAfile", "roots.pem"]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, check=False).returncode

    assert verify(text) == 0
    assert verify(text.replace("1", "2")) != 0


# ── an authority that fails


@pytest.mark.usefixtures("on")
@pytest.mark.parametrize(
    ("mood", "reason"),
    [
        ("down", "answer_status"),
        ("garbage", "answer_malformed"),
        ("huge", "answer_too_large"),
        ("refusing", "not_granted"),
        ("forgetful", "token_wrong"),
        ("elsewhere", "token_wrong"),
    ],
)
def test_whatever_an_authority_answers_wrongly_is_not_kept_and_holds_nothing_up(
    api: Api, travel: Travel, sandbox: Sandbox, mood: str, reason: str
) -> None:
    seal_days(travel, 1)
    sandbox.mood = mood
    assert (evidence.stamp(), stamped(), seal()) == (0, [], 2)
    assert told(api) == {"ok": True, "enabled": True, "last_day": None, "failures": 1, "reason": reason}
    assert (evidence.stamp(), sandbox.asked) == (0, 1)  # its minute is not over
    travel(NOW + DAY + timedelta(minutes=1))
    assert (evidence.stamp(), sandbox.asked, told(api)["failures"]) == (0, 2, 2)
    sandbox.mood = "honest"
    travel(NOW + DAY + timedelta(minutes=3))
    assert (evidence.stamp(), stamped(), told(api)["failures"], told(api)["reason"]) == (1, [1], 0, None)


def test_an_authority_that_is_silent_or_gone_is_waited_for_only_so_long(
    app: Any, travel: Travel, sandbox: Sandbox
) -> None:
    sandbox.mood = "silent"
    with pytest.raises(timestamps.NoToken, match="timed_out"):
        timestamps.TimestampAuthority(sandbox.url, sandbox.roots, seconds=0.2).stamp(b"x")
    with pytest.raises(timestamps.NoToken, match="connection_failed"):
        timestamps.TimestampAuthority("http://127.0.0.1:9/", sandbox.roots).stamp(b"x")


@pytest.mark.usefixtures("on")
def test_a_token_under_another_root_or_of_another_time_is_not_taken(api: Api, travel: Travel, sandbox: Sandbox) -> None:
    seal_days(travel, 1)
    for moment in (NOW - timedelta(hours=1), clock.now() + timedelta(hours=1)):
        store.collection("evidence_timestamp_standing").delete_many({})
        sandbox.clock = lambda moment=moment: moment
        assert (evidence.stamp(), told(api)["reason"]) == (0, "time_impossible")
    sandbox.clock = clock.now
    stranger = Sandbox()
    stranger.stop()
    store.collection("evidence_timestamp_standing").delete_many({})
    install(timestamps.TimestampAuthority(sandbox.url, stranger.roots))
    assert (evidence.stamp(), told(api)["reason"], stamped()) == (0, "token_wrong", [])


@pytest.mark.parametrize("flaw", [{"until": NOW}, {"purpose": ExtendedKeyUsageOID.CODE_SIGNING}], ids=["over", "other"])
def test_a_certificate_that_was_over_or_is_for_something_else_stamps_nothing(
    app: Any, travel: Travel, sandbox: Sandbox, flaw: dict[str, Any]
) -> None:
    sandbox.signer = signing.new_signer(**flaw)
    authority = timestamps.TimestampAuthority(sandbox.url, sandbox.roots)
    travel(NOW + DAY)
    with pytest.raises(timestamps.NoToken, match="token_wrong"):
        authority.stamp(b"x")
    travel(NOW - DAY)  # a token given in time stays good when its certificate is over
    if "until" in flaw:
        assert authority.stamp(b"x").at == NOW - DAY


def test_pauses_double_and_end_at_six_hours() -> None:
    minutes = [stamping.pause(failures).total_seconds() / 60 for failures in (1, 2, 3, 9, 10, 1000)]
    assert minutes == [1, 2, 4, 256, 360, 360]


# ── the auditor


@pytest.fixture
def days(app: Any, on: None, travel: Travel) -> None:
    """Three stamped days and one that still goes on."""
    for at in range(4):
        travel(NOW + at * DAY)
        evidence.stamp()
        seal()
    evidence.stamp()
    assert stamped() == [1, 2, 3]


def audited(source: Source, sandbox: Sandbox | None, now: datetime | None = None) -> Report:
    roots = sandbox.roots if sandbox else ()
    quiet: dict[str, Any] = {"keys": None, "kept": (), "progress": lambda _: None}
    return audit.audit(source, roots=roots, now=now or clock.now(), **quiet)


def found(settings: Settings, sandbox: Sandbox | None, now: datetime | None = None) -> list[tuple[str, str]]:
    """What the auditor finds in the timestamps alone: quicker than the whole."""
    source, report = Database(settings.mongodb_uri), Report()
    seen = reading.read(source, report)
    checks.check(source, seen.checkpoints, sandbox.roots if sandbox else (), now or clock.now(), report)
    return [(one.code, one.subject) for one in report.findings]


def change(number: int, **values: Any) -> None:
    store.collection("evidence_timestamps").update_one({"number": number}, {"$set": values})


def row(number: int) -> dict[str, Any]:
    found = store.collection("evidence_timestamps").find_one({"number": number})
    assert found is not None
    return found


@pytest.mark.usefixtures("days")
def test_the_auditor_finds_honest_timestamps_good_in_the_database_and_from_outside(
    settings: Settings, sandbox: Sandbox, site: str
) -> None:
    for source in (Database(settings.mongodb_uri), Web(site)):
        report = audited(source, sandbox)
        assert (report.findings, report.counts["timestamps"]) == ([], 3)
        assert not [note for note in report.notes if "timestamp" in note]
    unknown = audited(Database(settings.mongodb_uri), None)
    assert unknown.good and "--timestamp-certs" in "".join(unknown.notes)


@pytest.mark.usefixtures("days")
def test_an_altered_a_foreign_and_a_borrowed_token_are_found(settings: Settings, sandbox: Sandbox) -> None:
    good = row(2)
    altered = bytearray(good["reply"])
    altered[-4] ^= 1  # in the signature
    change(2, reply=bytes(altered))
    assert found(settings, sandbox) == [("timestamp_wrong", "checkpoint 2")]
    change(2, reply=row(1)["reply"], at=row(1)["at"])
    assert found(settings, None) == [("timestamp_wrong", "checkpoint 2")]  # for that no root is needed
    change(2, reply=b"no token", at=good["at"])
    assert found(settings, None) == [("timestamp_wrong", "checkpoint 2")]
    change(2, reply=good["reply"], at=good["at"] - timedelta(hours=1))
    assert found(settings, None) == [("timestamp_wrong", "checkpoint 2")]
    change(2, reply=good["reply"], at=good["at"])
    stranger = Sandbox()
    stranger.stop()
    assert found(settings, stranger) == [("timestamp_wrong", f"checkpoint {number}") for number in (1, 2, 3)]
    store.collection("evidence_timestamps").insert_one({**good, "_id": "000000000009", "number": 9})
    assert found(settings, sandbox) == [("timestamp_wrong", "checkpoint 9")]


@pytest.mark.usefixtures("days")
def test_every_single_changed_byte_of_what_a_token_says_is_found(sandbox: Sandbox) -> None:
    good, note = row(2), read_note(evidence.checkpoint(2).note)
    assert checks._wrong(good, note, sandbox.roots) == ""
    reply = bytes(good["reply"])
    digest = reply.index(note.digest)
    for at in range(digest, digest + 60):  # the digest, the serial number, the time and the nonce
        flipped = reply[:at] + bytes([reply[at] ^ 1]) + reply[at + 1 :]
        assert checks._wrong({**good, "reply": flipped}, note, sandbox.roots) != "", at


@pytest.mark.usefixtures("days")
def test_a_timestamp_of_an_impossible_time_is_found(settings: Settings, sandbox: Sandbox) -> None:
    assert found(settings, sandbox, now=row(3)["at"] - timedelta(hours=1)) == [("timestamp_time", "checkpoint 3")]
    sandbox.clock = lambda: NOW - DAY
    text = evidence.checkpoint(1).note.split("\n\n")[0] + "\n"
    early = timestamps.TimestampAuthority(sandbox.url, sandbox.roots).stamp(text.encode())
    change(1, reply=early.reply, at=early.at)
    assert found(settings, sandbox) == [("timestamp_time", "checkpoint 1")]


@pytest.mark.usefixtures("days")
def test_a_timestamp_taken_away_is_missing_and_an_outage_is_only_told(
    settings: Settings, sandbox: Sandbox, travel: Travel
) -> None:
    collection = store.collection("evidence_timestamps")
    collection.delete_one({"number": 2})
    assert found(settings, sandbox) == [("timestamp_missing", "day 2026-10-02")]
    collection.delete_one({"number": 3})
    report = audited(Database(settings.mongodb_uri), sandbox)
    assert report.good and any("2 days after the last stamped one" in note for note in report.notes)
    travel(NOW + 9 * DAY)
    assert evidence.stamp() == 3
    report = audited(Database(settings.mongodb_uri), sandbox)
    assert report.good and any("3 timestamps came over two days late" in note for note in report.notes)
    collection.delete_many({})
    assert found(settings, sandbox) == [("timestamp_missing", "register")]
    assert found(settings, None) == []


@pytest.mark.usefixtures("days")
def test_a_history_written_anew_no_longer_fits_its_timestamps(
    settings: Settings,
) -> None:
    """The operator with database and key signs another text; what was stamped stays what it was."""
    held = store.collection("evidence_checkpoints").find_one({"number": 2})
    assert held is not None
    text = held["text"].replace("t.test", "t.tess")
    store.collection("evidence_checkpoints").update_one({"number": 2}, {"$set": {"text": text}})
    assert ("timestamp_wrong", "checkpoint 2") in found(settings, None)


@pytest.mark.usefixtures("days")
def test_the_auditors_command_takes_roots_from_a_file(
    settings: Settings, sandbox: Sandbox, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    roots = tmp_path / "roots.pem"
    roots.write_bytes(sandbox.pem)
    chosen = ["--uri", settings.mongodb_uri, "--timestamp-certs", str(roots), "--write-dump", str(tmp_path)]
    assert audit.main(chosen) == 0
    assert "timestamps: 3" in capsys.readouterr().out
    kept = (tmp_path / "evidence_timestamps.jsonl").read_text("utf-8")
    assert base64.b64encode(row(1)["reply"]).decode() in kept
