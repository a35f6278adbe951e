"""A lot's history in EPCIS 2.0, judged by the official schema; who sees what; queries a page at a time."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from backend.base import store, vocab
from backend.domains.exchange.rules.epcis_hash import event_id
from backend.domains.exchange.service import epcis as epcis_service
from backend.domains.exchange.service import epcis_history
from backend.domains.tracing import service as tracing
from tests.factories.certificates import API, Orchard
from tests.factories.epcis import events_in, faults
from tests.factories.lots import Holder, harvested, line, part

LATER = datetime(2026, 10, 1, 2, 10, tzinfo=UTC)
SPACES = {"longtrace": "http://t.test/ns/exchange#"}


def exported(whose: Holder, lot_id: str) -> Any:
    answer = whose.api.get(f"{API}/exchange/lots/{lot_id}/epcis.jsonld", as_=whose.token)
    assert answer.status_code == 200, answer.text
    assert answer.content_type == "application/ld+json"
    document = json.loads(answer.data)
    assert faults(document) == []
    return document


def asked(whose: Holder, **query: Any) -> Any:
    answer = whose.api.get(f"{API}/exchange/epcis/events", query_string=query, as_=whose.token)
    assert answer.status_code == 200, answer.text
    document = json.loads(answer.data)
    assert faults(document) == []
    return document


def told(document: Any, **wanted: Any) -> list[dict[str, Any]]:
    return [one for one in events_in(document) if all(one.get(name) == value for name, value in wanted.items())]


def kilograms(lines: list[dict[str, Any]]) -> Decimal:
    assert {one["uom"] for one in lines} == {"KGM"}
    return sum((Decimal(str(one["quantity"])) for one in lines), Decimal(0))


def test_a_whole_life_is_told_and_the_official_schema_agrees(grove: Orchard, me: Holder, other: Holder) -> None:
    grove.issued(amount="100")
    grove.void(grove.issued(amount="50")["id"])
    (big, small) = me.made("split", [line(grove.lot_id, "300")], [part("200"), part("100")])
    (dried,) = me.made("transform", [line(small, "100")], [part("20", product_name="苹果干")])
    me.leave("market", line(big, "20"), place="批发市场")
    me.leave("retail", line(big, "30"))
    me.leave("destroy", line(big, "10"), reason="spoiled")
    (theirs,) = me.passed_on(other, line(big, "40"))
    called_back = me.ship(other, line(dried, "5")).json
    me.post(f"/lots/shipments/{called_back['id']}/cancellation")

    document = exported(me, grove.lot_id)
    steps = [(one["type"], one.get("bizStep"), one.get("disposition")) for one in events_in(document)]
    for code in ("harvest", "split", "transform", "market", "retail", "destroy", "ship", "cancelled"):
        term = vocab.get("epcis_steps")[code]
        assert (term["event"], term["step"], term["disposition"]) in steps, code
    (born,) = told(document, bizStep="commissioning")
    assert born["action"] == "ADD"
    assert born["eventTime"] == "2026-09-30T00:00:00.000+08:00"
    assert born["ilmd"]["longtrace:productName"]
    (split,) = told(document, bizStep="repackaging")
    assert kilograms(split["inputQuantityList"]) == kilograms(split["outputQuantityList"]) == 300
    (made,) = told(document, bizStep="creating_class_instance")
    assert made["longtrace:lossQuantity"] == 80
    papers = [paper for one in events_in(document) for paper in one.get("bizTransactionList", ())]
    assert sum(paper["type"] == "cert" for paper in papers) == 3  # two issued, one of them void
    assert told(document, **{"longtrace:certificateState": "void"})
    assert theirs not in json.dumps(document)
    for one in events_in(document):
        assert one["eventID"] == event_id(one, SPACES)


def test_the_receiver_sees_what_arrived_and_from_whom_and_nothing_of_the_sender_s_log(
    grove: Orchard, me: Holder, other: Holder
) -> None:
    grove.issued(amount="100")
    (part_of,) = me.made("repack", [line(grove.lot_id, "300")], [part("290")])
    sent = me.ship(other, line(part_of, "200")).json
    (theirs,) = (one["lot_id"] for one in other.receive(sent, "190").json["makes"])

    document = exported(other, theirs)
    (arrived,) = told(document, bizStep="receiving")
    (accepted,) = told(document, bizStep="accepting")
    assert len(events_in(document)) == 2
    assert kilograms(arrived["quantityList"]) == kilograms(accepted["outputQuantityList"]) == 190
    (shipped,) = told(exported(me, part_of), bizStep="shipping")
    assert shipped["quantityList"][0]["epcClass"] == arrived["quantityList"][0]["epcClass"]
    assert shipped["bizTransactionList"] == arrived["bizTransactionList"]
    assert shipped["sourceList"] == arrived["sourceList"]
    assert me.producer_id not in json.dumps(document)
    assert grove.lot_id not in json.dumps(document)
    stranger = other.api.get(f"{API}/exchange/lots/{grove.lot_id}/epcis.jsonld", as_=other.token)
    assert stranger.status_code == 404
    officer = Holder(grove.api, grove.officer, me.producer_id)
    steps = [one.get("bizStep") for one in events_in(exported(officer, theirs)) if one.get("bizStep")]
    assert steps[0] == "commissioning"
    assert {"repackaging", "shipping", "receiving", "accepting"} < set(steps)


def test_a_laboratory_sees_no_certificates_and_a_failing_test_is_non_conformant(
    grove: Orchard, me: Holder, login: Callable[..., str]
) -> None:
    grove.issued(amount="100")
    lab = Holder(grove.api, login("lab", region="620602"), me.producer_id)
    report = {
        "lot_id": grove.lot_id, "client_id": "report-000001", "kind": "rapid", "lab": "检测站", "report_no": "R-1",
        "sampled_on": "2026-09-30", "reported_on": "2026-10-01",
        "items": [{"analyte": "吡虫啉", "value": "9", "unit": "mg/kg", "limit": "0.5"}],
    }  # fmt: skip
    assert lab.post("/testing/results", **report).status_code == 201
    document = exported(lab, grove.lot_id)
    (failed,) = told(document, bizStep="inspecting")
    assert failed["disposition"] == "non_conformant"
    assert failed["bizTransactionList"][0]["type"] == "testres"
    assert "cert" not in {p["type"] for one in events_in(document) for p in one.get("bizTransactionList", ())}
    assert told(exported(me, grove.lot_id), **{"longtrace:certificateState": "issued"})


def test_a_corrected_harvest_is_declared_an_error_and_names_what_stands(grove: Orchard, me: Holder) -> None:
    batch = {"batch_id": grove.farm.batch_id, "client_id": "amended-0001", "amend_reason": "称错了"}
    better = {"kind": "harvest", "happened_on": "2026-09-30", "amount": "900", "unit": "kg"}
    assert me.post(f"/farming/records/{grove.lot_id}/amendments", **batch, **better).status_code == 201
    first, second = told(exported(me, grove.lot_id), bizStep="commissioning")
    wrong, right = (first, second) if "errorDeclaration" in first else (second, first)
    assert wrong["errorDeclaration"]["correctiveEventIDs"] == [right["eventID"]]
    assert (kilograms(wrong["quantityList"]), kilograms(right["quantityList"])) == (1000, 900)
    assert "errorDeclaration" not in right


def test_a_harvest_that_is_corrected_again_and_again_names_events_that_were_sent(grove: Orchard, me: Holder) -> None:
    """Of another day, another quantity, another unit: each older event keeps the name under which it was told."""
    batch = {"batch_id": grove.farm.batch_id, "amend_reason": "记错了", "kind": "harvest"}
    sent = told(exported(me, grove.lot_id), bizStep="commissioning")
    for number, better in enumerate(
        (
            {"happened_on": "2026-09-29", "amount": "900", "unit": "kg"},
            {"happened_on": "2026-09-28", "amount": "1800", "unit": "jin"},
            {"happened_on": "2026-09-28", "amount": "0.8", "unit": "t"},
        )
    ):
        answer = me.post(
            f"/farming/records/{grove.lot_id}/amendments", **batch, **better, client_id=f"amended-{number:04}"
        )
        assert answer.status_code == 201, answer.text
        now = told(exported(me, grove.lot_id), bizStep="commissioning")
        stands = [one for one in now if "errorDeclaration" not in one]
        assert len(now) == number + 2 and len(stands) == 1
        assert {one["eventID"] for one in sent} == {one["eventID"] for one in now if "errorDeclaration" in one}
        assert stands[0]["ilmd"]["cbvmda:harvestEndDate"] == better["happened_on"]
        sent.append(stands[0])
        assert [
            one["errorDeclaration"]["correctiveEventIDs"] for one in now if one["eventID"] == sent[-2]["eventID"]
        ] == [[stands[0]["eventID"]]]


def test_a_recall_is_told_on_every_lot_it_reached(grove: Orchard, me: Holder) -> None:
    me.made("split", [line(grove.lot_id, "300")], [part("200"), part("100")])
    order = {"client_id": "recall-000001", "target": "lot", "target_id": grove.lot_id, "reason": "other"}
    answer = grove.api.post(f"{API}/recalls", order, as_=grove.officer)
    assert answer.status_code == 201, answer.text
    tracing.spread_recalls()
    assert len(told(exported(me, grove.lot_id), disposition="recalled")) == 3


def test_a_recall_that_was_taken_back_stays_told_and_so_is_that_it_was(
    grove: Orchard, me: Holder, travel: Callable[[datetime], None]
) -> None:
    (small,) = me.made("repack", [line(grove.lot_id, "300")], [part("300")])
    order = {"client_id": "recall-000001", "target": "lot", "target_id": grove.lot_id, "reason": "other"}
    recall = grove.api.post(f"{API}/recalls", order, as_=grove.officer).json
    drill = order | {"client_id": "recall-000002", "drill": True}
    assert grove.api.post(f"{API}/recalls", drill, as_=grove.officer).status_code == 201
    tracing.spread_recalls()
    before = told(exported(me, small), disposition="recalled")
    travel(LATER)
    said = {"reason": "wrong_target", "note": "批次号看错一位"}
    assert grove.api.post(f"{API}/recalls/{recall['id']}/withdrawal", said, as_=grove.officer).status_code == 200
    for _ in ("withdrawing", "withdrawn"):
        document = exported(me, small)
        assert faults(document) == []
        assert told(document, disposition="recalled") == before and len(before) == 2
        ended = told(document, persistentDisposition={"unset": ["recalled"]})
        assert [one["longtrace:recall"] for one in ended] == [one["longtrace:recall"] for one in before]
        assert {one["quantityList"][0]["epcClass"] for one in ended} == {
            one["quantityList"][0]["epcClass"] for one in before
        }
        assert {one["eventTime"] for one in ended} == {"2026-10-01T10:10:00.000+08:00"}
        assert all(one["eventID"] == event_id(one, SPACES) for one in ended)
        tracing.spread_recalls()
    assert events_in(asked(me, lot_id=grove.lot_id, GE_eventTime="2026-10-01T02:05:00Z")) == ended


def test_two_alike_sales_of_one_day_are_two_events(grove: Orchard, me: Holder) -> None:
    me.leave("retail", line(grove.lot_id, "10"))
    me.leave("retail", line(grove.lot_id, "10"))
    assert len(told(exported(me, grove.lot_id), disposition="retail_sold")) == 2


def test_goods_of_a_product_with_a_gtin_carry_it_and_others_never_a_made_up_one(grove: Orchard, me: Holder) -> None:
    (own,) = told(exported(me, grove.lot_id), bizStep="commissioning")[0]["quantityList"]
    assert own["epcClass"].startswith("http://t.test/id/lot/")
    store.collection("lots").update_one({"_id": grove.lot_id}, {"$set": {"gtin": "06901234567892"}})
    (named,) = told(exported(me, grove.lot_id), bizStep="commissioning")[0]["quantityList"]
    assert named["epcClass"].startswith("https://id.gs1.org/01/06901234567892/10/")
    assert told(asked(me, lot_id=grove.lot_id, MATCH_epcClass="urn:epc:class:lgtin:6901234.056789.*"))
    assert not told(asked(me, lot_id=grove.lot_id, MATCH_anyEPCClass="https://id.gs1.org/01/06901234567885"))


def test_a_query_filters_as_the_standard_says(grove: Orchard, me: Holder) -> None:
    me.made("split", [line(grove.lot_id, "300")], [part("200"), part("100")])
    me.move("/lots/leavings", kind="retail", lines=[line(grove.lot_id, "10")], happened_on="2026-10-01")
    of = {"lot_id": grove.lot_id}
    everything = events_in(asked(me, **of))
    assert len(everything) == 3
    uri = everything[0]["quantityList"][0]["epcClass"]
    for query, count in (
        ({"eventType": "TransformationEvent"}, 1),
        ({"eventType": "ObjectEvent,TransformationEvent"}, 3),
        ({"GE_eventTime": "2026-10-01T00:00:00+08:00"}, 1),
        ({"LT_eventTime": "2026-09-30T16:00:00Z"}, 2),
        ({"EQ_bizStep": "retail_selling,shipping"}, 1),
        ({"EQ_bizStep": "https://ref.gs1.org/cbv/BizStep-commissioning"}, 1),
        ({"EQ_disposition": "urn:epcglobal:cbv:disp:retail_sold"}, 1),
        ({"MATCH_epcClass": uri}, 2),
        ({"MATCH_anyEPCClass": uri}, 3),
        ({"MATCH_anyEPCClass": uri, "EQ_bizStep": "shipping"}, 0),
    ):
        assert len(events_in(asked(me, **of, **query))) == count, query


@pytest.mark.parametrize("subject", ["lot_id", "producer_id"])
def test_pages_follow_each_other_and_hold_every_event_once(grove: Orchard, me: Holder, subject: str) -> None:
    grove.issued(amount="100")
    for _ in range(3):
        me.leave("retail", line(grove.lot_id, "10"))
    of = {"lot_id": grove.lot_id, "producer_id": me.producer_id}[subject]
    seen, token = [], None
    for _ in range(10):
        query = {subject: of, "perPage": "2", **({"nextPageToken": token} if token else {})}
        document = asked(me, **query)
        seen += [one["eventID"] for one in events_in(document)]
        token = document.get("longtrace:nextPageToken")
        if token is None:
            break
    assert token is None
    whole = [one["eventID"] for one in events_in(exported(me, grove.lot_id))]
    assert sorted(seen) == sorted(whole)
    assert len(whole) == 5


def test_what_is_entered_between_two_pages_pushes_nothing_out_of_them(
    grove: Orchard, me: Holder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first chunk is of the newest two; each page is followed by a new harvest and a new sale."""
    monkeypatch.setattr(epcis_service, "SOURCE", 2)
    for day in ("2026-09-28", "2026-09-29"):
        harvested(grove.farm, "10", day=day)
    for _ in range(3):
        me.leave("retail", line(grove.lot_id, "10"))
    before = [one["eventID"] for one in events_in(asked(me, lot_id=grove.lot_id))]
    before += [one["eventID"] for one in events_in(asked(me, producer_id=me.producer_id, EQ_bizStep="commissioning"))]
    seen, token = list[str](), None
    for _ in range(60):
        query = {"producer_id": me.producer_id, "perPage": "1", **({"nextPageToken": token} if token else {})}
        document = asked(me, **query)
        seen += [one["eventID"] for one in events_in(document)]
        token = document.get("longtrace:nextPageToken")
        if token is None:
            break
        harvested(grove.farm, "1")
        me.leave("retail", line(grove.lot_id, "1"))
    assert len(set(before)) == 6 and set(before) <= set(seen)
    assert token is None


def test_a_query_says_that_a_history_was_cut(grove: Orchard, me: Holder, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "longtrace:truncated" not in asked(me, lot_id=grove.lot_id)
    me.made("split", [line(grove.lot_id, "30")], [part("10"), part("10"), part("10")])
    monkeypatch.setattr(epcis_history, "MOST", 2)
    assert asked(me, lot_id=grove.lot_id)["longtrace:truncated"] is True


def test_the_next_page_stands_in_the_link_header(grove: Orchard, me: Holder) -> None:
    query = {"producer_id": me.producer_id, "perPage": "1", "EQ_bizStep": "commissioning"}
    answer = me.api.get(f"{API}/exchange/epcis/events", query_string=query, as_=me.token)
    address = answer.headers["Link"].partition(">")[0].removeprefix("<")
    assert answer.headers["Link"].endswith('rel="next"')
    assert "EQ_bizStep=commissioning" in address
    assert me.api.get(address, as_=me.token).status_code == 200


def test_what_cannot_be_answered_is_refused_in_plain_words(grove: Orchard, me: Holder) -> None:
    for query, status, reason in (
        ({}, 400, "epcis_one_subject"),
        ({"lot_id": "x", "producer_id": "y"}, 400, "epcis_one_subject"),
        ({"producer_id": "P000000000"}, 404, "not_found"),
        ({"lot_id": grove.lot_id, "nextPageToken": "!"}, 400, "cursor_malformed"),
        ({"lot_id": grove.lot_id, "eventType": "Nonsense"}, 422, "invalid_input"),
    ):
        answer = me.api.get(f"{API}/exchange/epcis/events", query_string=query, as_=me.token)
        assert (answer.status_code, answer.json["reason"]) == (status, reason), query
