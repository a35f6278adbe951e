"""A small farm with a batch in progress, made through the API; and records a farmer would write."""

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from backend.base import clock, store
from backend.base.actor import system
from backend.domains.inputs.service import rulebooks
from scripts import load_rulebook
from tests.factories import producers as factory
from tests.factories.http import Api
from tests.factories.kept import Kept

RULEBOOK = Path(__file__).resolve().parents[2] / "schemas" / "rulebook"
IMIDACLOPRID = "示例-0001"  # apple 14 days, cabbage 7
CARBOFURAN = "示例-0020"
FERTILISER = "示例-0040"
numbers = itertools.count(1)


@dataclass(frozen=True)
class Farm:
    """A producer with one site, one product and one batch; `token` is its farmer's."""

    api: Api
    token: str
    producer_id: str
    site_id: str
    product_id: str
    batch_id: str

    def write(self, **item: Any) -> Any:
        return self.api.post("/api/v1/farming/records", self.item(**item), as_=self.token)

    def sync(self, *items: Any, **more: Any) -> Any:
        return self.api.post("/api/v1/farming/records:sync", {"items": list(items), **more}, as_=self.token)

    def item(self, **changes: Any) -> dict[str, Any]:
        """A weeding, unless told otherwise."""
        body = {
            "client_id": f"record-{next(numbers):06}",
            "batch_id": self.batch_id,
            "kind": "weeding",
            "happened_on": "2026-06-01",
        }
        return {key: value for key, value in (body | changes).items() if value is not None}

    def spray(self, day: str, **changes: Any) -> dict[str, Any]:
        used = {
            "registration_no": IMIDACLOPRID,
            "source": "镇农资店",
            "method": "foliar_spray",
            "amount": "20",
            "unit": "g_per_mu",
        } | changes.pop("used", {})
        body = {"kind": "pesticide", "happened_on": day, "site_ids": [self.site_id], "target": "蚜虫", "inputs": [used]}
        return self.item(**(body | changes))

    def harvest(self, day: str, amount: str = "1000", **changes: Any) -> dict[str, Any]:
        return self.item(**({"kind": "harvest", "happened_on": day, "amount": amount, "unit": "kg"} | changes))

    def buy(self, amount: str = "1", unit: str = "kg", **changes: Any) -> Any:
        """A purchase of imidacloprid, unless told otherwise."""
        body = {
            "producer_id": self.producer_id,
            "client_id": f"purchase-{next(numbers):06}",
            "registration_no": IMIDACLOPRID,
            "amount": amount,
            "unit": unit,
            "bought_on": "2026-05-01",
            "dealer": "镇农资店",
        } | changes
        sent = {key: value for key, value in body.items() if value is not None}
        return self.api.post("/api/v1/inputs/purchases", sent, as_=self.token)

    def stock(self) -> list[dict[str, Any]]:
        found = self.api.get(f"/api/v1/inputs/stock?producer_id={self.producer_id}", as_=self.token)
        assert found.status_code == 200, found.text
        return list(found.json["items"])


LOADED = datetime(2026, 1, 2, 4, tzinfo=UTC)  # before any deed that is tested, whatever day it was loaded on
_rules: Kept[None] = Kept()


def load_rules() -> None:
    """The demonstration's rulebook is in force; loaded once in a worker and put back after."""
    rulebooks.forget()
    if not store.collection("active_rulebook").find_one({}):
        _rules.get(_load)


def _load() -> None:
    before, clock.source = clock.source, lambda: LOADED
    try:
        load_rulebook.load(RULEBOOK, system("load_rulebook"))
    finally:
        clock.source = before


def farm(
    api: Api, login: Callable[..., str], *, number: int = 1, crop: str = "apple", started_on: str = "2026-03-01"
) -> Farm:
    """A farm of its own person; the rulebook is loaded."""
    load_rules()
    token = login()
    producer = factory.registered(api, token, person_id=factory.person(number), client_id=f"producer-{number:04}")
    place = factory.site(api, token, producer["id"])
    product = factory.product(api, token, producer["id"], crop=crop, variety="")
    body = {
        "producer_id": producer["id"],
        "client_id": "batch-000001",
        "product_id": product["id"],
        "site_ids": [place["id"]],
        "started_on": started_on,
    }
    answer = api.post("/api/v1/farming/batches", body, as_=token)
    assert answer.status_code == 201, answer.text
    return Farm(api, token, producer["id"], place["id"], product["id"], answer.json["id"])
