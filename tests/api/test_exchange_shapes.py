"""The sortable workbook and the mappings to Chinese standards: what a reader may see, safely, and nothing made up."""

import io
from collections.abc import Callable
from typing import Any

import openpyxl

from backend.base import store
from tests.factories.certificates import API, Orchard
from tests.factories.lots import Holder, buyer, holder, line, part


def test_a_history_is_a_sheet_that_sorts_and_runs_no_formula(grove: Orchard, login: Callable[..., str]) -> None:
    me, shop = holder(grove.farm), buyer(grove.api, login)
    number = grove.issued(amount="100")["number"]
    me.made("transform", [line(grove.lot_id, "100")], [part("20.5", product_name="=HYPERLINK(1)")])
    (theirs,) = me.passed_on(shop, line(grove.lot_id, "40"))
    answer = me.api.get(f"{API}/exchange/lots/{grove.lot_id}/sortable.xlsx", as_=me.token)
    assert answer.status_code == 200, answer.text
    sheet = openpyxl.load_workbook(io.BytesIO(answer.data))["追溯事件"]
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == sheet.dimensions
    head, *rows = [list(row) for row in sheet.iter_rows(values_only=True)]
    said = [dict(zip(head, row, strict=True)) for row in rows]
    assert {row["CTE 关键事件"] for row in said} == {"Harvesting", "Transformation", "Shipping", None}
    (dried,) = [row for row in said if row["CTE 关键事件"] == "Transformation"]
    (born,) = [row for row in said if row["CTE 关键事件"] == "Harvesting"]
    assert dried["数量 Quantity"] == 20.5
    assert dried["来源批号 Input lot code"] == born["追溯批号 Traceability lot code"]
    assert number in {row["单据编号 Document number"] for row in said}
    assert "f" not in {cell.data_type for row in sheet.iter_rows() for cell in row}
    assert dried["产品 Product"] == "=HYPERLINK(1)"
    of_shop = shop.api.get(f"{API}/exchange/lots/{theirs}/sortable.xlsx", as_=shop.token)
    rows = list(openpyxl.load_workbook(io.BytesIO(of_shop.data))["追溯事件"].iter_rows(min_row=2, values_only=True))
    assert [row[0] for row in rows] == ["Receiving"]
    assert me.producer_id not in str(rows).replace(str(rows[0][14]), "")  # but for the shipment that both sides know
    assert shop.api.get(f"{API}/exchange/lots/{grove.lot_id}/sortable.xlsx", as_=shop.token).status_code == 404


def test_a_lot_takes_the_shape_of_a_standard_and_says_what_is_unsure(grove: Orchard) -> None:
    me, made = holder(grove.farm), grove.issued(amount="100")
    listed: Any = me.api.get(f"{API}/exchange/mappings").json["items"]
    assert [one["code"] for one in listed] == ["nyt-2531-2013", "nyt-1431-2007", "nyt-4712"]
    for one in listed:
        whole: Any = me.api.get(f"{API}/exchange/mappings/{one['code']}").json
        shaped: Any = me.api.get(f"{API}/exchange/lots/{grove.lot_id}/mapped/{one['code']}", as_=me.token).json
        assert [field["code"] for field in shaped["fields"]] == [field["code"] for field in whole["fields"]]
        assert shaped["unsure"] == sum(not field["sure"] for field in whole["fields"]) > 0
        said = {field["code"]: field["value"] for field in shaped["fields"]}
        assert said["trace_code" if "trace_code" in said else "own_code"] == made["code"]
        assert said["harvested_on"] == "2026-09-30"
        for field in shaped["fields"]:
            assert field["source"]
            assert field["take"] or field["value"] is None, "nothing is made up"
    assert me.api.get(f"{API}/exchange/mappings/nyt-9999").json["reason"] == "mapping_unknown"


def test_a_mapping_shows_no_certificate_to_one_who_may_not_read_it(grove: Orchard, login: Callable[..., str]) -> None:
    grove.issued(amount="100")
    path = f"{API}/exchange/lots/{grove.lot_id}/mapped/nyt-2531-2013"
    said = {one["code"]: one["value"] for one in grove.api.get(path, as_=login("lab", region="620602")).json["fields"]}
    assert said["certificate_no"] is None
    assert said["trace_code"] is None
    assert said["product_name"]
    assert store.collection("certificates").find_one({}) is not None


def test_every_field_of_a_mapping_takes_something_that_a_lot_has(grove: Orchard) -> None:
    report = {
        "lot_id": grove.lot_id, "client_id": "report-000001", "kind": "rapid", "lab": "检测站", "report_no": "R-1",
        "sampled_on": "2026-09-30", "reported_on": "2026-10-01",
        "items": [{"analyte": "吡虫啉", "value": "0.01", "unit": "mg/kg", "limit": "0.5"}],
    }  # fmt: skip
    assert grove.api.post(f"{API}/testing/results", report, as_=grove.officer).status_code == 201
    grove.issued(amount="100")
    store.collection("lots").update_one({"_id": grove.lot_id}, {"$set": {"variety": "烟富3号"}})
    for code in ("nyt-2531-2013", "nyt-1431-2007", "nyt-4712"):
        path = f"{API}/exchange/lots/{grove.lot_id}/mapped/{code}"
        fields = grove.api.get(path, as_=grove.officer).json["fields"]
        assert [one["code"] for one in fields if one["take"] and one["value"] is None] == []


def test_a_holder_of_nothing_sees_nothing(grove: Orchard, login: Callable[..., str]) -> None:
    stranger: Holder = buyer(grove.api, login)
    path = f"{API}/exchange/lots/{grove.lot_id}/mapped/nyt-2531-2013"
    assert stranger.api.get(path, as_=stranger.token).status_code == 404
