"""Logging in over HTTP: farmers by WeChat or invitation, staff by password; sessions that can be taken back."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import jwt
import pyotp
import pytest

from backend import gateways
from backend.base import store
from backend.base.actor import system
from backend.domains.accounts import service as accounts
from tests.factories.http import Api

PASSWORD = "correct horse battery"
START = datetime(2026, 5, 1, 4, tzinfo=UTC)
PRODUCER = "P000000001"


@pytest.fixture
def officer(app: object) -> str:
    accounts.new_staff(
        system("test"),
        login="county",
        password=PASSWORD,
        name="县监管员",
        roles=[{"role": "county_officer", "region": "620602"}],
    )
    return "county"


def staff_login(api: Api, login: str, password: str = PASSWORD, **more: str) -> dict[str, str]:
    answer = api.post("/api/v1/auth/staff", {"login": login, "password": password, **more})
    assert answer.status_code == 200, answer.json
    return answer.json


def invited(api: Api) -> dict[str, str]:
    code = accounts.invite(system("test"), producer_id=PRODUCER)["code"]
    return api.post("/api/v1/auth/invitation", {"code": code, "name": "李大爷"}).json


def test_staff_log_in_and_see_what_they_may_do_where(api: Api, officer: str) -> None:
    me = api.get("/api/v1/me", as_=staff_login(api, officer)["access_token"]).json
    assert me["name"] == "县监管员"
    assert me["grants"][0]["region"] == "620602"
    assert "declaration:review" in me["grants"][0]["permissions"]


def test_an_unknown_name_and_a_wrong_password_answer_alike(api: Api, officer: str) -> None:
    wrong = api.post("/api/v1/auth/staff", {"login": officer, "password": "not this one"})
    unknown = api.post("/api/v1/auth/staff", {"login": "nobody", "password": "not this one"})
    assert wrong.status_code == unknown.status_code == 401
    assert {**wrong.json, "request_id": ""} == {**unknown.json, "request_id": ""}
    assert wrong.json["reason"] == "login_wrong"


def test_a_password_hashed_at_another_cost_is_hashed_anew_when_it_is_next_given(
    api: Api, officer: str, with_settings: Callable[..., None]
) -> None:
    hashed = store.collection("accounts").find_one({"password_hash": {"$gt": ""}})["password_hash"]
    with_settings(password_passes=2)
    for _ in range(2):
        staff_login(api, officer)
    anew = store.collection("accounts").find_one({"password_hash": {"$gt": ""}})["password_hash"]
    assert ",t=1," in hashed and ",t=2," in anew
    assert api.post("/api/v1/auth/staff", {"login": officer, "password": "not this one"}).status_code == 401


@pytest.mark.parametrize("name", ["county", "nobody"])
def test_repeated_failures_lock_a_name_for_a_while_whether_it_exists_or_not(
    api: Api, officer: str, name: str, travel: Callable[[datetime], None]
) -> None:
    travel(START)
    for _ in range(5):
        assert api.post("/api/v1/auth/staff", {"login": name, "password": "wrong wrong"}).status_code == 401
    locked = api.post("/api/v1/auth/staff", {"login": name, "password": PASSWORD})
    assert (locked.status_code, locked.json["reason"]) == (429, "login_locked")
    assert int(locked.headers["Retry-After"]) > 0
    travel(START + timedelta(minutes=16))
    after = api.post("/api/v1/auth/staff", {"login": name, "password": PASSWORD})
    assert after.status_code == (200 if name == "county" else 401)


def test_an_authenticator_is_asked_for_once_it_is_on_and_a_code_is_good_once(
    api: Api, officer: str, travel: Callable[[datetime], None]
) -> None:
    travel(START)
    token = staff_login(api, officer)["access_token"]
    secret = api.post("/api/v1/auth/totp", as_=token).json["secret"]
    totp = pyotp.TOTP(secret)
    assert api.post("/api/v1/auth/totp/confirmation", {"totp": "000000"}, as_=token).status_code == 401
    assert api.post("/api/v1/auth/totp/confirmation", {"totp": totp.at(START)}, as_=token).status_code == 204
    answer = api.post("/api/v1/auth/staff", {"login": officer, "password": PASSWORD})
    assert (answer.status_code, answer.json["reason"]) == (401, "totp_required")
    later = START + timedelta(seconds=90)
    travel(later)
    staff_login(api, officer, totp=totp.at(later))
    replay = api.post("/api/v1/auth/staff", {"login": officer, "password": PASSWORD, "totp": totp.at(later)})
    assert replay.json["reason"] == "totp_wrong"


def test_confirming_an_authenticator_that_was_never_enrolled_is_refused(api: Api, officer: str) -> None:
    token = staff_login(api, officer)["access_token"]
    assert (
        api.post("/api/v1/auth/totp/confirmation", {"totp": "123456"}, as_=token).json["reason"] == "totp_not_started"
    )


def test_a_farmer_joins_by_invitation_once(api: Api) -> None:
    code = accounts.invite(system("test"), producer_id=PRODUCER)["code"]
    tokens = api.post("/api/v1/auth/invitation", {"code": code.lower(), "name": "李大爷"}).json
    me = api.get("/api/v1/me", as_=tokens["access_token"]).json
    assert me["grants"][0]["producer_id"] == PRODUCER
    again = api.post("/api/v1/auth/invitation", {"code": code, "name": "王二"})
    assert (again.status_code, again.json["reason"]) == (422, "invitation_invalid")


def test_an_invitation_runs_out_after_a_week(api: Api, travel: Callable[[datetime], None]) -> None:
    travel(START)
    code = accounts.invite(system("test"), producer_id=PRODUCER)["code"]
    travel(START + timedelta(days=7, seconds=1))
    assert api.post("/api/v1/auth/invitation", {"code": code, "name": "李"}).json["reason"] == "invitation_invalid"


def test_a_logged_in_person_accepts_an_invitation_and_repeating_it_changes_nothing(api: Api) -> None:
    token = invited(api)["access_token"]
    code = accounts.invite(system("test"), producer_id="P000000002", role="cooperative_manager")["code"]
    first = api.post("/api/v1/invitations/acceptance", {"code": code}, as_=token)
    second = api.post("/api/v1/invitations/acceptance", {"code": code}, as_=token)
    assert first.json == second.json == {"producer_id": "P000000002", "role": "cooperative_manager"}
    assert len(api.get("/api/v1/me", as_=token).json["grants"]) == 2


def test_refreshing_gives_new_tokens_and_a_lost_answer_may_be_asked_for_again(api: Api) -> None:
    first = invited(api)
    second = api.post("/api/v1/auth/refresh", {"refresh_token": first["refresh_token"]})
    repeated = api.post("/api/v1/auth/refresh", {"refresh_token": first["refresh_token"]})
    assert second.status_code == repeated.status_code == 200
    assert api.get("/api/v1/me", as_=repeated.json["access_token"]).status_code == 200


def test_a_replayed_refresh_token_logs_the_device_out(api: Api, travel: Callable[[datetime], None]) -> None:
    travel(START)
    first = invited(api)
    second = api.post("/api/v1/auth/refresh", {"refresh_token": first["refresh_token"]}).json
    travel(START + timedelta(minutes=2))
    assert (
        api.post("/api/v1/auth/refresh", {"refresh_token": first["refresh_token"]}).json["reason"] == "refresh_invalid"
    )
    assert api.get("/api/v1/me", as_=second["access_token"]).status_code == 401
    assert api.post("/api/v1/auth/refresh", {"refresh_token": second["refresh_token"]}).status_code == 401


def test_a_refresh_token_runs_out(api: Api, travel: Callable[[datetime], None]) -> None:
    travel(START)
    tokens = invited(api)
    travel(START + timedelta(days=61))
    assert api.post("/api/v1/auth/refresh", {"refresh_token": tokens["refresh_token"]}).status_code == 401


@pytest.mark.parametrize("junk", ["x", "..", "a.b.c", "P.x." + "y" * 100])
def test_a_made_up_refresh_token_is_refused(api: Api, junk: str) -> None:
    assert api.post("/api/v1/auth/refresh", {"refresh_token": junk}).status_code == 401


def test_devices_are_listed_and_a_lost_phone_is_logged_out_at_once(api: Api, officer: str) -> None:
    lost = staff_login(api, officer, device_name="旧手机")["access_token"]
    mine = staff_login(api, officer, device_name="新手机")["access_token"]
    devices = api.get("/api/v1/auth/devices", as_=mine).json["items"]
    assert {device["name"]: device["current"] for device in devices} == {"旧手机": False, "新手机": True}
    old = next(device["id"] for device in devices if not device["current"])
    assert api.delete(f"/api/v1/auth/devices/{old}", as_=mine).status_code == 204
    assert api.get("/api/v1/me", as_=lost).status_code == 401
    assert api.delete(f"/api/v1/auth/devices/{old}", as_=mine).status_code == 404


def test_logging_out_makes_the_tokens_worthless(api: Api, officer: str) -> None:
    tokens = staff_login(api, officer)
    assert api.post("/api/v1/auth/logout", as_=tokens["access_token"]).status_code == 204
    assert api.get("/api/v1/me", as_=tokens["access_token"]).status_code == 401
    assert api.post("/api/v1/auth/refresh", {"refresh_token": tokens["refresh_token"]}).status_code == 401


def test_the_eleventh_device_logs_the_first_one_out(api: Api, officer: str) -> None:
    first = staff_login(api, officer)["access_token"]
    for _ in range(10):
        staff_login(api, officer)
    assert api.get("/api/v1/me", as_=first).status_code == 401


def forged(**changes: object) -> str:
    settings = gateways.current().settings
    now = int(datetime.now(UTC).timestamp())
    claims = {
        "sub": "X",
        "sid": "Y",
        "exp": now + 600,
        "aud": "longtrace",
        **{k: v for k, v in changes.items() if k != "key"},
    }
    return jwt.encode(claims, changes.get("key", settings.jwt_keys[0][1]), "HS256", headers={"kid": "k1"})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "token",
    [
        "x",
        "a.b.c",
        jwt.encode(
            {"sub": "X", "sid": "Y", "exp": 9999999999, "aud": "longtrace"}, None, "none", headers={"kid": "k1"}
        ),
        jwt.encode({"sub": "X", "exp": 9999999999, "aud": "longtrace"}, b"9" * 32, "HS256", headers={"kid": "k1"}),
        jwt.encode({"sub": "X", "exp": 9999999999, "aud": "longtrace"}, b"9" * 32, "HS256", headers={"kid": "../k1"}),
        "y" * 5000,
    ],
)
def test_a_forged_token_is_not_believed(api: Api, token: str) -> None:
    answer = api.get("/api/v1/me", as_=token)
    assert (answer.status_code, answer.json["reason"]) == (401, "token_invalid")
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_a_well_signed_token_for_nobody_or_out_of_time_is_refused(api: Api) -> None:
    assert api.get("/api/v1/me", as_=forged()).status_code == 401
    assert api.get("/api/v1/me", as_=forged(exp=1)).status_code == 401
    assert api.get("/api/v1/me", as_=forged(aud="elsewhere")).status_code == 401


def test_an_access_token_dies_after_its_minutes(api: Api, officer: str, travel: Callable[[datetime], None]) -> None:
    travel(START)
    token = staff_login(api, officer)["access_token"]
    travel(START + timedelta(minutes=14))
    assert api.get("/api/v1/me", as_=token).status_code == 200
    travel(START + timedelta(minutes=15))
    assert api.get("/api/v1/me", as_=token).status_code == 401


def test_a_token_signed_by_the_previous_key_is_still_good_after_a_rotation(
    api: Api, officer: str, with_settings: Callable[..., None]
) -> None:
    token = staff_login(api, officer)["access_token"]
    with_settings(jwt_keys=(("k2", b"2" * 32), ("k1", b"1" * 32)))
    assert api.get("/api/v1/me", as_=token).status_code == 200
    with_settings(jwt_keys=(("k2", b"2" * 32),))
    assert api.get("/api/v1/me", as_=token).status_code == 401


def test_an_operator_makes_staff_within_their_region_only(api: Api, login: Callable[..., str]) -> None:
    operator = login("operator", region="620600")
    good = {
        "login": "newone",
        "password": PASSWORD,
        "name": "新人",
        "roles": [{"role": "township_officer", "region": "620602100"}],
    }
    assert api.post("/api/v1/accounts", good, as_=operator).status_code == 201
    assert api.post("/api/v1/accounts", good, as_=operator).json["reason"] == "login_taken"
    abroad = {**good, "login": "other", "roles": [{"role": "county_officer", "region": "620723"}]}
    assert api.post("/api/v1/accounts", abroad, as_=operator).status_code == 403
    above = {**good, "login": "other", "roles": [{"role": "county_officer", "region": "620000"}]}
    assert api.post("/api/v1/accounts", above, as_=operator).status_code == 403
    nowhere = {**good, "login": "other", "roles": [{"role": "county_officer", "region": "999999"}]}
    assert api.post("/api/v1/accounts", nowhere, as_=operator).json["reason"] == "region_unknown"
    wrong_scope = {**good, "login": "other", "roles": [{"role": "farmer", "region": "620602"}]}
    assert api.post("/api/v1/accounts", wrong_scope, as_=operator).json["reason"] == "role_scope_wrong"
    weak = {**good, "login": "other", "password": "1234567890"}
    assert api.post("/api/v1/accounts", weak, as_=operator).json["reason"] == "password_weak"
    assert api.post("/api/v1/accounts", good, as_=login("county_officer", region="620602")).status_code == 403


def test_an_account_cannot_be_given_roles_without_end(app: object) -> None:
    made = accounts.new_staff(system("test"), login="many", password=PASSWORD, name="x", roles=[])
    for number in range(60):
        producer = f"P{number:09}"
        if number < 50:
            accounts.grant(system("test"), account_id=made["id"], role="farmer", producer_id=producer)
            accounts.grant(system("test"), account_id=made["id"], role="farmer", producer_id=producer)
    with pytest.raises(Exception, match="too_many_grants"):
        accounts.grant(system("test"), account_id=made["id"], role="farmer", producer_id="P999999999")
    assert len(accounts.grants_of(made["id"])) == 50


def test_the_audit_trail_shows_an_officer_their_region_and_records_the_reading(
    api: Api, login: Callable[..., str]
) -> None:
    token = login("county_officer", region="620602")
    accounts.note(system("test"), "producer.create", subjects=["P1"], producer_id="P000000001", region="620602100")
    accounts.note(system("test"), "producer.create", subjects=["P2"], producer_id="P000000002", region="620723101")
    lines = api.get("/api/v1/audit?region=620602", as_=token).json["items"]
    assert [line["subjects"] for line in lines if line["action"] == "producer.create"] == [["P1"]]
    assert any(line["action"] == "audit.read" and line["protected"] for line in lines)
    assert api.get("/api/v1/audit?region=620723", as_=token).status_code == 404
    one = api.get("/api/v1/audit?region=620602&producer_id=P000000001&size=1", as_=token).json
    assert [line["subjects"] for line in one["items"]] == [["P1"]]


def test_regions_go_from_the_province_down_to_imported_villages(api: Api) -> None:
    assert len(api.get("/api/v1/regions").json["items"]) == 14
    assert api.get("/api/v1/regions/620602").json["name"] == "凉州区"
    assert api.get("/api/v1/regions/999999").status_code == 404
    rows = [{"code": f"620602100{n:03}", "name": f"第{n}村"} for n in range(200, 320)]
    assert accounts.import_villages(system("test"), rows=rows) == (120, 0)
    assert accounts.import_villages(system("test"), rows=rows[:5]) == (0, 5)
    assert len(api.get("/api/v1/regions?parent=620602100").json["items"]) == 120
    assert api.get("/api/v1/regions/620602100205").json["level"] == "village"
    assert api.get("/api/v1/regions/620602100999").status_code == 404
    assert accounts.place_name("620602100205") == "甘肃省武威市凉州区黄羊镇"


def test_a_village_list_with_one_bad_row_is_not_half_imported(app: object) -> None:
    rows = [{"code": "620602100201", "name": "一村"}, {"code": "999999999201", "name": "无村"}]
    with pytest.raises(Exception, match="region_unknown"):
        accounts.import_villages(system("test"), rows=rows)
    assert store.collection("villages").find_one({}) is None


def test_neither_openid_nor_code_nor_password_is_stored_readably(api: Api, officer: str) -> None:
    tokens = invited(api)
    staff_login(api, officer)
    dump = "".join(
        str(row) for name in store.database().list_collection_names() for row in store.collection(name).find({})
    )
    for secret in (PASSWORD, tokens["refresh_token"].rpartition(".")[2], tokens["access_token"]):
        assert secret not in dump
