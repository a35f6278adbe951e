"""A lot's history as a workbook that can be sorted: one line an event and lot, with what a buyer abroad must keep."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from backend.base import clock, vocab
from backend.base.actor import Actor
from backend.domains.accounts import service as accounts
from backend.domains.exchange.rules.epcis_ids import lot_number
from backend.domains.exchange.rules.sortable import COLUMNS, Entry, named, ordered
from backend.domains.exchange.service.epcis_history import HARVEST, History, history
from backend.domains.lots import rules as ledger
from backend.domains.lots import service as lots
from backend.gateways import reports

FOOT = "LongTrace 陇溯"
NOTE = "按美国 FDA 追溯规则（21 CFR 1.1325–1.1350）的事项排列，供采购方参考；不表示符合该规则。"
NOTE_EN = "Arranged by the events of the FDA traceability rule, for buyers; no claim of compliance."
SENT = ("ship", "return")
Row = Mapping[str, Any]


def workbook(actor: Actor, lot_id: str) -> bytes:
    """Raises NotFound, RuleBroken `lot_ancestry_too_wide`."""
    known = history(actor, lot_id)
    rows = [entry.cells() for entry in ordered(_entries(known))]
    facts = [
        ("追溯批号 Lot code", lot_number(lot_id)),
        ("批次编号 Lot id", lot_id),
        ("批次数 Lots told", str(len(known.told)) + ("（未列全 truncated）" if known.truncated else "")),
        ("导出时间 Exported", f"{clock.local(clock.now()):%Y-%m-%d %H:%M}"),
        ("说明 Note", f"{NOTE}{NOTE_EN}"),
    ]
    return reports.workbook(reports.Report("批次追溯表", facts, [reports.Table("追溯事件", COLUMNS, rows)], FOOT))


def _entries(known: History) -> Iterator[Entry]:
    for lot in known.told:
        if lot.born == HARVEST:
            yield _entry("harvest", lot, known, day=str(lot.born_on), base=lot.base, unit=lot.unit, at=lot.created_at)
        if lot.recall_id and lot.recalled_at:
            day = str(clock.civil_date(lot.recalled_at))
            yield _entry("recall", lot, known, day=day, at=lot.recalled_at, paper="召回 Recall", number=lot.recall_id)
    for row in known.events:
        yield from _moved(row, known)
    yield from _papers(known)


def _moved(row: Row, known: History) -> Iterator[Entry]:
    """What was taken, each by itself; of what was made, each with the codes of what it was made of."""
    said = _about(row, known)
    for line in row.get("makes", ()):
        lot = known.known[line["lot_id"]]
        inputs = "、".join(lot_number(parent.lot_id) for parent in lot.parents)
        yield _entry(row["kind"], lot, known, base=line["base"], unit=line["unit"], input_code=inputs, **said)
    if not row.get("makes"):
        for line in row.get("takes", ()):
            yield _entry(row["kind"], known.known[line["lot_id"]], known, base=line["base"], unit=line["unit"], **said)


def _about(row: Row, known: History) -> dict[str, Any]:
    sent, came = row["kind"] in SENT, row["kind"] in ("receive", "intake")
    own = _name(row["producer_id"], known)
    return {
        "day": row["happened_on"],
        "at": row["created_at"],
        "giver": own if sent else row.get("partner", "") if came else "",
        "taker": row.get("partner", "") if sent else own if came else "",
        "place": row.get("place", ""),
        "paper": "发货单 Shipment" if sent or row.get("shipment_id") else "",
        "number": row["_id"] if sent else row.get("shipment_id") or "",
        "state": vocab.label("lot_event_states", row["state"]),
    }


def _papers(known: History) -> Iterator[Entry]:
    for one in known.tests:
        verdict = vocab.label("test_verdicts", one.verdict)
        said: dict[str, Any] = {"paper": "检测报告 Test report", "number": one.report_no, "state": verdict}
        yield _entry("test", known.known[one.lot_id], known, day=str(one.reported_on), **said)
    for paper in known.certificates:
        yield _entry(
            "certificate",
            known.known[paper.lot_id],
            known,
            day=str(clock.civil_date(paper.issued_at)),
            at=paper.issued_at,
            base=paper.base,
            unit=paper.unit,
            paper="合格证 Certificate",
            number=paper.number,
            state=vocab.label("certificate_states", paper.state),
        )


def _entry(
    code: str,
    lot: lots.LotFacts,
    known: History,
    *,
    base: int | None = None,
    unit: str = "",
    at: datetime | None = None,
    place: str = "",
    **said: str,
) -> Entry:
    cte, event = named(code)
    term = vocab.get("units")[unit] if unit else None
    return Entry(
        cte=cte,
        event=event,
        lot_code=lot_number(lot.id),
        product=lot.product_name,
        variety=lot.variety,
        quantity=None if base is None or term is None else _number(base, term),
        unit=f"{term.zh} {term.en}" if term else "",
        source=_name(lot.producer_id, known),
        place=place or _place(lot.producer_id, known),
        recorded=f"{clock.local(at):%Y-%m-%d %H:%M}" if at else "",
        lot_id=lot.id,
        **said,
    )


def _number(base: int, unit: vocab.Term) -> float | int:
    number = float(ledger.shown(base, unit))
    return int(number) if number.is_integer() else number


def _name(producer_id: str, known: History) -> str:
    holder = known.holders.get(producer_id)
    return holder.name if holder and holder.allowed else holder.public_name if holder else ""


def _place(producer_id: str, known: History) -> str:
    holder = known.holders.get(producer_id)
    return accounts.place_name(holder.region[:9]) if holder and holder.allowed else ""
