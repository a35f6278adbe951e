"""The register over HTTP: sealing that survives any crash, proofs a stranger can check, witnesses, the bulletin."""

import base64
import json
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from werkzeug.test import Client

from backend import config, worker
from backend.base import clock, leases, register, store
from backend.base.actor import system
from backend.domains.evidence import service as evidence
from backend.domains.evidence.models import (
    BulletinDay,
    EvidenceCheckpoint,
    EvidenceLeaf,
    EvidenceLog,
    EvidenceTile,
)
from backend.domains.evidence.rules import tree
from backend.domains.evidence.service import sealing
from scripts.audit import __main__ as audit
from scripts.audit import hashing, notes
from scripts.audit.sources import Database
from tests.factories.certificates import Orchard
from tests.factories.http import Api
from tests.factories.servers import environ_of
from tests.factories.witnesses import AWitness, appointed

API = "/api/v1"
NOW = datetime(2026, 10, 1, 2, tzinfo=UTC)
ROOT = Path(__file__).resolve().parents[2]


def say(count: int = 1, *, subject: str = "P000000001.lot-00000001") -> None:
    """Statements to be sealed: they need no document."""
    said = [evidence.Leaf("lot.hold", subject, "P000000001", {"reason": f"r{number}"}) for number in range(count)]
    store.transaction(lambda: evidence.append(said))


def findings(settings: config.Settings) -> list[str]:
    report = audit.audit(Database(settings.mongodb_uri), keys=None, kept=(), progress=lambda _: None)
    return [one.code for one in report.findings]


def sealed() -> int:
    return store.collection("evidence_leaves").count_documents({"position": {"$exists": True}})


# ── sealing


@pytest.mark.usefixtures("app")
def test_sealing_takes_what_waits_in_order_and_nothing_twice(settings: config.Settings) -> None:
    assert evidence.seal() == 0
    say(3)
    assert (evidence.seal(), evidence.seal()) == (3, 0)
    say(2, subject="P000000001.lot-00000002")
    assert evidence.seal() == 2
    assert (evidence.latest().number, evidence.latest().size, sealed()) == (2, 5, 5)
    assert findings(settings) == []


@pytest.mark.usefixtures("app")
def test_more_leaves_than_one_checkpoint_holds_are_sealed_in_one_turn(
    settings: config.Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealing, "BATCH", 300)
    monkeypatch.setattr(sealing.seal_once, "__defaults__", (300,))
    say(700)
    assert evidence.seal() == 700
    assert (evidence.latest().number, evidence.latest().size) == (3, 700)
    assert {row["_id"] for row in store.collection("evidence_tiles").find({})} == {"0/0", "0/1", "0/2", "1/0"}
    assert findings(settings) == []


class Died(BaseException):
    """As if the process had been killed here."""


STEPS: list[tuple[Any, str]] = [
    (EvidenceLog, "update_one"),
    (EvidenceLeaf, "write_many"),
    (EvidenceTile, "upsert_many"),
    (EvidenceCheckpoint, "insert"),
    (BulletinDay, "update_one"),
]


@pytest.mark.usefixtures("app")
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("step", STEPS, ids=lambda step: f"{step[0].__name__}.{step[1]}")
def test_a_sealer_that_dies_at_any_step_leaves_all_or_nothing(
    settings: config.Settings, monkeypatch: pytest.MonkeyPatch, step: tuple[Any, str], after: bool
) -> None:
    model, verb = step
    say(3)
    evidence.seal()
    say(4)
    real = getattr(model, verb)

    def dies(*arguments: Any, **named: Any) -> None:
        if after:
            real(*arguments, **named)
        raise Died

    with monkeypatch.context() as patched:
        patched.setattr(model, verb, dies)
        with pytest.raises(Died):
            evidence.seal()
    assert (evidence.latest().size, sealed(), findings(settings)) == (3, 3, [])
    assert evidence.seal() == 4
    assert (evidence.latest().number, sealed(), findings(settings)) == (2, 7, [])


KILLED = """
import os, sys
from backend import config
from backend.app import create_app
from backend.domains.evidence import service as evidence
from backend.domains.evidence.models import EvidenceCheckpoint
create_app(config.load())
real = EvidenceCheckpoint.insert
def dies(documents):
    real(documents)
    os.kill(os.getpid(), 9)
EvidenceCheckpoint.insert = dies
evidence.seal()
"""


@pytest.mark.slow
def test_a_sealer_killed_in_its_transaction_is_as_if_it_had_not_begun(app: Any, settings: config.Settings) -> None:
    say(4)
    evidence.seal()
    say(5)
    environ = environ_of(settings)
    done = subprocess.run([sys.executable, "-c", KILLED], cwd=ROOT, env=environ, capture_output=True, check=False)
    assert done.returncode == -9, done.stderr.decode()[-2000:]
    store.database().client.admin.command("killAllSessions", [])  # as the server does by itself after a minute
    assert (sealed(), findings(settings)) == (4, [])
    assert evidence.seal() == 5
    assert (evidence.latest().size, findings(settings)) == (9, [])


@pytest.mark.usefixtures("app")
def test_of_two_sealers_at_once_one_seals(settings: config.Settings) -> None:
    say(1)
    evidence.seal()
    say(40)
    gate, done = threading.Barrier(2), list[int]()

    def run() -> None:
        gate.wait(10)
        done.append(evidence.seal_once())

    threads = [threading.Thread(target=run) for _ in range(2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(60)
    assert sorted(done)[-1] == 40 and sum(done) == sealed() - 1 == 40
    assert findings(settings) == []


@pytest.mark.usefixtures("app")
def test_a_sealer_that_read_an_old_state_writes_nothing(settings: config.Settings) -> None:
    say(2)
    head, rows = sealing.log_head(), EvidenceLeaf.rows({"pending": True}, limit=10)
    late = sealing._prepared(head, rows)
    assert evidence.seal() == 2
    with pytest.raises(sealing.Overtaken):
        store.transaction(lambda: sealing._write(late))
    assert (evidence.latest().size, findings(settings)) == (2, [])


@pytest.mark.usefixtures("app")
def test_the_worker_seals_under_a_lease() -> None:
    (job,) = [one for one in worker.JOBS if one.name == "seal"]
    say(2)
    assert leases.take("seal", "somebody else", 60)
    assert worker.run_job(job, "me") == 0
    leases.give_back("seal", "somebody else")
    assert worker.run_job(job, "me") == 2


def test_time_never_runs_back_in_the_log(
    app: Any, travel: Callable[[datetime], None], settings: config.Settings
) -> None:
    travel(NOW)
    say(1)
    evidence.seal()
    travel(NOW - timedelta(minutes=2))
    say(1)
    evidence.seal()
    assert [one.at for one in evidence.checkpoints(after=0, size=5)] == [NOW, NOW]
    assert findings(settings) == []


def test_readiness_tells_how_long_leaves_wait(api: Api, travel: Callable[[datetime], None]) -> None:
    travel(NOW)
    leases.beat("worker")
    say(1)
    travel(NOW + timedelta(seconds=20))
    told = api.get("/readyz").json
    assert told["parts"]["register"] == {"ok": True, "unsealed_seconds": 20, "late": False}
    assert told["ready"] is True
    evidence.seal()
    assert api.get("/readyz").json["parts"]["register"]["unsealed_seconds"] == 0


# ── proofs


def verified(proof: dict[str, Any], keys: dict[str, Any]) -> bool:
    """What a stranger does with a bundle, by the auditor's code."""
    place = proof["inclusion"]
    leaf = base64.b64decode(place["leaf"])
    assert leaf.hex() == proof["hash"]
    if "body" in proof:
        assert hashing.leaf(bytes.fromhex(proof["salt"]), proof["body"]) == leaf
    note = notes.read(place["checkpoint"])
    path = [base64.b64decode(one) for one in place["path"]]
    root = hashing.root_from_inclusion(hashing.entry_node(leaf), place["index"], place["size"], path)
    publics = [hashing.unbase(key["x"]) for key in keys["keys"] if key["purpose"] == "checkpoint"]
    return root == note.root and note.size == place["size"] and notes.signed_by(note, publics) is not None


def test_a_record_is_proven_to_its_farmer_and_shown_as_sealed(grove: Orchard, travel: Any) -> None:
    land, api = grove.farm, grove.api
    path = f"{API}/farming/records/{grove.lot_id}/proof"
    (waiting,) = api.get(path, as_=grove.token).json["items"]
    assert "inclusion" not in waiting and waiting["body"]["said"]["_id"] == grove.lot_id
    listed = f"{API}/farming/batches/{land.batch_id}/records"
    assert {one["sealed_at"] for one in api.get(listed, as_=grove.token).json["items"]} == {None}
    travel(NOW + timedelta(minutes=1))
    evidence.seal()
    (proof,) = api.get(path, as_=grove.token).json["items"]
    assert (proof["format"], proof["kind"]) == ("longtrace-proof/1", "farming.record")
    assert verified(proof, api.get(f"{API}/keys").json)
    assert proof["sealed_at"] == "2026-10-01T02:01:00.000Z"
    assert {one["sealed_at"] for one in api.get(listed, as_=grove.token).json["items"]} == {"2026-10-01T10:01:00+08:00"}
    overview = api.get(f"{API}/farming/overview?producer_id={land.producer_id}", as_=grove.token).json
    assert {one["sealed_at"] for one in overview["items"][0]["records"]} == {"2026-10-01T10:01:00+08:00"}


def test_anyone_can_prove_a_certificate_and_sees_nothing_private(grove: Orchard) -> None:
    made, api = grove.issued(), grove.api
    grove.void(made["id"])
    evidence.seal()
    answer = api.get(f"{API}/traces/{made['code']}/proof")
    issue, file, void = answer.json["items"]
    assert [one["kind"] for one in (issue, file, void)] == ["certificate.issue", "certificate.file", "certificate.void"]
    assert issue["body"]["said"]["card"] == made["card"]
    assert all("salt" not in one and "body" not in one for one in (file, void))
    keys = api.get(f"{API}/keys").json
    assert all(verified(one, keys) for one in (issue, file, void))
    producer = store.collection("producers").find_one({"_id": grove.farm.producer_id})
    assert producer is not None and producer["name"] not in answer.text and grove.farm.producer_id not in answer.text
    own = api.get(f"{API}/certificates/{made['id']}/proof", as_=grove.token).json["items"]
    assert own[1]["body"]["said"]["subject"] == producer["name"] and verified(own[1], keys)
    officers = api.get(f"{API}/certificates/{made['id']}/proof", as_=grove.officer).json["items"]
    assert "body" not in officers[1]
    assert api.get(f"{API}/traces/0000000000ZZ/proof").json["reason"] == "trace_not_found"


def test_a_proof_whose_content_was_changed_since_proves_nothing(grove: Orchard) -> None:
    evidence.seal()
    where = {"_id": grove.lot_id}
    store.collection("farming_records").update_one(where, {"$set": {"note": "改过"}})
    (proof,) = grove.api.get(f"{API}/farming/records/{grove.lot_id}/proof", as_=grove.token).json["items"]
    assert hashing.leaf(bytes.fromhex(proof["salt"]), proof["body"]).hex() != proof["hash"]


def test_checkpoints_are_chained_and_each_contains_the_one_before(api: Api) -> None:
    for count in (1, 3, 2, 251, 6):
        say(count)
        evidence.seal()
    items = api.get(f"{API}/evidence/checkpoints").json["items"]
    assert [one["size"] for one in items] == [1, 4, 6, 257, 263]
    read = [notes.read(one["note"]) for one in items]
    assert [later.previous for later in read[1:]] == [before.digest for before in read[:-1]]
    assert read[0].previous is None and {one.origin for one in read} == {"t.test/evidence"}
    for old in read:
        answer = api.get(f"{API}/evidence/consistency?first={old.size}&second=263").json
        path = [base64.b64decode(one) for one in answer["path"]]
        assert hashing.consistent(old.size, 263, old.root, read[-1].root, path)
        assert answer["checkpoint"] == items[-1]["note"]
    assert api.get(f"{API}/evidence/checkpoints?after=3").json["items"] == items[3:]
    assert api.get(f"{API}/evidence/checkpoints/2").json == items[1]
    assert api.get(f"{API}/evidence/checkpoints/9").status_code == 404
    assert api.get(f"{API}/evidence/consistency?first=2&second=4").json["reason"] == "no_checkpoint_of_size"
    assert api.get(f"{API}/evidence/consistency?first=4&second=1").json["reason"] == "sizes_reversed"
    proof = api.get(f"{API}/evidence/inclusion?position=256").json
    assert verified({"hash": base64.b64decode(proof["leaf"]).hex(), "inclusion": proof}, api.get(f"{API}/keys").json)
    assert api.get(f"{API}/evidence/inclusion?position=263").json["reason"] == "not_sealed_yet"


def test_before_the_first_seal_there_is_nothing_to_show(api: Api) -> None:
    assert api.get(f"{API}/evidence/checkpoints/latest").json["reason"] == "nothing_sealed"
    assert api.get(f"{API}/evidence/inclusion?position=0").json["reason"] == "nothing_sealed"
    assert api.get(f"{API}/evidence/checkpoints").json == {"items": []}
    assert api.get(f"{API}/evidence/bulletin").json == {"items": []}
    assert "还没有封存" in api.get("/evidence/bulletin", headers={"Accept": "text/html"}).text


# ── witnesses


def second(moment: datetime | None = None) -> int:
    return int((moment or clock.now()).timestamp())


def cosign(api: Api, line: str, number: int = 1) -> Any:
    return api.post(f"{API}/evidence/checkpoints/{number}/cosignatures", {"cosignature": line})


@pytest.fixture
def witness(app: Any, travel: Callable[[datetime], None]) -> AWitness:
    travel(NOW)
    say(3)
    evidence.seal()
    return appointed()


def test_a_witness_cosigns_and_everyone_sees_it(api: Api, witness: AWitness) -> None:
    line = witness.line(evidence.latest().note, second())
    answer = cosign(api, line)
    assert answer.status_code == 201 and answer.json["witnesses"] == [witness.name]
    assert cosign(api, line).json == answer.json, "the same line twice is one"
    note = notes.read(api.get("/evidence/checkpoint").text)
    assert notes.cosigners(note, {witness.name: witness.public}) == ([witness.name], [])
    page = api.get("/evidence/bulletin", headers={"Accept": "text/html"}).text
    assert "凉州区农业农村局" in page


def test_a_cosignature_of_another_history_is_never_taken(api: Api, witness: AWitness) -> None:
    note = evidence.latest().note
    text = notes.read(note).text
    other = note.replace(text, text.replace("\n3\n", "\n4\n"))
    assert cosign(api, witness.line(other, second())).json["reason"] == "cosignature_wrong"
    stranger = AWitness(witness.name, Ed25519PrivateKey.generate())
    assert cosign(api, stranger.line(note, second())).json["reason"] == "witness_unknown"
    for moment in (NOW - timedelta(seconds=1), NOW + timedelta(minutes=6)):
        assert cosign(api, witness.line(note, second(moment))).json["reason"] == "cosignature_out_of_time"
    assert cosign(api, "— nobody AAAA").json["reason"] == "cosignature_malformed"
    assert cosign(api, "not a line at all").json["reason"] == "cosignature_malformed"
    store.collection("evidence_tiles").update_one({"_id": "0/0"}, {"$set": {"hashes": b"x" * 96}})
    assert cosign(api, witness.line(note, second())).json["reason"] == "log_inconsistent"
    assert store.collection("evidence_cosignatures").count_documents({}) == 0


def test_a_retired_witness_signs_no_more_and_its_lines_stay(
    api: Api, witness: AWitness, login: Callable[..., str]
) -> None:
    cosign(api, witness.line(evidence.latest().note, second()))
    operator = login("operator", region="620000")
    retired = api.post(f"{API}/evidence/witnesses/retirement", {"name": witness.name}, as_=operator)
    assert retired.json["retired_at"]
    say(1)
    evidence.seal()
    assert cosign(api, witness.line(evidence.latest().note, second()), 2).json["reason"] == "witness_unknown"
    assert evidence.checkpoint(1).witnesses == (witness.name,)


def test_witnesses_are_appointed_by_an_operator_of_their_region(api: Api, login: Callable[..., str]) -> None:
    operator = login("operator", region="620600")
    body = {"name": "wuwei.test/w", "label": "武威市农业农村局", "region": "620600", "public_key": "11" * 32}
    assert api.post(f"{API}/evidence/witnesses", body, as_=operator).status_code == 201
    assert api.post(f"{API}/evidence/witnesses", body, as_=operator).status_code == 201, "twice is once"
    other = {**body, "public_key": "12" * 32}
    assert api.post(f"{API}/evidence/witnesses", other, as_=operator).json["reason"] == "witness_name_taken"
    elsewhere = {**body, "name": "zhangye.test/w", "region": "620700"}
    assert api.post(f"{API}/evidence/witnesses", elsewhere, as_=operator).status_code == 404
    odd = {**body, "name": "with space"}
    assert api.post(f"{API}/evidence/witnesses", odd, as_=operator).json["reason"] == "witness_name_malformed"
    (listed,) = api.get(f"{API}/evidence/witnesses").json["items"]
    assert listed["public_key"] == "11" * 32 and listed["retired_at"] is None
    assert store.collection("audit_lines").count_documents({"action": "witness.appoint"}) == 1


# ── the bulletin and the files for mirrors


@pytest.fixture
def web(app: Any) -> Client:
    return Client(app.wsgi_app)


def test_the_bulletin_shows_the_root_of_every_day(api: Api, web: Client, travel: Callable[[datetime], None]) -> None:
    travel(NOW)
    say(3)
    evidence.seal()
    travel(NOW + timedelta(hours=1))
    say(2)
    evidence.seal()
    travel(NOW + timedelta(days=2))
    say(1)
    evidence.seal()
    newest, first = api.get(f"{API}/evidence/bulletin").json["items"]
    assert (first["day"], first["sealed"], first["closed"]) == ("2026-10-01", 5, True)
    assert (newest["day"], newest["closed"], newest["checkpoint"]["size"]) == ("2026-10-03", False, 6)
    assert api.get(f"{API}/evidence/bulletin?year=2025").json == {"items": []}
    page = web.get("/evidence/bulletin", headers={"Accept": "text/html"}).text
    assert "2026年10月1日" in page and first["checkpoint"]["root"] in page and "不能说明写的就是真的" in page
    english = web.get("/evidence/bulletin/2026-10-01?lang=en", headers={"Accept": "text/html"}).text
    assert "1 October 2026" in english and first["checkpoint"]["note"].split("\n")[2] in english.replace("&#43;", "+")
    for path in ("/evidence/bulletin/2026-10-02", "/evidence/bulletin/yesterday"):
        assert web.get(path, headers={"Accept": "text/html"}).status_code == 404
    assert web.get("/evidence").headers["Location"].endswith("/evidence/bulletin")


def test_in_january_the_bulletin_still_shows_december(app: Any, travel: Callable[[datetime], None]) -> None:
    for moment in (datetime(2026, 12, 31, 2, tzinfo=UTC), datetime(2027, 1, 1, 2, tzinfo=UTC)):
        travel(moment)
        say(1)
        evidence.seal()
    assert [one.day.isoformat() for one in evidence.days()] == ["2027-01-01", "2026-12-31"]


def test_mirrors_read_tiles_and_entries_as_c2sp_wants_them(web: Client) -> None:
    say(300)
    evidence.seal()
    whole, rest = web.get("/evidence/tile/0/000"), web.get("/evidence/tile/0/001.p/44")
    assert (len(whole.data), len(rest.data)) == (256 * 32, 44 * 32)
    assert "immutable" in whole.headers["Cache-Control"]
    entries = web.get("/evidence/tile/entries/000").data
    assert entries[:2] == b"\x00\x20" and tree.leaf_node(entries[2:34]) == whole.data[:32]
    assert web.get("/evidence/tile/1/000.p/1").status_code == 200
    for path in ("0/001", "0/001.p/45", "0/1", "0/x001/000", "9/000", "0/000.p/0", "entries/001", "entries/001.p/300"):
        assert web.get(f"/evidence/tile/{path}").status_code == 404, path
    note = web.get("/evidence/checkpoint")
    assert note.content_type == "text/plain; charset=utf-8" and notes.read(note.text).size == 300
    kept = web.get("/evidence/keep")
    assert kept.text == note.text == web.get("/evidence/checkpoint/1.txt").text
    assert 'filename="longtrace-000000000300.txt"' in kept.headers["Content-Disposition"]


# ── erasure


def test_leaves_of_a_migration_say_so_and_their_origin_is_bound(app: Any) -> None:
    said = {"reason": "x"}
    plain = register.leaf_hash(b"s", register.statement("lot.hold", said))
    migrated = register.leaf_hash(b"s", register.statement("lot.hold", said, register.MIGRATION))
    assert plain != migrated


def test_an_erasure_leaves_every_other_proof_as_it_was(grove: Orchard) -> None:
    evidence.seal()
    path = f"{API}/farming/records/{grove.lot_id}/proof"
    before = grove.api.get(path, as_=grove.token).json["items"]
    leaf = store.collection("evidence_leaves").find_one({"kind": "farming.batch"})
    assert leaf is not None
    assert evidence.erase(system("test"), [leaf["subject_id"]], reason="person_asked") == 1
    assert grove.api.get(path, as_=grove.token).json["items"] == before
    evidence.seal()
    assert verified(grove.api.get(path, as_=grove.token).json["items"][0], grove.api.get(f"{API}/keys").json)
    assert json.dumps(before)
