"""EPCIS 2.0 out: the document of a lot's history, and an answer to a query about a lot or a producer."""

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from backend import gateways
from backend.base import clock, vocab
from backend.base.actor import Actor
from backend.base.documents import cursor_at
from backend.base.errors import BadRequest
from backend.domains.exchange.rules import epcis
from backend.domains.exchange.rules.epcis_ids import Names
from backend.domains.exchange.rules.epcis_query import Wanted, page
from backend.domains.exchange.service import epcis_deeds
from backend.domains.exchange.service.epcis_history import History, gathered, history
from backend.domains.lots import service as lots

SOURCE = 25  # lots or events of a producer read for one page
LOTS, DEEDS = "lots", "deeds"
NAME = "urn:epcglobal:cbv:mda#name"
PRODUCT = "urn:epcglobal:cbv:mda#descriptionShort"


@dataclass(frozen=True, slots=True)
class Answer:
    document: Mapping[str, Any]
    next_page: str | None


def names() -> Names:
    return Names(gateways.current().settings.public_base_url)


def document(actor: Actor, lot_id: str) -> dict[str, Any]:
    """An EPCISDocument of all that came before and after a lot, as far as the actor may see it. Raises NotFound,
    RuleBroken `lot_ancestry_too_wide`."""
    known, named = history(actor, lot_id), names()
    found = epcis_deeds.events(known, named)
    return epcis.document(found, base=named.base, created=clock.now(), master=_master(known, named), **_cut(known))


def _cut(known: History) -> dict[str, bool]:
    """Whether some of the history was left out."""
    return {"truncated": True} if known.truncated else {}


def _master(known: History, named: Names) -> list[epcis.Event]:
    """What the names stand for: products, parties as strangers may know them, townships."""
    goods = {named.lot(lot.id, lot.gtin): {PRODUCT: lot.product_name} for lot in known.known.values()}
    parties = {named.party(one.id): {NAME: one.public_name} for one in known.holders.values()}
    places = {
        named.place(one.region): {NAME: vocab.label("regions", one.region[:6])}
        for one in known.holders.values()
        if one.allowed
    }
    kinds = {"EPCClass": goods, "Party": parties, "Location": places}
    return [epcis.vocabulary(kind, found) for kind, found in kinds.items() if found]


def query(
    actor: Actor,
    *,
    wanted: Wanted,
    lot_id: str | None = None,
    producer_id: str | None = None,
    size: int = 50,
    token: str | None = None,
) -> Answer:
    """The events that are wanted, of one lot's history or of one producer's own lots and deeds, a page at a time. A
    page may be short or empty and yet not the last. Raises NotFound, BadRequest."""
    if (lot_id is None) == (producer_id is None):
        raise BadRequest("epcis_one_subject", field="lot_id")
    stage, start, cursor = _place(token)
    if lot_id is not None:
        known, after = history(actor, lot_id), None
    else:
        known, cursor, after = _of_producer(actor, str(producer_id), stage, cursor)
    found = [one for one in epcis_deeds.events(known, names()) if wanted.takes(one)]
    shown, rest = page(found, start, size)
    next_page = _token(stage, rest, cursor) if rest is not None else _token(*after) if after else None
    created = clock.now()
    told = epcis.answer(shown, base=names().base, created=created, next_page=next_page, **_cut(known))
    return Answer(told, next_page)


def _of_producer(
    actor: Actor, producer_id: str, stage: str, cursor: str | None
) -> tuple[History, str | None, tuple[str, int, str | None] | None]:
    """First the lots with their harvests, tests and certificates, then what was done; newest entries first. With the
    history a cursor that finds the same entries again, whatever was entered meanwhile, and where the next ones are."""
    if stage == LOTS:
        born = lots.lots_of(actor, producer_id=producer_id, cursor=cursor, size=SOURCE)
        known = gathered(actor, [lot.id for lot in born.items], [])
        here = cursor_at(born.items[0].created_at, born.items[0].id) if born.items else cursor
        return known, here, (LOTS, 0, born.next_cursor) if born.next_cursor else (DEEDS, 0, None)
    done = lots.events_of(actor, producer_id=producer_id, cursor=cursor, size=SOURCE)
    known = gathered(actor, [], done.items)
    here = cursor_at(done.items[0]["created_at"], done.items[0]["_id"]) if done.items else cursor
    return known, here, (DEEDS, 0, done.next_cursor) if done.next_cursor else None


def _token(stage: str, start: int, cursor: str | None) -> str:
    said = json.dumps([stage, start, cursor], separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(said).decode().rstrip("=")


def _place(token: str | None) -> tuple[str, int, str | None]:
    if not token:
        return LOTS, 0, None
    try:
        stage, start, cursor = json.loads(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
        if stage not in (LOTS, DEEDS) or type(start) is not int or start < 0 or not isinstance(cursor, str | None):
            raise ValueError(token)
    except (ValueError, TypeError, binascii.Error, RecursionError) as error:
        raise BadRequest("cursor_malformed", field="nextPageToken") from error
    return stage, start, cursor
