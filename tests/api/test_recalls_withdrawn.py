"""A recall ordered by mistake is taken back: at once for the gate, then for lots, pages and certificates in chunks."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from backend import config
from backend.base import store
from backend.base.actor import system
from backend.domains.certificates import service as certificates
from backend.domains.evidence import service as evidence
from backend.domains.lots import service as lots
from backend.domains.tracing import service as tracing
from backend.domains.tracing.service import spreading, withdrawing
from scripts.audit import __main__ as audit
from scripts.audit.sources import Database
from tests.api.conftest import NOW
from tests.api.test_exchange_epcis import exported
from tests.api.test_recalls import ordered, page, pdf_text, shown
from tests.factories.certificates import Orchard
from tests.factories.epcis import events_in
from tests.factories.lots import API, Holder, holder, line, part

MISTAKE = {"reason": "wrong_target", "note": "批次号看错一位"}


def withdraw(grove: Orchard, recall: Any, *, as_: str | None = None, **said: Any) -> Any:
    return grove.api.post(f"{API}/recalls/{recall['id']}/withdrawal", MISTAKE | said, as_=as_ or grove.officer)


def spread(grove: Orchard, recall: Any) -> Any:
    """Let the worker take its turns until it has nothing left to do; the recall as it is then."""
    while tracing.spread_recalls():
        pass
    return shown(grove, recall).json


def state(grove: Orchard, certificate: Any) -> str:
    return str(grove.api.get(f"{API}/certificates/{certificate['id']}", as_=grove.token).json["state"])


def taken_back() -> set[str]:
    """Those of the trace codes there are that the signed list names."""
    certificates.publish_revocations()
    names = store.collection("revocations").find({"lifted": {"$ne": True}, "listed": True})
    return {str(row["_id"]) for row in names}


def test_from_its_commit_on_the_gate_is_open_and_pages_follow_with_everything_they_had(
    grove: Orchard, me: Holder, other: Holder
) -> None:
    made = grove.issued()
    (theirs,) = me.passed_on(other, line(grove.lot_id, "400"))
    recall = ordered(grove)
    assert spread(grove, recall)["state"] == "spread"
    before = store.collection("certificates").find_one({"_id": made["id"]})
    assert withdraw(grove, recall).json["state"] == "withdrawing"
    assert (me.lot(grove.lot_id)["state"], other.lot(theirs)["state"]) == ("free", "free")
    assert grove.issue(amount="100").status_code == 201, "nothing is freed yet, and nothing is refused any more"
    assert other.convert("split", [line(theirs, "10")], [part("10")]).status_code == 201
    assert page(grove, made["code"])["state"] == "recalled", "pages follow with their chunk"
    after = spread(grove, recall)
    assert (after["state"], after["counts"]["freed"], after["counts"]["kept"]) == ("withdrawn", 2, 0)
    assert after["counts"]["restored"] == 1 and after["withdrawal"]["reason"] == "wrong_target"
    story = page(grove, made["code"])
    assert (story["state"], story["recall"], story["certificate"]["voided_at"]) == ("valid", None, None)
    assert {row["state"] for row in store.collection("lots").find({})} == {"free"}
    stored = store.collection("certificates").find_one({"_id": made["id"]})
    assert before is not None and stored is not None
    assert stored == before | {"restored": stored["restored"]}, "nothing is taken away: one field is added"
    assert {row["state"] for row in shown(grove, recall, "/lots").json["items"]} == {"freed"}
    for who in (me, other):
        kinds = [one["kind"] for one in grove.api.get(f"{API}/inbox", as_=who.token).json["items"]]
        assert kinds.count("recall_withdrawn") == 1
    text = pdf_text(shown(grove, recall, "/report.pdf").data)
    assert "召回对象选错：批次号看错一位" in text and "1 张合格证恢复有效" in text
    assert tracing.spread_recalls() == 0


def taken_back_again(grove: Orchard) -> Any:
    """A recall ordered by mistake, spread, and withdrawn; as it is then."""
    recall = ordered(grove)
    assert spread(grove, recall)["state"] == "spread"
    assert withdraw(grove, recall).status_code == 200
    return spread(grove, recall)


def audited(settings: config.Settings) -> list[tuple[str, str]]:
    evidence.seal()
    report = audit.audit(Database(settings.mongodb_uri), keys=None, progress=lambda _: None, kept=[])
    return [(finding.code, finding.subject) for finding in report.findings]


def test_however_often_it_is_recalled_by_mistake_it_stands_again_and_the_register_holds_every_turn(
    grove: Orchard, settings: config.Settings, travel: Callable[[datetime], None]
) -> None:
    made, rounds = grove.issued(), 4
    for minute in range(rounds):
        travel(NOW + timedelta(minutes=2 * minute + 1))
        recall = ordered(grove)
        assert spread(grove, recall)["state"] == "spread"
        assert (state(grove, made), taken_back()) == ("void", {made["code"]})
        travel(NOW + timedelta(minutes=2 * minute + 2))
        assert withdraw(grove, recall).status_code == 200
        assert spread(grove, recall)["counts"]["restored"] == 1
        assert (state(grove, made), page(grove, made["code"])["state"], taken_back()) == ("valid", "valid", set())
    assert grove.api.get(f"{API}/lots/{grove.lot_id}", as_=grove.token).json["left"] == "600"
    told = [one.get("longtrace:certificateState") for one in events_in(exported(holder(grove.farm), grove.lot_id))]
    assert [one for one in told if one] == ["issued"] + ["void", "restored"] * rounds
    kinds = [row["kind"] for row in store.collection("evidence_leaves").find({"subject_id": made["id"]})]
    once = [f"certificate.{kind}" for kind in ("file", "issue", "restore", "void", "void_again")]
    assert sorted(kinds) == sorted(once + ["certificate.turn"] * (2 * rounds - 3))
    notices = [one["kind"] for one in grove.api.get(f"{API}/inbox", as_=grove.token).json["items"]]
    assert notices.count("certificate_voided") == rounds
    assert audited(settings) == []
    store.collection("certificates").update_one({"_id": made["id"]}, {"$set": {"standing": "void"}})
    assert audited(settings) == [("state_differs", f"certificates {made['id']}")]


@pytest.mark.parametrize("rounds", [0, 1, 2])
def test_what_somebody_voided_for_another_reason_no_withdrawal_brings_back(grove: Orchard, rounds: int) -> None:
    made = grove.issued()
    for _ in range(rounds):
        taken_back_again(grove)
    assert grove.void(made["id"], as_=grove.officer).status_code == 200
    assert grove.void(made["id"], as_=grove.officer).status_code == 200, "the same again"
    assert grove.void(made["id"], as_=grove.officer, reason="not_sold").json["reason"] == "certificate_already_void"
    assert taken_back_again(grove)["counts"]["restored"] == 0
    assert (state(grove, made), page(grove, made["code"])["state"]) == ("void", "void")
    assert grove.api.get(f"{API}/lots/{grove.lot_id}", as_=grove.token).json["left"] == "1000"


def test_what_another_recall_or_a_hold_stops_stays_stopped(grove: Orchard, me: Holder, other: Holder) -> None:
    made = grove.issued(amount="100")
    (theirs,) = me.passed_on(other, line(grove.lot_id, "400"))
    mistaken = ordered(grove)
    right = ordered(grove, target="lot", target_id=theirs, reason="illness")
    assert spread(grove, mistaken)["state"] == "spread"
    assert lots.facts(theirs).recall_id == mistaken["id"], "who was first is written on it"
    hold = grove.api.post(f"{API}/lots/{grove.lot_id}/hold", {"reason": "complaint"}, as_=grove.officer)
    assert hold.status_code == 200
    withdraw(grove, mistaken)
    assert lots.facts(theirs).recall_id == right["id"], "the other binds before anything is freed"
    counts = spread(grove, mistaken)["counts"]
    assert (counts["freed"], counts["kept"]) == (1, 1)
    assert store.collection("lots").find_one({"_id": theirs})["recall"]["recall_id"] == right["id"]  # type: ignore[index]
    assert (me.lot(grove.lot_id)["state"], page(grove, made["code"])["state"]) == ("held", "held")
    assert other.convert("split", [line(theirs, "1")], [part("1")]).json["reason"] == "lot_recalled"
    withdraw(grove, right)
    spread(grove, right)
    assert other.lot(theirs)["state"] == "free"


def test_it_may_be_broken_off_and_a_chunk_of_the_recall_that_comes_late_writes_nothing(
    grove: Orchard, me: Holder, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = grove.issued(amount="100")
    me.made("split", [line(grove.lot_id, "60")], [part("10") for _ in range(6)])
    recall = ordered(grove)
    monkeypatch.setattr(spreading, "CHUNK", 2)
    monkeypatch.setattr(withdrawing, "CHUNK", 2)
    whole, stop = withdrawing._done, spreading._stop

    def taken_back_first(*said: Any) -> bool:
        if len(stopped) == 2:
            assert withdraw(grove, recall).status_code == 200
        stopped.append(1)
        return stop(*said)

    def dies_once(*said: Any) -> None:
        freed.append(1)
        if len(freed) == 2:
            raise RuntimeError("power cut")
        whole(*said)

    stopped, freed = list[int](), list[int]()
    monkeypatch.setattr(spreading, "_stop", taken_back_first)
    monkeypatch.setattr(withdrawing, "_done", dies_once)
    assert tracing.spread_recalls() == 4, "two chunks, and the third met the withdrawal"
    assert store.collection("lots").count_documents({"state": "recalled"}) == 4
    tracing.spread_recalls()
    after = spread(grove, recall)
    assert (after["state"], after["counts"]["freed"], after["counts"]["restored"]) == ("withdrawn", 7, 1)
    assert store.collection("lots").count_documents({"state": "recalled"}) == 0
    assert (state(grove, made), page(grove, made["code"])["state"]) == ("valid", "valid")


def test_a_certificate_whose_goods_are_gone_meanwhile_does_not_stand_again(grove: Orchard, me: Holder) -> None:
    made = grove.issued()
    recall = ordered(grove)
    spread(grove, recall)
    assert me.leave("destroy", line(grove.lot_id, "700"), reason="recalled").status_code == 201
    withdraw(grove, recall)
    assert spread(grove, recall)["counts"]["restored"] == 0
    assert (state(grove, made), page(grove, made["code"])["state"]) == ("void", "void")


def test_a_certificate_that_stands_again_goes_with_its_goods_and_its_next_void_is_told(
    grove: Orchard, me: Holder, other: Holder
) -> None:
    made = grove.issued(amount="400")
    sent = me.ship(other, line(grove.lot_id, "400")).json
    recall = ordered(grove)
    spread(grove, recall)
    path = f"{API}/lots/shipments/{sent['id']}/certificates"
    assert grove.api.get(path, as_=other.token).json["items"] == []
    withdraw(grove, recall)
    spread(grove, recall)
    assert [one["code"] for one in grove.api.get(path, as_=other.token).json["items"]] == [made["code"]]
    assert grove.void(made["id"], as_=grove.officer).status_code == 200
    kinds = [one["kind"] for one in grove.api.get(f"{API}/inbox", as_=me.token).json["items"]]
    assert kinds.count("certificate_voided") == 2
    assert grove.api.get(path, as_=other.token).json["items"] == []


def test_before_anything_was_found_it_is_taken_back_without_a_trace_on_lots(grove: Orchard, me: Holder) -> None:
    recall = ordered(grove)
    withdraw(grove, recall)
    assert grove.issue(amount="1").status_code == 201
    assert spread(grove, recall)["state"] == "withdrawn"
    kinds = [one["kind"] for one in grove.api.get(f"{API}/inbox", as_=me.token).json["items"]]
    assert "lot_recalled" not in kinds and "recall_withdrawn" not in kinds


def test_goods_that_arrive_after_it_and_harvests_of_its_batch_are_free(
    grove: Orchard, me: Holder, other: Holder
) -> None:
    on_the_road = me.ship(other, line(grove.lot_id, "100")).json
    recall = ordered(grove, target="site", target_id=grove.farm.site_id)
    spread(grove, recall)
    withdraw(grove, recall)
    (theirs,) = (one["lot_id"] for one in other.receive(on_the_road).json["makes"])
    tracing.on_recalled_lots([lots.RecalledLotMade(theirs, recall["id"])])
    assert spread(grove, recall)["state"] == "withdrawn"
    assert other.lot(theirs)["state"] == "free"


def test_who_may_take_it_back_and_that_a_retry_is_one(grove: Orchard, me: Holder, login: Callable[..., str]) -> None:
    recall, drill = ordered(grove), ordered(grove, drill=True)
    assert withdraw(grove, recall, as_=login("county_officer", region="620102")).status_code == 404
    assert withdraw(grove, recall, as_=login("township_officer", region="620602")).status_code == 403
    assert withdraw(grove, recall, as_=me.token).status_code == 403
    assert withdraw(grove, recall, reason="tired").status_code == 422
    assert withdraw(grove, drill).json["reason"] == "recall_is_drill"
    assert [withdraw(grove, recall).status_code for _ in range(2)] == [200, 200]
    assert store.collection("evidence_leaves").count_documents({"kind": "recall.withdraw"}) == 1
    closing = grove.api.post(f"{API}/recalls/{recall['id']}/closing", {"note": "完"}, as_=grove.officer)
    assert closing.json["reason"] == "recall_not_spread"
    assert tracing.withdraw(system("test"), recall_id=recall["id"], **MISTAKE).state == "withdrawing"
