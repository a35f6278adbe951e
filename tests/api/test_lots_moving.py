"""Lots on the move over HTTP: made of one another, sent, confirmed, sold and destroyed; never more than there was."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from backend.base import store
from backend.base.errors import RuleBroken
from backend.domains.evidence import service as evidence
from backend.domains.lots import service as lots
from tests.factories.certificates import orchard
from tests.factories.farming import Farm
from tests.factories.http import Api
from tests.factories.lots import API, DAY, Holder, buyer, fresh, grower, harvested, holder, line, part

NOW = datetime(2026, 10, 1, 2, tzinfo=UTC)


@pytest.fixture
def land(api: Api, login: Callable[..., str], travel: Callable[[datetime], None]) -> Farm:
    travel(NOW)
    return grower(api, login)


@pytest.fixture
def me(land: Farm) -> Holder:
    return holder(land)


@pytest.fixture
def other(land: Farm, api: Api, login: Callable[..., str]) -> Holder:
    return buyer(api, login)


def refused(answer: Any, reason: str, status: int = 422) -> None:
    assert (answer.status_code, answer.json["reason"]) == (status, reason), answer.text


def test_a_split_makes_new_lots_that_know_where_they_came_from(land: Farm, me: Holder) -> None:
    whole = harvested(land)
    small, large = me.made("split", [line(whole, "500")], [part("400", "jin"), part("0.3", "t")])
    assert (me.lot(whole)["on_hand"], me.lot(whole)["left"]) == ("500", "500")
    shown = me.lot(small)
    assert (shown["amount"], shown["unit"], shown["born"]) == ("400", "jin", "split")
    assert shown["parents"] == [{"lot_id": whole, "base": 200_000, "carried": 0}]
    assert me.lot(large)["parents"][0]["base"] == 300_000
    assert shown["batch_ids"] == [land.batch_id]
    listed = land.api.get(f"{API}/lots/events?producer_id={me.producer_id}&lot_id={small}", as_=me.token).json["items"]
    assert [one["kind"] for one in listed] == ["split"]
    assert [entry.kind for entry in evidence.entries(listed[0]["id"])] == ["lot.event"]
    assert store.collection("audit_lines").find_one({"action": "lot.split"}) is not None


def test_a_split_keeps_the_quantity_and_a_merge_keeps_the_crop(land: Farm, me: Holder) -> None:
    whole = harvested(land)
    refused(me.convert("split", [line(whole, "500")], [part("300"), part("100")]), "lot_not_the_same")
    refused(me.convert("split", [line(whole, "500")], [part("300"), part("300")]), "lot_more_than_taken")
    refused(me.convert("repack", [line(whole, "500")], [part("501")]), "lot_more_than_taken")
    refused(me.convert("split", [line(whole, "1001")], [part("1001")]), "lot_quantity_short")
    refused(me.convert("split", [line(whole, "10", "piece")], [part("10", "piece")]), "unit_wrong")
    refused(me.convert("merge", [line(whole, "10")], [part("10")]), "lot_parts_wrong")
    refused(me.convert("repack", [line(whole, "1"), line(whole, "1")], [part("2")]), "lot_named_twice")
    refused(me.convert("transform", [line(whole, "1")], [part("1")]), "lot_product_name_missing")
    refused(me.convert("split", [line(whole, "1")], [part("1")], happened_on="2026-09-29"), "lot_day_wrong")
    assert me.lot(whole)["on_hand"] == "1000"


def test_merging_and_sorting_tell_what_was_lost(land: Farm, me: Holder) -> None:
    first, second = harvested(land, "600"), harvested(land, "300", day="2026-09-29")
    (mixed,) = me.made("merge", [line(first, "600"), line(second, "300")], [part("900")])
    assert {one["lot_id"]: one["base"] for one in me.lot(mixed)["parents"]} == {first: 600_000, second: 300_000}
    answer = me.convert("repack", [line(mixed, "900")], [part("500"), part("380", product_name="红富士苹果（大果）")])
    assert answer.json["loss"] == 20_000
    known = lots.ancestry(answer.json["makes"][0]["lot_id"])
    assert [lot.id for lot in known.lots[1:2]] == [mixed]
    assert {lot.id for lot in known.origins} == {first, second}
    assert (known.batches[0].id, known.site_ids, known.producer_ids) == (
        land.batch_id,
        (land.site_id,),
        (me.producer_id,),
    )


def test_counted_and_weighed_again_it_is_never_more_than_it_was(land: Farm, me: Holder, other: Holder) -> None:
    whole = harvested(land)
    named = {"product_name": "苹果片"}
    refused(me.convert("transform", [line(whole, "1000")], [part("33334", "piece", **named)]), "lot_more_than_possible")
    refused(me.convert("transform", [line(whole, "1")], [part("1", "l", **named)]), "unit_wrong")
    mixed = [part("1", "piece", **named), part("1", **named)]
    refused(me.convert("transform", [line(whole, "1")], mixed), "lot_dimensions_mixed")
    (counted,) = me.made("transform", [line(whole, "900")], [part("1000", "piece", **named)])
    said = me.convert("transform", [line(counted, "1000", "piece")], [part("900.001", **named)])
    refused(said, "lot_more_than_possible")
    assert "900公斤" in said.json["message"]
    some, more = me.made("split", [line(counted, "700", "piece")], [part("300", "piece"), part("400", "piece")])
    (theirs,) = me.passed_on(other, line(more, "400", "piece"))
    (merged,) = me.made("merge", [line(some, "300", "piece"), line(counted, "100", "piece")], [part("400", "piece")])
    for who, lot_id in ((me, merged), (other, theirs)):
        for amount, status in (("360.001", 422), ("360", 201)):
            answer = who.convert("transform", [line(lot_id, "400", "piece")], [part(amount, **named)])
            assert answer.status_code == status, answer.text
    (again,) = me.made("transform", [line(counted, "200", "piece")], [part("180", **named)])
    (twice,) = me.made("transform", [line(again, "170")], [part("180", "piece", **named)])
    refused(me.convert("transform", [line(again, "10")], [part("12", "piece", **named)]), "lot_more_than_possible")
    refused(me.convert("transform", [line(twice, "180", "piece")], [part("171", **named)]), "lot_more_than_possible")


def test_what_began_as_pieces_or_heads_is_bounded_by_what_one_weighs(land: Farm, me: Holder) -> None:
    pieces = harvested(land, "1000", unit="piece")
    named = {"product_name": "苹果"}
    refused(me.convert("transform", [line(pieces, "10", "piece")], [part("15.001", **named)]), "lot_more_than_possible")
    (weighed,) = me.made("transform", [line(pieces, "10", "piece")], [part("15", **named)])
    refused(me.convert("transform", [line(weighed, "15")], [part("11", "piece", **named)]), "lot_more_than_possible")
    me.made("transform", [line(weighed, "15")], [part("10", "piece", **named)])
    pig = {"client_id": fresh(), "crop": "pig", "amount": "2", "unit": "head"}
    (pigs,) = (one["lot_id"] for one in me.move("/lots/intakes", partner="某养殖户", lines=[pig]).json["makes"])
    refused(me.convert("transform", [line(pigs, "1", "head")], [part("501", **named)]), "lot_more_than_possible")
    (pork,) = me.made("transform", [line(pigs, "2", "head")], [part("180", product_name="猪肉")])
    refused(me.convert("transform", [line(pork, "180")], [part("3", "head", **named)]), "lot_more_than_possible")
    me.made("transform", [line(pork, "180")], [part("360", "piece", product_name="猪肉（盒装）")])


def test_a_retry_is_harmless_and_another_thing_under_the_same_id_is_refused(land: Farm, me: Holder) -> None:
    whole = harvested(land)
    body = {"kind": "split", "inputs": [line(whole, "500")], "outputs": [part("500")], "client_id": fresh("event")}
    first, again = (me.move("/lots/conversions", **body) for _ in range(2))
    assert (first.status_code, first.json) == (201, again.json)
    assert me.lot(whole)["on_hand"] == "500"
    refused(me.move("/lots/conversions", **body | {"note": "x"}), "client_id_reused", 409)
    refused(me.move("/lots/conversions", **body | {"client_id": fresh("event")}), "client_id_reused", 409)
    assert me.lot(whole)["on_hand"] == "500"


def test_what_is_certified_can_be_sold_but_not_mixed(land: Farm, me: Holder, other: Holder) -> None:
    whole = harvested(land)
    store.transaction(lambda: lots.reserve(whole, "one", 700_000))
    refused(me.convert("split", [line(whole, "301")], [part("301")]), "lot_quantity_certified")
    me.made("split", [line(whole, "100")], [part("100")])
    (theirs,) = me.passed_on(other, line(whole, "750"))
    assert lots.facts(theirs).parents[0].carried == 700_000
    assert (me.lot(whole)["left"], me.lot(whole)["on_hand"]) == ("150", "150")
    store.transaction(lambda: lots.release(whole, "one", 700_000))
    assert (me.lot(whole)["left"], me.lot(whole)["on_hand"]) == ("150", "150")


def test_a_shipment_is_confirmed_by_the_other_side_and_a_difference_is_settled(
    land: Farm, me: Holder, other: Holder
) -> None:
    whole = harvested(land)
    sent = me.ship(other, line(whole, "400")).json
    assert (sent["state"], me.lot(whole)["on_hand"]) == ("sent", "600")
    waiting = land.api.get(f"{API}/lots/shipments?producer_id={other.producer_id}", as_=other.token).json["items"]
    assert [(one["id"], one["takes"][0]["product_name"]) for one in waiting] == [(sent["id"], "红富士苹果")]
    notices = land.api.get(f"{API}/inbox", as_=other.token).json["items"]
    assert [one["kind"] for one in notices] == ["shipment_sent"]
    refused(other.receive(sent, "401"), "lot_more_than_taken")
    got = other.receive(sent, "390").json
    assert other.lot(got["makes"][0]["lot_id"])["amount"] == "390"
    seen = land.api.get(f"{API}/lots/shipments/{sent['id']}", as_=me.token).json
    assert (seen["state"], seen["answer"]["lines"][0]) == (
        "differs",
        {"lot_id": whole, "sent": 400_000, "received": 390_000},
    )
    refused(other.receive(sent), "shipment_not_open")
    assert me.post(f"/lots/shipments/{sent['id']}/settlement", note="路上碰伤").json["state"] == "settled"
    assert me.lot(whole)["on_hand"] == "600"


def test_a_recipient_is_found_by_the_code_it_gave_and_by_nothing_else(land: Farm, me: Holder, other: Holder) -> None:
    path = f"{API}/lots/recipients?code="
    typed = f"{other.producer_id[:4].lower()}%20{other.producer_id[4:]}"
    found = land.api.get(path + typed, as_=me.token).json
    assert (found["producer_id"], found["kind"], found["county"]) == (other.producer_id, "buyer", "620602")
    assert set(found) == {"producer_id", "name", "kind", "county"} and "*" in found["name"]
    assert land.api.get(path + "0000000000", as_=me.token).status_code == 404
    assert land.api.get(path + found["name"], as_=me.token).status_code == 404


def test_both_sides_read_who_sent_a_shipment_and_under_which_certificates(
    api: Api, login: Callable[..., str], travel: Callable[[datetime], None]
) -> None:
    travel(NOW)
    grove = orchard(api, login)
    me, other = holder(grove.farm), buyer(api, login)
    parent = grove.issued(amount="400")
    loose, under = (
        me.ship(other, line(harvested(grove.farm), "10")).json,
        me.ship(other, line(grove.lot_id, "400")).json,
    )
    incoming = api.get(f"{API}/lots/shipments?producer_id={other.producer_id}", as_=other.token).json["items"]
    named = {field["code"]: field["value"] for field in parent["card"]["fields"]}
    assert {one["sender"] for one in incoming} == {named["subject"]}
    for who in (me, other):
        shown = [
            api.get(f"{API}/lots/shipments/{one['id']}/certificates", as_=who.token).json for one in (loose, under)
        ]
        assert shown == [{"items": []}, {"items": [{"lot_id": grove.lot_id, "code": parent["code"], "valid": True}]}]
    (theirs,) = (one["lot_id"] for one in other.receive(under).json["makes"])
    shown = api.get(f"{API}/lots/{theirs}/certificates", as_=other.token).json["items"]
    assert [(one["code"], one["valid"]) for one in shown] == [(parent["code"], True)]
    assert api.get(f"{API}/lots/{grove.lot_id}/certificates", as_=me.token).json == {"items": []}


def test_a_refused_or_cancelled_shipment_comes_back(land: Farm, me: Holder, other: Holder) -> None:
    whole = harvested(land)
    for path, who in (("refusal", other), ("cancellation", me)):
        sent = me.ship(other, line(whole, "400")).json
        assert me.lot(whole)["on_hand"] == "600"
        assert [who.post(f"/lots/shipments/{sent['id']}/{path}").status_code for _ in range(2)] == [200, 200]
        assert me.lot(whole)["on_hand"] == "1000"
        refused(other.receive(sent), "shipment_not_open")


def test_goods_go_back_only_to_where_they_came_from_and_are_a_new_lot_there(
    land: Farm, me: Holder, other: Holder, api: Api, login: Callable[..., str]
) -> None:
    whole = harvested(land)
    (theirs,) = me.passed_on(other, line(whole, "400"))
    third = buyer(api, login, 8)
    refused(other.ship(third, line(theirs, "10"), kind="return"), "return_not_from_there")
    back = other.ship(me, line(theirs, "100"), kind="return").json
    (again,) = (one["lot_id"] for one in me.receive(back).json["makes"])
    assert again not in (whole, theirs) and me.lot(again)["on_hand"] == "100"
    assert [lot.id for lot in lots.ancestry(again).lots] == [again, theirs, whole]


def bought(who: Holder, partner: str, amount: str = "300") -> str:
    goods = {"client_id": fresh(), "crop": "apple", "amount": amount, "unit": "kg"}
    answer = who.move("/lots/intakes", partner=partner, lines=[goods])
    assert answer.status_code == 201, answer.text
    return str(answer.json["makes"][0]["lot_id"])


def test_what_was_bought_outside_goes_back_to_its_seller_unopened_and_also_when_it_is_recalled(
    land: Farm, me: Holder, other: Holder, login: Callable[..., str]
) -> None:
    first, second, grown = bought(other, "李家果园"), bought(other, "王家果园"), harvested(land)
    (part_of,) = other.made("split", [line(first, "100")], [part("100")])
    (packed,) = other.made("repack", [line(first, "50")], [part("50")])
    (theirs,) = me.passed_on(other, line(grown, "100"))

    def back(*lines: Any, **said: Any) -> Any:
        return other.move("/lots/shipments", kind="return", lines=list(lines), **said)

    for wrong in (
        back(line(first, "1"), partner="王家果园"),
        back(line(first, "1"), line(second, "1")),
        back(line(packed, "1"), partner="李家果园"),
        back(line(theirs, "1"), partner="李家果园"),
    ):
        refused(wrong, "return_not_from_there")
    refused(back(line(first, "1"), to_producer_id=me.producer_id), "return_not_from_there")
    done = back(line(first, "10"), line(part_of, "20"))
    assert (done.status_code, done.json["state"], done.json["partner"]) == (201, "done", "李家果园")
    assert (other.lot(first)["on_hand"], other.lot(part_of)["on_hand"]) == ("140", "80")
    officer = login("county_officer", region="620602")
    said = {"client_id": fresh("recall"), "target": "lot", "target_id": second, "reason": "illness"}
    assert land.api.post(f"{API}/recalls", said, as_=officer).status_code == 201
    refused(other.leave("retail", line(second, "1"), place="早市"), "lot_recalled")
    assert back(line(second, "300"), partner="王家果园").status_code == 201
    assert other.lot(second)["on_hand"] == "0"


def test_goods_enter_a_market_are_sold_and_destroyed(land: Farm, me: Holder) -> None:
    whole = harvested(land)
    assert me.leave("market", line(whole, "1000"), place="武威市农产品批发市场").status_code == 201
    assert me.lot(whole)["on_hand"] == "1000"
    assert me.leave("retail", line(whole, "100"), place="黄羊镇早市").status_code == 201
    assert me.leave("destroy", line(whole, "50"), reason="spoiled").status_code == 201
    assert me.leave("destroy", line(whole, "50")).status_code == 422
    assert (me.lot(whole)["on_hand"], me.lot(whole)["left"]) == ("850", "850")
    outside = me.move("/lots/shipments", partner="兰州某超市", lines=[line(whole, "50")])
    assert (outside.json["state"], me.lot(whole)["on_hand"]) == ("done", "800")


def test_a_held_lot_stays_where_it_is_but_may_be_destroyed(
    land: Farm, me: Holder, other: Holder, login: Callable[..., str]
) -> None:
    whole = harvested(land)
    officer = login("county_officer", region="620602")
    land.api.post(f"{API}/lots/{whole}/hold", {"reason": "investigation"}, as_=officer)
    refused(me.ship(other, line(whole, "1")), "lot_held")
    refused(me.leave("retail", line(whole, "1")), "lot_held")
    assert me.leave("destroy", line(whole, "1"), reason="other").status_code == 201
    assert land.api.post(f"{API}/lots/{whole}/release", {"note": "查清了"}, as_=officer).json["state"] == "free"


def test_nobody_moves_anothers_lots(land: Farm, me: Holder, other: Holder, login: Callable[..., str]) -> None:
    whole = harvested(land)
    assert other.convert("split", [line(whole, "1")], [part("1")]).status_code == 404
    stolen = {"producer_id": me.producer_id, "inputs": [line(whole, "1")], "outputs": [part("1")]}
    assert other.move("/lots/conversions", kind="split", **stolen).status_code == 404
    officer = login("county_officer", region="620602")
    body = {"kind": "split", "client_id": fresh(), "happened_on": DAY, **stolen}
    assert land.api.post(f"{API}/lots/conversions", body, as_=officer).status_code == 403
    sent = me.ship(other, line(whole, "1")).json
    assert me.receive(sent).status_code == 404
    assert other.post(f"/lots/shipments/{sent['id']}/cancellation").status_code == 404
    stranger = login("county_officer", region="620723")
    assert land.api.get(f"{API}/lots/shipments/{sent['id']}", as_=stranger).status_code == 404
    assert land.api.get(f"{API}/lots/shipments/{sent['id']}", as_=officer).status_code == 200
    refused(me.move("/lots/shipments", to_producer_id="0000000000", lines=[line(whole, "1")]), "recipient_unknown")
    refused(me.ship(me, line(whole, "1")), "recipient_self")


def test_the_same_move_several_times_at_once_is_one(land: Farm, me: Holder, other: Holder) -> None:
    """Of more than half the lot: what the first sending took is not refused to the others."""
    whole, answers = harvested(land), []
    body = {"client_id": fresh("event"), "to_producer_id": other.producer_id, "lines": [line(whole, "600")]}

    def send() -> None:
        mine = Holder(Api(land.api.client.application.test_client()), me.token, me.producer_id)
        answer = mine.move("/lots/shipments", **body)
        answers.append((answer.status_code, answer.json.get("id"), answer.json.get("reason")))

    threads = [threading.Thread(target=send) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (event,) = store.collection("lot_events").find({})
    assert set(answers) == {(201, event["_id"], None)} and me.lot(whole)["left"] == "400"


def test_many_at_once_never_take_more_than_there_is(land: Farm, me: Holder, other: Holder) -> None:
    """Splits, sales, shipments and certificates of one lot on many threads: what left and what is there are all."""
    whole = harvested(land)
    actor_token = me.token

    def attempt(number: int) -> None:
        mine = Holder(Api(land.api.client.application.test_client()), actor_token, me.producer_id)
        kind = number % 4
        if kind == 0:
            done.append(mine.convert("split", [line(whole, "150")], [part("150")]).status_code)
        elif kind == 1:
            done.append(mine.leave("retail", line(whole, "150")).status_code)
        elif kind == 2:
            done.append(mine.ship(other, line(whole, "150")).status_code)
        else:
            try:
                store.transaction(lambda: lots.reserve(whole, f"c{number}", 150_000))
                done.append(201)
            except RuleBroken:
                done.append(422)

    done: list[int] = []
    threads = [threading.Thread(target=attempt, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(done) <= {201, 422}
    row = store.collection("lots").find_one({"_id": whole})
    left = 1_000_000 - row["gone_base"] - row["carried_base"]
    taken = sum(one["base"] for event in store.collection("lot_events").find({}) for one in event["takes"])
    assert left == 1_000_000 - taken >= 0
    assert row["certified_base"] + row["gone_base"] <= 1_000_000 and row["carried_base"] <= row["certified_base"]
    born = sum(lot["base"] for lot in store.collection("lots").find({"born": "split"}))
    assert born == 150_000 * store.collection("lot_events").count_documents({"kind": "split"})
