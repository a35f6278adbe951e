"""Site visits over HTTP: kept once, private, region by region, and deciding nothing."""

import io
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from PIL import Image

from backend.base import store
from backend.base.actor import Actor, Grant
from backend.base.errors import RuleBroken
from backend.domains.evidence import service as evidence
from backend.domains.producers.models import SiteVisit
from backend.domains.producers.service.visits import visitor_door
from tests.factories.http import Api
from tests.factories.producers import COOPERATIVE, declaration, product, registered, site

NOW = datetime(2026, 7, 1, 2, tzinfo=UTC)
Login = Callable[..., str]


@pytest.fixture
def owner(login: Login, travel: Callable[[datetime], None]) -> str:
    travel(NOW)
    return login()


@pytest.fixture
def mine(api: Api, owner: str) -> str:
    made = str(registered(api, owner)["id"])
    site(api, owner, made)
    product(api, owner, made)
    return made


@pytest.fixture
def officer(login: Login, owner: str) -> str:
    return login("township_officer", region="620602100")


def visit(api: Api, token: str, producer_id: str, **changes: Any) -> Any:
    body = {
        "client_id": "visit-00001",
        "visited_on": "2026-07-01",
        "device_time": "2026-07-01T09:30:00+08:00",
        "position": {"lon": 102.6410, "lat": 37.9310, "accuracy_m": 12.5},
        "findings": "东塬果园与申报一致，果树约三百株。",
        "outcome": "as_declared",
    } | changes
    return api.post(f"/api/v1/producers/{producer_id}/visits", body, as_=token)


def upload(
    api: Api, token: str, producer_id: str, client_id: str, *, role: str = "photo", to: str = "visit-00001"
) -> Any:
    picture = io.BytesIO()
    Image.new("RGB", (400, 300), (90, 120, 60)).save(picture, "PNG")
    picture.seek(0)
    data = {"client_id": client_id, "visit_client_id": to, "role": role, "file": (picture, "a.png")}
    path = f"/api/v1/producers/{producer_id}/visits/files"
    return api.post(path, data=data, content_type="multipart/form-data", as_=token)


def listed(api: Api, token: str, producer_id: str) -> list[dict[str, Any]]:
    answer = api.get(f"/api/v1/producers/{producer_id}/visits", as_=token)
    assert answer.status_code == 200, answer.text
    return list(answer.json["items"])


def test_a_visit_is_kept_once_with_what_was_found_and_how_far(api: Api, owner: str, mine: str, officer: str) -> None:
    made = declaration(api, owner, mine)
    first = visit(api, officer, mine, declaration_id=made["id"])
    assert first.status_code == 201, first.text
    said = first.json
    assert (said["id"], said["client_id"], said["distance_m"]) == (f"{mine}.visit-00001", "visit-00001", 0)
    assert said["position"] == {"lon": 102.641, "lat": 37.931, "accuracy_m": 12.5}
    assert (said["outcome"], said["declaration_id"], said["files"]) == ("as_declared", made["id"], [])
    again = visit(api, officer, mine, declaration_id=made["id"], findings="第二次")
    assert (again.status_code, again.json) == (201, said)
    assert listed(api, officer, mine) == listed(api, owner, mine) == [said]
    assert [entry.kind for entry in evidence.entries(said["id"])] == ["visit"]
    assert evidence.proves(said["id"], "visit", SiteVisit.find_one({"_id": said["id"]}).to_mongo())
    assert store.collection("audit_lines").count_documents({"action": "visit.record"}) == 1


def test_a_visit_decides_nothing(api: Api, owner: str, mine: str, officer: str) -> None:
    made = declaration(api, owner, mine)
    assert visit(api, officer, mine, declaration_id=made["id"]).status_code == 201
    assert api.get(f"/api/v1/declarations/{made['id']}", as_=owner).json["state"] == "submitted"


def test_far_from_the_land_is_said_and_an_unknown_place_too(api: Api, mine: str, officer: str) -> None:
    far = visit(api, officer, mine, position={"lon": 102.6400, "lat": 37.9210}).json
    assert far["distance_m"] == pytest.approx(1001, abs=5)
    assert far["position"]["accuracy_m"] is None
    nowhere = visit(api, officer, mine, client_id="visit-00002", position=None, outcome="not_met").json
    assert (nowhere["position"], nowhere["distance_m"]) == (None, None)


def test_without_any_site_the_distance_is_unknown(api: Api, login: Login, owner: str, officer: str) -> None:
    bare = registered(api, owner, credit_code=COOPERATIVE, kind="cooperative", client_id="producer-0002")["id"]
    assert visit(api, officer, bare).json["distance_m"] is None


@pytest.mark.parametrize(
    ("changes", "outcome"),
    [
        ({"visited_on": "2026-08-01"}, (422, "visit_in_future")),
        ({"position": {"lon": 37.93, "lat": 102.64}}, (422, "coordinates_swapped")),
        ({"position": {"lon": 0, "lat": 0}}, (422, "coordinates_outside_china")),
        ({"position": {"lon": 102.64}}, (422, "invalid_input")),
        ({"outcome": "fine"}, (422, "invalid_input")),
        ({"findings": "长" * 1001}, (422, "invalid_input")),
        ({"declaration_id": "AAAAAAAAAA.declaration-0001"}, (404, "not_found")),
    ],
)
def test_what_cannot_be_is_refused(
    api: Api, mine: str, officer: str, changes: dict[str, Any], outcome: tuple[int, str]
) -> None:
    answer = visit(api, officer, mine, **changes)
    assert (answer.status_code, answer.json["reason"]) == outcome
    assert listed(api, officer, mine) == []


def test_officers_elsewhere_find_nothing_and_others_visit_not(api: Api, login: Login, owner: str, mine: str) -> None:
    elsewhere = login("county_officer", region="620723")
    assert visit(api, elsewhere, mine).status_code == 404
    assert upload(api, elsewhere, mine, "file-000001").status_code == 404
    assert api.get(f"/api/v1/producers/{mine}/visits", as_=elsewhere).status_code == 404
    for token in (owner, login("village_officer", region="620602100")):
        assert visit(api, token, mine).status_code == 403
        assert upload(api, token, mine, "file-000001").status_code == 403


def test_nobody_visits_their_own_producer_nor_one_their_cooperative_manages(
    api: Api, login: Login, owner: str, mine: str
) -> None:
    both = login("township_officer", region="620602100")
    code = api.post(f"/api/v1/producers/{mine}/invitations", {}, as_=owner).json["code"]
    assert api.post("/api/v1/invitations/acceptance", {"code": code}, as_=both).status_code == 200
    for answer in (visit(api, both, mine), upload(api, both, mine, "file-000001")):
        assert (answer.status_code, answer.json["reason"]) == (422, "own_visit")
    store.collection("producers").update_one({"_id": mine}, {"$set": {"managed_by": "COOPERATIV"}})
    grants = (
        Grant("x", frozenset({"declaration:review"}), region="620602"),
        Grant("y", frozenset({"declaration:submit"}), producer_id="COOPERATIV"),
    )
    with pytest.raises(RuleBroken, match="own_visit"):
        visitor_door(Actor("staff", "OFFICER", grants=grants), mine)


def test_one_client_id_does_not_serve_two_officers(api: Api, login: Login, mine: str, officer: str) -> None:
    other = login("county_officer", region="620602")
    assert visit(api, officer, mine).status_code == 201
    taken = visit(api, other, mine)
    assert (taken.status_code, taken.json["reason"]) == (409, "client_id_used")
    assert upload(api, other, mine, "file-000001").json["reason"] == "client_id_used"


def test_photos_come_before_or_after_and_open_by_link_only(api: Api, owner: str, mine: str, officer: str) -> None:
    before = upload(api, officer, mine, "file-000001")
    assert before.status_code == 201, before.text
    visit(api, officer, mine)
    signed = upload(api, officer, mine, "file-000002", role="signature").json
    assert upload(api, officer, mine, "file-000001").json["id"] == before.json["id"]
    (shown,) = listed(api, owner, mine)
    assert [(one["id"], one["role"]) for one in shown["files"]] == [
        (before.json["id"], "photo"),
        (signed["id"], "signature"),
    ]
    for link in (shown["files"][0]["url"], shown["files"][0]["thumb_url"], before.json["url"]):
        assert api.get(link).status_code == 200
        assert api.get(link.partition("?")[0]).status_code == 404
    assert [entry.kind for entry in evidence.entries(signed["id"])] == ["visit.file"]
    assert store.collection("files.files").count_documents({}) == 4


def test_a_link_ends_after_a_quarter_of_an_hour(
    api: Api, mine: str, officer: str, travel: Callable[[datetime], None]
) -> None:
    link = upload(api, officer, mine, "file-000001").json["url"]
    travel(NOW.replace(minute=16))
    assert api.get(link).status_code == 404


def test_nine_photos_and_the_first_signature_stay(api: Api, mine: str, officer: str) -> None:
    for number in range(9):
        assert upload(api, officer, mine, f"file-{number:06}").status_code == 201
    tenth = upload(api, officer, mine, "file-000009")
    assert (tenth.status_code, tenth.json["reason"]) == (422, "too_many_visit_photos")
    assert upload(api, officer, mine, "sign-000001", role="signature").status_code == 201
    second = upload(api, officer, mine, "sign-000002", role="signature")
    assert (second.status_code, second.json["reason"]) == (422, "visit_signed_already")
    assert upload(api, officer, mine, "sign-000001", role="signature").status_code == 201
    assert upload(api, officer, mine, "file-000009", to="visit-00002").status_code == 201
    assert store.collection("files.files").count_documents({}) == 2 * 11


def test_a_bad_image_is_refused_and_nothing_is_kept(api: Api, mine: str, officer: str) -> None:
    data = {"client_id": "file-000001", "visit_client_id": "visit-00001", "role": "photo"}
    path = f"/api/v1/producers/{mine}/visits/files"
    form = {"content_type": "multipart/form-data", "as_": officer}
    answer = api.post(path, data={**data, "file": (io.BytesIO(b"no image"), "a.png")}, **form)
    assert (answer.status_code, answer.json["reason"]) == (415, "image_unreadable")
    assert store.collection("visit_files").count_documents({}) == 0
    wrong = {**data, "role": "video", "file": (io.BytesIO(b"x"), "a.png")}
    assert api.post(path, data=wrong, **form).status_code == 422


def test_files_at_once_keep_within_their_places(app: Any, mine: str, officer: str) -> None:
    outcomes: list[tuple[str, int]] = []

    def send(role: str, number: int) -> None:
        answer = upload(Api(app.test_client()), officer, mine, f"{role}-{number:06}", role=role)
        outcomes.append((role, answer.status_code))

    senders = [threading.Thread(target=send, args=("signature", number)) for number in range(4)]
    senders += [threading.Thread(target=send, args=("photo", 0)) for _ in range(4)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    assert sorted(outcomes) == [("photo", 201)] * 4 + [("signature", 201)] + [("signature", 422)] * 3
    assert store.collection("visit_files").count_documents({}) == 2
    assert store.collection("files.files").count_documents({}) == 4
