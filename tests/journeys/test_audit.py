"""The tamper drill: whoever changes the past in the database is found, and what they changed is named."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from backend import config
from backend.base import clock, register, store
from backend.base.actor import system
from backend.domains.complaints.service import erasing
from backend.domains.evidence import service as evidence
from backend.domains.evidence.rules import notes as ours
from backend.domains.evidence.rules import tree
from backend.domains.farming import service as farming
from backend.domains.inputs import service as inputs
from backend.domains.signing import service as signing
from backend.domains.testing import service as testing
from scripts.audit import __main__ as command
from scripts.audit import documents, notes
from scripts.audit.findings import WORDS, Report
from scripts.audit.sources import REGISTER, Database, Dump, Web, write_dump
from tests.factories.certificates import Orchard, orchard
from tests.factories.http import Api
from tests.factories.kept import Kept
from tests.factories.witnesses import appointed
from tests.factories.world import words_of

NOW = datetime(2026, 10, 1, 2, tzinfo=UTC)
ALL = slice(None)


@dataclass
class Drill:
    """A platform with something of every common kind, sealed in three checkpoints; what is tampered with, and found."""

    uri: str
    grove: Orchard
    words: dict[str, str]
    kept: list[tuple[str, str]] = field(default_factory=list)

    def audit(self, **how: Any) -> Report:
        how.setdefault("kept", self.kept)
        return command.audit(Database(self.uri), keys=how.pop("keys", None), progress=lambda _: None, **how)

    def found(self, **how: Any) -> list[tuple[str, str]]:
        return [(one.code, one.subject) for one in self.audit(**how).findings]

    def leaf(self, kind: str) -> dict[str, Any]:
        row = store.collection("evidence_leaves").find_one({"kind": kind})
        assert row is not None, kind
        return row

    def name(self, kind: str) -> str:
        return f"{kind} {self.leaf(kind)['subject_id']}"


_kept: Kept[Drill] = Kept()


@pytest.fixture
def drill(api: Api, login: Callable[..., str], travel: Callable[[datetime], None], settings: config.Settings) -> Drill:
    made = _kept.get(lambda: build(api, login, travel, settings))
    travel(NOW + timedelta(minutes=10))
    land = replace(made.grove.farm, api=api)
    return replace(made, grove=replace(made.grove, farm=land))


def build(api: Api, login: Callable[..., str], travel: Callable[[datetime], None], settings: config.Settings) -> Drill:
    travel(NOW)
    grove = orchard(api, login)
    words = words_of(grove, login)
    travel(NOW + timedelta(minutes=5))
    land = grove.farm
    assert land.sync(land.item(happened_on="2026-06-01")).status_code == 200
    grove.void(words["certificate_id"])
    evidence.seal()
    travel(NOW + timedelta(minutes=10))
    grove.issued()
    path = f"/api/v1/lots/{grove.lot_id}/hold"
    assert api.post(path, {"reason": "complaint"}, as_=grove.officer).status_code == 200
    evidence.seal()
    return Drill(settings.mongodb_uri, grove, words, [("kept.txt", evidence.latest().note)])


def weeded(drill: Drill) -> None:
    """One record more, and sealed; without a login, so at whatever time."""
    said = {"batch_id": drill.grove.farm.batch_id, "client_id": "late-0001", "kind": "weeding"}
    farming.record(system("test"), **said, happened_on=date(2026, 6, 2))
    evidence.seal()


def change(collection: str, where: dict[str, Any], update: dict[str, Any]) -> None:
    assert store.collection(collection).update_one(where, update).modified_count == 1


def test_an_honest_register_passes_and_everything_in_it_was_hashed(drill: Drill) -> None:
    report = drill.audit()
    assert report.findings == []
    leaves = store.collection("evidence_leaves").count_documents({})
    assert report.counts["hashed"] == report.counts["leaves"] == leaves > 15
    assert report.counts["checkpoints"] == 3 and report.counts["kept"] == 1
    kinds = set(store.collection("evidence_leaves").distinct("kind"))
    assert {"farming.record", "certificate.void", "complaint.filed", "complaint.step", "gate.decision"} <= kinds
    assert "found" in report.as_text() and json.loads(report.as_json())["good"]


def test_one_changed_byte_of_a_record_is_found_and_named(drill: Drill) -> None:
    row = store.collection("farming_records").find_one({"kind": "weeding", "version": 1})
    assert row is not None
    change("farming_records", {"_id": row["_id"]}, {"$set": {"happened_on": "2026-05-02"}})
    assert drill.found() == [("altered", f"farming.record {row['_id']}")]


@pytest.mark.parametrize(
    ("collection", "update", "kind"),
    [
        ("certificates", {"$set": {"amount": "999"}}, "certificate.issue"),
        ("certificates", {"$set": {"subject": "别人"}}, "certificate.file"),
        ("complaints", {"$set": {"text": "一切都好"}}, "complaint.filed"),
        ("complaint_entries", {"$set": {"by": "system"}}, "complaint.step"),
        ("declarations", {"$set": {"sites.0.area_mu": "999"}}, "declaration"),
        ("gate_decisions", {"$set": {"allowed": False}}, "gate.decision"),
        ("input_purchases", {"$set": {"dealer": "别处"}}, "inputs.purchase"),
        ("rulebook_versions", {"$set": {"substances.0.crop_classes": []}}, "inputs.rulebook"),
        ("production_batches", {"$set": {"started_on": "2025-01-01"}}, "farming.batch"),
        ("laboratories", {"$set": {"name": "另一家"}}, "lab"),
        ("accreditations", {"$set": {"valid_to": "2099-01-01"}}, "lab.accreditation"),
    ],
)
def test_a_change_in_any_kind_of_document_is_found(
    drill: Drill, collection: str, update: dict[str, Any], kind: str
) -> None:
    leaf = drill.leaf(kind)
    change(collection, {"_id": leaf["subject_id"]}, update)
    assert ("altered", f"{kind} {leaf['subject_id']}") in drill.found()


def test_an_accreditation_that_was_taken_away_cannot_be_given_back_in_silence(drill: Drill) -> None:
    where = {"_id": drill.words["accreditation_id"]}
    taken = {"accreditation_id": where["_id"], "ended_on": date(2026, 9, 30), "reason": "撤销"}
    testing.end_accreditation(system("test"), drill.words["lab_id"], **taken)
    evidence.seal()
    assert drill.found() == []
    change("accreditations", where, {"$set": {"ended_on": "2027-09-30"}})
    assert drill.found() == [("altered", f"lab.accreditation_end {where['_id']}")]
    change("accreditations", where, {"$unset": {"ended_on": "", "end_reason": ""}})
    assert drill.found() == [("missing", f"lab.accreditation_end {where['_id']}")]


def test_a_rulebook_version_that_was_rejected_cannot_pass_as_approved(drill: Drill) -> None:
    version = drill.words["version"]
    inputs.review(system("test"), version, verdict="reject", note="不对")
    evidence.seal()
    assert drill.found() == []
    change("rulebook_versions", {"_id": version}, {"$set": {"state": "approved"}})
    assert drill.found() == [("state_differs", f"rulebook_versions {version}")]


def test_a_deleted_record_is_missing_and_with_its_leaf_a_place_is_empty(drill: Drill) -> None:
    leaf = drill.leaf("farming.record")
    store.collection("farming_records").delete_one({"_id": leaf["subject_id"]})
    assert drill.found() == [("missing", f"farming.record {leaf['subject_id']}")]
    store.collection("evidence_leaves").delete_one({"_id": leaf["_id"]})
    found = drill.found()
    assert ("leaf_missing", f"leaf {leaf['position']}") in found
    assert "root_differs" in {code for code, _ in found}


def test_leaves_that_changed_places_are_found_and_named(drill: Drill) -> None:
    leaves = store.collection("evidence_leaves")
    first, second = leaves.find_one({"position": 3}), leaves.find_one({"position": 7})
    assert first and second
    for row, place in ((first, second["position"]), (second, first["position"])):
        change("evidence_leaves", {"_id": row["_id"]}, {"$set": {"position": place}})
    found = drill.found()
    for row in (first, second):
        assert ("leaf_moved", f"{row['kind']} {row['subject_id']}") in found
    assert ("root_differs", "checkpoint 1") in found


def test_a_record_rewritten_together_with_its_leaf_and_tile_still_breaks_the_root(drill: Drill) -> None:
    leaf = drill.leaf("farming.record")
    row = store.collection("farming_records").find_one({"_id": leaf["subject_id"]})
    assert row is not None
    row["note"] = "从未打过药"
    forged = register.leaf_hash(leaf["salt"], register.statement("farming.record", row))
    store.collection("farming_records").replace_one({"_id": row["_id"]}, row)
    change("evidence_leaves", {"_id": leaf["_id"]}, {"$set": {"hash": forged}})
    assert ("leaf_changed", f"farming.record {row['_id']}") in drill.found()
    tile = store.collection("evidence_tiles").find_one({"_id": "0/0"})
    assert tile is not None
    at = leaf["position"] * 32
    held = tile["hashes"][:at] + tree.leaf_node(forged) + tile["hashes"][at + 32 :]
    change("evidence_tiles", {"_id": "0/0"}, {"$set": {"hashes": held}})
    report = drill.audit()
    (differs,) = [one for one in report.findings if one.code == "root_differs"]
    assert differs.subject == "checkpoint 1" and "history_changed" in {one.code for one in report.findings}


def test_a_replaced_seal_is_found(drill: Drill) -> None:
    text = store.collection("evidence_checkpoints").find_one({"number": 2})["text"]  # type: ignore[index]
    change("evidence_checkpoints", {"number": 2}, {"$set": {"text": text.replace("t.test", "t.tess")}})
    found = drill.found()
    assert ("chain_broken", "checkpoint 2") in found and ("signature_wrong", "checkpoint 2") in found


def test_a_seal_signed_by_another_key_is_found_when_the_keys_are_known_from_outside(drill: Drill, api: Api) -> None:
    keys = api.get("/api/v1/keys").json
    assert drill.found(keys=keys) == []
    others = {"keys": [{**key, "x": "A" * 43} for key in keys["keys"]]}
    assert {code for code, _ in drill.found(keys=others)} == {"signature_wrong", "kept_unsigned"}


def test_a_register_that_rests_on_a_revoked_key_is_found_until_another_key_confirms_it(
    api: Api, login: Callable[..., str], travel: Callable[[datetime], None], settings: config.Settings
) -> None:
    drill = build(api, login, travel, settings)  # its own: revoking destroys the key that the others sign with
    leaked = signing.current("checkpoint")
    travel(NOW + timedelta(minutes=20))
    signing.revoke(system("test"), leaked.kid, "compromised")
    outside = api.get("/api/v1/keys").json
    for keys in (None, outside):
        (found,) = drill.audit(keys=keys).findings
        assert (found.code, found.subject) == ("key_revoked", "checkpoint 3") and leaked.kid in found.detail
    weeded(drill)
    assert drill.found() == drill.found(keys=outside) == [], "what it signed before stands under the new key's seal"


def test_what_a_key_signs_after_its_time_is_found(drill: Drill, api: Api, travel: Callable[[datetime], None]) -> None:
    """The thief of a retired key, who also writes to the database."""
    old = signing.current("checkpoint")
    signing.rotate(system("test"), "checkpoint")
    outside = api.get("/api/v1/keys").json
    change("current_keys", {"_id": "checkpoint"}, {"$set": {"kid": old.kid}})
    travel(NOW + timedelta(minutes=20))
    weeded(drill)
    wanted = [("key_out_of_time", "checkpoint 4"), ("state_differs", "current_keys checkpoint")]
    assert drill.found() == drill.found(keys=outside) == wanted
    kept = [("late.txt", evidence.latest().note)]
    assert ("kept_unsigned", "late.txt") in drill.found(kept=kept)
    others = {"keys": [{**key, "since": "2026-10-02T00:00:00+08:00"} for key in outside["keys"]]}
    assert ("key_out_of_time", "checkpoint 1") in drill.found(keys=others), "nor before it was made"


@pytest.mark.parametrize(
    "update",
    [
        {"leaves": 1},
        {"migrated": 1},
        {"day": "2026-09-30"},
        {"peaks": []},
        {"peaks": [b"p" * 32]},
        {"key_id": "another"},
    ],
)
def test_what_a_seal_says_beside_its_text_is_found_when_it_is_changed(drill: Drill, update: dict[str, Any]) -> None:
    change("evidence_checkpoints", {"number": 2}, {"$set": update})
    (found,) = drill.audit().findings
    assert (found.code, found.subject) == ("checkpoint_changed", "checkpoint 2")
    assert next(iter(update)) in found.detail


@pytest.mark.parametrize(
    "update", [{"number": 1}, {"leaves": 3}, {"year": "2025"}, {"created_at": NOW - timedelta(days=1)}]
)
def test_a_day_of_the_bulletin_that_was_changed_is_found(drill: Drill, update: dict[str, Any]) -> None:
    change("evidence_days", {"_id": "2026-10-01"}, {"$set": update})
    assert drill.found() == [("bulletin_differs", "day 2026-10-01")]


def test_a_day_that_was_taken_out_of_the_bulletin_or_put_into_it_is_found(drill: Drill) -> None:
    row = store.collection("evidence_days").find_one({"_id": "2026-10-01"})
    assert row is not None
    store.collection("evidence_days").insert_one({**row, "_id": "2026-09-30"})
    assert drill.found() == [("bulletin_differs", "day 2026-09-30")]
    store.collection("evidence_days").delete_many({})
    assert drill.found() == [("bulletin_differs", "day 2026-10-01")]


def test_a_removed_seal_is_found(drill: Drill) -> None:
    store.collection("evidence_checkpoints").delete_one({"number": 2})
    assert ("checkpoint_missing", "checkpoint 2") in drill.found()


def test_a_record_without_a_leaf_is_found(drill: Drill) -> None:
    row = store.collection("farming_records").find_one({"version": 1})
    assert row is not None
    stranger = f"{drill.grove.farm.producer_id}.inserted-0001"
    store.collection("farming_records").insert_one({**row, "_id": stranger, "root_id": stranger})
    assert drill.found() == [("inserted", f"farming.record {stranger}")]


def test_a_record_with_a_leaf_that_claims_an_earlier_day_is_found(
    drill: Drill, travel: Callable[[datetime], None]
) -> None:
    """An insider with the platform's own code writes a record as of before what is sealed."""
    travel(NOW - timedelta(minutes=5))
    batch_id, client_id = drill.grove.farm.batch_id, "insider-0001"
    farming.record(
        system("insider"), batch_id=batch_id, client_id=client_id, kind="weeding", happened_on=date(2026, 6, 2)
    )
    travel(NOW + timedelta(minutes=12))
    evidence.seal()
    assert drill.found() == [("back_dated", f"farming.record {drill.grove.farm.producer_id}.{client_id}")]


def test_what_waited_while_the_sealer_stood_still_is_not_dated_back(
    drill: Drill, travel: Callable[[datetime], None]
) -> None:
    land = drill.grove.farm
    for minute in (11, 11, 12, 12, 13, 13):
        travel(NOW + timedelta(minutes=minute))
        assert land.sync(land.item(happened_on="2026-06-01")).status_code == 200
    travel(NOW + timedelta(hours=2))
    assert [evidence.seal_once(2) for _ in range(3)] == [2, 2, 2]
    assert drill.found() == []


@dataclass
class Busy(Database):
    """A platform that goes on: between one collection and the next something is written and sealed."""

    uri: str
    work: Callable[[], Any]

    def __post_init__(self) -> None:
        super().__init__(self.uri)

    def rows(self, collection: str) -> Iterator[dict[str, Any]]:
        yield from super().rows(collection)
        self.work()


def test_a_platform_that_goes_on_while_it_is_audited_is_not_accused_and_what_is_wrong_is_found(drill: Drill) -> None:
    land = drill.grove.farm

    def work() -> None:
        assert land.sync(land.item(happened_on="2026-06-01")).status_code == 200
        evidence.seal()

    def found() -> list[tuple[str, str]]:
        source = Busy(drill.uri, work)
        report = command.audit(source, keys=None, kept=drill.kept, progress=lambda _: None)
        return [(one.code, one.subject) for one in report.findings]

    assert found() == []
    name = drill.name("farming.record")
    change("farming_records", {"_id": name.split()[1]}, {"$set": {"happened_on": date(2026, 5, 31).isoformat()}})
    assert found() == [("altered", name)]


def test_a_document_older_than_its_own_leaf_is_found(drill: Drill) -> None:
    row = store.collection("farming_records").find_one({"version": 1})
    assert row is not None
    stranger = f"{drill.grove.farm.producer_id}.inserted-0002"
    forged = {**row, "_id": stranger, "root_id": stranger, "created_at": NOW - timedelta(days=30)}
    store.collection("farming_records").insert_one(forged)
    producer_id = drill.grove.farm.producer_id
    store.transaction(lambda: evidence.append([evidence.Leaf("farming.record", stranger, producer_id, forged)]))
    evidence.seal()
    assert drill.found() == [("back_dated", f"farming.record {stranger}")]


@pytest.mark.parametrize(("days", "code"), [(-30, "back_dated"), (1, "post_dated")])
def test_what_happened_later_to_a_document_cannot_be_dated_otherwise_than_its_leaf(
    drill: Drill, days: int, code: str
) -> None:
    """A void, a turn and a hold: only what a leaf says of its time tells when the goods were stopped."""
    certificate = store.collection("certificates").find_one({"state": "valid"})
    assert certificate is not None
    at = clock.now() + timedelta(days=days)
    said = {"reason": "other", "note": "", "at": at, "by": "insider"}
    change("certificates", {"_id": certificate["_id"]}, {"$set": {"state": "void", "void": said, "standing": "void"}})
    hold = {**said, "at": at.isoformat()}
    change("lots", {"_id": drill.grove.lot_id}, {"$set": {"hold": hold}})
    void = {**certificate, "state": "void", "void": said}
    producer_id = certificate["producer_id"]
    leaves = [
        evidence.Leaf("certificate.void", certificate["_id"], producer_id, void),
        evidence.Leaf("certificate.turn", certificate["_id"], producer_id, {"turn": "void", **said}),
        evidence.Leaf("lot.hold", drill.grove.lot_id, producer_id, hold),
    ]
    store.transaction(lambda: evidence.append(leaves))
    evidence.seal()
    found = {subject for which, subject in drill.found() if which == code}
    assert found == {f"{leaf.kind} {leaf.subject_id}" for leaf in leaves}


def rolled_back(drill: Drill) -> None:
    """As a restored backup of an hour ago would be: nothing in it contradicts itself."""
    old = store.collection("evidence_checkpoints").find_one({"number": 2})
    assert old is not None
    late = list(store.collection("evidence_leaves").find({"position": {"$gte": old["size"]}}))
    for leaf in late:
        collection = {form["kind"]: form.get("collection") for form in documents.forms()}[leaf["kind"]]
        if collection:
            store.collection(collection).delete_one({"_id": leaf["subject_id"]})
    store.collection("lots").update_many({}, {"$set": {"state": "free", "hold": {}, "certified_base": 0}})
    store.collection("evidence_leaves").delete_many({"position": {"$gte": old["size"]}})
    tile = store.collection("evidence_tiles").find_one({"_id": "0/0"})
    assert tile is not None
    change("evidence_tiles", {"_id": "0/0"}, {"$set": {"hashes": tile["hashes"][: old["size"] * 32]}})
    store.collection("evidence_checkpoints").delete_many({"number": {"$gt": 2}})
    change("evidence_days", {}, {"$set": {"number": 2, "leaves": old["size"]}})
    head = {"number": 2, "size": old["size"], "text_hash": ours.text_hash(old["text"]), "sealed_at": old["created_at"]}
    store.collection("evidence_log").update_one({}, {"$set": head})


def test_a_rolled_back_database_is_found_by_a_kept_checkpoint_and_by_nothing_else(drill: Drill) -> None:
    rolled_back(drill)
    assert drill.found(kept=()) == []
    assert drill.found() == [("rolled_back", "kept.txt")]


def test_a_register_written_anew_is_found_by_a_kept_checkpoint(
    drill: Drill, travel: Callable[[datetime], None]
) -> None:
    rolled_back(drill)
    travel(NOW + timedelta(minutes=10))
    for _ in range(8):
        land = drill.grove.farm
        land.sync(land.item(happened_on="2026-06-03"), land.item(happened_on="2026-06-04"))
    evidence.seal()
    assert drill.found(kept=()) == []
    assert drill.found() == [("history_changed", "kept.txt")]


def test_a_void_taken_back_in_secret_and_a_hold_let_go_in_secret_are_found(drill: Drill) -> None:
    certificate = drill.words["certificate_id"]
    change("certificates", {"_id": certificate}, {"$set": {"state": "valid"}, "$unset": {"void": ""}})
    change("lots", {"_id": drill.grove.lot_id}, {"$set": {"state": "free", "hold": {}}})
    change("complaints", {"_id": drill.words["complaint_id"]}, {"$set": {"state": "closed"}})
    assert sorted(drill.found()) == [
        ("lot_differs", f"lot {drill.grove.lot_id}"),
        ("missing", f"certificate.void {certificate}"),
        ("state_differs", f"complaints {drill.words['complaint_id']}"),
        ("state_differs", f"lots {drill.grove.lot_id}"),
    ]


def test_an_erased_contact_is_told_from_a_missing_one_by_its_registered_erasure(drill: Drill) -> None:
    case_id = drill.words["complaint_id"]
    erased(case_id)
    report = drill.audit()
    assert report.findings == [] and report.counts["waiting"] == 1, "it waits for its seal"
    evidence.seal()
    report = drill.audit()
    assert report.findings == [] and report.counts["erased"] == report.counts["erasures"] == 1
    change("complaints", {"_id": case_id}, {"$set": {"contact_sealed": "x"}})
    assert drill.found() == [("erasure_wrong", f"complaint.filed {case_id}")]
    store.collection("complaints").delete_one({"_id": case_id})
    assert drill.found() == [("missing", f"complaint.remaining {case_id}")]
    other = drill.leaf("farming.record")
    change("evidence_leaves", {"_id": other["_id"]}, {"$unset": {"salt": ""}})
    assert ("salt_missing", f"farming.record {other['subject_id']}") in drill.found()


def erased(case_id: str) -> None:
    """The contact of a case that was closed, as its one door does it."""
    entry = store.collection("complaint_entries").find_one({"complaint_id": case_id})
    row = store.collection("complaints").find_one({"_id": case_id})
    assert entry and row
    closed = {**entry, "_id": "closed-0001", "state": "closed", "created_at": clock.now()}
    store.collection("complaint_entries").insert_one(closed)
    store.transaction(lambda: evidence.append([evidence.Leaf("complaint.step", closed["_id"], None, closed)]))
    change("complaints", {"_id": case_id}, {"$set": {"state": "closed", "open": False}})
    row = store.collection("complaints").find_one({"_id": case_id}) or {}
    store.transaction(lambda: erasing.erase(system("test"), [row], reason="person_asked", note="x"))


def test_a_forged_erasure_hides_nothing_before_its_seal_and_after(drill: Drill) -> None:
    """No key is needed for it: the platform's own sealer seals what waits."""
    leaf = drill.leaf("farming.record")
    name = f"farming.record {leaf['subject_id']}"
    change("farming_records", {"_id": leaf["subject_id"]}, {"$set": {"note": "从未打过药"}})
    named = {"subject_id": leaf["subject_id"], "kind": leaf["kind"], "hash": leaf["hash"]}
    said = {"reason": "person_asked", "by": "insider", "at": clock.now(), **named}
    forged = evidence.Leaf("evidence.erasure", leaf["subject_id"], None, said)
    store.transaction(lambda: evidence.append([forged]))
    assert drill.found() == [("erasure_wrong", name), ("altered", name)]
    evidence.seal()
    assert drill.found() == [("erasure_wrong", name), ("altered", name)]
    change("evidence_leaves", {"_id": leaf["_id"]}, {"$unset": {"salt": ""}})
    assert drill.found() == [("erasure_wrong", name), ("salt_missing", name)]


def test_an_erasure_of_what_may_be_erased_must_be_done_and_the_rest_be_bound_again(drill: Drill) -> None:
    leaf = drill.leaf("complaint.filed")
    name = f"complaint.filed {leaf['subject_id']}"
    change("complaints", {"_id": leaf["subject_id"]}, {"$set": {"text": "一切都好"}})
    named = {"subject_id": leaf["subject_id"], "kind": leaf["kind"], "hash": leaf["hash"]}
    said = {"reason": "person_asked", "by": "insider", "at": clock.now(), **named}
    forged = [
        evidence.Leaf("evidence.erasure", leaf["subject_id"], None, {**said, **more}) for more in ({}, {"hash": b"x"})
    ]
    store.transaction(lambda: evidence.append(forged))
    evidence.seal()
    whose = ("erasure_wrong", f"evidence.erasure {leaf['subject_id']}")
    assert sorted(drill.found()) == [("altered", name), ("erasure_wrong", name), whose], "it still has its salt"
    change("evidence_leaves", {"_id": leaf["_id"]}, {"$unset": {"salt": ""}})
    assert sorted(drill.found()) == [("erasure_wrong", name), whose, ("salt_missing", name)], (
        "nothing says what remains"
    )


def test_a_forged_cosignature_is_found(drill: Drill) -> None:
    witness = appointed()
    newest = evidence.latest()
    evidence.cosign(number=newest.number, cosignature=witness.line(newest.note, int(clock.now().timestamp())))
    assert drill.audit().counts["cosignatures"] == 1
    line = witness.line(evidence.checkpoint(1).note, int(clock.now().timestamp())) + "\n"
    change("evidence_cosignatures", {"witness": witness.name}, {"$set": {"line": line}})
    assert drill.found() == [("cosignature_wrong", f"checkpoint 3 {witness.name}")]


def test_the_command_says_by_its_exit_status_what_it_found_and_keeps_a_checkpoint(
    drill: Drill, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kept, dump = tmp_path / "kept", tmp_path / "dump"
    assert command.main(["--uri", drill.uri, "--keep", str(kept), "--write-dump", str(dump)]) == 0
    assert notes.read(next(kept.iterdir()).read_text("utf-8")).size == evidence.latest().size
    assert command.main(["--dump", str(dump), "--kept", str(kept), "--json"]) == 0
    leaf = drill.leaf("farming.record")
    change("farming_records", {"_id": leaf["subject_id"]}, {"$set": {"note": "改过"}})
    capsys.readouterr()
    assert command.main(["--uri", drill.uri, "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert [one["subject"] for one in told["findings"]] == [f"farming.record {leaf['subject_id']}"]
    assert command.main(["--uri", drill.uri]) == 1
    said = capsys.readouterr()
    assert WORDS["altered"][0] in said.out and "farming_records" in said.err


def test_a_dump_and_the_database_give_the_same_report(drill: Drill, tmp_path: Path) -> None:
    source = Database(drill.uri)
    write_dump(source, [*REGISTER, *documents.collections()], tmp_path)
    dumped = command.audit(Dump(tmp_path), keys=None, kept=drill.kept, progress=print)
    assert dumped.as_json() == drill.audit().as_json()
    with pytest.raises(SystemExit):
        Dump(tmp_path / "nothing")


def test_from_outside_the_register_is_checked_without_the_documents(drill: Drill, site: str) -> None:
    report = command.audit(Web(site), keys=None, kept=drill.kept, progress=lambda _: None)
    assert report.findings == [] and report.counts["leaves"] == evidence.latest().size
    change("evidence_days", {"_id": "2026-10-01"}, {"$set": {"leaves": 3}})
    change("evidence_checkpoints", {"number": 2}, {"$set": {"leaves": 1}})
    report = command.audit(Web(site), keys=None, kept=drill.kept, progress=lambda _: None)
    found = {(one.code, one.subject) for one in report.findings}
    assert found == {("bulletin_differs", "day 2026-10-01"), ("checkpoint_changed", "checkpoint 2")}
    change("evidence_leaves", {"position": 5}, {"$set": {"hash": b"x" * 32}})
    report = command.audit(Web(site), keys=None, kept=drill.kept, progress=lambda _: None)
    assert {"root_differs", "history_changed"} <= {one.code for one in report.findings}
