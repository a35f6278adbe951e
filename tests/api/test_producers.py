"""Producers over HTTP: registering, editing, who sees what."""

import threading

import pytest

from backend.base.actor import system
from backend.base.errors import BadRequest, Conflict
from backend.domains.accounts import service as accounts
from backend.domains.producers import service as producers
from tests.factories.producers import COOPERATIVE, HOME, PERSON, RANCH, new_producer, person, registered


def test_a_person_registers_a_producer_and_becomes_its_farmer(api, login):
    token = login()
    answer = api.post("/api/v1/producers", new_producer(), as_=token)
    assert answer.status_code == 201
    made = answer.json
    assert (made["status"], made["kind"], made["version"]) == ("registered", "smallholder", 1)
    assert made["identity"] == PERSON[:6] + "********" + PERSON[-4:]
    assert made["contact_phone"] == "138****5678"
    mine = api.get("/api/v1/producers", as_=token).json["items"]
    assert [row["id"] for row in mine] == [made["id"]]


def test_registering_twice_with_one_client_id_is_registering_once(api, login):
    token = login()
    first = api.post("/api/v1/producers", new_producer(), as_=token)
    again = api.post("/api/v1/producers", new_producer(), as_=token)
    assert again.status_code == 201
    assert again.json == first.json


def test_the_same_client_id_of_another_person_is_neither_a_duplicate_nor_a_hint(api, login):
    first = api.post("/api/v1/producers", new_producer(), as_=login())
    other = api.post(
        "/api/v1/producers", new_producer(kind="family_farm", credit_code=RANCH, person_id=None), as_=login()
    )
    assert (first.status_code, other.status_code) == (201, 201)
    assert first.json["id"] != other.json["id"]


def test_a_taken_credit_code_is_refused_without_saying_whose(api, login):
    registered(api, login(), kind="cooperative", credit_code=COOPERATIVE, name="临泽示范合作社(演示)")
    answer = api.post(
        "/api/v1/producers", new_producer(kind="cooperative", credit_code=COOPERATIVE, person_id=None), as_=login()
    )
    assert (answer.status_code, answer.json["reason"]) == (409, "credit_code_taken")
    assert "临泽" not in answer.text


def test_a_taken_person_is_refused(api, login):
    registered(api, login())
    answer = api.post("/api/v1/producers", new_producer(client_id="another-one"), as_=login())
    assert (answer.status_code, answer.json["reason"]) == (409, "person_taken")


def test_no_identity_number_and_no_phone_is_stored_in_the_clear(api, login, database):
    registered(api, login())
    for name in database.list_collection_names():
        text = repr(list(database[name].find()))
        assert PERSON not in text, name
        assert "13812345678" not in text, name


def test_wrong_numbers_are_refused_in_plain_words(api, login):
    token = login()
    for changes, reason, field in (
        ({"person_id": PERSON[:-1] + ("1" if PERSON[-1] != "1" else "2")}, "person_id_check_digit", "person_id"),
        ({"person_id": None}, "identity_missing", "person_id"),
        ({"contact_phone": "110"}, "phone_malformed", "contact_phone"),
        ({"region": "620602999"}, "region_unknown", "region"),
        ({"kind": "enterprise"}, "identity_missing", "credit_code"),
    ):
        answer = api.post("/api/v1/producers", new_producer(**changes), as_=token)
        assert (answer.status_code, answer.json["reason"], answer.json["field"]) == (422, reason, field)
        assert "…" not in answer.json["message"]


def test_an_unknown_kind_or_field_is_refused_by_shape(api, login):
    token = login()
    assert api.post("/api/v1/producers", new_producer(kind="state"), as_=token).status_code == 422
    assert api.post("/api/v1/producers", new_producer(status="active"), as_=token).status_code == 422
    assert api.post("/api/v1/producers", new_producer()).status_code == 401


def test_an_operator_in_a_filter_is_no_text(api, login):
    token = login()
    assert api.post("/api/v1/producers", new_producer(name={"$gt": ""}), as_=token).status_code == 422
    officer = login("county_officer", region="620602")
    assert api.get('/api/v1/producers?region={"$gt":""}', as_=officer).status_code == 422


def test_strangers_and_officers_of_another_county_find_nothing(api, login):
    owner = login()
    made = registered(api, owner)
    for token in (login("county_officer", region="620723"), registered_elsewhere(api, login)):
        for path in ("", "/sites", "/products", "/declarations", "/contact", "/versions?subject_id=" + made["id"]):
            answer = api.get(f"/api/v1/producers/{made['id']}{path}", as_=token)
            assert (answer.status_code, answer.json["reason"]) == (404, "not_found"), path
    assert api.get("/api/v1/producers?region=620602", as_=login("county_officer", region="620723")).status_code == 404
    assert api.get("/api/v1/producers/NOSUCHPROD", as_=owner).status_code == 404


def registered_elsewhere(api, login) -> str:
    token = login()
    registered(api, token, kind="family_farm", credit_code=RANCH, person_id=None)
    return token


def test_officers_of_every_level_above_see_the_producers_of_their_region(api, login):
    made = registered(api, login())
    for role, region in (
        ("township_officer", HOME),
        ("county_officer", "620602"),
        ("city_officer", "620600"),
        ("province_officer", "620000"),
    ):
        token = login(role, region=region)
        listed = api.get(f"/api/v1/producers?region={region}", as_=token).json["items"]
        assert [row["id"] for row in listed] == [made["id"]]
        assert api.get("/api/v1/producers", as_=token).json["items"] == listed
        assert api.get("/api/v1/producers?status=active", as_=token).json["items"] == []


def test_a_change_names_the_version_it_saw_and_keeps_the_old_one(api, login):
    token = login()
    made = registered(api, token)
    path = f"/api/v1/producers/{made['id']}"
    etag = api.get(path, as_=token).headers["ETag"]
    assert api.patch(path, {"name": "李四"}, as_=token).status_code == 428
    changed = api.patch(path, {"name": "李四", "contact_phone": "0935-2212345"}, as_=token, headers={"If-Match": etag})
    assert changed.status_code == 200
    assert (changed.json["name"], changed.json["contact_phone"], changed.json["version"]) == ("李四", "0935-*****45", 2)
    stale = api.patch(path, {"name": "王五"}, as_=token, headers={"If-Match": etag})
    assert (stale.status_code, stale.json["reason"]) == (412, "version_stale")
    past = api.get(f"{path}/versions?subject_id={made['id']}", as_=token).json["items"]
    assert [(row["version"], row["was"]["name"], row["was"]["phone_masked"]) for row in past] == [
        (1, "张三", "138****5678")
    ]


def test_an_officer_reads_but_does_not_edit(api, login):
    made = registered(api, login())
    officer = login("county_officer", region="620602")
    answer = api.patch(f"/api/v1/producers/{made['id']}", {"name": "X"}, as_=officer, headers={"If-Match": '"v1"'})
    assert answer.status_code == 403


def test_opening_a_phone_number_is_recorded(api, login):
    owner = login()
    made = registered(api, owner)
    officer = login("county_officer", region="620602")
    opened = api.get(f"/api/v1/producers/{made['id']}/contact", as_=officer)
    assert opened.json == {"name": "张三", "phone": "13812345678"}
    trail = api.get("/api/v1/audit?region=620602", as_=officer).json["items"]
    assert ("producer.contact_open", True) in [(line["action"], line["protected"]) for line in trail]
    assert api.get(f"/api/v1/producers/{made['id']}/contact", as_=owner).status_code == 200
    assert api.get(f"/api/v1/producers/{made['id']}/contact", as_=login("lab", region="620602")).status_code == 404


def test_a_second_person_joins_by_invitation(api, login):
    owner = login()
    made = registered(api, owner)
    invited = api.post(f"/api/v1/producers/{made['id']}/invitations", {}, as_=owner)
    assert invited.status_code == 201
    joined = api.post("/api/v1/auth/invitation", {"code": invited.json["code"], "name": "李四"}).json
    assert api.get(f"/api/v1/producers/{made['id']}", as_=joined["access_token"]).status_code == 200


def test_nobody_makes_a_manager_of_what_is_no_cooperative(api, login):
    owner = login()
    made = registered(api, owner)
    answer = api.post(f"/api/v1/producers/{made['id']}/invitations", {"role": "cooperative_manager"}, as_=owner)
    assert answer.status_code == 403
    cooperative = login()
    made = registered(api, cooperative, kind="cooperative", credit_code=COOPERATIVE, person_id=None)
    path = f"/api/v1/producers/{made['id']}/invitations"
    code = api.post(path, {}, as_=cooperative).json["code"]
    helper = api.post("/api/v1/auth/invitation", {"code": code, "name": "李四"}).json["access_token"]
    assert api.post(path, {"role": "cooperative_manager"}, as_=helper).status_code == 403
    assert api.post(path, {"role": "cooperative_manager"}, as_=cooperative).status_code == 201


def test_a_region_list_is_paged_by_a_cursor(api, login):
    tokens = [login() for _ in range(3)]
    for number, token in enumerate(tokens):
        registered(api, token, person_id=person(number))
    officer = login("county_officer", region="620602")
    seen, cursor = [], ""
    while True:
        page = api.get(f"/api/v1/producers?region=620602&size=2{cursor}", as_=officer).json
        seen += [row["id"] for row in page["items"]]
        if not page["next_cursor"]:
            break
        cursor = f"&cursor={page['next_cursor']}"
    assert len(seen) == len(set(seen)) == 3


def test_an_account_may_be_of_several_regions_and_must_then_choose(api, login, app):
    token = login("county_officer", region="620602")
    account = api.get("/api/v1/me", as_=token).json
    accounts.grant(system("test"), account_id=account["id"], role="county_officer", region="620723")
    assert api.get("/api/v1/declarations", as_=token).json["reason"] == "region_needed"
    assert api.get("/api/v1/declarations?region=620723", as_=token).status_code == 200


def at_once(*acts):
    """Run all at the same moment; what each returned or raised."""
    start, outcomes = threading.Barrier(len(acts)), []

    def run(act):
        start.wait()
        try:
            outcomes.append(act())
        except Conflict as lost:
            outcomes.append(lost.reason)

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def test_registering_twice_at_once_is_registering_once(app):
    actor = system("test")
    acts = [lambda: producers.register(actor, **new_producer()).id for _ in range(4)]
    assert len(set(at_once(*acts))) == 1


def test_of_four_that_claim_one_person_at_once_one_gets_in(app):
    acts = [
        lambda client_id=f"producer-{number:04d}": (
            producers.register(system("test"), **new_producer(client_id=client_id)).status
        )
        for number in range(4)
    ]
    assert sorted(at_once(*acts)) == ["person_taken"] * 3 + ["registered"]


def test_a_producer_that_the_platform_registers_belongs_to_nobody_yet(api, login, app):
    made = producers.register(system("seed"), **new_producer())
    assert api.get(f"/api/v1/producers/{made.id}", as_=login("farmer", producer_id=made.id)).status_code == 200
    with pytest.raises(BadRequest):
        producers.register(system("seed"), **new_producer(client_id="short"))
