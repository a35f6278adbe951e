"""What happened becomes messages: noted in the transaction of the event, then told to each receiver that may know."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from backend import gateways
from backend.base import clock, ids, store, vocab
from backend.base.actor import Actor
from backend.base.events import Event
from backend.domains.accounts import service as accounts
from backend.domains.certificates import service as certificates
from backend.domains.exchange.models import Delivery, Webhook
from backend.domains.exchange.rules import webhooks as rules
from backend.domains.exchange.rules.deliveries import Verdict
from backend.domains.exchange.service import deliveries, national
from backend.domains.exchange.service.deliveries_serving import Attempt
from backend.domains.farming import service as farming
from backend.domains.inputs import service as inputs
from backend.domains.lots import service as lots
from backend.domains.producers import service as producers
from backend.domains.testing import service as testing
from backend.domains.tracing import service as tracing


@dataclass(frozen=True)
class LotAmended(Event):
    """The harvest of this lot was corrected, and the lot with it."""

    lot_id: str
    producer_id: str


NEWS: dict[type[Event], str] = {
    certificates.CertificateIssued: "certificate.issued",
    certificates.CertificateRestored: "certificate.restored",
    certificates.CertificateVoided: "certificate.voided",
    farming.BatchBegun: "batch.begun",
    inputs.RulebookActivated: "rulebook.activated",
    LotAmended: "lot.amended",
    lots.LotHeld: "lot.held",
    lots.LotMade: "lot.made",
    lots.LotReleased: "lot.released",
    producers.ProducerAdmitted: "producer.admitted",
    testing.ResultRecorded: "result.recorded",
    tracing.LotFreed: "lot.recall_withdrawn",
    tracing.LotRecalled: "lot.recalled",
    tracing.RecallClosed: "recall.closed",
    tracing.RecallOrdered: "recall.ordered",
    tracing.RecallWithdrawn: "recall.withdrawn",
}
HOOKS_AT_ONCE = 100
Row = Mapping[str, Any]


def on_news(batch: Sequence[Event]) -> None:
    """Within the event's own transaction, so that the order of what is told is that in which it was written. One
    command where nobody listens."""
    if not (national.is_on() or deliveries.anyone_listens()):
        return
    for event in batch:
        kind, said = NEWS[type(event)], asdict(event)
        subject = str(said[vocab.get("exchange_events")[kind]["subject"]])
        body = json.dumps({"at": clock.now().isoformat(), "said": said}, ensure_ascii=False)
        deliveries.put(deliveries.NEWS, deliveries.Message(f"msg_{ids.token(24)}", kind, subject, body))


def on_harvest_amended(batch: Sequence[farming.HarvestAmended]) -> None:
    """Within the amendment's transaction, once the lot has followed."""
    on_news([LotAmended(news.root_id, news.producer_id) for news in batch])


def tell(found: Delivery) -> Attempt:
    """Queue one piece of news for everybody who may know it; done again it changes nothing."""
    noted = json.loads(found.body)
    message = _message(found, noted)
    for hook in _hooks(found.kind):
        if _may_hear(hook, found.kind, noted["said"]):
            store.transaction(lambda hook=hook: deliveries.put(hook.id, message))  # type: ignore[misc]
    if (pushed := national.message(found, noted)) is not None:
        store.transaction(lambda: deliveries.put(deliveries.NATIONAL, pushed))
    return Attempt(Verdict.TAKEN)


def _hooks(kind: str) -> Iterator[Webhook]:
    after = ""
    while True:
        where = {"state": "active", "events": kind, "_id": {"$gt": after}}
        found = Webhook.find(where, limit=HOOKS_AT_ONCE, sort=[("_id", 1)])
        yield from found
        if len(found) < HOOKS_AT_ONCE:
            return
        after = found[-1].id


def _may_hear(hook: Webhook, kind: str, said: Row) -> bool:
    actor = accounts.client_actor(hook.api_client_id)
    return actor is not None and may_see(actor, kind, said)


def may_see(actor: Actor, kind: str, said: Row) -> bool:
    """Whether the client holds the event's permission where it happened."""
    needs = vocab.get("exchange_events")[kind].get("needs")
    if needs is None:
        return True
    if producer_id := said.get("producer_id"):
        seen = producers.visible(actor, [producer_id], needs)
        return producer_id in seen and seen[producer_id].allowed
    return actor.may(needs, region=said["region"])


def _message(found: Delivery, noted: Row) -> deliveries.Message:
    said = noted["said"]
    shown = {name: said[name] for name in vocab.get("exchange_events")[found.kind]["shows"]}
    if "code" in shown:
        shown["url"] = certificates.trace_url(shown["code"])
    if "version" in shown:
        shown["url"] = f"{gateways.current().settings.public_base_url}/api/v1/rulebook"
    body = rules.payload(found.kind, noted["at"], shown)
    return deliveries.Message(found.message_id, found.kind, found.subject, rules.written(body))
