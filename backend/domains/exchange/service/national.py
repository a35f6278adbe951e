"""Pushing to the national platform: what it is told, how the line stands, and sending again."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from backend import gateways
from backend.base import clock
from backend.base.actor import Actor
from backend.base.documents import Page
from backend.base.errors import Forbidden, RuleBroken
from backend.domains.accounts import service as accounts
from backend.domains.certificates import service as certificates
from backend.domains.exchange.models import Delivery
from backend.domains.exchange.rules import deliveries as delivery_rules
from backend.domains.exchange.rules import national as rules
from backend.domains.exchange.service import deliveries
from backend.domains.exchange.service.deliveries_serving import Attempt
from backend.domains.farming import service as farming
from backend.domains.lots import service as lots
from backend.domains.producers import service as producers
from backend.gateways import outgoing

MANAGE = "national:manage"
Row = Mapping[str, Any]


def is_on() -> bool:
    return gateways.current().national is not None


def keep_line() -> None:
    """The line follows the setting; a turn of the worker."""
    line = deliveries.line_of(deliveries.NATIONAL)
    if is_on() and (line is None or line.state == "closed"):
        deliveries.open_line(deliveries.NATIONAL, "national")
    elif not is_on() and line is not None and line.state == "open":
        deliveries.close_line(deliveries.NATIONAL)


def message(found: Delivery, noted: Row) -> deliveries.Message | None:
    """A piece of news as the platform is told it; None for what it is not told."""
    outside = gateways.current().national
    if outside is None or found.kind not in outside.mapping["messages"]:
        return None
    body = rules.mapped(outside.mapping, found.kind, FACTS[found.kind](noted["said"], noted["at"]))
    return deliveries.Message(found.message_id, found.kind, found.subject, json.dumps(body, ensure_ascii=False))


def _producer(said: Row, at: str) -> Row:
    known = producers.facts(said["producer_id"])
    organisation = known.identity_kind == rules.ORGANISATION
    return {
        "producer_id": known.id,
        "name": known.public_name,
        "kind": known.kind,
        "credit_code": known.identity_shown if organisation else None,
        "subject_code": rules.subject_code(known.identity_kind, known.identity_shown, known.kind),
        "region": known.region,
        "admitted_at": at,
    }


def _batch(said: Row, _at: str) -> Row:
    known = farming.batch_facts(said["batch_id"])
    return {
        "batch_id": known.id,
        "producer_id": known.producer_id,
        "product_name": known.product_name,
        "crop": known.crop,
        "area_mu": str(known.area_mu),
        "started_on": known.started_on.isoformat(),
    }


def _lot(said: Row, _at: str) -> Row:
    known = lots.facts(said["lot_id"])
    return {
        "lot_id": known.id,
        "producer_id": known.producer_id,
        "batch_ids": list(known.batch_ids),
        "product_name": known.product_name,
        "amount": str(known.amount),
        "unit": known.unit,
        "harvested_on": known.harvested_on.isoformat(),
    }


def _certificate(said: Row, at: str) -> Row:
    known = certificates.card(said["certificate_id"])
    return {
        "code": known.code,
        "url": known.url,
        "lot_id": known.lot_id,
        "producer_id": known.producer_id,
        "amount": str(known.amount),
        "unit": known.unit,
        "bases": list(known.bases),
        "issued_at": clock.local(known.issued_at).isoformat(timespec="seconds"),
        "reason": known.void_reason,
        "voided_at": at,
        "restored_at": at,
    }


def _recalled(said: Row, at: str) -> Row:
    return {
        "lot_id": said["lot_id"],
        "producer_id": said["producer_id"],
        "reason": said.get("reason"),
        "recalled_at": at,
        "withdrawn_at": at,
    }


FACTS: Mapping[str, Callable[[Row, str], Row]] = {
    "producer.admitted": _producer,
    "batch.begun": _batch,
    "lot.made": _lot,
    "lot.amended": _lot,
    "lot.recalled": _recalled,
    "lot.recall_withdrawn": _recalled,
    "certificate.issued": _certificate,
    "certificate.voided": _certificate,
    "certificate.restored": _certificate,
}


def send(found: Delivery) -> Attempt:
    """Send one message as it was written down."""
    outside = gateways.current().national
    if outside is None or found.kind not in outside.mapping["messages"]:
        return Attempt(delivery_rules.Verdict.UNWELL, reason="national_off")
    path = outside.mapping["messages"][found.kind]["path"]
    try:
        answer = outside.send(path, found.body.encode(), message_id=found.message_id)
    except outgoing.Unreachable as failure:
        return Attempt(delivery_rules.Verdict.UNWELL, reason=failure.reason)
    verdict = delivery_rules.judged(answer.status)
    if verdict is delivery_rules.Verdict.GONE:  # this platform is never left for good
        verdict = delivery_rules.Verdict.REFUSED
    return Attempt(verdict, answer.status, seconds=answer.seconds)


def _check(actor: Actor) -> None:
    if not actor.holds(MANAGE):
        raise Forbidden("forbidden", permission=MANAGE)


def status(actor: Actor) -> dict[str, Any]:
    """Whether it is on, by which mapping, how far it lags and how many messages wait for a person."""
    _check(actor)
    outside = gateways.current().national
    version = outside.mapping["version"] if outside else None
    return {"enabled": outside is not None, "version": version, **deliveries.backlog(deliveries.NATIONAL)}


def standing() -> dict[str, Any]:
    """For /readyz, where it is told and no reason to take the app out of service."""
    told = deliveries.backlog(deliveries.NATIONAL) if is_on() else {}
    return {"enabled": is_on(), **{name: told[name] for name in ("lag_seconds", "dead") if name in told}}


def messages(actor: Actor, *, state: str | None = None, cursor: str | None = None, size: int = 50) -> Page[Delivery]:
    _check(actor)
    return deliveries.log_of(deliveries.NATIONAL, state=state, cursor=cursor, size=size)


def repeat(actor: Actor, *, action: str = "send_again", delivery_id: str | None = None) -> int:
    """Send one message again, or give it up; without an id all dead ones, a hundred a call. Returns how many."""
    _check(actor)
    if not is_on():
        raise RuleBroken("national_off")
    done = deliveries.decide(deliveries.NATIONAL, action=action, delivery_id=delivery_id)
    accounts.note(actor, f"national.{action}", subjects=[delivery_id or "dead"])
    return done
