"""Story B4: a consumer scans; the page follows the truth at once, and tells nothing private."""

import io
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from PIL import Image

from backend.base import events, store
from backend.domains.tracing import service as tracing
from tests.factories.certificates import API, Orchard, orchard
from tests.factories.http import Api

NOW = datetime(2026, 10, 1, 2, tzinfo=UTC)


@pytest.fixture
def grove(api: Api, login: Callable[..., str], travel: Callable[[datetime], None]) -> Orchard:
    travel(NOW)
    return orchard(api, login)


def story(grove: Orchard, code: str) -> dict[str, Any]:
    answer = grove.api.get(f"/t/{code}", headers={"Accept": "application/json"})
    assert answer.status_code == 200, answer.text
    return dict(answer.json)


def photographed(grove: Orchard, record_client_id: str) -> None:
    file = io.BytesIO()
    Image.new("RGB", (640, 480), (90, 140, 60)).save(file, "JPEG")
    file.seek(0)
    form = {
        "producer_id": grove.farm.producer_id,
        "client_id": "photo-000001",
        "record_client_id": record_client_id,
        "public": "true",
        "photo": (file, "a.jpg"),
    }
    sent = grove.api.post(f"{API}/farming/photos", data=form, content_type="multipart/form-data", as_=grove.token)
    assert sent.status_code == 201, sent.text


def test_the_page_tells_the_whole_season_and_nothing_private(grove: Orchard) -> None:
    spray = grove.farm.spray("2026-08-20", note="联系电话 13812345678", worker="李四")
    grove.farm.write(**spray)
    photographed(grove, spray["client_id"])
    made = grove.issued(bases=["quality_control"])
    told = story(grove, made["code"])

    assert told["state"] == "valid" and told["producer"]["name"]["value"] == "张*"
    assert told["place"]["text"]["value"] == "甘肃省武威市凉州区黄羊镇"
    assert told["product"]["quantity"]["value"]["amount"] == "400"
    assert told["certificate"]["commitments"] == made["card"]["commitments"]
    assert [row["kind"] for row in told["timeline"]] == ["weeding", "pesticide", "harvest"]
    sprayed = told["timeline"][1]
    assert sprayed["late_days"] > 30 and sprayed["inputs"][0]["phi_days"] == 14 and sprayed["inputs"][0]["example"]
    assert told["batch"]["waiting"][0]["met"] and told["batch"]["earliest_lawful_harvest"]["value"] == "2026-09-03"
    assert grove.api.get(sprayed["photos"][0]["thumb"]).status_code == 200
    assert {notice["code"] for notice in told["notices"]} >= {"late_entries", "example_inputs"}

    page = grove.api.get(f"/t/{made['code']}", headers={"Accept": "text/html"})
    assert page.content_type == "text/html; charset=utf-8" and len(page.data) < 60_000
    for secret in ("13812345678", "李四", "张三", "6206021990", grove.farm.producer_id + ".record"):
        assert secret not in page.text and secret not in json.dumps(told, ensure_ascii=False)


def test_a_hold_a_failing_test_and_a_release_are_seen_at_once(grove: Orchard, login: Callable[..., str]) -> None:
    made = grove.issued()
    held = grove.api.post(f"{API}/lots/{grove.lot_id}/hold", {"reason": "complaint"}, as_=grove.officer)
    assert held.status_code == 200
    told = story(grove, made["code"])
    assert told["state"] == "held" and told["hold"]["reason"] == "投诉举报核查"
    grove.api.post(f"{API}/lots/{grove.lot_id}/release", {"note": "查实无问题"}, as_=grove.officer)
    assert story(grove, made["code"])["state"] == "valid"

    report = {
        "lot_id": grove.lot_id,
        "client_id": "report-00001",
        "kind": "supervisory",
        "lab": "凉州区农产品检测站(演示)",
        "report_no": "LZ-1",
        "sampled_on": "2026-09-30",
        "reported_on": "2026-10-01",
        "items": [{"analyte": "克百威", "value": "0.5", "unit": "mg/kg", "limit": "0.02"}],
    }
    answer = grove.api.post(f"{API}/testing/results", report, as_=login("lab", region="620602"))
    assert answer.status_code == 201, answer.text
    assert story(grove, made["code"])["state"] == "held"
    assert events.deliver() > 0
    told = story(grove, made["code"])
    assert told["tests"][0]["verdict"] == "fail" and "failed_test" in {one["code"] for one in told["notices"]}


def test_what_is_written_after_the_certificate_shows_as_late_once_the_news_is_delivered(grove: Orchard) -> None:
    made = grove.issued()
    grove.farm.write(**grove.farm.spray("2026-09-28"))
    assert len(story(grove, made["code"])["timeline"]) == 2
    events.deliver()
    told = story(grove, made["code"])
    assert len(told["timeline"]) == 3 and told["batch"]["waiting"][0]["met"] is False


def test_what_is_stored_is_what_a_rebuild_would_store(grove: Orchard) -> None:
    codes = [grove.issued()["code"] for _ in range(2)]
    assert not any(tracing.differs(code) for code in codes)
    assert sorted(tracing.all_codes()) == sorted(codes)


def test_a_certificate_whose_trace_cannot_be_told_is_not_issued(
    grove: Orchard, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any) -> Any:
        raise RuntimeError("no page")

    monkeypatch.setattr("backend.domains.tracing.service.sources.gather", broken)
    with pytest.raises(RuntimeError):
        grove.issue()
    assert store.collection("certificates").count_documents({}) == 0
    assert store.collection("lots").find_one({})["certified_base"] == 0


def test_a_producer_with_a_gtin_is_found_by_the_digital_link(
    api: Api, login: Callable[..., str], travel: Callable[[datetime], None]
) -> None:
    travel(NOW)
    grove = orchard(api, login)
    store.collection("lots").update_one({"_id": grove.lot_id}, {"$set": {"gtin": "06901234567892"}})
    made = grove.issued()
    answer = api.get(f"/01/06901234567892/10/{made['code']}")
    assert answer.status_code in (302, 303, 307) and answer.headers["Location"].endswith(f"/t/{made['code']}")
