"""What the officers of the demonstration have to look at: notes of the gate, a copied code, an input they vouched for,
a recall that was closed and one that was ordered by mistake and taken back."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from backend.base import clock
from backend.domains.certificates import service as certificates
from backend.domains.farming import service as farming
from backend.domains.tracing import service as tracing
from scripts.demo.seasons import Farm, on

GARLIC = "自制大蒜浸出液（演示）"
KG = "kg"
PLACES = ("620602", "440103")  # where one small package was looked up within the same hour
AMOUNTS = ("90000", "300", "260")  # kilograms; the first is more than the land could bear


def watch(farm: Farm, today: date) -> list[dict[str, str]]:
    """An autumn crop of last year with all of it. Returns what is to be seen and where; again it changes nothing."""
    start = date(today.year - 1, 8, 1)
    batch_id, used = _grown(farm, start)
    with on(start + timedelta(days=40)):
        note = "核实为自家蒜汁，无登记成分，准予放行（演示）"
        farming.vouch(
            farm.officer,
            batch_id=batch_id,
            record_id=used,
            input_name=GARLIC,
            client_id=f"demo-{start.year}-vouched",
            note=note,
        )
    lots = [
        _harvested(farm, batch_id, start + timedelta(days=45 + number), amount) for number, amount in enumerate(AMOUNTS)
    ]
    codes = [_certified(farm, lot_id, start + timedelta(days=48), number) for number, lot_id in enumerate(lots)]
    _looked_up(codes[0])
    closed, withdrawn = _closed(farm, lots[1], today), _withdrawn(farm, lots[2], today)
    return [
        {"what": "亩产和用量异常、监管员放行的投入品", "page": "/desk/flags?kind=gate", "code": codes[0]},
        {"what": "疑似冒用的追溯码", "page": "/desk/flags?kind=clones", "code": codes[0]},
        {"what": "已结束的召回", "page": f"/desk/recalls/{closed}", "code": codes[1]},
        {"what": "误发后撤销的召回", "page": f"/desk/recalls/{withdrawn}", "code": codes[2]},
    ]


def _grown(farm: Farm, start: date) -> tuple[str, str]:
    """(the batch, the record of the input that no list knows)"""
    with on(start):
        batch = farming.new_batch(
            farm.farmer,
            producer_id=farm.producer_id,
            client_id=f"demo-{start.year}-autumn",
            product_id=farm.product_id,
            site_ids=[farm.site_id],
            started_on=start,
        )
    compost = {"registration_no": "示例-0040", "amount": Decimal(9000), "unit": "kg_per_mu", "method": "base_dressing"}
    garlic = {
        "name": GARLIC,
        "manufacturer": "自制",
        "kind": "pesticide",
        "amount": Decimal(200),
        "unit": "ml_per_mu",
        "method": "foliar_spray",
    }
    _wrote(farm, batch.id, start + timedelta(days=2), "fertilising", compost)
    return batch.id, _wrote(farm, batch.id, start + timedelta(days=20), "pesticide", garlic)


def _wrote(farm: Farm, batch_id: str, day: date, kind: str, used: Mapping[str, Any]) -> str:
    with on(day):
        written, _ = farming.record(
            farm.farmer,
            client_id=f"demo-{day:%Y%m%d}-{kind}",
            batch_id=batch_id,
            kind=kind,
            happened_on=day,
            site_ids=[farm.site_id],
            target="蚜虫" if kind == "pesticide" else None,
            inputs=[{"source": "自家（演示）", **used}],
        )
    return written.id


def _harvested(farm: Farm, batch_id: str, day: date, amount: str) -> str:
    with on(day):
        written, _ = farming.record(
            farm.farmer,
            client_id=f"demo-{day:%Y%m%d}-harvest",
            batch_id=batch_id,
            kind="harvest",
            happened_on=day,
            amount=Decimal(amount),
            unit=KG,
        )
    return written.id


def _certified(farm: Farm, lot_id: str, day: date, number: int) -> str:
    with on(day, hours=number):
        made = certificates.issue(
            farm.farmer,
            lot_id=lot_id,
            client_id=f"demo-{day.year}-watched-{number}",
            amount=Decimal("2.5") if number == 0 else Decimal(100),
            unit=KG,
            bases=["quality_control"],
        )
    return made.code


def _looked_up(code: str) -> None:
    """In two provinces within the hour, as a copied label would be."""
    moment = clock.now()
    tracing.count_scans({code: len(PLACES)}, moment)
    tracing.count_places({f"{code}@{place}": 1 for place in PLACES}, moment)
    tracing.refresh_scan_summaries()


def _ordered(farm: Farm, lot_id: str, day: date, name: str, *, reason: str, note: str) -> str:
    with on(day):
        ordered = tracing.order(
            farm.officer,
            client_id=f"demo-{day.year}-recall-{name}",
            target="lot",
            target_id=lot_id,
            reason=reason,
            note=note,
        )
        while tracing.spread_recalls():
            pass
    return str(ordered.id)


def _closed(farm: Farm, lot_id: str, today: date) -> str:
    recall_id = _ordered(
        farm, lot_id, today - timedelta(days=9), "closed", reason="label_wrong", note="标签贴错品种（演示）"
    )
    with on(today - timedelta(days=6)):
        tracing.close(farm.officer, recall_id=recall_id, note="100 公斤全部退回，重新贴标前封存（演示）")
    return recall_id


def _withdrawn(farm: Farm, lot_id: str, today: date) -> str:
    recall_id = _ordered(
        farm, lot_id, today - timedelta(days=5), "mistaken", reason="test_failed", note="按复检通知召回（演示）"
    )
    with on(today - timedelta(days=5), hours=2):
        note = "批次号看错一位，应为另一批（演示）"
        tracing.withdraw(farm.officer, recall_id=recall_id, reason="wrong_target", note=note)
        while tracing.spread_recalls():
            pass
    return recall_id
