"""A recall that meets an error is never given up: it is tried again for ever, and whoever ordered it is told."""

import itertools
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from backend.base import store
from backend.domains.tracing import service as tracing
from backend.domains.tracing.service import spreading
from backend.migrations import m20261126_failed_recalls
from tests.api.conftest import NOW
from tests.api.test_desk_pages import seen
from tests.api.test_recalls import ordered, page, shown
from tests.factories.certificates import Orchard
from tests.factories.lots import API, Holder, fresh, line, part

Travel = Callable[[datetime], None]


def broken(*_: Any) -> Any:
    raise RuntimeError("the disk is full")


def stuck_notices(grove: Orchard) -> list[Any]:
    items = grove.api.get(f"{API}/inbox", as_=grove.officer).json["items"]
    return [one for one in items if one["kind"] == "recall_stuck"]


def test_a_recall_that_fails_is_tried_again_for_ever_and_goes_on_by_itself(
    grove: Orchard, travel: Travel, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, recall = grove.issued(), ordered(grove)
    tries, moment = list[datetime](), NOW
    with monkeypatch.context() as during:
        during.setattr(spreading, "reach", lambda *_: tries.append(moment) or broken())
        for second in range(600):
            moment = NOW + timedelta(seconds=second)
            travel(moment)
            tracing.spread_recalls()
    pauses = [(later - earlier).total_seconds() for earlier, later in itertools.pairwise(tries)]
    assert pauses[:7] == [1, 1, 3, 7, 15, 31, 60] and set(pauses[7:]) == {60}
    after = shown(grove, recall).json
    assert (after["state"], page(grove, made["code"])["state"]) == ("ordered", "valid")
    assert datetime.fromisoformat(after["failing_since"]) == NOW
    assert [one["subject_id"] for one in stuck_notices(grove)] == [recall["id"]], "told once"
    for desk in ("/desk/recalls", f"/desk/recalls/{recall['id']}"):
        assert "自动重试" in seen(grove.api, grove.officer, desk)
    travel(moment + timedelta(seconds=60))
    assert tracing.spread_recalls() == 1
    after = shown(grove, recall).json
    assert (after["state"], after["failing_since"], page(grove, made["code"])["state"]) == ("spread", None, "recalled")
    assert "自动重试" not in seen(grove.api, grove.officer, f"/desk/recalls/{recall['id']}")


def test_a_page_that_cannot_be_told_holds_up_no_other(
    grove: Orchard, me: Holder, travel: Travel, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = me.made("split", [line(grove.lot_id, "60")], [part("30"), part("30")])
    bad, *good = (grove.issued(lot_id=lot_id, amount="10")["code"] for lot_id in (grove.lot_id, *small))
    whole = spreading._redden

    def half(recall: Any, trace: Any) -> None:
        broken() if trace["_id"] == bad else whole(recall, trace)

    recall = ordered(grove)
    with monkeypatch.context() as during:
        during.setattr(spreading, "CHUNK", 1)
        during.setattr(spreading, "_redden", half)
        tracing.spread_recalls()
    assert [page(grove, code)["state"] for code in (bad, *good)] == ["valid", "recalled", "recalled"]
    assert shown(grove, recall).json["state"] == "spreading"
    tracing.spread_recalls()
    assert page(grove, bad)["state"] == "recalled"
    assert shown(grove, recall).json["counts"] == {"lots": 3, "holders": 1, "steps": 1, "done": 3, "pages": 3}


def test_from_the_order_on_a_market_lets_none_of_it_in(grove: Orchard, login: Callable[..., str]) -> None:
    """The page follows with its chunk; the market's gate asks for the recall itself."""
    made = grove.issued()
    body = {"region": "620602", "market": "凉州批发市场", "seen": made["code"]}
    checker = login("market_checker", region="620602")

    def checked() -> tuple[str, bool]:
        answer = grove.api.post(f"{API}/market/checks", {"client_id": fresh("check"), **body}, as_=checker).json
        return answer["verdict"], answer["let_in"]

    assert checked() == ("stands", True)
    ordered(grove)
    assert page(grove, made["code"])["state"] == "valid"
    assert checked() == ("recalled", False)


def test_recalls_that_were_given_up_before_are_taken_up_again(grove: Orchard) -> None:
    made, recall = grove.issued(), ordered(grove)
    given_up = {"state": "failed", "working": False, "attempts": 5}
    store.collection("recalls").update_one({"_id": recall["id"]}, {"$set": given_up})
    m20261126_failed_recalls.run(store.database())
    tracing.spread_recalls()
    assert (shown(grove, recall).json["state"], page(grove, made["code"])["state"]) == ("spread", "recalled")
