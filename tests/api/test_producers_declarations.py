"""Declarations over HTTP: versions, the officers' queue, decisions made once, suspension."""

import threading

import pytest

from backend.base import events
from backend.base.actor import Actor, Grant
from backend.base.errors import Conflict
from backend.domains.evidence import service as evidence
from backend.domains.producers import service as producers
from tests.factories.producers import ALL_COMMITMENTS, declaration, product, registered, site


@pytest.fixture
def owner(login):
    return login()


@pytest.fixture
def mine(api, owner):
    made = registered(api, owner)["id"]
    site(api, owner, made)
    product(api, owner, made)
    return made


@pytest.fixture
def officer(login):
    return login("township_officer", region="620602100")


@pytest.fixture
def heard(monkeypatch):
    """What producers told the features above."""
    news = []
    for kind in (producers.ProducerSuspended, producers.ProducerReinstated):
        monkeypatch.setitem(events._within, kind, [news.extend])
    return news


def decided(api, token, declaration_id, **decision):
    return api.post(f"/api/v1/declarations/{declaration_id}/decision", decision, as_=token)


def states(api, owner, producer_id):
    items = api.get(f"/api/v1/producers/{producer_id}/declarations", as_=owner).json["items"]
    return {row["version"]: row["state"] for row in items}


def test_a_declaration_freezes_what_it_names(api, owner, mine):
    made = declaration(api, owner, mine)
    assert (made["version"], made["state"], made["sites"][0]["name"]) == (1, "submitted", "东塬果园")
    assert [row["code"] for row in made["commitments"]] == ALL_COMMITMENTS
    path = f"/api/v1/producers/{mine}/sites/{mine}.site-0001"
    api.patch(path, {"name": "改名"}, as_=owner, headers={"If-Match": '"v1"'})
    assert api.get(f"/api/v1/declarations/{made['id']}", as_=owner).json["sites"][0]["name"] == "东塬果园"
    assert [entry.kind for entry in evidence.entries(made["id"])] == ["declaration"]


def test_the_register_knows_a_declaration_by_its_content(api, owner, mine):
    made = declaration(api, owner, mine)
    farmer = Actor("person", "FARMER", grants=(Grant("x", frozenset({"producer:read"}), producer_id=mine),))
    content = producers.declaration(farmer, made["id"]).to_mongo().to_dict()
    assert evidence.proves(made["id"], "declaration", content)
    assert not evidence.proves(made["id"], "declaration", content | {"season": "2027"})


def test_submitting_twice_is_submitting_once(api, owner, mine):
    assert declaration(api, owner, mine) == declaration(api, owner, mine)
    assert states(api, owner, mine) == {1: "submitted"}


def test_a_retry_in_another_order_is_the_same_declaration(api, owner, mine):
    two = [site(api, owner, mine, client_id=f"site-000{number}")["id"] for number in (2, 3)]
    first = declaration(api, owner, mine, site_ids=two)
    assert declaration(api, owner, mine, site_ids=two[::-1]) == first


def test_one_client_id_says_one_thing(api, owner, mine):
    other = site(api, owner, mine, client_id="site-0002")["id"]
    declaration(api, owner, mine)
    planned = {"product_id": f"{mine}.product-0001", "amount": "5", "unit": "t"}
    for changes in ({"season": "2027"}, {"site_ids": [other]}, {"planned": [planned]}):
        content = declaration(api, owner, mine, send=False, **changes)
        answer = api.post(f"/api/v1/producers/{mine}/declarations", content, as_=owner)
        assert (answer.status_code, answer.json["reason"]) == (409, "client_id_used"), changes


@pytest.mark.parametrize(
    ("changes", "outcome"),
    [
        ({"season": "2019"}, (422, "season_out_of_range")),
        ({"season": "soon"}, (422, "season_malformed")),
        ({"site_ids": []}, (422, "declaration_without_sites")),
        ({"product_ids": []}, (422, "declaration_without_products")),
        ({"commitments": ALL_COMMITMENTS[1:]}, (422, "commitments_not_accepted")),
        ({"site_ids": ["AAAAAAAAAA.site-0001"]}, (404, "not_found")),
        ({"product_ids": ["AAAAAAAAAA.product-0001"]}, (404, "not_found")),
    ],
)
def test_an_incomplete_declaration_is_refused(api, owner, mine, changes, outcome):
    content = declaration(api, owner, mine, send=False, **changes)
    answer = api.post(f"/api/v1/producers/{mine}/declarations", content, as_=owner)
    assert (answer.status_code, answer.json["reason"]) == outcome


def test_the_officer_in_charge_approves_and_the_producer_is_admitted(api, owner, mine, officer):
    made = declaration(api, owner, mine)
    assert [row["id"] for row in api.get("/api/v1/declarations", as_=officer).json["items"]] == [made["id"]]
    answer = decided(api, officer, made["id"], verdict="approve")
    assert (answer.status_code, answer.json["state"]) == (200, "approved")
    assert api.get("/api/v1/declarations", as_=officer).json["items"] == []
    assert len(api.get("/api/v1/declarations?state=approved", as_=officer).json["items"]) == 1
    producer = api.get(f"/api/v1/producers/{mine}", as_=owner).json
    assert (producer["status"], [row["status"] for row in producer["history"]]) == ("active", ["registered", "active"])
    assert [entry.kind for entry in evidence.entries(made["id"])] == ["declaration", "declaration.decision"]


def test_a_decision_sent_twice_is_one_and_another_comes_too_late(api, login, owner, mine, officer):
    made = declaration(api, owner, mine)
    first = decided(api, officer, made["id"], verdict="approve").json
    assert decided(api, officer, made["id"], verdict="approve").json == first
    other = decided(api, login("county_officer", region="620602"), made["id"], verdict="return", reason="面积不符")
    assert (other.status_code, other.json["reason"]) == (409, "already_decided")


def test_a_return_needs_a_reason_and_the_next_version_answers_it(api, owner, mine, officer):
    made = declaration(api, owner, mine)
    assert decided(api, officer, made["id"], verdict="return", reason="不").json["reason"] == "reason_missing"
    returned = decided(api, officer, made["id"], verdict="return", reason="地块边界不清楚").json
    assert (returned["state"], returned["reason"]) == ("returned", "地块边界不清楚")
    second = declaration(api, owner, mine, client_id="declaration-0002")
    assert (second["version"], second["previous_id"]) == (2, made["id"])
    assert states(api, owner, mine) == {1: "returned", 2: "submitted"}
    decided(api, officer, second["id"], verdict="approve")
    assert states(api, owner, mine) == {1: "returned", 2: "approved"}


def test_a_newer_version_supersedes_an_undecided_one_at_once_and_an_approved_one_when_it_is_approved(
    api, owner, mine, officer
):
    first = declaration(api, owner, mine)
    second = declaration(api, owner, mine, client_id="declaration-0002")
    late = decided(api, officer, first["id"], verdict="approve")
    assert (late.status_code, late.json["reason"]) == (409, "newer_declaration_exists")
    decided(api, officer, second["id"], verdict="approve")
    third = declaration(api, owner, mine, client_id="declaration-0003")
    assert states(api, owner, mine) == {1: "superseded", 2: "approved", 3: "submitted"}
    decided(api, officer, third["id"], verdict="approve")
    assert states(api, owner, mine) == {1: "superseded", 2: "superseded", 3: "approved"}


def test_officers_elsewhere_find_nothing_and_farmers_decide_nothing(api, login, owner, mine):
    made = declaration(api, owner, mine)
    elsewhere = login("county_officer", region="620723")
    assert decided(api, elsewhere, made["id"], verdict="approve").status_code == 404
    assert api.get(f"/api/v1/declarations/{made['id']}", as_=elsewhere).status_code == 404
    assert api.get("/api/v1/declarations?region=620602", as_=elsewhere).status_code == 404
    assert api.get("/api/v1/declarations", as_=elsewhere).json["items"] == []
    assert decided(api, owner, made["id"], verdict="approve").status_code == 403
    assert decided(api, elsewhere, "no-such-id", verdict="approve").status_code == 404


def test_nobody_decides_on_their_own_declaration(api, login, owner, mine):
    made = declaration(api, owner, mine)
    both = login("township_officer", region="620602100")
    code = api.post(f"/api/v1/producers/{mine}/invitations", {}, as_=owner).json["code"]
    assert api.post("/api/v1/invitations/acceptance", {"code": code}, as_=both).status_code == 200
    answer = decided(api, both, made["id"], verdict="approve")
    assert (answer.status_code, answer.json["reason"]) == (422, "own_declaration")


def test_of_two_officers_at_once_one_decides(api, owner, mine):
    made = declaration(api, owner, mine)
    permissions = frozenset({"declaration:review"})
    officers = [Actor("staff", f"OFFICER{n}", grants=(Grant("x", permissions, region="620602"),)) for n in range(4)]
    start, outcomes = threading.Barrier(4), []

    def act(actor):
        start.wait()
        try:
            outcomes.append(producers.decide(actor, made["id"], verdict="approve").state)
        except Conflict as lost:
            outcomes.append(lost.reason)

    threads = [threading.Thread(target=act, args=(actor,)) for actor in officers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["already_decided"] * 3 + ["approved"]
    assert [entry.kind for entry in evidence.entries(made["id"])] == ["declaration", "declaration.decision"]


def test_of_two_versions_submitted_at_once_one_is_the_newer(api, owner, mine):
    farmer = Actor("person", "FARMER", grants=(Grant("x", frozenset({"declaration:submit"}), producer_id=mine),))
    start, errors = threading.Barrier(4), []
    content = declaration(api, owner, mine, send=False)

    def act(number):
        start.wait()
        try:
            producers.submit(farmer, mine, **(content | {"client_id": f"declaration-{number:04d}"}))
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=act, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert states(api, owner, mine) == {1: "superseded", 2: "superseded", 3: "superseded", 4: "submitted"}


def test_suspension_needs_a_reason_is_told_above_and_is_lifted_to_what_was(api, login, owner, mine, heard):
    county, officer = login("county_officer", region="620602"), login("township_officer", region="620602100")
    path = f"/api/v1/producers/{mine}"
    assert api.post(f"{path}/suspension", {"reason": "不"}, as_=county).json["reason"] == "reason_missing"
    assert api.post(f"{path}/suspension", {"reason": "查出禁用农药"}, as_=officer).status_code == 403
    assert api.post(f"{path}/reinstatement", {"reason": "整改完成"}, as_=county).status_code == 409
    suspended = api.post(f"{path}/suspension", {"reason": "查出禁用农药"}, as_=county)
    assert (suspended.status_code, suspended.json["status"]) == (200, "suspended")
    assert suspended.json["history"][-1]["reason"] == "查出禁用农药"
    assert api.post(f"{path}/suspension", {"reason": "再次查出"}, as_=county).status_code == 409
    made = declaration(api, owner, mine)
    decided(api, officer, made["id"], verdict="approve")
    assert api.get(path, as_=owner).json["status"] == "suspended"
    lifted = api.post(f"{path}/reinstatement", {"reason": "整改完成"}, as_=county)
    assert lifted.json["status"] == "registered"
    assert [type(news).__name__ for news in heard] == ["ProducerSuspended", "ProducerReinstated"]
    assert [entry.kind for entry in evidence.entries(mine)] == ["producer.suspend", "producer.reinstate"]


def test_a_suspension_elsewhere_is_not_found(api, login, mine):
    other = login("county_officer", region="620723")
    assert api.post(f"/api/v1/producers/{mine}/suspension", {"reason": "查出禁用农药"}, as_=other).status_code == 404
