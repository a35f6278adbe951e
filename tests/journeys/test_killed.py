"""Killing the app or the database (-9) in the middle of syncing and certifying loses nothing that was acknowledged and
leaves nothing half-made; the database's directory is started a second time on the way."""

import itertools
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pymongo
import pytest

from tests.factories.killed import Platform

SENDERS = 3
READ = (
    "farming_records",
    "evidence_leaves",
    "audit_lines",
    "lots",
    "certificates",
    "gate_decisions",
    "public_traces",
)


@pytest.fixture
def platform(tmp_path: Path) -> Iterator[Platform]:
    made = Platform(tmp_path)
    try:
        made.start_database()
        made.start_app()
        yield made
    finally:
        made.stop()


class Farmer(threading.Thread):
    """Sends a season after the other, each with a harvest, and certifies it; remembers what was acknowledged."""

    def __init__(self, platform: Platform, world: dict[str, Any], name: str) -> None:
        super().__init__(name=name)
        self.platform, self.world, self.stopped = platform, world, threading.Event()
        self.records: set[str] = set()
        self.certificates: dict[str, str] = {}
        self.unanswered: list[tuple[str, dict[str, Any]]] = []

    def run(self) -> None:
        for number in itertools.count():
            if self.stopped.is_set():
                return
            items = [self.item(f"{self.name}-{number:04}-{one:02}") for one in range(4)]
            items.append(self.item(f"{self.name}-{number:04}-hv", kind="harvest", amount="100", unit="kg"))
            self.post("/api/v1/farming/records:sync", {"items": items})
            lot_id = f"{self.world['producer_id']}.{items[-1]['client_id']}"
            wanted = {"client_id": f"{self.name}-{number:04}-ct", "lot_id": lot_id, "amount": "60", "unit": "kg"}
            self.post("/api/v1/certificates", {**wanted, "bases": ["quality_control"]})

    def item(self, client_id: str, **more: str) -> dict[str, Any]:
        shared = {"batch_id": self.world["batch_id"], "happened_on": "2026-09-30"}
        return {"client_id": client_id, "kind": "weeding", **shared, **more}

    def post(self, path: str, body: dict[str, Any]) -> None:
        status, answer = self.platform.send(path, body, token=self.world["token"])
        if status == 201:
            self.certificates[answer["id"]] = answer["code"]
        elif status == 200:
            self.records |= {one["id"] for one in answer["items"]}
        elif status == 0 or status >= 500:
            self.unanswered.append((path, body))
            self.stopped.wait(0.1)  # a dead server refuses faster than a phone would ask again
        elif answer["reason"] != "not_found":  # its lot was never made: the sync before got no answer
            raise AssertionError((status, answer))


@pytest.mark.slow
@pytest.mark.parametrize("part", ["app", "database"])
def test_nothing_acknowledged_is_lost_and_nothing_is_half_made(platform: Platform, part: str) -> None:
    world = platform.orchard()
    farmers = [Farmer(platform, world, f"phone{number}") for number in range(SENDERS)]
    for farmer in farmers:
        farmer.start()
    while sum(len(farmer.certificates) for farmer in farmers) < 4:
        time.sleep(0.02)
    platform.kill(part)
    time.sleep(0.3)
    for farmer in farmers:
        farmer.stopped.set()
    for farmer in farmers:
        farmer.join()
    platform.restart(part)

    assert sum(len(farmer.unanswered) for farmer in farmers) > 0, "the kill came between two requests"
    with pymongo.MongoClient(platform.environ["MONGODB_URI"]) as client:
        data = client.get_default_database("longtrace")
        complete(at_once(client))
        acknowledged(platform, data, farmers)
        for farmer in farmers:
            for path, body in farmer.unanswered:
                status, answer = platform.send_again(path, body, token=world["token"])
                assert status in (200, 201) or answer["reason"] == "not_found", (status, answer)
        complete(at_once(client))


def acknowledged(platform: Platform, data: Any, farmers: list[Farmer]) -> None:
    stored = {row["_id"] for row in data.farming_records.find({}, ["_id"])}
    for farmer in farmers:
        assert farmer.records <= stored
        for certificate_id, code in farmer.certificates.items():
            assert data.certificates.find_one({"_id": certificate_id, "code": code})
            assert platform.send_again(f"/t/{code}")[0] == 200


def at_once(client: pymongo.MongoClient[Any]) -> dict[str, list[dict[str, Any]]]:
    """What is stored at one instant: the app may still be at what a sender has stopped waiting for."""
    data = client.get_default_database("longtrace")
    with client.start_session() as session, session.start_transaction():
        return {name: list(data[name].find({}, session=session)) for name in READ}


def complete(data: Mapping[str, Sequence[Mapping[str, Any]]]) -> None:
    """Every document has all that belongs to it, exactly once, and the ledger adds up."""
    records = data["farming_records"]
    leaves = Counter((row["kind"], row["subject_id"]) for row in data["evidence_leaves"])
    audited = Counter(
        subject for row in data["audit_lines"] if row["action"] == "farming.record" for subject in row["subjects"]
    )
    allowed = {row["_id"] for row in data["gate_decisions"] if row["allowed"]}
    codes = {row["_id"] for row in data["public_traces"]}
    assert all(leaves["farming.record", row["_id"]] == 1 and audited[row["_id"]] == 1 for row in records)
    harvests = {row["_id"] for row in records if row["kind"] == "harvest"}
    lots = {row["_id"]: row for row in data["lots"]}
    assert set(lots) == harvests
    certified: Counter[str] = Counter()
    for row in data["certificates"]:
        certified[row["lot_id"]] += row["base"]
        assert leaves["certificate.issue", row["_id"]] == leaves["certificate.file", row["_id"]] == 1
        assert row["code"] in codes and row["decision_id"] in allowed
    assert len(codes) == len(data["certificates"])
    assert {lot_id: row["certified_base"] for lot_id, row in lots.items()} == {one: certified[one] for one in lots}
