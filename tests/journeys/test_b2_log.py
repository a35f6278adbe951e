"""Story B2: a farmer logs a season from a phone with bad signal, and the platform tells when harvest becomes lawful."""

import io
from collections.abc import Callable
from datetime import UTC, datetime

from PIL import Image

from tests.factories.farming import farm
from tests.factories.http import Api


def photo() -> io.BytesIO:
    file = io.BytesIO()
    Image.new("RGB", (640, 480), (90, 140, 60)).save(file, "JPEG")
    file.seek(0)
    return file


def test_a_season_is_logged_offline_and_arrives_whole(
    api: Api, login: Callable[..., str], travel: Callable[[datetime], None]
) -> None:
    travel(datetime(2026, 9, 20, 2, tzinfo=UTC))
    orchard = farm(api, login)

    # The catalogue is asked once, while there is signal.
    found = api.get("/api/v1/inputs?q=吡虫啉&crop=apple", as_=orchard.token).json["items"][0]
    assert found["registration_no"] == "示例-0001"

    # A photo is sent before its record: the signal came back for a moment.
    spray = orchard.spray("2026-09-18")
    form = {
        "producer_id": orchard.producer_id,
        "client_id": "photo-000001",
        "record_client_id": spray["client_id"],
        "photo": (photo(), "spray.jpg"),
    }
    sent = api.post("/api/v1/farming/photos", data=form, content_type="multipart/form-data", as_=orchard.token)
    assert sent.status_code == 201, sent.text

    # Then everything the phone kept since spring, twice because the first answer was lost.
    fertiliser = {
        "registration_no": "示例-0040",
        "source": "合作社",
        "method": "base_dressing",
        "amount": "200",
        "unit": "kg",
    }
    season = [
        spray,
        orchard.item(kind="fertilising", happened_on="2026-03-20", site_ids=[orchard.site_id], inputs=[fertiliser]),
        orchard.item(kind="irrigation", happened_on="2026-05-02"),
        orchard.item(kind="pest_observed", happened_on="2026-09-17", target="苹果黄蚜"),
        orchard.item(kind="pruning", happened_on="2026-03-05"),
    ]
    first = orchard.sync(*season).json
    again = orchard.sync(*season).json
    assert [one["outcome"] for one in first["items"]] == ["created"] * 5
    assert [one["outcome"] for one in again["items"]] == ["duplicate"] * 5
    assert again["batches"] == first["batches"]

    # The answer says when harvest becomes lawful and why.
    (window,) = first["batches"]
    assert window["earliest_lawful_harvest"] == "2026-10-02"
    assert window["because"][0]["input_name"] == found["name"]

    # A slip of the finger is corrected by a new version; both are there.
    corrected = {**orchard.spray("2026-09-16"), "amend_reason": "日期填错"}
    path = f"/api/v1/farming/records/{orchard.producer_id}.{spray['client_id']}/amendments"
    amended = api.post(path, corrected, as_=orchard.token)
    assert amended.json["window"]["earliest_lawful_harvest"] == "2026-09-30"
    listed = api.get(f"/api/v1/farming/batches/{orchard.batch_id}/records", as_=orchard.token).json["items"]
    assert len(listed) == 6

    # The officer of the county sees the log, the one of the next county does not.
    here, there = login("county_officer", region="620602"), login("county_officer", region="620723")
    assert api.get(f"/api/v1/farming/batches/{orchard.batch_id}/records", as_=here).status_code == 200
    assert api.get(f"/api/v1/farming/batches/{orchard.batch_id}/records", as_=there).status_code == 404
