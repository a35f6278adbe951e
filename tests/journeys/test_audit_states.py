"""The tamper drill for what the gate obeys and no leaf binds: one write to it lets goods go, and the audit names it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from backend import config
from backend.base import store
from backend.base.actor import system
from backend.domains.evidence import service as evidence
from backend.domains.signing import service as signing
from backend.gateways.keys.algorithms import kid_of
from backend.migrations import m20261126_revoked_keys as migration
from scripts.audit import states
from tests.api.test_recalls import ordered
from tests.api.test_recalls_withdrawn import withdraw
from tests.factories.http import Api
from tests.factories.kept import Kept
from tests.journeys import test_audit
from tests.journeys.test_audit import NOW, Drill, change

_kept: Kept[Drill] = Kept()


@pytest.fixture
def drill(api: Api, login: Callable[..., str], travel: Callable[[datetime], None], settings: config.Settings) -> Drill:
    made = _kept.get(lambda: build(api, login, travel, settings))
    travel(NOW + timedelta(minutes=10))
    return made


def build(api: Api, login: Callable[..., str], travel: Callable[[datetime], None], settings: config.Settings) -> Drill:
    """As the drill, with a recall that stands, one that was withdrawn, and a drill of one; and a revoked key."""
    made = test_audit.build(api, login, travel, settings)
    leaked = signing.current("certificate")
    signing.rotate(system("test"), "certificate")
    signing.revoke(system("test"), leaked.kid, "compromised")
    ordered(made.grove)
    assert withdraw(made.grove, ordered(made.grove)).status_code == 200
    ordered(made.grove, drill=True)
    evidence.seal()
    return made


def recall_of(state: str) -> str:
    row = store.collection("recalls").find_one({"state": state, "drill": False})
    assert row is not None
    return str(row["_id"])


def test_an_honest_state_passes(drill: Drill) -> None:
    assert drill.found() == []
    assert all(store.collection(name).count_documents({}) for name in states.OBEYED)


@pytest.mark.parametrize("hold", [{}, {"reason": "other"}])
def test_a_hold_that_was_let_go_beside_its_state_is_found(drill: Drill, hold: dict[str, Any]) -> None:
    """What the gate reads is `hold`, and the word in `state` is for lists."""
    change("lots", {"_id": drill.grove.lot_id}, {"$set": {"hold": hold}})
    assert drill.found() == [("state_differs", f"lots {drill.grove.lot_id}")]


def test_a_hold_that_was_put_back_after_its_release_or_never_ordered_is_found(drill: Drill) -> None:
    lot = {"_id": drill.grove.lot_id}
    hold = (store.collection("lots").find_one(lot) or {})["hold"]
    path = f"/api/v1/lots/{lot['_id']}/release"
    assert drill.grove.api.post(path, {"note": "查清了"}, as_=drill.grove.officer).status_code == 200
    assert drill.found() == []
    change("lots", lot, {"$set": {"hold": hold}})
    assert drill.found() == [("state_differs", f"lots {lot['_id']}")]


def test_a_recall_that_was_ended_or_revived_in_the_database_is_found(drill: Drill) -> None:
    standing, withdrawn = recall_of("ordered"), recall_of("withdrawing")
    store.collection("recall_ends").insert_one({"_id": standing, "created_at": NOW})
    assert drill.found() == [("state_differs", f"recall_ends {standing}")]
    store.collection("recall_ends").delete_one({"_id": standing})
    store.collection("recall_ends").delete_one({"_id": withdrawn})
    assert drill.found() == [("state_differs", f"recall_ends {withdrawn}")]


@pytest.mark.parametrize(
    "update", [{"key": "lot:P000000001.other"}, {"reason": "other"}, {"since": "2027-01-01"}, {"until": "2020-01-01"}]
)
def test_a_mark_of_a_recall_that_was_changed_is_found(drill: Drill, update: dict[str, Any]) -> None:
    recall = recall_of("ordered")
    change("recall_marks", {"recall_id": recall}, {"$set": update})
    assert drill.found() == [("state_differs", f"recall_marks {recall}")]


def test_a_mark_that_was_taken_away_or_put_in_is_found(drill: Drill) -> None:
    recall = recall_of("ordered")
    row = store.collection("recall_marks").find_one({"recall_id": recall})
    trial = store.collection("recalls").find_one({"drill": True})
    assert row and trial
    store.collection("recall_marks").delete_one({"_id": row["_id"]})
    assert drill.found() == [("state_differs", f"recall_marks {recall}")]
    others = ["strange", trial["_id"]]
    rows = [{**row, "_id": f"{row['key']}~{other}", "recall_id": other} for other in others]
    store.collection("recall_marks").insert_many([row, *rows])
    assert sorted(drill.found()) == sorted(("state_differs", f"recall_marks {other}") for other in others)


def test_another_rulebook_than_the_one_that_came_to_hold_is_found(drill: Drill) -> None:
    draft = drill.words["version"]
    change("active_rulebook", {"_id": "active"}, {"$set": {"version": draft}})
    assert drill.found() == [("state_differs", "active_rulebook")]
    store.collection("active_rulebook").delete_many({})
    assert drill.found() == [("state_differs", "active_rulebook")]


@pytest.mark.parametrize(
    ("collection", "update"),
    [
        ("rulebook_versions", {"state": "approved"}),
        ("rulebook_versions", {"state": "scheduled"}),
        ("certificates", {"standing": "restored"}),
    ],
)
def test_a_state_that_nothing_registered_leads_to_is_found(
    drill: Drill, collection: str, update: dict[str, Any]
) -> None:
    subject = drill.words["version" if collection == "rulebook_versions" else "certificate_id"]
    change(collection, {"_id": subject}, {"$set": update})
    assert drill.found() == [("state_differs", f"{collection} {subject}")]


def test_a_revoked_key_that_was_made_to_count_again_is_found(drill: Drill) -> None:
    (row,) = store.collection("signing_keys").find({"state": "revoked"})
    for update in ({"$set": {"state": "retired"}}, {"$set": {"state": "retired"}, "$unset": {"revoked": ""}}):
        change("signing_keys", {"_id": row["_id"]}, update)
        assert ("missing", f"key.revoked {row['_id']}") in drill.found()
        store.collection("signing_keys").replace_one({"_id": row["_id"]}, row)
    store.collection("signing_keys").delete_one({"_id": row["_id"]})
    assert ("missing", f"key.revoked {row['_id']}") in drill.found()


def test_a_key_that_the_platform_never_made_is_found_on_its_list(drill: Drill) -> None:
    """A thief's own key between two honest ones, under a name that is its own, so that certificates by it pass."""
    row = store.collection("signing_keys").find_one({"purpose": "certificate", "state": "current"})
    assert row is not None
    kid = kid_of({**row["jwk"], "x": "A" * 43})
    thief = {**row, "_id": kid, "jwk": {**row["jwk"], "x": "A" * 43}, "state": "retired", "until": row["since"]}
    store.collection("signing_keys").insert_one({**thief, "since": row["since"] - timedelta(days=9)})
    found = drill.found()
    assert found and {code for code, _ in found} == {"state_differs"}
    store.collection("signing_keys").delete_one({"_id": kid})
    change("signing_keys", {"_id": row["_id"]}, {"$set": {"jwk.x": "A" * 43}})
    assert drill.found() == [("state_differs", f"signing_keys {row['_id']}")]
    change("signing_keys", {"_id": row["_id"]}, {"$set": {"jwk.x": row["jwk"]["x"]}})
    change("current_keys", {"_id": "certificate"}, {"$set": {"kid": kid}})
    assert drill.found() == [("state_differs", "current_keys certificate")]


def test_a_key_that_was_revoked_before_the_register_knew_of_it_gets_a_leaf_that_says_so(drill: Drill) -> None:
    leaves = store.collection("evidence_leaves")
    signing.rotate(system("test"), "revocations")
    old = signing.current("revocations")
    signing.rotate(system("test"), "revocations")
    signing.revoke(system("test"), old.kid, "lost")
    leaves.delete_one({"subject_id": old.kid})
    assert drill.found() == [("inserted", f"key.revoked {old.kid}")]
    for _ in range(2):
        migration.run(store.database())
    evidence.seal()
    (leaf,) = leaves.find({"subject_id": old.kid})
    assert leaf["origin"] == "migration" and drill.found() == []
