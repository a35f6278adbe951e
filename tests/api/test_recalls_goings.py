"""Where recalled goods went that are nobody's lot here any more, or not yet: in the report, and told on the road."""

import io
from typing import Any

import openpyxl

from backend.domains.tracing import service as tracing
from tests.api.test_recalls import ordered, pdf_text, shown
from tests.api.test_recalls_withdrawn import withdraw
from tests.factories.certificates import Orchard
from tests.factories.lots import DAY, Holder, line


def kinds(who: Holder) -> list[str]:
    return [one["kind"] for one in who.api.get("/api/v1/inbox", as_=who.token).json["items"]]


def table(grove: Orchard, recall: Any) -> list[tuple[Any, ...]]:
    book = openpyxl.load_workbook(io.BytesIO(shown(grove, recall, "/report.xlsx").data))
    return list(book["去处"].iter_rows(min_row=2, values_only=True))


def test_the_report_has_every_buyer_market_and_shipment_on_the_road(grove: Orchard, me: Holder, other: Holder) -> None:
    (theirs,) = me.passed_on(other, line(grove.lot_id, "300"))
    for answer in (
        other.leave("retail", line(theirs, "20"), place="凉州早市"),
        other.move("/lots/shipments", partner="城东超市", lines=[line(theirs, "50.5")]),
        other.leave("market", line(theirs, "30"), place="兰州大青山批发市场"),
        other.leave("destroy", line(theirs, "5"), reason="spoiled"),
        me.ship(other, line(grove.lot_id, "100")),
    ):
        assert answer.status_code == 201, answer.text
    recall = ordered(grove)
    tracing.spread_recalls()
    rows = table(grove, recall)
    assert {row[0] for row in rows} == {DAY}
    assert [(row[1], row[5], row[7], row[8]) for row in rows[:1]] == [("发货", 100, "待收货确认", grove.lot_id)]
    outside = {(row[1], row[3], row[5], row[6], row[8]) for row in rows[1:4]}
    assert outside == {
        ("零售", "凉州早市", 20, "公斤", theirs),
        ("发货", "城东超市", 50.5, "公斤", theirs),
        ("入市", "兰州大青山批发市场", 30, "公斤", theirs),
    }
    assert [(row[1], row[5], row[7]) for row in rows[4:]] == [("发货", 300, "已收货")]
    text = pdf_text(shown(grove, recall, "/report.pdf").data)
    assert "城东超市" in text and "在途未确认 1 笔，卖出平台以外或入市 3 笔" in text


def test_who_waits_for_goods_on_the_road_is_told_of_the_recall_and_of_its_end(
    grove: Orchard, me: Holder, other: Holder
) -> None:
    me.ship(other, line(grove.lot_id, "100"))
    me.ship(other, line(grove.lot_id, "50"))
    recall = ordered(grove)
    assert "shipment_recalled" not in kinds(other)
    tracing.spread_recalls()
    assert (kinds(other).count("shipment_recalled"), kinds(other).count("lot_recalled")) == (1, 0)
    withdraw(grove, recall)
    tracing.spread_recalls()
    assert kinds(other).count("recall_withdrawn") == 1


def test_a_drill_has_the_table_and_tells_nobody(grove: Orchard, me: Holder, other: Holder) -> None:
    me.ship(other, line(grove.lot_id, "100"))
    drill = ordered(grove, drill=True)
    tracing.spread_recalls()
    assert len(table(grove, drill)) == 1 and "shipment_recalled" not in kinds(other)
