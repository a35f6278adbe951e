"""Lots of the demonstration on the move: apples are merged, sorted and sent to a buyer, who certifies them anew and to
whom more is under way; the county tries a recall."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from backend.base.actor import Actor
from backend.domains.certificates import service as certificates
from backend.domains.lots import service as lots
from backend.domains.tracing import service as tracing
from scripts.demo.seasons import Farm, on

KG = "kg"
Line = dict[str, Any]


def line(lot_id: str, amount: int) -> Line:
    return {"lot_id": lot_id, "amount": Decimal(amount), "unit": KG}


def move(farm: Farm, buyer: Actor, buyer_id: str, today: date) -> dict[str, Any] | None:
    """From the newest two harvests of last year to the buyer's shelf. Returns the drill, None before there are two."""
    grown = list(_leftovers(farm, today.year - 1))[:2]
    if len(grown) < 2:
        return None
    day = max(lot.harvested_on for lot in grown) + timedelta(days=3)
    mixed = _made(farm, "merge", day, [line(lot.id, 200) for lot in grown], [("mixed", 400, "")])[0]
    packed = _made(farm, "repack", day, [line(mixed, 400)], [("large", 250, "红富士苹果（大果）"), ("small", 135, "")])
    with on(day, hours=1):
        certificates.issue(
            farm.farmer,
            lot_id=packed[0],
            client_id=f"certificate-{day.year}-packed",
            amount=Decimal(250),
            unit=KG,
            bases=["quality_control"],
        )
    arrived = _sent(farm, buyer, buyer_id, day + timedelta(days=1), packed)
    _sold(buyer, buyer_id, day + timedelta(days=4), arrived)
    return _drilled(farm, today, grown[0].id)


def _leftovers(farm: Farm, year: int) -> Iterator[lots.LotFacts]:
    """Harvests of a year of which 200 kilograms are without a certificate, or were merged by an earlier run."""
    known = lots.lots_of(farm.farmer, producer_id=farm.producer_id, size=100).items
    merged = {parent.lot_id for lot in known if lot.born == "merge" for parent in lot.parents}
    for lot in known:
        if lot.born == "harvest" and lot.harvested_on.year == year and (lot.id in merged or Decimal(lot.left) >= 200):
            yield lot


def _made(
    farm: Farm, kind: str, day: date, inputs: Sequence[Line], outputs: Sequence[tuple[str, int, str]]
) -> list[str]:
    said = [
        {
            "client_id": f"demo-{day.year}-{name}",
            "amount": Decimal(amount),
            "unit": KG,
            "product_name": product,
            "variety": "",
        }
        for name, amount, product in outputs
    ]
    with on(day):
        event = lots.convert(
            farm.farmer,
            producer_id=farm.producer_id,
            client_id=f"demo-{day.year}-{kind}",
            kind=kind,
            happened_on=day,
            inputs=inputs,
            outputs=said,
        )
    return [one["lot_id"] for one in event["makes"]]


def _sent(farm: Farm, buyer: Actor, buyer_id: str, day: date, packed: Sequence[str]) -> list[str]:
    """Sent by the grower; five kilograms of the small ones were bruised on the way."""
    with on(day):
        sent = lots.ship(
            farm.farmer,
            producer_id=farm.producer_id,
            client_id=f"demo-{day.year}-shipment",
            kind="ship",
            happened_on=day,
            to_producer_id=buyer_id,
            lines=[line(packed[0], 250), line(packed[1], 135)],
            note="冷藏车，次日到",
        )
    counted = [
        {"lot_id": packed[0], "client_id": f"demo-{day.year}-arrived-large", "amount": Decimal(250), "unit": KG},
        {"lot_id": packed[1], "client_id": f"demo-{day.year}-arrived-small", "amount": Decimal(130), "unit": KG},
    ]
    with on(day + timedelta(days=1)):
        got = lots.receive(
            buyer,
            shipment_id=sent["_id"],
            client_id=f"demo-{day.year}-receipt",
            happened_on=day + timedelta(days=1),
            lines=counted,
            note="小果碰伤 5 公斤",
        )
    with on(day + timedelta(days=2)):
        lots.settle(farm.farmer, shipment_id=sent["_id"], note="已核对，按实收")
    return [one["lot_id"] for one in got["makes"]]


def _sold(buyer: Actor, buyer_id: str, day: date, arrived: Sequence[str]) -> None:
    said = (("market", 250, "武威市农产品批发市场（演示）"), ("retail", 40, "武威市农产品批发市场（演示）"))
    with on(day):
        for kind, amount, place in said:
            lots.leave(
                buyer,
                producer_id=buyer_id,
                client_id=f"demo-{day.year}-{kind}",
                kind=kind,
                happened_on=day,
                lines=[line(arrived[0], amount)],
                place=place,
            )


def certified_anew(buyer: Actor, buyer_id: str, today: date) -> certificates.CertificateFacts | None:
    """Of the large apples the buyer packs a hundred kilograms into boxes and certifies them on 样式二, under the
    grower's certificate. None where nothing has arrived."""
    known = lots.lots_of(buyer, producer_id=buyer_id, size=100).items
    boxed = next((lot.id for lot in known if lot.born == "repack"), None) or _boxed(buyer, buyer_id, today, known)
    if boxed is None:
        return None
    there = certificates.list_for(buyer, producer_id=buyer_id, lot_id=boxed).items
    if there:
        return there[0]
    with on(today - timedelta(days=2), hours=1):
        return certificates.issue(
            buyer,
            lot_id=boxed,
            client_id="demo-certificate-boxed",
            amount=Decimal(96),
            unit=KG,
            bases=["quality_control"],
        )


def _boxed(buyer: Actor, buyer_id: str, today: date, known: Sequence[lots.LotFacts]) -> str | None:
    covered = (lot for lot in known if lot.born == "receive" and all(one.carried == one.base for one in lot.parents))
    large = next((lot for lot in covered if Decimal(lot.left) >= 100), None)
    if large is None:
        return None
    part = {"client_id": "demo-boxed", "amount": Decimal(96), "unit": KG, "product_name": "红富士苹果（礼盒）"}
    with on(today - timedelta(days=2)):
        event = lots.convert(
            buyer,
            producer_id=buyer_id,
            client_id="demo-boxing",
            kind="repack",
            happened_on=today - timedelta(days=2),
            inputs=[line(large.id, 100)],
            outputs=[part | {"variety": ""}],
        )
    return str(event["makes"][0]["lot_id"])


def from_outside(buyer: Actor, buyer_id: str, today: date) -> None:
    """Apples of another province: a load that came with its paper, and one whose paper is still to come."""
    for number, (amount, days) in enumerate(((300, 12), (80, 3)), start=1):
        day = today - timedelta(days=days)
        goods = {
            "client_id": f"demo-outside-lot-{number}",
            "crop": "apple",
            "product_name": "红富士苹果",
            "variety": "",
        }
        with on(day):
            event = lots.take_in(
                buyer,
                producer_id=buyer_id,
                client_id=f"demo-outside-{number}",
                happened_on=day,
                partner="洛川果业合作社（演示）",
                place="陕西省洛川县",
                lines=[goods | {"amount": Decimal(amount), "unit": KG}],
            )
            if number == 1:
                certificates.keep_proof(
                    buyer,
                    lot_id=event["makes"][0]["lot_id"],
                    client_id=f"demo-outside-proof-{number}",
                    kind="certificate",
                    number="演示-外-0001",
                    issuer="洛川果业合作社（演示）",
                    issued_on=day,
                    amount=Decimal(amount),
                    unit=KG,
                )


def under_way(farm: Farm, buyer: Actor, buyer_id: str, today: date) -> bool:
    """A load that the buyer has still to receive, unless one waits already."""
    if lots.shipments(buyer, producer_id=buyer_id, direction="in", state="sent").items:
        return True
    known = lots.lots_of(farm.farmer, producer_id=farm.producer_id, size=100).items
    newest = next((lot for lot in known if not lot.held and Decimal(lot.on_hand) >= 60), None)
    if newest is None:
        return False
    with on(today - timedelta(days=1)):
        lots.ship(
            farm.farmer,
            producer_id=farm.producer_id,
            client_id=f"demo-{today.isoformat()}-underway",
            kind="ship",
            happened_on=today - timedelta(days=1),
            to_producer_id=buyer_id,
            lines=[line(newest.id, 60)],
            note="货车，今天到",
        )
    return True


def _drilled(farm: Farm, today: date, lot_id: str) -> dict[str, Any]:
    with on(today - timedelta(days=1)):
        drill = tracing.order(
            farm.officer,
            client_id=f"demo-{today.year}-recall-drill",
            target="lot",
            target_id=lot_id,
            reason="test_failed",
            drill=True,
            note="县级召回演练（演示）",
        )
        tracing.spread_recalls()
    found = tracing.recall(farm.officer, drill.id)
    return {"id": found.id, "lots": found.counts["lots"], "holders": found.counts["holders"], "ms": found.found_ms}
