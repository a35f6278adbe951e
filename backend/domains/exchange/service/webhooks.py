"""Webhooks of a client: where it wants to be told, of what, and what became of it."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from backend import gateways
from backend.base import clock, ids, store, vocab
from backend.base.actor import Actor
from backend.base.documents import Page, settled
from backend.base.errors import NotFound, RuleBroken
from backend.domains.accounts import service as accounts
from backend.domains.exchange.models import MAX_SECRETS, Delivery, SealedSecret, Webhook
from backend.domains.exchange.rules import webhooks as rules
from backend.domains.exchange.service import deliveries
from backend.domains.inbox import service as inbox

MANAGE = "webhook:manage"
PURPOSE = "webhook-secret"
MAX_A_CLIENT = 10
PING = "webhook.ping"
ENDED = "ended"
LEFT = timedelta(hours=1)  # longer than any message can be on its way into the queue of a webhook that ends


@dataclass(frozen=True, slots=True)
class Subscribed:
    """A webhook, and its signing secret in the only answer that carries it; None when a retry met what was there."""

    webhook: Webhook
    secret: str | None


def new_webhook(actor: Actor, *, client_id: str, api_client_id: str, url: str, events: Sequence[str]) -> Subscribed:
    """Tell a client of these events at this address. Raises NotFound, BadRequest, RuleBroken `webhook_url_wrong`,
    `webhook_url_private`, `webhook_permission_missing`, `client_permissions_wide`, `too_many_webhooks`,
    `client_ended`."""
    client = accounts.client(actor, api_client_id, MANAGE)
    webhook_id = ids.owned(client.id, client_id)
    return settled(lambda: _made_before(webhook_id) or _made(actor, client, webhook_id, url, events))


def _made_before(webhook_id: str) -> Subscribed | None:
    there = Webhook.find_one({"_id": webhook_id})
    return Subscribed(there, None) if there else None


def _made(actor: Actor, client: Any, webhook_id: str, url: str, events: Sequence[str]) -> Subscribed:
    rules.check_url(url, private=gateways.current().settings.webhook_private)
    _check_events(client.id, events)
    _check_maker(actor, client, events)
    standing = {"api_client_id": client.id, "state": {"$ne": ENDED}}
    if len(Webhook.rows(standing, ("_id",), limit=MAX_A_CLIENT)) >= MAX_A_CLIENT:
        raise RuleBroken("too_many_webhooks")
    secret, sealed = _new_secret()
    made = Webhook(
        id=webhook_id,
        api_client_id=client.id,
        url=url,
        events=sorted(set(events)),
        secrets=[sealed],
        made_by=actor.account_id or actor.name,
        created_at=clock.now(),
    )
    _keep(actor, made, client)
    return Subscribed(made, secret)


def _check_events(api_client_id: str, events: Sequence[str]) -> None:
    """A webhook opens nothing that its client's key does not."""
    them = accounts.client_actor(api_client_id)
    if them is None:
        raise RuleBroken("client_ended")
    closed = sorted(event for event, needs in _needed(events).items() if not them.holds(needs))
    if closed:
        raise RuleBroken("webhook_permission_missing", field="events", events=", ".join(closed))


def _needed(events: Sequence[str]) -> dict[str, str]:
    known = vocab.get("exchange_events")
    return {event: needs for event in events if (needs := known[event].get("needs")) is not None}


def _check_maker(actor: Actor, client: Any, events: Sequence[str]) -> None:
    """Who names the address may read what is sent there: nobody sends themselves what they may not see."""
    wanted = set(_needed(events).values())
    missing = sorted(one for one in wanted if not actor.may(one, region=client.region, producer_id=client.producer_id))
    if missing:
        raise RuleBroken("client_permissions_wide", field="events", permissions=", ".join(missing))


def _new_secret() -> tuple[str, SealedSecret]:
    secret = rules.secret_of(os.urandom(rules.SECRET_BYTES))
    return secret, SealedSecret(sealed=gateways.current().secrets.seal(PURPOSE, secret))


def _keep(actor: Actor, made: Webhook, client: Any) -> None:
    Webhook.insert([made])
    deliveries.open_line(made.id, "webhook")
    _note(actor, "webhook.make", made, client)


def _note(actor: Actor, action: str, hook: Webhook, client: Any) -> None:
    accounts.note(actor, action, subjects=[hook.id], producer_id=client.producer_id, region=client.region)


def webhook(actor: Actor, webhook_id: str) -> Webhook:
    """Raises NotFound."""
    return _door(actor, webhook_id)[0]


def _door(actor: Actor, webhook_id: str) -> tuple[Webhook, Any]:
    found = Webhook.find_one({"_id": webhook_id})
    if found is None:
        raise NotFound
    return found, accounts.client(actor, found.api_client_id, MANAGE)


def webhooks_of(actor: Actor, *, api_client_id: str, cursor: str | None = None, size: int = 50) -> Page[Webhook]:
    """A client's webhooks, newest first. Raises NotFound."""
    client = accounts.client(actor, api_client_id, MANAGE)
    return Webhook.page({"api_client_id": client.id}, cursor=cursor, size=size)


def standing(actor: Actor, *, webhook_id: str) -> dict[str, Any]:
    """How far it lags, and how many messages wait for a person. Raises NotFound."""
    return dict(deliveries.backlog(webhook(actor, webhook_id).id))


def rotate_secret(actor: Actor, *, webhook_id: str, overlap_hours: int) -> Subscribed:
    """A new signing secret; meanwhile every message carries two signatures. Raises NotFound, RuleBroken
    `webhook_ended`."""
    hook, client = _door(actor, webhook_id)
    secret, sealed = _new_secret()
    edge = clock.now() + timedelta(hours=overlap_hours)
    kept = [_cut(one, edge) for one in open_secrets(hook, clock.now()) if overlap_hours][-(MAX_SECRETS - 1) :]
    change = {"secrets": [one.to_mongo().to_dict() for one in [*kept, sealed]]}

    def body() -> None:
        if not Webhook.update_one({"_id": hook.id, "state": {"$ne": ENDED}}, {"$set": change}):
            raise RuleBroken("webhook_ended")
        _note(actor, "webhook.rotate", hook, client)

    store.transaction(body)
    return Subscribed(webhook(actor, webhook_id), secret)


def _cut(one: SealedSecret, edge: datetime) -> SealedSecret:
    return SealedSecret(sealed=one.sealed, until=min(one.until or edge, edge))


def open_secrets(hook: Webhook, moment: datetime) -> list[SealedSecret]:
    return [one for one in hook.secrets if one.until is None or one.until > moment]


def set_state(actor: Actor, *, webhook_id: str, state: str) -> Webhook:
    """Disable a webhook, or enable it again: what waits is then sent; what happened meanwhile is not. Or end it for
    good: it and its log are soon gone. Raises NotFound, RuleBroken `client_ended`, `webhook_ended`."""
    hook, client = _door(actor, webhook_id)
    if hook.state == ENDED:
        if state == ENDED:
            return hook
        raise RuleBroken("webhook_ended")
    if state == "active":
        _check_events(hook.api_client_id, hook.events)

    def body() -> None:
        _switch(hook, state, None if state == "active" else "asked")
        _note(actor, f"webhook.{state}", hook, client)

    store.transaction(body)
    return webhook(actor, webhook_id)


def _switch(hook: Webhook, state: str, why: str | None) -> None:
    change = {"state": state, "why": why, **({"secrets": [], "ended_at": clock.now()} if state == ENDED else {})}
    if not Webhook.update_one({"_id": hook.id, "state": {"$ne": ENDED}}, {"$set": change}):
        raise RuleBroken("webhook_ended")
    if state == "active":
        deliveries.open_line(hook.id, "webhook")
    else:
        deliveries.close_line(hook.id)


def disable(hook: Webhook, why: str) -> None:
    """Of our own accord, with a notice to whoever made the client: `why` is a code of `webhook_ends`."""
    maker = accounts.maker_of(hook.api_client_id)
    key = f"webhook-{hook.id}-{clock.now().isoformat()}"

    def body() -> None:
        _switch(hook, "disabled", why)
        if maker is not None:
            inbox.tell([maker], "webhook_disabled", key=key, url=rules.host_of(hook.url), why=("webhook_ends", why))

    store.transaction(body)


def sweep() -> int:
    """A turn of the worker: forget webhooks that ended, first what was queued for them; returns how much went."""
    gone = 0
    for hook in Webhook.rows({"state": ENDED, "ended_at": {"$lt": clock.now() - LEFT}}, ("_id",), limit=MAX_A_CLIENT):
        if left := deliveries.forget_target(hook["_id"]):
            gone += left
        else:
            gone += Webhook.delete_many({"_id": hook["_id"]})
    return gone


def ping(actor: Actor, *, webhook_id: str) -> Delivery:
    """Queue a message that says nothing, to see whether it arrives. Raises NotFound, RuleBroken `webhook_ended`."""
    hook, client = _door(actor, webhook_id)
    if hook.state == ENDED:
        raise RuleBroken("webhook_ended")
    message_id = f"msg_{ids.token(24)}"
    body = rules.written(rules.payload(PING, clock.now().isoformat(), {"webhook_id": hook.id}))

    def put() -> None:
        deliveries.put(hook.id, deliveries.Message(message_id, PING, "ping", body))
        _note(actor, PING, hook, client)

    store.transaction(put)
    return deliveries.delivery(hook.id, f"{hook.id}.{message_id}")


def sent(
    actor: Actor, *, webhook_id: str, state: str | None = None, cursor: str | None = None, size: int = 50
) -> Page[Delivery]:
    """The delivery log, newest first; what was taken stays in it for thirty days. Raises NotFound."""
    return deliveries.log_of(webhook(actor, webhook_id).id, state=state, cursor=cursor, size=size)


def resend(actor: Actor, *, webhook_id: str, action: str = "send_again", delivery_id: str | None = None) -> int:
    """Send one message again, or give it up; without an id all dead ones, a hundred a call. Raises NotFound."""
    hook, client = _door(actor, webhook_id)
    done = deliveries.decide(hook.id, action=action, delivery_id=delivery_id)
    _note(actor, f"webhook.{action}", hook, client)
    return done
