"""Recalls over HTTP: obeyed from the moment of the order, then told on pages and to holders; drills touch nothing."""

import io
import json
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import openpyxl
import pypdfium2
import pytest

from backend.base import events, store
from backend.domains.lots import service as lots
from backend.domains.lots.service import receiving
from backend.domains.tracing import service as tracing
from backend.domains.tracing.service import spreading
from backend.web.reader import Traces
from tests.factories.certificates import Orchard
from tests.factories.farming import IMIDACLOPRID
from tests.factories.http import Api
from tests.factories.lots import API, Holder, buyer, fresh, harvested, line, part


def order(grove: Orchard, *, as_: str | None = None, **said: Any) -> Any:
    body = {"client_id": fresh("recall"), "target": "lot", "target_id": grove.lot_id, "reason": "test_failed"} | said
    return grove.api.post(f"{API}/recalls", body, as_=as_ or grove.officer)


def ordered(grove: Orchard, **said: Any) -> Any:
    answer = order(grove, **said)
    assert answer.status_code == 201, answer.text
    return answer.json


def shown(grove: Orchard, recall: Any, rest: str = "", *, as_: str | None = None) -> Any:
    return grove.api.get(f"{API}/recalls/{recall['id']}{rest}", as_=as_ or grove.officer)


def page(grove: Orchard, code: str) -> Any:
    return grove.api.get(f"/t/{code}", headers={"Accept": "application/json"}).json


def test_the_order_alone_stops_everything_that_came_of_it(grove: Orchard, me: Holder, other: Holder) -> None:
    """Nothing was spread yet: the lots themselves know nothing, what they came from does."""
    (theirs,) = me.passed_on(other, line(grove.lot_id, "400"))
    (packed,) = other.made("repack", [line(theirs, "400")], [part("390")])
    on_the_road = me.ship(other, line(grove.lot_id, "100")).json
    ordered(grove)
    assert store.collection("lots").find_one({"_id": packed})["state"] == "free"
    for who, lot_id in ((me, grove.lot_id), (other, theirs), (other, packed)):
        assert (who.lot(lot_id)["state"], who.lot(lot_id)["held_reason"]) == ("recalled", "recalled")
    refused = grove.issue()
    assert [one["reason"] for one in refused.json["details"]] == ["gate_lot_held"]
    for answer in (
        other.convert("split", [line(packed, "1")], [part("1")]),
        other.leave("retail", line(packed, "1")),
        me.ship(other, line(grove.lot_id, "1")),
    ):
        assert (answer.status_code, answer.json["reason"]) == (422, "lot_recalled")
    assert other.leave("destroy", line(packed, "1"), reason="recalled").status_code == 201
    assert other.ship(me, line(theirs, "0.001"), kind="return").status_code == 422  # all of it was repacked
    assert other.receive(on_the_road).status_code == 201


def test_pages_turn_red_certificates_are_void_and_holders_are_told(grove: Orchard, me: Holder, other: Holder) -> None:
    made = grove.issued()
    (theirs,) = me.passed_on(other, line(grove.lot_id, "400"))
    recall = ordered(grove)
    assert (recall["state"], page(grove, made["code"])["state"]) == ("ordered", "valid")
    assert tracing.spread_recalls() == 2
    after = shown(grove, recall).json
    assert (after["state"], after["counts"]) == (
        "spread",
        {"lots": 2, "holders": 2, "steps": 1, "done": 2, "pages": 1},
    )
    story = page(grove, made["code"])
    assert (story["state"], story["recall"]["reason"]) == ("recalled", "test_failed")
    assert grove.api.get(f"{API}/certificates/{made['id']}", as_=grove.token).json["void_reason"] == "recalled"
    for who in (me, other):
        kinds = [one["kind"] for one in grove.api.get(f"{API}/inbox", as_=who.token).json["items"]]
        assert kinds.count("lot_recalled") == 1
    rows = shown(grove, recall, "/lots").json["items"]
    assert {row["lot_id"]: (row["step"], row["state"]) for row in rows} == {
        grove.lot_id: (0, "done"),
        theirs: (1, "done"),
    }
    assert tracing.spread_recalls() == 0


def test_the_gate_is_shut_first_and_each_page_is_red_elsewhere_with_its_own_chunk(
    grove: Orchard, me: Holder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other reader is a process of its own: it hears of no change and asks the store."""
    small = me.made("split", [line(grove.lot_id, "60")], [part("30"), part("30")])
    codes = [grove.issued(lot_id=lot_id, amount="10")["code"] for lot_id in (grove.lot_id, *small)]
    elsewhere = Traces(lambda: store.collection("public_traces"), ttl=0.0, entries=9, security=())

    def red() -> list[bool]:
        answers = [elsewhere.get(code, "json", gz=False) for code in codes]
        return [json.loads(answer.body)["state"] == "recalled" for answer in answers if answer]

    monkeypatch.setattr(spreading, "CHUNK", 1)
    recall = ordered(grove)
    for lot_id in (grove.lot_id, *small):
        assert grove.issue(lot_id=lot_id, amount="1").json["reason"] == "gate_refused"
    assert red() == [False, False, False], "the gate is shut before anything was looked for"
    seen = []
    while shown(grove, recall).json["state"] != "spread":
        tracing.spread_recalls(chunks=1)
        seen.append(sum(red()))
        assert red()[0], "the nearest first"
    assert seen[:3] == [1, 2, 3]


def test_what_was_on_the_road_is_recalled_where_it_arrives(grove: Orchard, me: Holder, other: Holder) -> None:
    sent = me.ship(other, line(grove.lot_id, "400")).json
    recall = ordered(grove)
    tracing.spread_recalls()
    (theirs,) = (one["lot_id"] for one in other.receive(sent).json["makes"])
    events.deliver()
    assert shown(grove, recall).json["state"] == "spreading"
    tracing.spread_recalls()
    after = shown(grove, recall).json
    assert (after["state"], after["counts"]["lots"], other.lot(theirs)["state"]) == ("spread", 2, "recalled")


def test_a_receipt_that_is_under_way_while_a_recall_runs_through_is_not_missed(
    grove: Orchard, me: Holder, other: Holder, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = me.ship(other, line(grove.lot_id, "400")).json
    made, recalls = receiving._lot, list[Any]()

    def run_through() -> None:
        app = grove.api.client.application
        said = {"client_id": fresh("recall"), "target": "lot", "target_id": grove.lot_id, "reason": "test_failed"}
        recalls.append(Api(app.test_client()).post(f"{API}/recalls", said, as_=grove.officer).json)
        while tracing.spread_recalls():
            pass

    def meanwhile(*said: Any) -> Any:
        if not recalls:
            thread = threading.Thread(target=run_through)
            thread.start()
            thread.join()
        return made(*said)

    monkeypatch.setattr(receiving, "_lot", meanwhile)
    (theirs,) = (one["lot_id"] for one in other.receive(sent).json["makes"])
    events.deliver()
    tracing.spread_recalls()
    after = shown(grove, recalls[0]).json
    assert (after["state"], after["counts"]["lots"], other.lot(theirs)["state"]) == ("spread", 2, "recalled")
    assert theirs in {one["lot_id"] for one in shown(grove, recalls[0], "/lots").json["items"]}


def test_a_broken_off_recall_goes_on_where_it_was(grove: Orchard, me: Holder, monkeypatch: pytest.MonkeyPatch) -> None:
    me.made("split", [line(grove.lot_id, "60")], [part("10") for _ in range(6)])
    recall = ordered(grove)
    monkeypatch.setattr(spreading, "CHUNK", 2)
    whole, calls = spreading._done, list[int]()

    def dies_once(*said: Any) -> None:
        calls.append(1)
        if len(calls) == 2:
            raise RuntimeError("power cut")
        whole(*said)

    monkeypatch.setattr(spreading, "_done", dies_once)
    assert tracing.spread_recalls() == 0
    assert shown(grove, recall).json["counts"]["done"] == 2
    assert tracing.spread_recalls() == 5
    assert shown(grove, recall).json["counts"] == {"lots": 7, "holders": 1, "steps": 1, "done": 7, "pages": 0}


def test_a_drill_finds_everything_and_touches_nothing(grove: Orchard, me: Holder, other: Holder) -> None:
    made = grove.issued()
    me.passed_on(other, line(grove.lot_id, "400"))
    before = {name: list(store.collection(name).find({})) for name in ("lots", "public_traces", "certificates")}
    notices = store.collection("notices").count_documents({})
    drill = ordered(grove, drill=True)
    tracing.spread_recalls()
    after = shown(grove, drill).json
    assert (after["state"], after["counts"]["lots"], after["counts"]["holders"]) == ("closed", 2, 2)
    assert after["found_ms"] >= 0
    assert before == {name: list(store.collection(name).find({})) for name in before}
    assert store.collection("notices").count_documents({}) == notices
    assert page(grove, made["code"])["state"] == "valid"
    assert grove.issue().status_code == 201
    text = pdf_text(shown(grove, drill, "/report.pdf").data)
    assert "召回演练报告" in text and "查找用时" in text and "没有停止任何批次" in text
    book = openpyxl.load_workbook(io.BytesIO(shown(grove, drill, "/report.xlsx").data))
    assert book.sheetnames == ["摘要", "召回批次", "持有主体", "去处"]
    assert [row[4] for row in book["召回批次"].iter_rows(min_row=2, values_only=True)] == [1000, 400]


def pdf_text(data: bytes) -> str:
    document = pypdfium2.PdfDocument(data)
    return "".join(document[number].get_textpage().get_text_range() for number in range(len(document)))


@pytest.mark.parametrize("target", ["site", "producer", "input", "test"])
def test_it_may_begin_with_a_site_a_producer_an_input_or_a_test(
    grove: Orchard, me: Holder, other: Holder, login: Callable[..., str], target: str
) -> None:
    land = grove.farm
    land.sync(land.spray("2026-06-01"))
    (theirs,) = me.passed_on(other, line(grove.lot_id, "400"))
    report = {
        "lot_id": grove.lot_id, "client_id": fresh(), "kind": "rapid", "lab": "检测站", "report_no": "1",
        "sampled_on": "2026-09-30", "reported_on": "2026-09-30",
        "items": [{"analyte": "吡虫啉", "value": "0.01", "unit": "mg/kg", "limit": "0.5"}],
    }  # fmt: skip
    result = grove.api.post(f"{API}/testing/results", report, as_=login("lab", region="620602")).json
    begins = {"site": land.site_id, "producer": me.producer_id, "input": IMIDACLOPRID, "test": result["id"]}
    recall = ordered(grove, target=target, target_id=begins[target], region="620602")
    assert lots.facts(theirs).recalled
    tracing.spread_recalls()
    assert {one["lot_id"] for one in shown(grove, recall, "/lots").json["items"]} == {grove.lot_id, theirs}


def test_days_bound_a_recall_and_later_harvests_of_a_recalled_batch_join_it(grove: Orchard, me: Holder) -> None:
    early = harvested(grove.farm, "10", day="2026-09-20")
    recall = ordered(grove, target="site", target_id=grove.farm.site_id, since="2026-09-25")
    tracing.spread_recalls()
    assert (me.lot(early)["state"], me.lot(grove.lot_id)["state"]) == ("free", "recalled")
    late = harvested(grove.farm, "20", day="2026-09-29")
    assert lots.facts(late).recalled
    events.deliver()
    tracing.spread_recalls()
    assert {one["lot_id"] for one in shown(grove, recall, "/lots").json["items"]} == {grove.lot_id, late}


def test_days_of_a_producers_recall_are_those_of_the_harvest_or_of_the_arrival_and_not_of_sorting(
    grove: Orchard, me: Holder, other: Holder
) -> None:
    early = harvested(grove.farm, "10", day="2026-09-20")
    (sorted_late,) = me.made("repack", [line(early, "8")], [part("7")])
    (sorted_in_time,) = me.made("repack", [line(grove.lot_id, "8")], [part("7")])
    (theirs,) = me.passed_on(other, line(sorted_in_time, "5"))
    recall = ordered(grove, target="producer", target_id=me.producer_id, since="2026-09-25", until="2026-09-30")
    assert [lots.facts(one).recalled for one in (early, sorted_late)] == [False, False]
    assert [lots.facts(one).recalled for one in (grove.lot_id, sorted_in_time, theirs)] == [True, True, True]
    assert me.leave("retail", line(sorted_late, "1"), place="早市").status_code == 201
    tracing.spread_recalls()
    listed = {one["lot_id"] for one in shown(grove, recall, "/lots").json["items"]}
    assert listed == {grove.lot_id, sorted_in_time, theirs}
    arrived = ordered(grove, target="producer", target_id=other.producer_id, since="2026-09-30")
    assert tracing.spread_recalls()
    assert {one["lot_id"] for one in shown(grove, arrived, "/lots").json["items"]} == {theirs}


def sprayed_elsewhere(grove: Orchard, me: Holder) -> None:
    """A second batch, on which the input was used."""
    land = grove.farm
    other_batch = {"producer_id": me.producer_id, "client_id": "batch-000002", "product_id": land.product_id}
    other_batch |= {"site_ids": [land.site_id], "started_on": "2026-03-01"}
    second = grove.api.post(f"{API}/farming/batches", other_batch, as_=me.token).json["id"]
    land.sync(land.spray("2026-06-01", batch_id=second))


def test_an_input_that_is_entered_late_brings_its_batch_under_the_recall(grove: Orchard, me: Holder) -> None:
    land = grove.farm
    sprayed_elsewhere(grove, me)
    ordered(grove, target="input", target_id=IMIDACLOPRID, region="620602")
    tracing.spread_recalls()
    assert not lots.facts(grove.lot_id).recalled
    land.sync(land.spray("2026-06-02"))
    events.deliver()
    tracing.spread_recalls()
    assert me.lot(grove.lot_id)["state"] == "recalled"


def test_an_input_that_is_entered_after_the_recall_was_closed_opens_it_again(grove: Orchard, me: Holder) -> None:
    sprayed_elsewhere(grove, me)
    recall = ordered(grove, target="input", target_id=IMIDACLOPRID, region="620602")
    tracing.spread_recalls()
    closed = grove.api.post(f"{API}/recalls/{recall['id']}/closing", {"note": "没有找到货"}, as_=grove.officer)
    assert closed.json["state"] == "closed"
    land = grove.farm
    land.sync(land.spray("2026-06-02"))
    events.deliver()
    assert lots.facts(grove.lot_id).recalled
    tracing.spread_recalls()
    assert me.lot(grove.lot_id)["state"] == "recalled"
    assert shown(grove, recall).json["counts"]["lots"] == 1


def test_it_is_closed_by_who_ordered_it_with_a_word_on_the_goods(
    grove: Orchard, me: Holder, api: Api, login: Callable[..., str]
) -> None:
    far = buyer(api, login, 8, region="620102001")
    me.passed_on(far, line(grove.lot_id, "400"))
    recall = ordered(grove)
    body = {"note": "全部退回并销毁"}
    path = f"{API}/recalls/{recall['id']}/closing"
    assert grove.api.post(path, body, as_=grove.officer).json["reason"] == "recall_not_spread"
    abroad = login("county_officer", region="620102")
    assert shown(grove, recall, as_=abroad).status_code == 404
    tracing.spread_recalls()
    assert shown(grove, recall, as_=abroad).status_code == 200, "its goods are in that county"
    assert grove.api.post(path, body, as_=abroad).status_code == 404
    assert grove.api.post(path, body, as_=grove.officer).json["state"] == "closed"
    assert lots.facts(grove.lot_id).recalled
    assert "全部退回并销毁" in pdf_text(shown(grove, recall, "/report.pdf").data)


def test_a_retry_is_one_recall_and_strangers_order_none(grove: Orchard, login: Callable[..., str]) -> None:
    body = {"client_id": fresh("recall")}
    first, again = (ordered(grove, **body) for _ in range(2))
    assert first["id"] == again["id"] and store.collection("recalls").count_documents({}) == 1
    assert order(grove, **body, note="x").json["reason"] == "client_id_reused"
    stranger = login("county_officer", region="620102001")
    assert order(grove, as_=stranger).status_code == 404
    assert order(grove, as_=stranger, target="input", target_id=IMIDACLOPRID, region="620602").status_code == 404
    assert order(grove, as_=grove.token).status_code == 403
    assert order(grove, target="input", target_id="没有的", region="620602").json["reason"] == "recall_nothing_found"
    assert order(grove, target="lot", target_id=f"{grove.farm.producer_id}.no-such-lot").status_code == 404


def test_no_certificate_slips_through_while_a_recall_is_ordered_and_spread(grove: Orchard, me: Holder) -> None:
    """Phones issue and split at that very moment: each is refused, or its certificate is void and its lot recalled."""
    recalls: list[Any] = []

    def issue() -> None:
        api = Api(grove.api.client.application.test_client())
        for _ in range(4):
            answers.append(api.post(f"{API}/certificates", grove.wanted(amount="10"), as_=grove.token).status_code)

    def split() -> None:
        mine = Holder(Api(grove.api.client.application.test_client()), me.token, me.producer_id)
        for _ in range(4):
            answers.append(mine.convert("split", [line(grove.lot_id, "10")], [part("10")]).status_code)

    answers: list[int] = []
    threads = [threading.Thread(target=work) for work in (issue, split, issue)]
    for thread in threads:
        thread.start()
    recalls.append(ordered(grove))
    while tracing.spread_recalls() or shown(grove, recalls[0]).json["state"] != "spread":
        pass
    for thread in threads:
        thread.join()
    assert set(answers) <= {201, 409, 422}
    assert {one["state"] for one in store.collection("certificates").find({})} <= {"void"}
    assert {one["state"] for one in store.collection("public_traces").find({})} <= {"recalled"}
    assert {one["state"] for one in store.collection("lots").find({})} == {"recalled"}
    assert {one["state"] for one in store.collection("recall_lots").find({})} == {"done"}


def test_the_page_of_goods_that_were_sorted_shows_their_way_and_no_ids(grove: Orchard, me: Holder, root: Path) -> None:
    (small,) = me.made("repack", [line(grove.lot_id, "100")], [part("90")])
    made = grove.issued(lot_id=small, amount="90")
    story = page(grove, made["code"])
    assert [(step["kind"], step["holder"]) for step in story["path"]] == [("harvest", "张*"), ("repack", "张*")]
    assert me.producer_id not in json.dumps(story["path"])
    schema = json.loads((root / "schemas/payloads/trace-story.schema.json").read_text("utf-8"))
    jsonschema.validate(story, schema)
    assert "来龙去脉" in grove.api.get(f"/t/{made['code']}").text
    assert "path" not in page(grove, grove.issued()["code"])
