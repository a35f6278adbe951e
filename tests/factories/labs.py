"""A laboratory of the list, and reports of laboratories, made through the API."""

import itertools
from datetime import date
from typing import Any

from backend.base.actor import system
from backend.domains.testing import service as testing
from tests.factories.http import Api

numbers = itertools.count(1)


def laboratory(api: Api, operator: str, **changes: Any) -> str:
    body = {"client_id": f"laboratory-{next(numbers):04}", "name": "测试检测中心", "region": "620602"}
    answer = api.post("/api/v1/testing/labs", body | {"source": "测试名录"} | changes, as_=operator)
    assert answer.status_code == 201, answer.text
    return str(answer.json["id"])


def report(api: Api, who: str, lot_id: str, *, kept: bool = True, **changes: Any) -> Any:
    """A passing report on imidacloprid; the stored one, or the answer when it need not be kept."""
    body = {
        "lot_id": lot_id,
        "client_id": f"result-{next(numbers):06}",
        "kind": "commissioned",
        "report_no": "R-1",
        "sampled_on": "2026-09-30",
        "reported_on": "2026-09-30",
        "items": [{"analyte": "吡虫啉", "value": "0.01", "limit": "0.5"}],
    } | changes
    answer = api.post("/api/v1/testing/results", {k: v for k, v in body.items() if v is not None}, as_=who)
    if not kept:
        return answer
    assert answer.status_code == 201, answer.text
    return answer.json


def listed_laboratory() -> str:
    """A laboratory that is accredited for imidacloprid on everything; its id."""
    operator = system("test")
    made = testing.new_lab(
        operator, client_id=f"laboratory-{next(numbers):04}", name="名录检测中心", region="620602", source="测试名录"
    )
    scope = {"analyte": "吡虫啉", "matrix": "*", "certificate_no": "CATL-9"}
    days = {"valid_from": date(2025, 1, 1), "valid_to": date(2030, 1, 1)}
    testing.accredit(operator, str(made.id), items=[scope | days])
    return str(made.id)
