"""Lives the seasons of the demonstration: every record is written on the evening of its own day."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from backend.base import clock, vocab
from backend.base.actor import Actor
from backend.base.errors import RuleBroken
from backend.domains.certificates import service as certificates
from backend.domains.farming import service as farming
from backend.domains.lots import service as lots
from backend.domains.testing import service as testing
from scripts.demo import pictures

EVENING = time(11, 30)  # UTC: half past seven in China
Row = Mapping[str, Any]
SOUGHT = {
    "吡虫啉": "0.5",
    "戊唑醇": "2",
    "代森锰锌": "5",
    "嘧菌酯": "0.5",
}  # invented limits, mg/kg


@dataclass(frozen=True)
class Farm:
    """One farm of the demonstration with who keeps its log and who answers for its county."""

    plan: Row
    producer_id: str
    site_id: str
    product_id: str
    farmer: Actor
    officer: Actor
    lab: Actor
    lab_id: str


@dataclass(frozen=True)
class Year:
    """One year of a farm, lived up to `today`."""

    farm: Farm
    number: int
    batch_id: str
    today: date

    @property
    def newest(self) -> bool:
        return self.number == self.today.year

    def day(self, text: str) -> date:
        return day_of(self.number, text)


@contextmanager
def on(day: date, *, hours: float = 0.0) -> Iterator[None]:
    """The platform's clock stands on the evening of that day."""
    before, moment = clock.source, datetime.combine(day, EVENING, UTC) + timedelta(hours=hours)
    clock.source = lambda: moment
    try:
        yield
    finally:
        clock.source = before


def day_of(year: int, text: str) -> date:
    return date.fromisoformat(f"{year}-{text}")


def live(farm: Farm, season: Row, year: int, today: date) -> list[dict[str, Any]]:
    """One year of the farm as far as it has come; returns its traces (`code`, `state`, `product`)."""
    started = day_of(year, season["start"])
    if started > today:
        return []
    with on(started):
        batch = farming.new_batch(
            farm.farmer,
            producer_id=farm.producer_id,
            client_id=f"batch-{year}",
            product_id=farm.product_id,
            site_ids=[farm.site_id],
            started_on=started,
        )
    lived = Year(farm, year, batch.id, today)
    early = farm.plan.get("refused") and lived.newest
    for number, row in enumerate([*season["records"], *(season["early"] if early else ())]):
        _write(lived, row, f"{year}-{number:02}", lived.day(row["day"]))
    harvests = enumerate(season["harvests"])
    traces = [trace for number, harvest in harvests for trace in _sell(lived, harvest, f"{year}-h{number}")]
    if early:
        _refused(lived, season["early_harvest"])
    if not lived.newest:
        with on(date(year, 12, 20)):
            farming.set_state(farm.farmer, batch_id=batch.id, state="closed")
    return traces


def _write(lived: Year, row: Row, name: str, day: date) -> str | None:
    """One record, entered on its day or as many days late as the plan says; None when that is yet to come."""
    farm, entered = lived.farm, day + timedelta(days=row.get("late", 0))
    if entered > lived.today:
        return None
    placed = bool(row.get("inputs")) and row["kind"] in ("pesticide", "fertilising")
    item = {
        "client_id": f"record-{name}",
        "batch_id": lived.batch_id,
        "kind": row["kind"],
        "happened_on": day,
        "site_ids": [farm.site_id] if placed else [],
        "target": row.get("target"),
        "note": row.get("note"),
        "amount": Decimal(row["amount"]) if "amount" in row else None,
        "unit": row.get("unit"),
        "inputs": [{**one, "amount": Decimal(one["amount"])} for one in row.get("inputs", ())],
    }
    with on(entered):
        if row.get("scene"):
            _photograph(farm, row, name)
        written, _ = farming.record(farm.farmer, **item)
    return written.id


def _photograph(farm: Farm, row: Row, name: str) -> None:
    picture = pictures.photo(row["scene"], f"{farm.plan['key']}-{name}", vocab.label("record_kinds", row["kind"]))
    farming.add_photo(
        farm.farmer,
        producer_id=farm.producer_id,
        client_id=f"photo-{name}",
        record_client_id=f"record-{name}",
        data=picture,
    )


def _harvest(farm: Farm, harvest: Row) -> dict[str, Any]:
    yielded = str(int(harvest["yield_kg_per_mu"] * farm.plan["mu"])) if "yield_kg_per_mu" in harvest else None
    return {
        "kind": harvest.get("kind", "harvest"),
        "amount": harvest.get("amount") or yielded,
        "unit": harvest.get("unit", "kg"),
        "scene": harvest.get("scene"),
    }


def _sell(lived: Year, harvest: Row, name: str) -> Iterator[dict[str, Any]]:
    """Harvest, the tests of it, and the certificates that leave with it."""
    farm, day, row = lived.farm, lived.day(harvest["day"]), _harvest(lived.farm, harvest)
    lot_id = _write(lived, row, name, day)
    if lot_id is None or day + timedelta(days=2) > lived.today:
        return
    tested = bool(farm.plan.get("tested")) and lived.newest
    if tested:
        _test(farm, lot_id, day, kind="commissioned")
    for number, share in enumerate(harvest["certify"]):
        with on(day + timedelta(days=1), hours=number):
            made = certificates.issue(
                farm.farmer,
                lot_id=lot_id,
                client_id=f"certificate-{name}-{number}",
                amount=_share(row["amount"], share),
                unit=row["unit"],
                bases=["quality_control", *(["commissioned_test"] if tested else [])],
            )
        state = _afterwards(lived, made, day, second=number == 1)
        product = f"{farm.plan['product']} · {vocab.label('regions', farm.plan['region'][:6])} · {lived.number}"
        yield {"code": made.code, "state": state, "product": product, "example": bool(farm.plan.get("example"))}


def _share(amount: str, share: float) -> Decimal:
    return Decimal(int(Decimal(amount) * Decimal(str(share))))


def _test(farm: Farm, lot_id: str, day: date, *, kind: str, value: str = "0.012") -> None:
    with on(day + timedelta(days=1), hours=-4):
        testing.record(
            farm.lab,
            lot_id=lot_id,
            client_id=f"report-{day:%Y%m%d}-{kind}",
            kind=kind,
            lab_id=farm.lab_id,
            report_no=f"演示-{day:%Y%m%d}-{farm.plan['key'][:4].upper()}",
            sampled_on=day,
            reported_on=day + timedelta(days=1),
            items=[
                {
                    "analyte": analyte,
                    "value": Decimal(value) if number == 0 or kind == "supervisory" else None,
                    "unit": "mg/kg",
                    "limit": Decimal(limit),
                }
                for number, (analyte, limit) in enumerate(SOUGHT.items())
            ],
        )


def _afterwards(lived: Year, made: certificates.CertificateFacts, day: date, *, second: bool) -> str:
    """What became of the certificate: one farm voids its second, one lot fails a supervisory test."""
    farm = lived.farm
    if lived.newest and farm.plan.get("void") and second:
        with on(day + timedelta(days=2)):
            certificates.void(farm.farmer, made.id, reason="wrong_entry", note="数量填写有误，另行开具")
        return "void"
    if lived.newest and farm.plan.get("failing"):
        _test(farm, made.lot_id, day + timedelta(days=2), kind="supervisory", value="0.9")
        return "held" if lots.facts(made.lot_id).held else "valid"
    return made.state


def _refused(lived: Year, harvest: Row) -> None:
    """Harvested three days after spraying: the gate says no, and its answer is kept. Asked once."""
    farm, day, row = lived.farm, lived.day(harvest["day"]), _harvest(lived.farm, harvest)
    lot_id = _write(lived, row, f"{lived.number}-early", day)
    if lot_id is None or certificates.decisions_of(farm.farmer, producer_id=farm.producer_id, lot_id=lot_id).items:
        return
    try:
        with on(day, hours=1):
            certificates.issue(
                farm.farmer,
                lot_id=lot_id,
                client_id=f"certificate-{lived.number}-early",
                amount=_share(row["amount"], harvest["certify"][0]),
                unit=row["unit"],
                bases=["quality_control"],
            )
    except RuleBroken as refusal:
        if refusal.reason != "gate_refused":
            raise
    else:
        raise RuntimeError("the gate let the demonstration's early harvest pass")
