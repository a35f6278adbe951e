"""An orchard whose producer is admitted, its harvested lot, and what is asked of the gate."""

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.factories.farming import Farm, farm
from tests.factories.http import Api
from tests.factories.producers import declaration

API = "/api/v1"
numbers = itertools.count(1)


@dataclass(frozen=True)
class Orchard:
    """An admitted farm, its lot of 1000 kg harvested on 2026-09-30, and the county's officer."""

    farm: Farm
    officer: str
    lot_id: str

    @property
    def api(self) -> Api:
        return self.farm.api

    @property
    def token(self) -> str:
        return self.farm.token

    def wanted(self, **changes: Any) -> dict[str, Any]:
        body = {
            "client_id": f"certificate-{next(numbers):05}",
            "lot_id": self.lot_id,
            "amount": "400",
            "unit": "kg",
            "bases": ["quality_control"],
        } | changes
        return {key: value for key, value in body.items() if value is not None}

    def issue(self, *, as_: str | None = None, **changes: Any) -> Any:
        return self.api.post(f"{API}/certificates", self.wanted(**changes), as_=as_ or self.token)

    def issued(self, **changes: Any) -> Any:
        answer = self.issue(**changes)
        assert answer.status_code == 201, answer.text
        return answer.json

    def check(self, **changes: Any) -> Any:
        return self.api.post(f"{API}/certificates:check", self.wanted(client_id=None, **changes), as_=self.token)

    def void(self, certificate_id: str, *, as_: str | None = None, **body: Any) -> Any:
        path = f"{API}/certificates/{certificate_id}/void"
        return self.api.post(path, {"reason": "wrong_entry"} | body, as_=as_ or self.token)


def admit(land: Farm, login: Callable[..., str]) -> str:
    """The declaration is submitted and approved; returns the county officer's token."""
    officer = login("county_officer", region="620602")
    sent = declaration(land.api, land.token, land.producer_id)
    path = f"{API}/declarations/{sent['id']}/decision"
    answer = land.api.post(path, {"verdict": "approve"}, as_=officer)
    assert answer.status_code == 200, answer.text
    return officer


def orchard(api: Api, login: Callable[..., str], *, number: int = 1) -> Orchard:
    land = farm(api, login, number=number)
    officer = admit(land, login)
    sent = land.sync(land.item(happened_on="2026-05-01"), harvest := land.harvest("2026-09-30"))
    assert [one["outcome"] for one in sent.json["items"]] == ["created", "created"], sent.text
    return Orchard(land, officer, f"{land.producer_id}.{harvest['client_id']}")


def refused(answer: Any) -> list[str]:
    """The reasons with which the gate refused."""
    assert (answer.status_code, answer.json["reason"]) == (422, "gate_refused"), answer.text
    return [one["reason"] for one in answer.json["details"]]
