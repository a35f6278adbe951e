"""One's own data over HTTP: a copy of all that is kept, and an end that leaves only what another law wants."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from backend.base import ids, store
from backend.domains.accounts.service import leaving
from backend.domains.inbox import service as inbox
from backend.domains.inbox.service import forgetting
from tests.factories.complaints import filed
from tests.factories.farming import farm
from tests.factories.http import Api
from tests.factories.producers import registered

API = "/api/v1"
NOW = datetime(2026, 7, 1, 2, tzinfo=UTC)


class Person:
    """Somebody who came through WeChat."""

    def __init__(self, api: Api) -> None:
        self.api, self.code, self.logins = api, ids.token(8), 0
        self.again()

    def again(self) -> str:
        self.logins += 1
        body = {"code": f"{self.code}-{self.logins}", "device_name": "红米"}
        tokens = self.api.post(f"{API}/auth/wechat", body).json
        self.token, self.refresh, self.id = tokens["access_token"], tokens["refresh_token"], tokens["account_id"]
        return str(self.id)

    def export(self) -> Any:
        return self.api.get(f"{API}/me/export", as_=self.token)

    def leave(self, **changes: Any) -> Any:
        return self.api.post(f"{API}/me/deletion", {"confirm": True} | changes, as_=self.token)


@pytest.fixture
def person(api: Api, travel: Callable[[datetime], None]) -> Person:
    travel(NOW)
    return Person(api)


def kept_everywhere(word: str) -> list[str]:
    """Collections in which the word stands anywhere."""
    names = [name for name in store.database().list_collection_names() if not name.startswith("system.")]
    return sorted(name for name in names if any(word in str(row) for row in store.collection(name).find({})))


def tell(account_id: str, count: int) -> None:
    for number in range(count):
        inbox.tell([account_id], "producer_suspended", key=f"news-{number:04}", reason="核查")


def test_the_copy_holds_everything_that_is_kept(api: Api, person: Person) -> None:
    producer = registered(api, person.token)
    tell(person.id, 2)
    api.post(f"{API}/inbox/consents", {"client_id": "tap-00000001", "kinds": ["complaint_moved"]}, as_=person.token)
    filed(api, as_=person.token, identity="hidden", contact="王女士")
    filed(api, as_=person.token)  # anonymous: nobody's
    answer = person.export()
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Disposition"] == 'attachment; filename="longtrace-my-data.json"'
    assert answer.headers["Cache-Control"] == "no-store"
    said = answer.json
    assert said["profile"]["id"] == person.id
    assert (said["profile"]["kind"], said["profile"]["wechat"], said["profile"]["login"]) == ("person", True, None)
    assert [(row["role"], row["producer_id"]) for row in said["roles"]] == [("farmer", producer["id"])]
    assert said["producers"] == [{"id": producer["id"], "name": "张三", "kind": "smallholder"}]
    assert [row["name"] for row in said["devices"]] == ["红米"]
    assert said["consents"] == [{"kind": "complaint_moved", "count": 1}]
    assert [row["kind"] for row in said["notices"]["items"]] == ["producer_suspended"] * 2
    (complaint,) = said["complaints"]["items"]
    assert (complaint["identity"], complaint["has_contact"]) == ("hidden", True)
    assert {"session.begin", "producer.register"} <= {row["action"] for row in said["acts"]["items"]}
    assert not (said["acts"]["truncated"] or said["notices"]["truncated"] or said["complaints"]["truncated"])
    again = person.export().json["acts"]["items"]
    assert "account.export" in {row["action"] for row in again}, "taking it is recorded"


def test_a_long_trail_is_cut_and_says_so(person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leaving, "CHUNK", 2)
    monkeypatch.setattr(leaving, "MOST_ACTS", 4)
    monkeypatch.setattr(forgetting, "PART", 2)
    monkeypatch.setattr(forgetting, "MOST", 4)
    tell(person.id, 5)
    for _ in range(4):
        person.export()
    said = person.export().json
    assert (len(said["acts"]["items"]), said["acts"]["truncated"]) == (4, True)
    assert (len(said["notices"]["items"]), said["notices"]["truncated"]) == (4, True)


def test_staff_may_take_a_copy_and_not_delete_themselves(api: Api, login: Callable[..., str]) -> None:
    token = login("county_officer", region="620602")
    said = api.get(f"{API}/me/export", as_=token).json
    assert said["profile"]["login"] and said["roles"][0]["region"] == "620602"
    answer = api.post(f"{API}/me/deletion", {"confirm": True}, as_=token)
    assert (answer.status_code, answer.json["reason"]) == (422, "staff_account")
    assert api.get(f"{API}/me", as_=token).status_code == 200


def test_nothing_is_deleted_without_a_plain_yes(person: Person) -> None:
    for body in ({"confirm": False}, {"confirm": None}):
        assert person.leave(**body).json["reason"] == "invalid_input"
    assert person.export().status_code == 200


def test_who_leaves_is_gone_and_what_stays_is_said(api: Api, person: Person) -> None:
    registered(api, person.token)
    tell(person.id, 3)
    api.post(f"{API}/inbox/consents", {"client_id": "tap-00000001", "kinds": ["complaint_moved"]}, as_=person.token)
    answer = person.leave(client_id="leaving-0001")
    assert answer.status_code == 200, answer.text
    kept = {row["code"]: row for row in answer.json["kept"]}
    assert list(kept) == ["farming_records", "lot_events", "certificates", "producer", "questions", "audit"]
    assert kept["farming_records"]["law"] == "农产品质量安全法第二十七条"
    assert "邀请新的人" in kept["producer"]["why"] and "二年" in kept["farming_records"]["why"]
    gone = {"accounts", "account_keys", "notices", "notice_consents"}
    assert not gone & set(kept_everywhere(person.id))
    assert store.collection("account_keys").count_documents({}) == 0


def test_every_session_ends_and_a_retry_is_told_so(api: Api, person: Person) -> None:
    first, refresh = person.token, person.refresh
    person.again()
    assert person.leave().status_code == 200
    for token in (first, person.token):
        assert api.get(f"{API}/me", as_=token).status_code == 401
    assert api.post(f"{API}/auth/refresh", {"refresh_token": refresh}).json["reason"] == "refresh_invalid"
    assert (person.leave().status_code, person.leave().json["reason"]) == (401, "token_invalid")


def test_wechat_makes_a_new_account_afterwards(api: Api, person: Person) -> None:
    old = person.id
    person.leave()
    assert person.again() != old
    assert api.get(f"{API}/me", as_=person.token).json["grants"] == []
    assert person.export().json["acts"]["items"][-1]["action"] == "session.begin"


def test_the_reader_s_language_is_spoken(person: Person) -> None:
    answer = person.api.post(
        f"{API}/me/deletion", {"confirm": True}, as_=person.token, headers={"Accept-Language": "en"}
    )
    (audit,) = answer.json["kept"]
    assert (audit["code"], audit["what"][:9]) == ("audit", "The audit")


def test_the_last_person_of_a_producer_may_leave_and_an_officer_invites_another(
    api: Api, login: Callable[..., str], person: Person
) -> None:
    producer = registered(api, person.token)
    assert person.leave().status_code == 200
    officer = login("county_officer", region="620602")
    assert api.get(f"{API}/producers/{producer['id']}", as_=officer).json["name"] == "张三"
    trail = api.get(f"{API}/audit?region=620602", as_=officer).json["items"]
    (left,) = [row for row in trail if row["action"] == "account.leave"]
    assert (left["producer_id"], left["actor_id"]) == (producer["id"], person.id)
    code = api.post(f"{API}/producers/{producer['id']}/invitations", {}, as_=officer).json["code"]
    person.again()
    assert api.post(f"{API}/invitations/acceptance", {"code": code}, as_=person.token).status_code == 200


def test_the_log_stays_after_its_writer_left(api: Api, login: Callable[..., str], person: Person) -> None:
    grove = farm(api, lambda: person.token)
    grove.write(**grove.spray("2026-06-20"))
    assert person.leave().status_code == 200
    officer = login("township_officer", region="620602100")
    (record,) = api.get(f"{API}/farming/batches/{grove.batch_id}/records", as_=officer).json["items"]
    assert record["happened_on"] == "2026-06-20"


def test_reports_go_on_without_their_reporter(api: Api, login: Callable[..., str], person: Person) -> None:
    receipt = filed(api, as_=person.token, identity="hidden", contact="王女士")
    codes = [row["code"] for row in person.leave().json["kept"]]
    assert codes == ["complaints", "audit"]
    officer = login("county_officer", region="620602")
    (case,) = api.get(f"{API}/complaints", as_=officer).json["items"]
    assert api.post(f"{API}/complaints/{case['id']}/actions", {"action": "accept"}, as_=officer).status_code == 200
    assert store.collection("notices").count_documents({}) == 0
    assert api.post(f"{API}/complaints/follow", {"receipt": receipt}).json["state"] == "accepted"
    assert "complaints" not in kept_everywhere(person.id)


def test_many_notices_go_part_by_part(person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forgetting, "CHUNK", 2)
    tell(person.id, 7)
    assert person.leave().status_code == 200
    assert store.collection("notices").count_documents({}) == 0
