"""The book of purchases, sales and stock 进销货台账 of a producer: what its harvests and events come to, nothing else.

食品安全法 art. 65 asks for 名称、数量、进货日期、供货者 and keeping for six months.
"""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from backend.base import clock, vocab
from backend.base.actor import Actor
from backend.base.errors import RuleBroken
from backend.domains.lots import rules
from backend.domains.lots.models import Lot, LotEvent
from backend.domains.producers import service as producers
from backend.gateways import reports

MAX_LINES = 5000
YEAR = timedelta(days=366)
BACK = ("refused", "cancelled")  # shipments that did not leave after all
COLUMNS = (
    ("日期", 1.0), ("方向", 0.6), ("事项", 1.0), ("产品", 1.6), ("品种", 1.0), ("数量", 1.0), ("单位", 0.6),
    ("对方", 2.0), ("地点", 1.6), ("采收日期", 1.0), ("批次编号", 2.6), ("备注", 1.8),
)  # fmt: skip
TOTALS = (("产品", 2.0), ("单位", 0.8), ("进", 1.0), ("销", 1.0), ("损耗", 1.0), ("结余变化", 1.0))
DIRECTIONS = {"in": "进", "out": "出", "within": "内部"}
BASE_UNITS = {"mass": "kg", "volume": "l"}
Row = Mapping[str, Any]


def book(actor: Actor, *, producer_id: str, since: date, until: date) -> dict[str, Any]:
    """`lines` by day and `totals` by product: what came in, went out and was lost on the way, so that in - out - lost
    is by how much the stock changed. At most a year and MAX_LINES lines. Raises NotFound, RuleBroken."""
    producers.door(actor, producer_id, "lot:read")
    if until < since or until - since > YEAR:
        raise RuleBroken("ledger_window_wrong", field="since")
    days = {"$gte": since.isoformat(), "$lte": until.isoformat()}
    lines = [*_harvests(producer_id, days), *_events(producer_id, days)]
    if len(lines) > MAX_LINES:
        raise RuleBroken("ledger_too_long", most=MAX_LINES)
    lines.sort(key=lambda line: (line["day"], line["at"]))
    return {"producer_id": producer_id, "since": since, "until": until, "lines": lines, "totals": _totals(lines)}


def _harvests(producer_id: str, days: Row) -> Iterator[dict[str, Any]]:
    for row in Lot.every({"producer_id": producer_id, "born_on": days}):
        if row.get("born", "harvest") == "harvest":
            yield _line("harvest", "in", row, row, lot_id=row["_id"], event_id=row["_id"])


def _events(producer_id: str, days: Row) -> Iterator[dict[str, Any]]:
    kinds = vocab.get("lot_event_kinds")
    for event in LotEvent.every({"producer_id": producer_id, "happened_on": days}):
        if event["state"] in BACK:
            continue
        side = kinds[event["kind"]]["ledger"]
        said = {"event_id": event["_id"]}
        for line in event.get("takes", ()):
            yield _line(event["kind"], side, event, line, **said)
        for line in event.get("makes", ()):
            yield _line(event["kind"], side, event, line, made=side == "within", **said)


def _line(kind: str, side: str, event: Row, goods: Row, **said: Any) -> dict[str, Any]:
    return {
        "day": event.get("happened_on") or event["born_on"],
        "at": event["created_at"],
        "direction": side,
        "kind": kind,
        "made": False,
        "lot_id": goods.get("lot_id"),
        "product_name": goods["product_name"],
        "variety": goods.get("variety", ""),
        "amount": goods["amount"],
        "unit": goods["unit"],
        "base": int(goods["base"]),
        "partner": event.get("partner", ""),
        "place": event.get("place", ""),
        "note": event.get("note", ""),
        "harvested_on": goods["harvested_on"],
        **said,
    }


def _totals(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """By product name and dimension, in kilograms, litres or pieces. A change of name on the way is a loss of the one
    and a gain of the other."""
    units, sums = vocab.get("units"), dict[tuple[str, str], dict[str, int]]()
    for line in lines:
        unit = units[line["unit"]]
        code = BASE_UNITS.get(unit["dimension"], unit.code)
        total = sums.setdefault((line["product_name"], code), {"in": 0, "out": 0, "lost": 0})
        if line["direction"] != "within":
            total[line["direction"]] += line["base"]
        elif line["kind"] != "market":
            total["lost"] += -line["base"] if line["made"] else line["base"]
    return [
        {"product_name": name, "unit": code, **{side: rules.shown(base, units[code]) for side, base in total.items()}}
        | {"change": rules.shown(total["in"] - total["out"] - total["lost"], units[code])}
        for (name, code), total in sorted(sums.items())
    ]


def book_xlsx(actor: Actor, *, producer_id: str, since: date, until: date) -> bytes:
    """The same as a workbook. Raises as `book`."""
    found = book(actor, producer_id=producer_id, since=since, until=until)
    facts = [
        ("主体", producers.facts(producer_id).name),
        ("起止", f"{since.isoformat()} 至 {until.isoformat()}"),
        ("导出时间", f"{clock.local(clock.now()):%Y-%m-%d %H:%M}"),
    ]
    lines = reports.Table("台账", COLUMNS, [_cells(line) for line in found["lines"]])
    totals = reports.Table("合计", TOTALS, [_sums(total) for total in found["totals"]])
    return reports.workbook(reports.Report("进销货台账", facts, [lines, totals]))


def _cells(line: Row) -> list[Any]:
    label = vocab.label
    side = DIRECTIONS[line["direction"]] if line["direction"] != "within" else "转入" if line["made"] else "转出"
    name = label("lot_event_kinds", line["kind"])
    quantity = [float(line["amount"]), label("units", line["unit"])]
    goods = [line["product_name"], line["variety"], *quantity]
    rest = [line["partner"], line["place"], line["harvested_on"], line["lot_id"], line["note"]]
    return [line["day"], "入市" if line["kind"] == "market" else side, name, *goods, *rest]


def _sums(total: Row) -> list[Any]:
    numbers = [float(total[side]) for side in ("in", "out", "lost", "change")]
    return [total["product_name"], vocab.label("units", total["unit"]), *numbers]
