"""Test results over HTTP: verdicts follow from the numbers, a failing one stops the lot."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.base.errors import RuleBroken
from backend.domains.testing import rules
from tests.factories.farming import Farm, farm
from tests.factories.http import Api

NOW = datetime(2026, 10, 5, 2, tzinfo=UTC)
amounts = st.decimals(0, 1000, places=3)


@given(amounts, amounts)
def test_a_value_passes_up_to_its_limit_and_not_beyond(value: Decimal, limit: Decimal) -> None:
    assert (rules.judge({"analyte": "x", "value": value, "limit": limit}) == "pass") is (value <= limit)


@given(st.lists(st.sampled_from(["pass", "fail"])))
def test_a_sample_fails_if_any_analyte_fails(verdicts: list[str]) -> None:
    assert (rules.verdict(verdicts) == "fail") is ("fail" in verdicts)


def test_not_detected_passes_even_without_a_limit_and_a_find_needs_one() -> None:
    assert rules.judge({"analyte": "x", "value": None}) == "pass"
    assert rules.judge({"analyte": "x", "value": Decimal("0.001"), "lod": Decimal("0.01")}) == "pass"
    with pytest.raises(RuleBroken, match="limit_missing"):
        rules.judge({"analyte": "x", "value": Decimal("0.02"), "lod": Decimal("0.01")})


@pytest.mark.parametrize(
    ("sampled", "reported", "reason"),
    [
        (date(2026, 10, 2), date(2026, 10, 1), "reported_before_sampled"),
        (date(2026, 10, 9), date(2026, 10, 9), "sampled_in_future"),
    ],
)
def test_days_that_cannot_be_are_refused(sampled: date, reported: date, reason: str) -> None:
    with pytest.raises(RuleBroken, match=reason):
        rules.check_days(sampled_on=sampled, reported_on=reported, today=date(2026, 10, 5))


@pytest.fixture
def orchard(api: Api, login: Callable[..., str], travel: Callable[[datetime], None]) -> Farm:
    travel(NOW)
    return farm(api, login)


def report(lot_id: str, value: str | None = "0.1", **changes: Any) -> dict[str, Any]:
    return {
        "lot_id": lot_id,
        "client_id": "result-000001",
        "kind": "commissioned",
        "lab": "示例检测中心",
        "report_no": "R-1",
        "sampled_on": "2026-10-01",
        "reported_on": "2026-10-04",
        "items": [{"analyte": "吡虫啉", "value": value, "limit": "0.5", "lod": "0.01"}],
        **changes,
    }


def test_a_laboratory_records_a_result_once(orchard: Farm, api: Api, login: Callable[..., str]) -> None:
    lot_id = orchard.write(**orchard.harvest("2026-09-30")).json["record"]["id"]
    lab = login("lab", region="620602")
    first = api.post("/api/v1/testing/results", report(lot_id), as_=lab)
    again = api.post("/api/v1/testing/results", report(lot_id), as_=lab)
    assert first.status_code == again.status_code == 201
    assert first.json == again.json
    assert first.json["verdict"] == first.json["items"][0]["verdict"] == "pass"
    assert len(api.get(f"/api/v1/testing/results?lot_id={lot_id}", as_=orchard.token).json["items"]) == 1


def test_a_failing_result_stops_the_lot_at_once(orchard: Farm, api: Api, login: Callable[..., str]) -> None:
    lot_id = orchard.write(**orchard.harvest("2026-09-30")).json["record"]["id"]
    assert (
        api.post("/api/v1/testing/results", report(lot_id, "0.6"), as_=login("lab", region="620602")).json["verdict"]
        == "fail"
    )
    lot = api.get(f"/api/v1/lots/{lot_id}", as_=orchard.token).json
    assert (lot["state"], lot["held_reason"]) == ("held", "test_failed")


def test_a_laboratory_of_another_region_and_the_farmer_record_nothing(
    orchard: Farm, api: Api, login: Callable[..., str]
) -> None:
    lot_id = orchard.write(**orchard.harvest("2026-09-30")).json["record"]["id"]
    assert api.post("/api/v1/testing/results", report(lot_id), as_=login("lab", region="620723")).status_code == 404
    assert api.post("/api/v1/testing/results", report(lot_id), as_=orchard.token).status_code == 403
    other = farm(api, login, number=2)
    assert api.get(f"/api/v1/testing/results?lot_id={lot_id}", as_=other.token).status_code == 404
