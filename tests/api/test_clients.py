"""API clients: a key opens exactly what it was made for, is seen once, and is worthless at once when it is revoked."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from backend.base import store
from backend.http import limits
from tests.factories.certificates import orchard
from tests.factories.exchange import new_client
from tests.factories.http import Api
from tests.factories.producers import registered

API = "/api/v1"
NOW = datetime(2026, 10, 1, 2, tzinfo=UTC)
FLAGS = ["flag:read"]  # opens a list of a region: nothing has to be there to see whether the key fits
KEPT = ("api_clients", "api_client_claims", "audit_lines")
Login = Callable[..., str]
Travel = Callable[[datetime], None]


@pytest.fixture
def province(api: Api, login: Login, travel: Travel, with_settings: Callable[..., None]) -> str:
    """An officer of the province, who may make clients."""
    with_settings(access_minutes=2 * 366 * 24 * 60)
    travel(NOW)
    return login("province_officer", region="620000")


def made(api: Api, by: str, **said: Any) -> tuple[str, str]:
    answer = new_client(api, by, **({"permissions": FLAGS} | said))
    assert answer.status_code == 201, answer.text
    return answer.json["client"]["id"], answer.json["key"]


def status(api: Api, key: str, region: str = "620602") -> int:
    return int(api.get(f"{API}/gate/flagged?region={region}", as_=key).status_code)


def rotated(api: Api, by: str, number: str, hours: int = 24) -> str:
    return str(api.post(f"{API}/clients/{number}/rotation", {"overlap_hours": hours}, as_=by).json["key"])


def test_a_key_opens_what_it_was_made_for_where_it_was_made_for_and_nothing_else(api: Api, province: str) -> None:
    _, key = made(api, province)
    assert [status(api, key), status(api, key, "620723"), status(api, key, "620000")] == [200, 404, 404]
    refused = api.get(f"{API}/market/checks?region=620602", as_=key)
    assert (refused.status_code, refused.json["reason"]) == (403, "forbidden")


def test_what_is_one_persons_own_opens_to_no_key(api: Api, province: str) -> None:
    _, key = made(api, province, permissions=["producer:read", "producer:read"])
    for path in ("/me", "/me/export", "/auth/devices", "/inbox", "/inbox/summary", "/producers/0123456789/contact"):
        answer = api.get(f"{API}{path}", as_=key)
        assert (answer.status_code, answer.json["reason"]) == (403, "people_only"), path
    sent = {"/me/deletion": {"confirm": True}, "/invitations/acceptance": {"code": "ABCDEFGH"}}
    for path, body in {**sent, "/auth/logout": None, "/auth/totp": None, "/inbox/reading": {"ids": ["a.b"]}}.items():
        assert api.post(f"{API}{path}", body, as_=key).json["reason"] == "people_only", path
    register = {"client_id": "producer-00001", "name": "乙", "kind": "smallholder", "region": "620602100"}
    register |= {"person_id": "11010519491231002X", "contact_phone": "13800000000"}
    assert api.post(f"{API}/producers", register, as_=key).json["reason"] == "forbidden"


def test_what_people_said_and_signed_to_each_other_opens_to_no_key(api: Api, province: str, login: Login) -> None:
    mine = registered(api, login())["id"]
    asked = {"client_id": "question-0001", "text": "空瓶放在哪里？"}
    question = api.post(f"{API}/producers/{mine}/questions", asked, as_=province).json["id"]
    _, key = made(api, province, permissions=["producer:read"], region="620600")
    assert api.get(f"{API}/producers/{mine}", as_=key).status_code == 200
    for path in (f"producers/{mine}/questions", f"questions/{question}", f"producers/{mine}/visits"):
        answer = api.get(f"{API}/{path}", as_=key)
        assert (answer.status_code, answer.json.get("reason")) == (403, "people_only"), path


def test_nobody_gives_a_machine_what_is_for_people_or_more_than_they_hold(api: Api, province: str) -> None:
    for word in ("complaint:identity", "contact:open", "account:manage", "client:manage", "rulebook:review"):
        answer = new_client(api, province, permissions=[word])
        assert (answer.status_code, answer.json["reason"]) == (422, "client_permission_of_people"), word
    assert new_client(api, province, permissions=["lot:move"]).json["reason"] == "client_permissions_wide"
    assert new_client(api, province, producer_id="0123456789").json["reason"] == "client_scope_wrong"
    assert new_client(api, province, days=366).status_code == 422


def test_who_may_not_manage_clients_makes_none_and_a_key_makes_none(api: Api, province: str, login: Login) -> None:
    number, key = made(api, province)
    elsewhere = login("province_officer", region="620700")
    assert [new_client(api, one).status_code for one in (key, elsewhere)] == [403, 404]
    assert api.get(f"{API}/clients/{number}", as_=elsewhere).status_code == 404
    assert api.get(f"{API}/clients?region=620602", as_=elsewhere).status_code == 404


def test_the_key_is_shown_once_and_neither_kept_nor_logged(
    api: Api, province: str, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = {"client_id": "one-client-0001", "permissions": FLAGS}
    answer = new_client(api, province, **asked)
    key, number = answer.json["key"], answer.json["client"]["id"]
    again = new_client(api, province, **asked)
    assert (again.json["key"], again.json["client"]["id"]) == (None, number)
    assert status(api, key) == 200
    listed = api.get(f"{API}/clients?region=620602", as_=province)
    (one,) = listed.json["items"]
    assert one["keys"][0]["prefix"] == key[:20]
    kept = json.dumps([list(store.collection(name).find({})) for name in KEPT], default=str)
    told = capsys.readouterr()
    assert f"client:{number}" in told.err
    for text in (listed.text, api.get(f"{API}/clients/{number}", as_=province).text, kept, told.err + told.out):
        assert key[20:] not in text


def test_a_rotated_key_goes_on_for_its_overlap_and_a_lost_answer_shuts_nobody_out(
    api: Api, province: str, travel: Travel
) -> None:
    number, first = made(api, province)
    rotated(api, province, number, hours=2)  # this answer was lost
    second = rotated(api, province, number, hours=2)
    assert [status(api, key) for key in (first, second)] == [200, 200]
    travel(NOW + timedelta(hours=2, seconds=1))
    assert [status(api, key) for key in (first, second)] == [401, 200]
    third = rotated(api, province, number, hours=0)
    assert [status(api, key) for key in (second, third)] == [401, 200]


def test_a_new_key_is_handed_only_to_who_holds_all_that_it_opens(api: Api, province: str, login: Login) -> None:
    number, key = made(api, province)
    operator = login("operator", region="620000")
    refused = api.post(f"{API}/clients/{number}/rotation", {"overlap_hours": 0}, as_=operator)
    assert (refused.status_code, refused.json["reason"]) == (422, "client_permissions_wide")
    assert status(api, key) == 200, "and nothing was shut out by trying"
    assert api.post(f"{API}/clients/{number}/revocation", {"reason": "泄露"}, as_=operator).status_code == 200


def test_a_revoked_or_expired_key_is_worthless_from_the_next_request_on(
    api: Api, province: str, travel: Travel
) -> None:
    number, key = made(api, province)
    _, short = made(api, province, days=1)
    assert [status(api, key), status(api, short)] == [200, 200]
    revoked = api.post(f"{API}/clients/{number}/revocation", {"reason": "合同到期"}, as_=province)
    assert (revoked.json["state"], revoked.json["keys"]) == ("revoked", [])
    assert status(api, key) == 401
    assert api.post(f"{API}/clients/{number}/rotation", {}, as_=province).json["reason"] == "client_ended"
    travel(NOW + timedelta(days=1))
    assert status(api, short) == 401


def test_a_forged_key_is_refused(api: Api, province: str) -> None:
    _, key = made(api, province)
    last = "1" if key.endswith("0") else "0"
    for forged in (key[:-1] + last, key[:16], "ltk_", "ltk_" + "0" * 44, key + "0", key.lower()):
        assert status(api, forged) == 401, forged


def test_each_client_has_its_own_rate(api: Api, province: str) -> None:
    keys = [made(api, province, per_minute=2)[1] for _ in range(2)]
    limits.limiter.enabled = True
    try:
        assert [status(api, keys[0]) for _ in range(3)] == [200, 200, 429]
        assert status(api, keys[1]) == 200
    finally:
        limits.limiter.enabled = False


def test_uses_are_noted_to_ten_minutes(api: Api, province: str, travel: Travel) -> None:
    number, key = made(api, province)
    seen = []
    for minutes in (0, 9, 10):
        travel(NOW + timedelta(minutes=minutes))
        status(api, key)
        seen.append(api.get(f"{API}/clients/{number}", as_=province).json["used_at"][11:16])
    assert seen == ["10:00", "10:00", "10:10"]


def test_a_cooperatives_own_system_certifies_for_it_alone_and_the_trail_names_the_system(
    api: Api, login: Login, travel: Travel
) -> None:
    travel(NOW)
    grove = orchard(api, login)
    mine = {"producer_id": grove.farm.producer_id, "region": None}
    manager = login("cooperative_manager", producer_id=grove.farm.producer_id)
    number, key = made(api, manager, permissions=["certificate:issue", "certificate:read"], **mine)
    issued = grove.issue(as_=key)
    assert issued.status_code == 201, issued.text
    line = store.collection("audit_lines").find_one({"action": "certificate.issue"})
    assert line is not None
    assert (line["actor_kind"], line["actor_id"]) == ("client", f"client:{number}")
    assert new_client(api, manager, region="620602").status_code == 404
    assert api.get(f"{API}/lots/{grove.lot_id}", as_=key).status_code == 403
