"""Goods from outside the platform: what was bought there becomes lots that begin here. Their proofs are kept by
`certificates` (农产品质量安全法 art. 39), and without them nothing of it is certified."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from backend.base import clock, ids, vocab
from backend.base.actor import Actor
from backend.base.errors import RuleBroken
from backend.domains.farming import rules as farming_rules
from backend.domains.lots.models import Lot
from backend.domains.lots.service import journal
from backend.domains.lots.service.facts import INTAKE
from backend.domains.lots.service.moving import bear, made_line
from backend.domains.producers import service as producers

Row = Mapping[str, Any]


def take_in(
    actor: Actor,
    *,
    producer_id: str,
    client_id: str,
    happened_on: date,
    partner: str,
    lines: Sequence[Row],
    place: str = "",
    note: str = "",
) -> dict[str, Any]:
    """Enter goods of somebody outside, `partner`, that came on that day from `place`; each line (client_id, crop,
    product_name, variety, amount, unit, harvested_on) is a new lot of the producer.

    Raises NotFound, RuleBroken `lot_day_wrong`, Conflict.
    """
    producers.door(actor, producer_id, "lot:move")
    event_id = ids.owned(producer_id, client_id)
    said = [INTAKE, happened_on, partner, lines, place, note]

    def body(digest: str) -> None:
        if happened_on > clock.today():
            raise RuleBroken("lot_day_wrong", field="happened_on")
        made = [_lot(event_id, line, happened_on) for line in lines]
        bear(made, event_id, INTAKE)
        words = {"partner": partner, "place": place, "note": note}
        makes = [made_line(lot) for lot in made]
        journal.keep(actor, event_id, INTAKE, digest, happened_on=happened_on.isoformat(), makes=makes, **words)

    return journal.once(event_id, said, body)


def _lot(event_id: str, line: Row, happened_on: date) -> Lot:
    harvested_on = line.get("harvested_on") or happened_on
    if harvested_on > happened_on:
        raise RuleBroken("lot_day_wrong", field="harvested_on")
    owner, unit = ids.owner_of(event_id), vocab.get("units")[line["unit"]]
    return Lot(
        id=ids.owned(owner, line["client_id"]),
        producer_id=owner,
        harvest_root_id="",
        crop=line["crop"],
        product_name=line.get("product_name") or vocab.get("crops")[line["crop"]].zh,
        variety=line.get("variety", ""),
        amount=journal.plain(line["amount"]),
        unit=line["unit"],
        base=farming_rules.base_amount(line["amount"], unit),
        harvested_on=harvested_on.isoformat(),
        born=INTAKE,
        born_on=happened_on.isoformat(),
        event_id=event_id,
        created_at=clock.now(),
    )
