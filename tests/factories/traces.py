"""A complete, believable set of facts behind one trace; tests change what they are about."""

from datetime import UTC, date, datetime
from decimal import Decimal

from backend.domains.tracing import service as tracing
from backend.domains.tracing.models import PublicTrace
from backend.domains.tracing.rules import (
    Basis,
    Card,
    Deed,
    Facts,
    Goods,
    InputUse,
    Maker,
    Photo,
    Related,
    Tally,
    Test,
    TestItem,
    tell,
)

CODE = "7K3MPX9Q2RTV"
PHOTOS = (Photo("/media/a", "/media/a?size=thumb"), Photo("/media/b", "/media/b?size=thumb"))

CARD = Card(
    certificate_id="P100000001.cert0001",
    number="LS-20261008-000123",
    template_version="2026-1",
    title="承诺达标合格证",
    lead="我承诺生产销售的食用农产品：",
    commitments=("未使用禁用农药、兽药及其他化合物；", "使用的常规农药、兽药残留不超标。"),
    bases=(
        Basis("quality_control", "质量安全控制符合要求", True),
        Basis("self_test", "自行检测合格", False),
        Basis("entrusted_test", "委托检测合格", True),
    ),
    fields=(
        ("产品名称", "红富士苹果"),
        ("重量或数量", "1500 公斤"),
        ("产地", "甘肃省武威市凉州区黄羊镇"),
        ("承诺主体", "凉州示范果蔬专业合作社（演示）"),
        ("联系方式", "138****5678"),
        ("开具时间", "2026年10月8日"),
    ),
    issued_at=datetime(2026, 10, 8, 2, tzinfo=UTC),
    amount=Decimal("1500.000"),
    unit="kg",
)
MAKER = Maker("P100000001", "凉州示范果蔬专业合作社（演示）", "cooperative", "active", "620602100")
GOODS = Goods(
    lot_id="P100000001.harvest1",
    crop="apple",
    crop_class="fruit",
    product_name="红富士苹果",
    variety="烟富3号",
    started_on=date(2026, 3, 12),
    harvested_on=date(2026, 10, 5),
)


def use(name: str, number: str, phi_days: int | None, *, example: bool = True) -> InputUse:
    return InputUse(name, number, example, "30", "ml_per_mu", phi_days)


def deed(kind: str, month: int, day: int, **more: object) -> Deed:
    when = date(2026, month, day)
    return Deed(**{"kind": kind, "happened_on": when, "ended_on": when, "received_on": when, **more})  # type: ignore[arg-type]


DEEDS = (
    deed(
        "fertilising",
        3,
        20,
        text="果园沟施腐熟有机肥",
        inputs=(InputUse("商品有机肥", amount="200", unit="kg_per_mu"),),
    ),
    deed("irrigation", 4, 15, ended_on=date(2026, 4, 16), received_on=date(2026, 4, 16), text="滴灌"),
    deed("pest_observed", 6, 20, text="蚜虫轻度发生，卷叶率约 3%", photos=PHOTOS),
    deed(
        "pesticide",
        6,
        22,
        received_on=date(2026, 6, 28),
        text="全园喷雾，防治蚜虫",
        inputs=(use("吡虫啉可湿性粉剂 10%", "示例-0001", 14),),
    ),
    deed(
        "pesticide",
        8,
        30,
        text="防治早期落叶病",
        inputs=(use("戊唑醇悬浮剂", "示例-0003", 28), use("阿维菌素乳油", "示例-0009", 14)),
        amended=True,
    ),
    deed("harvest", 10, 5, text="分级采收 2000 公斤", photos=PHOTOS),
)
TESTS = (
    Test(
        "甘肃省农产品检验检测中心（演示）",
        date(2026, 10, 5),
        date(2026, 10, 7),
        "pass",
        (TestItem("吡虫啉", "0.012", "mg/kg", "0.5", "pass"), TestItem("戊唑醇", "未检出", "mg/kg", "2", "pass")),
    ),
)
FACTS = Facts(
    code=CODE,
    url=f"http://t.test/t/{CODE}",
    card=CARD,
    maker=MAKER,
    goods=GOODS,
    deeds=DEEDS,
    tests=TESTS,
    related=(Related("7KP2M9QX", "science", "苹果打药后多少天能摘"),),
    tally=Tally(37, datetime(2026, 10, 9, 1, 2, tzinfo=UTC), datetime(2026, 11, 22, 9, 30, tzinfo=UTC)),
)


def stored(facts: Facts = FACTS, *, batch_ids: tuple[str, ...] = ()) -> str:
    """Put the finished trace of these facts into the database, as issuing would; returns its code."""
    PublicTrace.insert(
        [
            PublicTrace(
                id=facts.code,
                version=1,
                certificate_id=facts.card.certificate_id,
                producer_id=facts.maker.producer_id,
                lot_id=facts.goods.lot_id,
                crop=facts.goods.crop,
                batch_ids=list(batch_ids),
                built_at=facts.card.issued_at,
                **tracing.finished(tell(facts)),
            )
        ]
    )
    return facts.code
