"""One line of the sortable workbook: an event and the key data elements that are known of it."""

from collections.abc import Iterable
from dataclasses import astuple, dataclass

from backend.base import vocab

COLUMNS = (
    ("CTE 关键事件", 1.2), ("事项 Event", 1.0), ("日期 Date", 1.0), ("追溯批号 Traceability lot code", 1.7),
    ("来源批号 Input lot code", 1.7), ("产品 Product", 1.4), ("品种 Variety", 0.9), ("数量 Quantity", 0.9),
    ("单位 Unit", 0.7), ("批号来源 Lot code source", 1.8), ("地点 Location", 1.8), ("发货方 From", 1.6),
    ("收货方 To", 1.6),
    ("单据类型 Document type", 1.1), ("单据编号 Document number", 2.2), ("状态 State", 1.0), ("记录时间 Recorded", 1.3),
    ("批次编号 Lot id", 2.6),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """`quantity` None where the event is about the lot as such; the fields are in the order of COLUMNS."""

    cte: str
    event: str
    day: str
    lot_code: str
    input_code: str = ""
    product: str
    variety: str
    quantity: float | int | None = None
    unit: str = ""
    source: str
    place: str
    giver: str = ""
    taker: str = ""
    paper: str = ""
    number: str = ""
    state: str = ""
    recorded: str = ""
    lot_id: str

    def cells(self) -> list[str | float | int]:
        return ["" if value is None else value for value in astuple(self)]


def named(code: str) -> tuple[str, str]:
    """(critical tracking event, event) of a deed, in both languages."""
    term = vocab.get("sortable_ctes")[code]
    return term["cte"], f"{term.zh} {term.en}"


def ordered(entries: Iterable[Entry]) -> list[Entry]:
    return sorted(entries, key=lambda one: (one.day, one.recorded, one.number, one.lot_code))
