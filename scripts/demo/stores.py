"""What the farms of the demonstration bought before each season, and one stock-taking at the end of the year."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from backend.base import vocab
from backend.domains.inputs import service as inputs
from scripts.demo.seasons import Farm, day_of, on

Row = Mapping[str, Any]
READABLE = {"mass": ("g", "kg"), "volume": ("ml", "l"), "count": ("piece", "piece")}
AHEAD = timedelta(days=12)
YEAR_END = "12-20"


@dataclass
class Need:
    """One input of a season: the record and the input it first stands in, its day, and all that will be used."""

    row: Row
    used: Row
    day: date
    dimension: str
    base: Decimal


def fill(farm: Farm, season: Row, year: int, today: date) -> int:
    """Buy what the season will use and a little more, some days before it is first used; says how many purchases."""
    needs = list(_needs(farm, season, year))
    for number, need in enumerate(needs):
        bought = need.day - AHEAD
        if bought > today:
            continue
        amount, unit = _packed(need)
        with on(bought):
            inputs.buy(
                farm.farmer,
                producer_id=farm.producer_id,
                client_id=f"purchase-{year}-{number:02}",
                registration_no=need.used.get("registration_no"),
                name=need.used.get("name"),
                manufacturer=need.used.get("manufacturer"),
                kind=vocab.get("record_kinds")[need.row["kind"]]["input_kinds"][0],
                amount=amount,
                unit=unit,
                bought_on=bought,
                dealer=need.used["source"],
                batch_no=f"{bought:%Y%m}-01",
            )
    return len(needs)


def _needs(farm: Farm, season: Row, year: int) -> Iterator[Need]:
    found: dict[str, Need] = {}
    for row in [*season["records"], *season.get("early", ())]:
        for used in row.get("inputs", ()):
            unit = vocab.get("units")[used["unit"]]
            dose = unit["dimension"] == "dose"
            base = Decimal(used["amount"]) * int(unit["to_base"]) * (Decimal(str(farm.plan["mu"])) if dose else 1)
            need = Need(row, used, day_of(year, row["day"]), unit["of"] if dose else unit["dimension"], Decimal(0))
            known = found.setdefault(used.get("registration_no") or used["name"], need)
            known.base += base
            known.day = min(known.day, need.day)
    yield from found.values()


def _packed(need: Need) -> tuple[Decimal, str]:
    """A tenth more than is needed, rounded up to what shops sell: bags of 50 kg, whole kilograms, packs of 100 g."""
    small, large = READABLE[need.dimension]
    wanted = need.base * Decimal("1.1")
    if wanted < 1000:
        return Decimal(math.ceil(wanted / 100) * 100), small
    step = 50 if wanted >= 50_000 else 1
    return Decimal(math.ceil(wanted / 1000 / step) * step), large


def take_stock(farm: Farm, year: int) -> None:
    """At the end of the year a little less lies there than the book says: full kilograms only."""
    left = [one for one in inputs.stock_of(farm.farmer, producer_id=farm.producer_id) if Decimal(one["on_hand"]) > 1]
    for one in left[:1]:
        with on(day_of(year, YEAR_END)):
            inputs.count(
                farm.farmer,
                producer_id=farm.producer_id,
                client_id=f"count-{year}",
                item=one["item"],
                amount=Decimal(math.floor(Decimal(one["on_hand"]))),
                unit=one["unit"],
                counted_on=day_of(year, YEAR_END),
                reason="年底盘点，有一点受潮（演示）",
            )
