"""Purchases of inputs: kept once however often they are sent, cancelled and never edited."""

from datetime import date
from decimal import Decimal
from typing import Any

from backend.base import clock, ids, store, vocab
from backend.base.actor import Actor
from backend.base.documents import Page, settled
from backend.base.errors import NotFound
from backend.domains.accounts import service as accounts
from backend.domains.evidence import service as evidence
from backend.domains.inputs import rules
from backend.domains.inputs.models import InputPurchase
from backend.domains.inputs.service import ledger
from backend.domains.inputs.service.rulebooks import rulebook
from backend.domains.producers import service as producers


def buy(
    actor: Actor,
    *,
    producer_id: str,
    client_id: str,
    amount: Decimal,
    unit: str,
    bought_on: date,
    dealer: str,
    **said: Any,
) -> InputPurchase:
    """Keep a purchase and put it on the shelf. A repeated client id answers with the purchase that is there.

    `said`: registration_no, name, manufacturer, kind, batch_no, note. Raises NotFound, RuleBroken.
    """
    producers.door(actor, producer_id, "farming:write")
    purchase_id = ids.owned(producer_id, client_id)
    wanted = {"amount": amount, "unit": unit, "bought_on": bought_on, "dealer": dealer, **said}
    return settled(lambda: _purchase(purchase_id) or _bought(actor, purchase_id, **wanted))


def _bought(
    actor: Actor, purchase_id: str, *, amount: Decimal, unit: str, bought_on: date, dealer: str, **said: Any
) -> InputPurchase:
    dimension, thousandths = rules.shelved(amount, vocab.get("units")[unit])
    rules.check_day(bought_on, clock.today(), field="bought_on")
    number = said.get("registration_no") or None
    book = rulebook([number] if number else [])
    product = book.products.get(number or "")
    named = rules.label_of(said, product)
    rules.check_allowed(product, bought_on, book)
    made = InputPurchase(
        id=purchase_id,
        producer_id=ids.owner_of(purchase_id),
        item=named.item,
        registration_no=named.registration_no,
        name=named.name,
        manufacturer=named.manufacturer,
        kind=named.kind,
        amount=str(amount),
        unit=unit,
        bought_on=bought_on.isoformat(),
        dealer=dealer,
        batch_no=said.get("batch_no"),
        note=said.get("note"),
        told=[{"reason": one.reason, **one.params} for one in rules.warnings(named, product, bought_on, book)],
        created_by=actor.account_id or actor.name,
        created_at=clock.now(),
    )
    movement = rules.Movement(named.item, "purchase", dimension, made.bought_on, thousandths, 1)
    _keep(actor, made, movement, named)
    return made


def _keep(actor: Actor, made: InputPurchase, movement: rules.Movement, named: rules.Named) -> None:
    rules.check_same_dimension(ledger.counters_of(made.producer_id, made.item) or {}, movement.dimension)
    InputPurchase.insert([made])
    ledger.move(made.producer_id, [ledger.row_of(made.producer_id, movement, source_id=made.id)], {made.item: named})
    evidence.append([evidence.Leaf("inputs.purchase", made.id, made.producer_id, made.to_mongo())])
    accounts.note(actor, "inputs.purchase", subjects=[made.id], producer_id=made.producer_id)


def cancel(actor: Actor, *, purchase_id: str, reason: str) -> InputPurchase:
    """Mark a purchase as entered wrongly and take it off the shelf; repeated it changes nothing. Raises NotFound."""
    producers.door(actor, ids.owner_of(purchase_id), "farming:write")
    return store.transaction(lambda: _cancel(actor, purchase_id, reason))


def _cancel(actor: Actor, purchase_id: str, reason: str) -> InputPurchase:
    known = _purchase(purchase_id)
    if known is None:
        raise NotFound
    if known.cancelled:
        return known
    change = {
        "cancelled": True,
        "cancel_reason": reason,
        "cancelled_at": clock.now(),
        "cancelled_by": actor.account_id or actor.name,
    }
    where = {"_id": purchase_id, "producer_id": known.producer_id, "cancelled": False}
    InputPurchase.update_one(where, {"$set": change})
    dimension, thousandths = rules.shelved(Decimal(known.amount), vocab.get("units")[known.unit])
    movement = rules.Movement(known.item, "cancellation", dimension, clock.today().isoformat(), -thousandths, -1)
    row = ledger.row_of(known.producer_id, movement, source_id=purchase_id, reason=reason)
    ledger.move(known.producer_id, [row], {})
    cancelled = {**known.to_mongo(), **change}
    evidence.append([evidence.Leaf("inputs.purchase_cancellation", purchase_id, known.producer_id, cancelled)])
    accounts.note(actor, "inputs.purchase_cancellation", subjects=[purchase_id], producer_id=known.producer_id)
    known.cancelled, known.cancel_reason = True, reason
    return known


def purchases_of(actor: Actor, *, producer_id: str, cursor: str | None = None, size: int = 50) -> Page[InputPurchase]:
    """A producer's purchases, newest entry first, the cancelled ones among them."""
    producers.door(actor, producer_id, "farming:read")
    return InputPurchase.page({"producer_id": producer_id}, cursor=cursor, size=size)


def _purchase(purchase_id: str) -> InputPurchase | None:
    return InputPurchase.find_one({"_id": purchase_id, "producer_id": ids.owner_of(purchase_id)})
