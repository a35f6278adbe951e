"""A database from before the forms: every document and every old leaf is registered again, once, and says so."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from backend import config
from backend.base import clock, store
from backend.domains.evidence import service as evidence
from backend.migrations import m20261124_register_forms as migration
from scripts.audit import __main__ as audit
from scripts.audit.sources import Database
from tests.factories.certificates import orchard
from tests.factories.http import Api

NOW = datetime(2026, 10, 1, 2, tzinfo=UTC)


def old_leaf(kind: str, subject: str) -> dict[str, Any]:
    leaf = {"_id": f"old-{kind}-{subject}", "kind": kind, "subject_id": subject, "salt": b"s" * 16}
    return leaf | {"hash": b"h" * 32, "created_at": clock.now()}


def test_documents_and_old_leaves_are_registered_again_once_and_marked(
    api: Api, login: Callable[..., str], travel: Callable[[datetime], None], settings: config.Settings
) -> None:
    travel(NOW)
    grove = orchard(api, login)
    made = grove.issued()
    leaves = store.collection("evidence_leaves")
    before = {(row["kind"], row["subject_id"]) for row in leaves.find({})}
    leaves.delete_many({})
    decided = [old_leaf(kind, subject) for kind, subject in before if kind == "declaration.decision"]
    others = [old_leaf("certificate.issue", made["id"]), old_leaf("lot.hold", grove.lot_id), old_leaf("gone", "away")]
    leaves.insert_many([*decided, *others])
    migration.run(store.database())
    first = list(leaves.find({}, sort=[("_id", 1)]))
    migration.run(store.database())
    assert list(leaves.find({}, sort=[("_id", 1)])) == first, "run again it changes nothing"
    assert {row["origin"] for row in first} == {"migration"}
    documents = {(row["kind"], row["subject_id"]) for row in first if row["kind"] != "evidence.before"}
    assert documents == {pair for pair in before if pair[0] != "declaration.decision"}
    wrapped = {row["said"]["kind"]: row["said"] for row in first if row["kind"] == "evidence.before"}
    assert set(wrapped) == {"declaration.decision", "lot.hold", "gone"} and wrapped["gone"]["hash"] == "68" * 32
    assert evidence.seal() == len(first) == evidence.latest().migrated
    report = audit.audit(Database(settings.mongodb_uri), keys=None, kept=(), progress=lambda _: None)
    assert report.findings == [] and report.counts["migrated"] == len(first)
