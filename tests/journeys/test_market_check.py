"""Story: at a market's gate a checker scans certificates that stand, that do not, that are another's or nobody's."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.base import store
from backend.domains.tracing import rules
from tests.factories.certificates import API, Orchard, orchard
from tests.factories.http import Api


@pytest.fixture
def grove(api: Api, login: Callable[..., str], travel: Callable[[datetime], None]) -> Orchard:
    travel(datetime(2026, 10, 1, 2, tzinfo=UTC))
    return orchard(api, login)


def scan(grove: Orchard, checker: str, seen: str, **changes: Any) -> Any:
    body = {"client_id": f"check-{abs(hash((seen, str(changes)))):012}", "region": "620602", "market": "凉州批发市场"}
    return grove.api.post(f"{API}/market/checks", {**body, "seen": seen, **changes}, as_=checker)


def test_what_stands_is_let_in_and_what_does_not_is_not(grove: Orchard, login: Callable[..., str]) -> None:
    checker = login("market_checker", region="620602")
    made = grove.issued()
    entered = scan(grove, checker, made["url"], amount="300", unit="kg").json
    assert (entered["verdict"], entered["let_in"], entered["code"]) == ("stands", True, made["code"])
    assert entered["url"] == made["url"] and entered["amount"] == "300"
    assert scan(grove, checker, made["number"].lower()).json["verdict"] == "stands"
    grove.void(made["id"])
    gone = scan(grove, checker, made["code"], note="第二次").json
    assert (gone["verdict"], gone["let_in"]) == ("void", False)
    other = grove.issued()
    grove.api.post(f"{API}/lots/{grove.lot_id}/hold", {"reason": "complaint"}, as_=grove.officer)
    assert scan(grove, checker, other["code"]).json["verdict"] == "held"
    assert scan(grove, checker, "AAAA-BBBB-CCCC").json["verdict"] == "unknown"
    foreign = scan(grove, checker, "https://trace.example.cn/t/7K3MPX9Q2RTV").json
    assert (foreign["verdict"], foreign["code"], foreign["url"]) == ("foreign", None, None)

    listed = grove.api.get(f"{API}/market/checks?region=620602", as_=grove.officer).json["items"]
    assert len(listed) == 6 and {one["verdict"] for one in listed} == {"stands", "void", "held", "unknown", "foreign"}
    assert store.collection("audit_lines").count_documents({"action": "market.check"}) == 6


def test_a_retry_answers_what_was_found_then(grove: Orchard, login: Callable[..., str]) -> None:
    checker = login("market_checker", region="620602")
    made = grove.issued()
    first = scan(grove, checker, made["code"])
    grove.void(made["id"])
    assert scan(grove, checker, made["code"]).json == first.json
    assert store.collection("market_checks").count_documents({}) == 1


def test_a_checker_checks_only_where_they_stand(grove: Orchard, login: Callable[..., str]) -> None:
    checker = login("market_checker", region="620723")
    assert scan(grove, checker, "AAAA").status_code == 404
    assert grove.api.get(f"{API}/market/checks?region=620602", as_=checker).status_code == 404
    half = scan(grove, login("market_checker", region="620602"), "AAAA", amount="3")
    assert (half.status_code, half.json["reason"]) == (422, "unit_without_amount")


def test_a_digital_link_is_understood(grove: Orchard, login: Callable[..., str]) -> None:
    store.collection("lots").update_one({"_id": grove.lot_id}, {"$set": {"gtin": "06901234567892"}})
    made = grove.issued()
    link = f"http://t.test/01/06901234567892/10/{made['code']}"
    assert scan(grove, login("market_checker", region="620602"), link).json["verdict"] == "stands"


@given(st.text(max_size=300))
def test_whatever_a_code_says_it_means_something(text: str) -> None:
    meant = rules.seen(text, "t.test")
    assert sum((meant.code is not None, meant.alias is not None, meant.foreign)) == 1
