"""Story B1: a farmer declares, the officer in charge decides, a cooperative brings its farmers."""

import io
import itertools

import openpyxl
import pytest

from tests.factories.farming import farm
from tests.factories.producers import (
    COOPERATIVE,
    declaration,
    person,
    product,
    registered,
    site,
)

API = "/api/v1"


@pytest.fixture
def wechat_login(api):
    """Log a person in as WeChat does: each code is used once, its prefix is the person."""
    numbers = itertools.count(1)

    def enter(person_name: str) -> str:
        answer = api.post(f"{API}/auth/wechat", {"code": f"{person_name}-{next(numbers)}"})
        assert answer.status_code == 200, answer.text
        return str(answer.json["access_token"])

    return enter


def test_a_farmer_declares_and_the_officer_in_charge_decides(api, login, wechat_login):
    farmer = wechat_login("farmer-zhang")
    township = login("township_officer", region="620602100")
    county = login("county_officer", region="620602")
    elsewhere = login("county_officer", region="620723")

    mine = registered(api, farmer, name="张三", kind="family_farm", person_id=person(1))["id"]
    land = site(api, farmer, mine, typed_area_mu="150")
    assert land["warnings"][0]["reason"] == "area_differs"
    product(api, farmer, mine)
    planned = [{"product_id": f"{mine}.product-0001", "amount": "30", "unit": "t"}]
    first = declaration(api, farmer, mine, planned=planned)

    waiting = api.get(f"{API}/declarations", as_=township).json["items"]
    assert [(row["id"], row["planned"][0]["amount"]) for row in waiting] == [(first["id"], "30")]
    assert api.get(f"{API}/declarations", as_=elsewhere).json["items"] == []
    decision = f"{API}/declarations/{first['id']}/decision"
    assert api.post(decision, {"verdict": "approve"}, as_=elsewhere).status_code == 404
    assert api.post(decision, {"verdict": "return"}, as_=township).json["reason"] == "reason_missing"
    returned = api.post(decision, {"verdict": "return", "reason": "圈出的面积与填写的不符"}, as_=township)
    assert returned.json["state"] == "returned"

    path = f"{API}/producers/{mine}/sites/{land['id']}"
    corrected = api.patch(path, {"typed_area_mu": "94"}, as_=farmer, headers={"If-Match": '"v1"'})
    assert corrected.json["warnings"] == []
    second = declaration(api, farmer, mine, client_id="declaration-0002")
    assert (second["version"], second["previous_id"]) == (2, first["id"])
    approved = api.post(f"{API}/declarations/{second['id']}/decision", {"verdict": "approve"}, as_=county)
    assert approved.json["state"] == "approved"
    assert api.get(f"{API}/producers/{mine}", as_=farmer).json["status"] == "active"
    versions = api.get(f"{API}/producers/{mine}/declarations", as_=farmer).json["items"]
    assert {(row["version"], row["state"]) for row in versions} == {(1, "returned"), (2, "approved")}

    suspended = api.post(f"{API}/producers/{mine}/suspension", {"reason": "拒绝监督检查"}, as_=county)
    assert suspended.json["status"] == "suspended"
    lifted = api.post(f"{API}/producers/{mine}/reinstatement", {"reason": "已接受检查"}, as_=county)
    assert lifted.json["status"] == "active"

    trail = api.get(f"{API}/audit?region=620602", as_=county).json["items"]
    done = {line["action"] for line in trail}
    assert {
        "producer.register",
        "site.create",
        "site.edit",
        "product.create",
        "declaration.submit",
        "declaration.return",
        "declaration.approve",
        "producer.suspend",
        "producer.reinstate",
    } <= done


def test_a_cooperative_brings_its_farmers(api, login, wechat_login):
    manager = wechat_login("manager-wang")
    officer = login("county_officer", region="620602")
    cooperative = registered(
        api, manager, kind="cooperative", credit_code=COOPERATIVE, name="凉州示范蔬菜专业合作社(演示)"
    )["id"]
    site(api, manager, cooperative)
    product(api, manager, cooperative)
    submitted = declaration(api, manager, cooperative)
    api.post(f"{API}/declarations/{submitted['id']}/decision", {"verdict": "approve"}, as_=officer)

    template = api.get(f"{API}/producers/import-template", as_=manager)
    book = openpyxl.load_workbook(io.BytesIO(template.data))
    book.worksheets[0].append(["李四", person(2), "13912345678", "武南镇", "二组"])
    book.worksheets[0].append(["王五", person(3)[:-1] + "?", "13712345678", None, None])
    filled = io.BytesIO()
    book.save(filled)

    def send(query: str):
        return api.client.post(
            f"{API}/producers/{cooperative}/imports?{query}",
            data={"file": (io.BytesIO(filled.getvalue()), "农户.xlsx")},
            headers={"Authorization": f"Bearer {manager}"},
        ).json

    trial = send("")
    assert (trial["committed"], trial["counts"]) == (False, {"created": 1, "duplicate": 0, "rejected": 1})
    assert (trial["rows"][1]["number"], trial["rows"][1]["problem"]["reason"]) == (3, "person_id_malformed")
    assert send("commit=true")["committed"] is False
    assert send("commit=true&skip_rejected=true")["counts"]["created"] == 1
    assert send("commit=true&skip_rejected=true")["counts"]["duplicate"] == 1
    members = api.get(f"{API}/producers?managed_by={cooperative}", as_=manager).json["items"]
    assert [row["name"] for row in members] == ["李四"]

    invitation = api.post(f"{API}/producers/{members[0]['id']}/invitations", {}, as_=manager).json
    farmer = wechat_login("farmer-li")
    joined = api.post(f"{API}/invitations/acceptance", {"code": invitation["code"]}, as_=farmer)
    assert joined.json["producer_id"] == members[0]["id"]
    own = wechat_login("farmer-li")
    assert [row["id"] for row in api.get(f"{API}/producers", as_=own).json["items"]] == [members[0]["id"]]


def test_whoever_comes_from_wechat_joins_with_a_code_and_writes_the_log(api, login, wechat_login):
    mine = farm(api, login)
    code = api.post(f"{API}/producers/{mine.producer_id}/invitations", {"role": "farmer"}, as_=mine.token).json["code"]
    son = wechat_login("son-of-zhang")
    assert api.get(f"{API}/me", as_=son).json["grants"] == []
    refused = api.post(f"{API}/farming/records", mine.item(), as_=son)
    assert refused.status_code in {403, 404}, refused.text

    for _ in range(2):  # the answer was lost in a tunnel
        joined = api.post(f"{API}/invitations/acceptance", {"code": code}, as_=son)
        assert joined.json == {"producer_id": mine.producer_id, "role": "farmer"}
    (grant,) = api.get(f"{API}/me", as_=son).json["grants"]
    assert (grant["producer_id"], grant["role"]) == (mine.producer_id, "farmer")
    assert [one["id"] for one in api.get(f"{API}/producers", as_=son).json["items"]] == [mine.producer_id]
    assert api.post(f"{API}/farming/records", mine.item(), as_=son).status_code == 201

    again = wechat_login("son-of-zhang")
    listed = api.get(f"{API}/farming/batches/{mine.batch_id}/records", as_=again).json["items"]
    assert [one["kind"] for one in listed] == ["weeding"]
    stranger = wechat_login("somebody-else")
    assert api.post(f"{API}/invitations/acceptance", {"code": code}, as_=stranger).status_code == 422
