"""Lots on the move, made through the API: a grower, a buyer, and what goes from one to the other."""

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.factories import producers as factory
from tests.factories.farming import Farm, farm
from tests.factories.http import Api

API = "/api/v1"
DAY = "2026-09-30"
numbers = itertools.count(1)


def fresh(kind: str = "lot") -> str:
    return f"{kind}-{next(numbers):06}"


def line(lot_id: str, amount: str, unit: str = "kg") -> dict[str, str]:
    return {"lot_id": lot_id, "amount": amount, "unit": unit}


def part(amount: str, unit: str = "kg", **more: str) -> dict[str, str]:
    return {"client_id": fresh(), "amount": amount, "unit": unit, **more}


@dataclass(frozen=True)
class Holder:
    """Somebody who has lots, with their own token."""

    api: Api
    token: str
    producer_id: str

    def post(self, path: str, **body: Any) -> Any:
        return self.api.post(f"{API}{path}", body, as_=self.token)

    def move(self, path: str, **body: Any) -> Any:
        said = {"producer_id": self.producer_id, "client_id": fresh("event"), "happened_on": DAY}
        return self.post(path, **(said | body))

    def convert(self, kind: str, inputs: list[Any], outputs: list[Any], **more: Any) -> Any:
        return self.move("/lots/conversions", kind=kind, inputs=inputs, outputs=outputs, **more)

    def made(self, kind: str, inputs: list[Any], outputs: list[Any], **more: Any) -> list[str]:
        """The ids of what came out."""
        answer = self.convert(kind, inputs, outputs, **more)
        assert answer.status_code == 201, answer.text
        return [one["lot_id"] for one in answer.json["makes"]]

    def leave(self, kind: str, *lines: Any, **more: Any) -> Any:
        return self.move("/lots/leavings", kind=kind, lines=list(lines), **more)

    def ship(self, to: "Holder", *lines: Any, **more: Any) -> Any:
        return self.move("/lots/shipments", to_producer_id=to.producer_id, lines=list(lines), **more)

    def receive(self, shipment: Any, *amounts: str, **more: Any) -> Any:
        """Confirm what arrived, all of it unless amounts are given."""
        said = amounts or [one["amount"] for one in shipment["takes"]]
        lines = [
            {"lot_id": one["lot_id"], "client_id": fresh(), "amount": amount, "unit": one["unit"]}
            for one, amount in zip(shipment["takes"], said, strict=True)
        ]
        body = {"client_id": fresh("event"), "happened_on": DAY, "lines": lines} | more
        return self.post(f"/lots/shipments/{shipment['id']}/receipt", **body)

    def passed_on(self, to: "Holder", *lines: Any) -> list[str]:
        """The ids of the receiver's lots after a shipment that was confirmed whole."""
        sent = self.ship(to, *lines)
        assert sent.status_code == 201, sent.text
        answer = to.receive(sent.json)
        assert answer.status_code == 201, answer.text
        return [one["lot_id"] for one in answer.json["makes"]]

    def lot(self, lot_id: str) -> Any:
        return self.api.get(f"{API}/lots/{lot_id}", as_=self.token).json


def holder(land: Farm) -> Holder:
    return Holder(land.api, land.token, land.producer_id)


def harvested(land: Farm, amount: str = "1000", day: str = DAY, **changes: Any) -> str:
    answer = land.write(**land.harvest(day, amount, **changes))
    assert answer.status_code == 201, answer.text
    return str(answer.json["record"]["id"])


def buyer(api: Api, login: Callable[..., str], number: int = 9, *, region: str = factory.HOME) -> Holder:
    token = login()
    made = factory.registered(
        api, token, kind="buyer", person_id=factory.person(number), client_id=f"producer-{number:04}", region=region
    )
    return Holder(api, token, made["id"])


def grower(api: Api, login: Callable[..., str], number: int = 1) -> Farm:
    return farm(api, login, number=number)
