"""Sending one message to a webhook's address."""

from backend import gateways
from backend.base import clock
from backend.base.errors import RuleBroken
from backend.domains.accounts import service as accounts
from backend.domains.exchange.models import Delivery, Webhook
from backend.domains.exchange.rules import deliveries as delivery_rules
from backend.domains.exchange.rules import webhooks as rules
from backend.domains.exchange.service import deliveries, webhooks
from backend.domains.exchange.service.deliveries_serving import Attempt
from backend.gateways import outgoing

SECONDS = 10.0
AGENT = "LongTrace-Webhooks/1"


def send(found: Delivery) -> Attempt:
    """Sign and send. A webhook whose client has ended is disabled and nothing is sent."""
    hook = Webhook.find_one({"_id": found.target})
    if hook is None or hook.state != "active":
        return Attempt(delivery_rules.Verdict.UNWELL, reason="disabled")
    if accounts.client_actor(hook.api_client_id) is None:
        webhooks.disable(hook, "client_ended")
        return Attempt(delivery_rules.Verdict.UNWELL, reason="client_ended")
    attempt = _posted(hook, found)
    if attempt.verdict is delivery_rules.Verdict.GONE:
        webhooks.disable(hook, "gone")
    elif attempt.verdict is not delivery_rules.Verdict.TAKEN and _is_hopeless(hook):
        webhooks.disable(hook, "failing")
    return attempt


def _posted(hook: Webhook, found: Delivery) -> Attempt:
    private, moment, body = gateways.current().settings.webhook_private, clock.now(), found.body.encode()
    unseal = gateways.current().secrets.unseal
    secrets = [unseal(webhooks.PURPOSE, bytes(one.sealed)) for one in webhooks.open_secrets(hook, moment)]
    signed = rules.headers(secrets, message_id=found.message_id, timestamp=int(moment.timestamp()), body=body)
    try:
        rules.check_url(hook.url, private=private)
        answer = outgoing.post(hook.url, body, {"user-agent": AGENT, **signed}, seconds=SECONDS, private=private)
    except RuleBroken as problem:  # the setting was another one when it was made
        return Attempt(delivery_rules.Verdict.UNWELL, reason=problem.reason)
    except outgoing.Unreachable as failure:
        return Attempt(delivery_rules.Verdict.UNWELL, reason=failure.reason)
    return Attempt(delivery_rules.judged(answer.status), answer.status, seconds=answer.seconds)


def _is_hopeless(hook: Webhook) -> bool:
    line = deliveries.line_of(hook.id)
    return line is not None and delivery_rules.is_hopeless(
        delivery_rules.Health(line.failures, line.failing_since), clock.now()
    )
