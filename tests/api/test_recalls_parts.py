"""Goods that are passed on unopened keep the certificate they came with: where a later lot of them is recalled, that
certificate's page is amber and no market lets it in without a look; the certificate itself is not void."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from backend.domains.tracing import service as tracing
from backend.domains.tracing.service import spreading
from tests.api.conftest import NOW
from tests.api.test_recalls import ordered, page, shown
from tests.api.test_recalls_withdrawn import withdraw
from tests.factories.certificates import Orchard
from tests.factories.lots import API, Holder, buyer, fresh, line, part

SCHEMA = Path(__file__).parents[2] / "schemas/payloads/trace-story.schema.json"


@pytest.fixture
def third(grove: Orchard, login: Callable[..., str]) -> Holder:
    return buyer(grove.api, login, 7)


def spread(grove: Orchard, **said: Any) -> Any:
    recall = ordered(grove, **said)
    tracing.spread_recalls()
    assert shown(grove, recall).json["state"] == "spread"
    return recall


def checked(grove: Orchard, checker: str, code: str) -> tuple[str, bool]:
    body = {"client_id": fresh("check"), "region": "620602", "market": "凉州批发市场", "seen": code}
    answer = grove.api.post(f"{API}/market/checks", body, as_=checker).json
    return answer["verdict"], answer["let_in"]


def kinds(who: Holder) -> list[str]:
    return [one["kind"] for one in who.api.get(f"{API}/inbox", as_=who.token).json["items"]]


def test_a_certificate_of_which_a_part_is_recalled_is_amber_until_the_recall_is_taken_back(
    grove: Orchard, me: Holder, other: Holder, third: Holder, login: Callable[..., str]
) -> None:
    made, checker = grove.issued(), login("market_checker", region="620602")
    (theirs,) = me.passed_on(other, line(grove.lot_id, "300"))
    (last,) = other.passed_on(third, line(theirs, "100"))
    recall = spread(grove, target_id=theirs)
    story = page(grove, made["code"])
    assert (story["state"], story["recall"]) == ("part_recalled", None)
    assert [(one["reason_zh"], one["place"]) for one in story["part_recalls"]] == [("检测不合格", "甘肃省武威市凉州区")]
    jsonschema.validate(story, json.loads(SCHEMA.read_text("utf-8")))
    text = grove.api.get(f"/t/{made['code']}", headers={"Accept": "text/html"}).text
    assert "其中一部分已召回" in text and "v-part_recalled" in text and "武威市凉州区的农业农村部门" in text
    assert checked(grove, checker, made["code"]) == ("part_recalled", False)
    assert grove.api.get(f"{API}/certificates/{made['id']}", as_=grove.token).json["state"] == "valid"
    assert (me.lot(grove.lot_id)["state"], third.lot(last)["state"]) == ("free", "recalled")
    assert kinds(me).count("part_recalled") == 1 and "lot_recalled" not in kinds(me)
    assert not tracing.differs(made["code"])
    assert withdraw(grove, recall).status_code == 200
    tracing.spread_recalls()
    assert (page(grove, made["code"])["state"], "part_recalls" in page(grove, made["code"])) == ("valid", False)
    assert checked(grove, checker, made["code"]) == ("stands", True)
    assert kinds(me).count("recall_withdrawn") == 1


def test_it_is_followed_up_through_every_hand_that_did_not_open_it(
    grove: Orchard, me: Holder, other: Holder, third: Holder
) -> None:
    """The dealer divides what came, and passes a part on; that part alone is recalled at the third."""
    made = grove.issued()
    (theirs,) = me.passed_on(other, line(grove.lot_id, "300"))
    half, _ = other.made("split", [line(theirs, "300")], [part("150"), part("150")])
    (last,) = other.passed_on(third, line(half, "150"))
    spread(grove, target_id=last)
    assert page(grove, made["code"])["state"] == "part_recalled"


def test_opened_goods_loose_goods_and_later_certificates_are_not_part_of_it(
    grove: Orchard, me: Holder, other: Holder, travel: Callable[[datetime], None]
) -> None:
    made = grove.issued(amount="300")
    (theirs,) = me.passed_on(other, line(grove.lot_id, "300"))
    (packed,) = other.made("repack", [line(theirs, "300")], [part("290")])
    (loose,) = me.passed_on(other, line(grove.lot_id, "100"))
    for lot_id in (packed, loose):
        spread(grove, target_id=lot_id)
    assert page(grove, made["code"])["state"] == "valid"
    travel(NOW + timedelta(minutes=5))
    later = grove.issued(amount="200")
    spread(grove, target_id=theirs)
    assert page(grove, made["code"])["state"] == "part_recalled"
    assert page(grove, later["code"])["state"] == "valid", "issued when these goods had left"


def test_a_recall_of_the_whole_is_graver_and_two_of_a_part_are_two(
    grove: Orchard, me: Holder, other: Holder, third: Holder
) -> None:
    made = grove.issued()
    (first,) = me.passed_on(other, line(grove.lot_id, "100"))
    (second,) = me.passed_on(third, line(grove.lot_id, "100"))
    one, _ = spread(grove, target_id=first), spread(grove, target_id=second, reason="other")
    assert [part["reason"] for part in page(grove, made["code"])["part_recalls"]] == ["test_failed", "other"]
    withdraw(grove, one)
    tracing.spread_recalls()
    story = page(grove, made["code"])
    assert (story["state"], [part["reason"] for part in story["part_recalls"]]) == ("part_recalled", ["other"])
    spread(grove)
    assert page(grove, made["code"])["state"] == "recalled"


def test_a_part_that_cannot_be_told_is_tried_again_and_none_is_told_after_a_withdrawal(
    grove: Orchard, me: Holder, other: Holder, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = grove.issued()
    (theirs,) = me.passed_on(other, line(grove.lot_id, "300"))
    recall, whole = ordered(grove, target_id=theirs), spreading.parts.mark
    with monkeypatch.context() as during:
        during.setattr(spreading.parts, "mark", lambda *_: 1 / 0)
        tracing.spread_recalls()
    assert (shown(grove, recall).json["state"], page(grove, made["code"])["state"]) == ("spreading", "valid")
    tracing.spread_recalls()
    assert (shown(grove, recall).json["state"], page(grove, made["code"])["state"]) == ("spread", "part_recalled")
    withdraw(grove, recall)
    tracing.spread_recalls()
    (row,) = spreading.parts.pages_over("another", [theirs])
    whole(tracing.recall(spreading.ME, recall["id"]), row)
    assert page(grove, made["code"])["state"] == "valid"
