"""A receiver on the loopback interface that answers as it is told, clients with keys, and the worker's turns."""

import itertools
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from flask import Flask, Response, request

from backend.base import store
from backend.base.actor import system
from backend.domains.exchange import service as exchange
from backend.domains.exchange.rules import webhooks as rules
from tests.factories.http import Api
from tests.factories.servers import serving

API = "/api/v1"
numbers = itertools.count(1)


@dataclass
class Receiver:
    """What arrived, in order; `answers` are the statuses of the next answers, then 200. `refuse` are subjects it never
    takes; `hold` keeps every answer back until it is set."""

    url: str = ""
    got: list[dict[str, Any]] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)
    refuse: set[str] = field(default_factory=set)
    redirect: str = ""
    hold: threading.Event | None = None

    def take(self) -> Response:
        if self.hold is not None:
            self.hold.wait(30)
        body = request.get_data()
        said = json.loads(body)
        status = self.answers.pop(0) if self.answers else 200
        if self.refuse & {str(one) for one in said["data"].values()}:
            status = 422
        headers = {name.lower(): value for name, value in request.headers.items()}
        self.got.append({"headers": headers, "body": body, "said": said, "status": status})
        return Response("", status, {"Location": self.redirect} if self.redirect else {})

    @property
    def taken(self) -> list[tuple[str, str]]:
        """(type, message id) of what was taken."""
        return [(one["said"]["type"], one["headers"]["webhook-id"]) for one in self.got if one["status"] == 200]

    @property
    def types(self) -> list[str]:
        return [kind for kind, _ in self.taken]

    def all_signed(self, secret: str, now: float) -> bool:
        return all(rules.is_signed(secret, one["headers"], one["body"], now=int(now)) for one in self.got)


@contextmanager
def receiver() -> Iterator[Receiver]:
    made = Receiver()
    app = Flask("receiver", static_folder=None)
    app.add_url_rule("/hook", "hook", made.take, methods=["POST"])
    with serving(app) as address:
        made.url = f"{address}/hook"
        try:
            yield made
        finally:
            if made.hold is not None:
                made.hold.set()


def new_client(api: Api, by: str, **said: Any) -> Any:
    """What `POST /clients` answers: a client of the county 620602 that may see certificates, lots and tests."""
    body = {
        "client_id": f"api-client-{next(numbers):05}",
        "name": "ERP",
        "holder": "信息科",
        "permissions": ["certificate:read", "lot:read", "test:read", "webhook:manage"],
        "region": "620602",
        "days": 90,
    } | said
    return api.post(f"{API}/clients", {name: one for name, one in body.items() if one is not None}, as_=by)


def subscribe(api: Api, key: str, url: str, *events: str) -> Any:
    """A webhook of the client whose key this is, made by itself; answers (id, secret)."""
    body = {"client_id": f"webhook-{next(numbers):05}", "api_client_id": key[4:16], "url": url}
    made = api.post(f"{API}/webhooks", body | {"events": list(events)}, as_=key)
    assert made.status_code == 201, made.text
    return made.json["webhook"]["id"], made.json["secret"]


def deliver_all() -> None:
    """The worker's turns until nothing more is taken."""
    until = time.monotonic() + 30
    while exchange.deliver(patience=20) and time.monotonic() < until:
        pass


@dataclass(frozen=True)
class Outgoing:
    """A client of a producer, its webhook, and a message that nobody would take."""

    api_client_id: str
    webhook_id: str
    delivery_id: str


def dead_letter(producer_id: str) -> Outgoing:
    """In the store, by the platform itself; nothing is sent."""
    who, words = system("test"), ["lot:read", "webhook:manage"]
    of = {"producer_id": producer_id, "client_id": f"api-client-{next(numbers):05}", "permissions": words}
    client = exchange.new_client(who, name="ERP", holder="信息科", days=90, per_minute=600, **of).client.id
    hook = {"api_client_id": client, "client_id": f"webhook-{next(numbers):05}", "url": "https://erp.example.org/hook"}
    webhook = exchange.new_webhook(who, events=["lot.held"], **hook).webhook.id
    message = exchange.ping(who, webhook_id=webhook)
    store.collection("delivery_lanes").update_one({"target": webhook}, {"$set": {"state": "dead"}})
    store.collection("deliveries").update_one({"_id": message.id}, {"$set": {"state": "dead"}})
    return Outgoing(client, webhook, str(message.id))
