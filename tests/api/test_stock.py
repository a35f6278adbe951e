"""Purchases and the stock of inputs over HTTP: what was bought, what the log takes, what is counted."""

import itertools
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from backend.base import clock, store
from backend.domains.evidence import service as evidence
from backend.domains.inputs.models import InputPurchase
from tests.factories.commands import COMMANDS
from tests.factories.farming import CARBOFURAN, FERTILISER, Farm, farm
from tests.factories.http import Api

NOW = datetime(2026, 7, 1, 2, tzinfo=UTC)
CHLORPYRIFOS = "示例-0021"
URL = "/api/v1/inputs"


@pytest.fixture
def orchard(api: Api, login: Callable[..., str], monkeypatch: pytest.MonkeyPatch) -> Farm:
    """The clock goes on by a tick whenever it is asked, so that lists have an order."""
    ticks = itertools.count()
    monkeypatch.setattr(clock, "source", lambda: NOW + timedelta(milliseconds=next(ticks)))
    return farm(api, login)


def area(orchard: Farm) -> float:
    path = f"/api/v1/farming/batches/{orchard.batch_id}"
    return float(orchard.api.get(path, as_=orchard.token).json["area_mu"])


def the_only(orchard: Farm) -> dict[str, Any]:
    (item,) = orchard.stock()
    return item


def movements(orchard: Farm, **query: str) -> list[dict[str, Any]]:
    asked = "&".join(f"{key}={value}" for key, value in {"producer_id": orchard.producer_id, **query}.items())
    answer = orchard.api.get(f"{URL}/movements?{asked}", as_=orchard.token)
    assert answer.status_code == 200, answer.text
    return list(answer.json["items"])


def count(orchard: Farm, item: str, amount: str, **changes: Any) -> Any:
    body = {"producer_id": orchard.producer_id, "client_id": "count-000001", "item": item, "amount": amount,
            "unit": "kg", "counted_on": "2026-06-30"} | changes  # fmt: skip
    return orchard.api.post(f"{URL}/stock-counts", body, as_=orchard.token)


def test_a_purchase_is_kept_once_with_the_catalogues_name_and_lies_on_the_shelf(orchard: Farm) -> None:
    first = orchard.buy("2.5", client_id="purchase-0001", batch_no="20260412", manufacturer="写错的厂")
    again = orchard.buy("2.5", client_id="purchase-0001")
    assert first.status_code == again.status_code == 201, first.text
    assert first.json == again.json
    shown = first.json
    assert shown["name"].startswith("示例·吡虫啉")
    assert (shown["kind"], shown["manufacturer"]) == ("pesticide", "示例农药厂(虚构)")
    assert (shown["amount"], shown["unit"], shown["dealer"], shown["batch_no"]) == ("2.5", "kg", "镇农资店", "20260412")
    assert (shown["cancelled"], shown["cancel_reason"], shown["warnings"]) == (False, None, [])
    assert shown["client_id"] == "purchase-0001"
    listed = orchard.api.get(f"{URL}/purchases?producer_id={orchard.producer_id}", as_=orchard.token).json
    assert listed["items"] == [shown]
    item = the_only(orchard)
    assert (item["on_hand"], item["unit"], item["bought"], item["used"]) == ("2.5", "kg", "2.5", "0")
    assert (item["item"], item["last_bought_on"], item["last_used_on"]) == (shown["item"], "2026-05-01", None)
    assert not item["short"]


def test_what_is_banned_for_every_crop_is_not_taken_in_and_said_in_both_languages(orchard: Farm) -> None:
    refused = orchard.buy(registration_no=CARBOFURAN, bought_on="2026-06-15")
    assert (refused.status_code, refused.json["reason"]) == (422, "banned_input")
    assert "克百威" in refused.json["message"]
    assert refused.json["hint"]
    assert orchard.buy(registration_no=CARBOFURAN, bought_on="2026-05-15").status_code == 201
    assert len(orchard.stock()) == 1


def test_what_is_restricted_or_unknown_is_taken_in_with_a_warning(orchard: Farm) -> None:
    restricted = orchard.buy("1", "l", registration_no=CHLORPYRIFOS).json["warnings"]
    assert {one["reason"] for one in restricted} == {"warn_partly_banned", "warn_restricted_sale"}
    unknown = orchard.buy(registration_no="PD1", name="某某乳油", kind="pesticide").json
    assert [one["reason"] for one in unknown["warnings"]] == ["warn_unregistered_purchase"]
    assert "某某乳油" in unknown["warnings"][0]["message"]
    urea = orchard.buy("50", registration_no=None, name="尿素", kind="fertiliser").json
    assert (urea["warnings"], urea["registration_no"]) == ([], None)
    listed = orchard.api.get(f"{URL}/purchases?producer_id={orchard.producer_id}", as_=orchard.token).json["items"]
    assert next(row for row in listed if row["id"] == unknown["id"])["warnings"] == unknown["warnings"]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"bought_on": "2026-07-05"}, "day_in_future"),
        ({"unit": "bag"}, "stock_unit_wrong"),
        ({"unit": "g_per_mu"}, "stock_unit_wrong"),
        ({"amount": "99999999999", "unit": "t"}, "stock_amount_too_large"),
        ({"registration_no": None}, "purchase_name_missing"),
        ({"registration_no": "PD1", "name": "某药"}, "purchase_kind_missing"),
    ],
)
def test_what_cannot_be_kept_is_told_in_plain_words(orchard: Farm, changes: dict[str, Any], reason: str) -> None:
    answer = orchard.buy(**changes)
    assert (answer.status_code, answer.json["reason"]) == (422, reason)
    assert answer.json["message"]
    assert orchard.stock() == []


def test_where_it_was_bought_must_be_said(orchard: Farm) -> None:
    assert orchard.buy(dealer="").status_code == 422
    assert orchard.buy(dealer=None).status_code == 422


def test_the_log_takes_from_the_shelf_by_the_area_it_names(orchard: Farm) -> None:
    orchard.buy("5")
    orchard.write(**orchard.spray("2026-06-20"))  # 20 g per mu on the whole batch
    item = the_only(orchard)
    used = area(orchard) * 20 / 1000
    assert float(item["used"]) == pytest.approx(used)
    assert float(item["on_hand"]) == pytest.approx(5 - used)
    assert item["last_used_on"] == "2026-06-20"
    taken, _ = movements(orchard)
    assert (taken["kind"], taken["day"], taken["unit"], taken["times"]) == ("use", "2026-06-20", "kg", 1)
    assert float(taken["amount"]) == pytest.approx(-used)
    assert taken["source_id"].startswith(orchard.producer_id)


def test_a_dose_on_a_part_of_the_batch_counts_the_sites_of_the_record(orchard: Farm) -> None:
    body = {"client_id": "site-0002", "name": "西坡", "typed_area_mu": "10"}
    body["geometry"] = {"type": "Point", "coordinates": [102.64, 37.93]}
    second = orchard.api.post(f"/api/v1/producers/{orchard.producer_id}/sites", body, as_=orchard.token).json
    batch = {"producer_id": orchard.producer_id, "client_id": "batch-000002", "product_id": orchard.product_id}
    batch |= {"site_ids": [orchard.site_id, second["id"]], "started_on": "2026-03-01"}
    made = orchard.api.post("/api/v1/farming/batches", batch, as_=orchard.token).json
    orchard.buy("5")
    orchard.write(**orchard.spray("2026-06-20", batch_id=made["id"], site_ids=[second["id"]]))
    assert the_only(orchard)["used"] == "0.2"


def test_more_used_than_bought_is_shown_and_refuses_nothing(orchard: Farm) -> None:
    assert orchard.write(**orchard.spray("2026-06-20")).status_code == 201
    item = the_only(orchard)
    assert item["short"]
    assert item["on_hand"].startswith("-")
    assert item["name"].startswith("示例·吡虫啉")
    orchard.buy("5")
    assert not the_only(orchard)["short"]


def test_what_cannot_be_converted_is_counted_beside_the_stock(orchard: Farm) -> None:
    orchard.buy("1")
    orchard.write(**orchard.spray("2026-06-20", used={"amount": "1500", "unit": "dilution"}))
    item = the_only(orchard)
    assert (item["on_hand"], item["unmeasured_uses"], item["last_used_on"]) == ("1", 1, "2026-06-20")
    use = movements(orchard, item=item["item"])[0]
    assert (use["kind"], use["amount"], use["unit"]) == ("use", None, None)


def test_an_amendment_moves_the_difference_and_the_last_day_follows(orchard: Farm) -> None:
    orchard.buy("9")
    first = orchard.spray("2026-06-20", used={"amount": "3", "unit": "kg"})
    amends = {"amends": f"{orchard.producer_id}.{first['client_id']}", "amend_reason": "记错了"}
    orchard.sync(first)
    assert the_only(orchard)["on_hand"] == "6"
    second = orchard.spray("2026-06-20", used={"amount": "1", "unit": "kg"}, **amends)
    orchard.sync(second)
    orchard.sync(second, first)
    assert the_only(orchard)["on_hand"] == "8"
    assert [row["amount"] for row in movements(orchard)] == ["2", "-3", "9"]
    orchard.sync(orchard.spray("2026-06-11", used={"amount": "1", "unit": "kg"}, **amends))
    item = the_only(orchard)
    assert (item["on_hand"], item["last_used_on"]) == ("8", "2026-06-11")
    other = {"registration_no": "示例-0002", "amount": "1", "unit": "l"}
    orchard.sync(orchard.spray("2026-06-12", used=other, **amends))
    shown = {row["registration_no"]: row for row in orchard.stock()}
    assert (shown["示例-0001"]["on_hand"], shown["示例-0001"]["last_used_on"]) == ("9", None)
    assert (shown["示例-0002"]["on_hand"], shown["示例-0002"]["last_used_on"]) == ("-1", "2026-06-12")


def test_a_record_and_its_amendments_in_one_sync_come_to_the_newest(orchard: Farm) -> None:
    first = orchard.spray("2026-06-20", used={"amount": "3", "unit": "kg"})
    amends = {"amends": f"{orchard.producer_id}.{first['client_id']}", "amend_reason": "记错了"}
    later = [orchard.spray("2026-06-20", used={"amount": str(n), "unit": "kg"}, **amends) for n in (5, 2)]
    orchard.sync(*later, first)
    assert the_only(orchard)["used"] == "2"


def test_a_cancelled_purchase_stays_marked_and_leaves_the_shelf_once(orchard: Farm) -> None:
    orchard.buy("1", bought_on="2026-04-01")
    wrong = orchard.buy("40", bought_on="2026-05-20").json
    path = f"{URL}/purchases/{wrong['id']}/cancellation"
    first = orchard.api.post(path, {"reason": "多写了个零"}, as_=orchard.token)
    again = orchard.api.post(path, {"reason": "再来一次"}, as_=orchard.token)
    assert first.status_code == again.status_code == 200, first.text
    assert first.json == again.json
    assert (first.json["cancelled"], first.json["cancel_reason"]) == (True, "多写了个零")
    item = the_only(orchard)
    assert (item["on_hand"], item["bought"], item["last_bought_on"]) == ("1", "1", "2026-04-01")
    assert [row["kind"] for row in movements(orchard)] == ["cancellation", "purchase", "purchase"]
    assert movements(orchard)[0]["reason"] == "多写了个零"
    assert orchard.buy("40", client_id=wrong["client_id"]).json["cancelled"]
    missing = f"{URL}/purchases/{orchard.producer_id}.nothing-here/cancellation"
    assert orchard.api.post(missing, {"reason": "无"}, as_=orchard.token).status_code == 404


def test_what_is_counted_on_the_shelf_corrects_the_book_once(orchard: Farm) -> None:
    item = orchard.buy("10").json["item"]
    orchard.write(**orchard.spray("2026-06-20", used={"amount": "3", "unit": "kg"}))
    first, again = count(orchard, item, "6500", unit="g", reason="洒了"), count(orchard, item, "1")
    assert first.status_code == again.status_code == 201, first.text
    assert first.json == again.json
    assert (first.json["expected"], first.json["difference"], first.json["amount"]) == ("7000", "-500", "6500")
    shown = the_only(orchard)
    assert (shown["on_hand"], shown["corrected"], shown["bought"], shown["used"]) == ("6.5", "-0.5", "10", "3")
    assert movements(orchard)[0]["kind"] == "correction"
    empty = count(orchard, item, "0", client_id="count-000002")
    assert (empty.json["amount"], the_only(orchard)["on_hand"]) == ("0", "0")


def test_only_what_stands_in_the_store_is_counted_and_in_its_own_sort_of_unit(orchard: Farm) -> None:
    unknown = count(orchard, "r-nothing", "1")
    assert (unknown.status_code, unknown.json["reason"]) == (404, "stock_item_unknown")
    item = orchard.buy("10").json["item"]
    assert count(orchard, item, "1", unit="l").json["reason"] == "stock_unit_differs"
    assert count(orchard, item, "1", counted_on="2026-08-01").json["reason"] == "day_in_future"
    assert orchard.buy("1", "l").json["reason"] == "stock_unit_differs"


def test_the_register_holds_purchases_cancellations_and_counts(orchard: Farm) -> None:
    bought = orchard.buy("10", client_id="purchase-0009").json
    count(orchard, bought["item"], "9")
    orchard.api.post(f"{URL}/purchases/{bought['id']}/cancellation", {"reason": "退货"}, as_=orchard.token)
    kinds = sorted(row["kind"] for row in store.collection("evidence_leaves").find({}) if "inputs." in row["kind"])
    assert [kind for kind in kinds if kind != "inputs.rulebook"] == [
        "inputs.purchase",
        "inputs.purchase_cancellation",
        "inputs.stock_count",
    ]
    stored = InputPurchase.find_one({"_id": bought["id"], "producer_id": orchard.producer_id})
    assert stored is not None
    assert evidence.proves(stored.id, "inputs.purchase", stored.to_mongo())
    stored.dealer = "别处"
    assert not evidence.proves(stored.id, "inputs.purchase", stored.to_mongo())
    actions = {row["action"] for row in store.collection("audit_lines").find({"producer_id": orchard.producer_id})}
    assert {"inputs.purchase", "inputs.purchase_cancellation", "inputs.stock_count"} <= actions


def test_a_stranger_neither_sees_nor_touches_the_store(orchard: Farm, api: Api, login: Callable[..., str]) -> None:
    bought, other = orchard.buy("1").json, farm(api, login, number=2)
    for path in ("purchases", "stock", "movements"):
        assert api.get(f"{URL}/{path}?producer_id={orchard.producer_id}", as_=other.token).status_code == 404
    path = f"{URL}/purchases/{bought['id']}/cancellation"
    assert api.post(path, {"reason": "无"}, as_=other.token).status_code == 404
    assert other.buy("1", client_id=bought["client_id"]).json["id"] != bought["id"]
    officer = login("county_officer", region="620602")
    assert api.get(f"{URL}/stock?producer_id={orchard.producer_id}", as_=officer).status_code == 200
    assert api.post(path, {"reason": "无"}, as_=officer).status_code == 403


def commands(orchard: Farm, items: list[Any]) -> int:
    with COMMANDS.counting() as counts:
        orchard.sync(*items)
    return sum(counts.values())


def test_the_store_costs_a_sync_two_commands_however_many_items_and_inputs_it_has(orchard: Farm) -> None:
    commands(orchard, [orchard.spray("2026-06-20")])
    bare = commands(orchard, [orchard.item()])
    few = commands(orchard, [orchard.spray("2026-06-20")])
    kinds = [f"示例-000{number}" for number in range(1, 10)]
    many = commands(orchard, [orchard.spray("2026-06-20", used={"registration_no": kinds[n % 9]}) for n in range(100)])
    assert few == bare + 2 + 1  # and the day of harvest is kept on the batch
    assert many == few + 1  # some are not registered for the crop: has an officer vouched for them?


def test_amendments_cost_a_constant_number_more(orchard: Farm) -> None:
    first = [orchard.spray("2026-06-20") for _ in range(40)]
    orchard.sync(*first)

    def amended(rows: list[Any]) -> list[Any]:
        return [
            orchard.spray("2026-06-10", amends=f"{orchard.producer_id}.{row['client_id']}", amend_reason="日期记错了")
            for row in rows
        ]

    few, many = commands(orchard, amended(first[:1])), commands(orchard, amended(first[1:]))
    assert few == many
    assert the_only(orchard)["last_used_on"] == "2026-06-10"


def test_purchases_uses_and_counts_at_once_leave_the_sum_of_the_movements(orchard: Farm, app: Any) -> None:
    item = orchard.buy("1").json["item"]
    jobs: list[Callable[[Farm], Any]] = []
    for number in range(4):
        sprayed = orchard.spray("2026-06-20", used={"amount": "1", "unit": "kg"})
        jobs += [
            lambda one, n=number: one.buy("10", client_id=f"purchase-at-once-{n % 2}"),
            lambda one, row=sprayed: one.sync(row),
            lambda one, n=number: count(one, item, "5", client_id=f"count-at-once-{n % 2}"),
        ]
    answers: list[int] = []

    def work(job: Callable[[Farm], Any]) -> None:
        mine = Farm(Api(app.test_client()), *(getattr(orchard, name) for name in
                    ("token", "producer_id", "site_id", "product_id", "batch_id")))  # fmt: skip
        answers.append(job(mine).status_code)

    threads = [threading.Thread(target=work, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(set(answers)) == [200, 201]
    rows = list(store.collection("stock_movements").find({"item": item}))
    assert sorted(row["kind"] for row in rows) == ["correction"] * 2 + ["purchase"] * 3 + ["use"] * 4
    shown = the_only(orchard)
    assert shown["bought"] == "21"
    assert shown["used"] == "4"
    assert float(shown["on_hand"]) * 1_000_000 == pytest.approx(sum(row["thousandths"] for row in rows))


def test_the_log_of_something_without_a_number_meets_its_purchase_by_name(orchard: Farm) -> None:
    orchard.buy("100", registration_no=None, name="尿素", kind="fertiliser", manufacturer="某厂")
    used = {"name": "尿 素", "source": "镇农资店", "method": "top_dressing", "amount": "40", "unit": "kg"}
    row = orchard.item(kind="fertilising", happened_on="2026-06-01", site_ids=[orchard.site_id], inputs=[used])
    assert orchard.write(**row).status_code == 201
    assert the_only(orchard)["on_hand"] == "60"
    assert orchard.buy("3", registration_no=FERTILISER).json["kind"] == "fertiliser"
