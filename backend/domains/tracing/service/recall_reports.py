"""The report on a recall or a drill: what was found, how fast, who held it, what is on hand, where it was sold."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from backend.base import clock, vocab
from backend.base.actor import Actor
from backend.base.errors import RuleBroken
from backend.domains.accounts import service as accounts
from backend.domains.lots import rules as ledger
from backend.domains.lots import service as lots
from backend.domains.producers import service as producers
from backend.domains.tracing.models import Recall, RecallLot
from backend.domains.tracing.service.goings import ON_THE_ROAD, goings
from backend.domains.tracing.service.recalling import named, recall
from backend.gateways import reports

FOOT = "LongTrace 陇溯"
DRILL = "这是演练：没有停止任何批次，没有通知任何人，没有改动任何页面和合格证。"
LOT_COLUMNS = (
    ("步", 0.4), ("产品", 1.6), ("持有主体", 2.2), ("所在地", 1.6), ("数量", 1.0), ("查到时在手", 1.1),
    ("现在在手", 1.1), ("单位", 0.6), ("处理", 1.1), ("已处理页面", 0.9), ("批次编号", 3.0), ("来源批次", 3.0),
)  # fmt: skip
HOLDER_COLUMNS = (("持有主体", 2.2), ("所在地", 2.0), ("批次数", 0.8), ("现在在手", 2.0))
GOING_COLUMNS = (
    ("日期", 1.1), ("方式", 0.9), ("发出主体", 2.0), ("去处（买方、市场或摊点）", 2.4), ("产品", 1.5), ("数量", 0.9),
    ("单位", 0.6), ("状态", 1.3), ("批次编号", 3.0),
)  # fmt: skip
PRINTED_GOINGS, MOST_GOINGS = 8, 5000
UNSAID = "未填写"
PRINTED = 10  # the ids of lots are for the workbook
Row = Mapping[str, Any]


def recall_pdf(actor: Actor, recall_id: str) -> bytes:
    """Raises NotFound, RuleBroken `recall_nothing_found` before it was looked for."""
    report = _report(recall(actor, recall_id))
    found, holders, goings = report.tables
    tables = [holders, _printed(goings, PRINTED_GOINGS), _printed(found, PRINTED)]
    return reports.pdf(reports.Report(report.title, report.facts, tables, report.foot))


def _printed(table: reports.Table, columns: int) -> reports.Table:
    return reports.Table(table.title, table.columns[:columns], [row[:columns] for row in table.rows])


def recall_xlsx(actor: Actor, recall_id: str) -> bytes:
    return reports.workbook(_report(recall(actor, recall_id)))


def _report(found: Recall) -> reports.Report:
    if found.found_at is None:
        raise RuleBroken("recall_nothing_found")
    rows = sorted(RecallLot.every({"recall_id": found.id}), key=lambda row: (row["step"], row["lot_id"]))
    today = {lot.id: lot for lot in lots.now([row["lot_id"] for row in rows])}
    holders = {one.id: one for one in named(sorted({row["producer_id"] for row in rows}))}
    gone = goings([row["lot_id"] for row in rows])
    title = "召回演练报告" if found.drill else "召回报告"
    tables = [
        reports.Table("召回批次", LOT_COLUMNS, [_lot(row, today, holders) for row in rows]),
        reports.Table("持有主体", HOLDER_COLUMNS, _holders(rows, today, holders)),
        reports.Table("去处", GOING_COLUMNS, [_going(event, line, holders) for event, line in gone[:MOST_GOINGS]]),
    ]
    facts = [*_facts(found, len(rows), len(holders)), ("去处", _gone(gone))]
    return reports.Report(title, facts, tables, FOOT)


def _gone(gone: Sequence[tuple[Row, Row]]) -> str:
    """How many entries there are, of which kinds, and whether the table has them all."""
    open_ones = sum(event["state"] == ON_THE_ROAD for event, _ in gone)
    outside = sum(event["state"] != ON_THE_ROAD and not event.get("to_producer_id") for event, _ in gone)
    cut = f"，表中只列前 {MOST_GOINGS} 笔" if len(gone) > MOST_GOINGS else ""
    return f"{len(gone)} 笔，其中在途未确认 {open_ones} 笔，卖出平台以外或入市 {outside} 笔{cut}"


def _going(event: Row, line: Row, holders: Mapping[str, producers.Named]) -> list[Any]:
    unit = vocab.get("units")[line["unit"]]
    where = event.get("partner") or event.get("place") or UNSAID
    what = [event["happened_on"], vocab.label("lot_event_kinds", event["kind"]), holders[event["producer_id"]].name]
    state = vocab.label("lot_event_states", event["state"])
    return [*what, where, line["product_name"], _number(line["base"], unit), unit.zh, state, line["lot_id"]]


def _facts(found: Recall, lots_found: int, holders: int) -> list[tuple[str, str]]:
    label = vocab.label
    facts = [
        ("编号", found.id),
        ("召回对象", f"{label('recall_targets', found.target)}：{found.target_id}"),
        ("原因", label("recall_reasons", found.reason)),
        ("地区", accounts.place_name(found.region)),
        ("采收或到货日期", f"{found.since or '不限'} 至 {found.until or '不限'}"),
        ("状态", label("recall_states", found.state)),
        ("下达", _moment(found.created_at)),
        ("查到批次", f"{lots_found} 批，{holders} 个持有主体，最多相隔 {found.counts.get('steps', 0)} 步"),
        ("查找用时", f"{Decimal(found.found_ms or 0) / 1000:.3f} 秒"),
    ]
    if found.drill:
        return [
            *facts,
            ("说明", DRILL),
            ("备注", found.note),
        ]
    facts += [("处理完毕", _moment(found.spread_at)), ("已处理页面", str(found.counts.get("pages", 0)))]
    closing = found.closing or {}
    facts += [("备注", found.note), ("结束", _moment(found.closed_at)), ("处置结果", closing.get("note", ""))]
    return [*facts, *_withdrawal(found)] if found.withdrawn_at else facts


def _withdrawal(found: Recall) -> list[tuple[str, str]]:
    said, counts = found.withdrawal, found.counts or {}
    freed, kept, restored = (counts.get(name, 0) for name in ("freed", "kept", "restored"))
    return [
        ("撤销", _moment(found.withdrawn_at)),
        ("撤销原因", f"{vocab.label('recall_withdrawals', said['reason'])}：{said['note']}"),
        ("撤销处理", f"{freed} 批解除，{kept} 批仍受其他召回限制，{restored} 张合格证恢复有效"),
    ]


def _moment(at: datetime | None) -> str:
    return f"{clock.local(at):%Y-%m-%d %H:%M:%S}" if at else "—"


def _lot(row: Row, today: Mapping[str, lots.LotFacts], holders: Mapping[str, producers.Named]) -> list[Any]:
    unit, holder, known = vocab.get("units")[row["unit"]], holders[row["producer_id"]], today[row["lot_id"]]
    quantities = [_number(base, unit) for base in (row["base"], row["on_hand"], known.balance.on_hand)]
    where = [row["step"], row["product_name"], holder.name, vocab.label("regions", holder.region[:6])]
    state = vocab.label("recall_lot_states", row["state"])
    return [*where, *quantities, unit.zh, state, row["pages"], row["lot_id"], "、".join(row.get("parents", ()))]


def _number(base: int, unit: vocab.Term) -> float | int:
    """A number that a workbook can add up; three places, as amounts have."""
    number = float(ledger.shown(base, unit))
    return int(number) if number.is_integer() else number


def _holders(
    rows: Sequence[Row], today: Mapping[str, lots.LotFacts], holders: Mapping[str, producers.Named]
) -> list[list[Any]]:
    count: Counter[str] = Counter(row["producer_id"] for row in rows)
    on_hand: dict[str, Counter[str]] = {}
    for row in rows:
        known = today[row["lot_id"]]
        on_hand.setdefault(row["producer_id"], Counter())[known.unit] += known.balance.on_hand
    return [
        [holders[one].name, accounts.place_name(holders[one].region[:9]), times, _sums(on_hand[one])]
        for one, times in count.most_common()
    ]


def _sums(amounts: Mapping[str, int]) -> str:
    units = vocab.get("units")
    return "，".join(f"{ledger.shown(base, units[code])} {units[code].zh}" for code, base in sorted(amounts.items()))
