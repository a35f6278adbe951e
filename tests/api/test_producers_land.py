"""Sites and products over HTTP: written once, edited in versions, measured, and nobody else's."""

import pytest

from backend.base.errors import NotFound
from backend.domains.producers import service as producers
from tests.factories.producers import FIELD, RANCH, product, registered, site

POINT = {"type": "Point", "coordinates": [102.64, 37.93]}


@pytest.fixture
def owner(login):
    return login()


@pytest.fixture
def mine(api, owner):
    return registered(api, owner)["id"]


def test_a_polygon_is_measured_and_agrees_with_what_was_typed(api, owner, mine):
    made = site(api, owner, mine)
    assert made["id"] == f"{mine}.site-0001"
    assert made["area_mu"] == made["measured_area_mu"]
    assert abs(float(made["area_mu"]) - 94) < 3
    assert made["warnings"] == []


def test_a_typed_area_far_from_the_measured_one_is_a_warning_in_the_answer(api, owner, mine):
    made = site(api, owner, mine, typed_area_mu="200")
    assert made["warnings"][0]["reason"] == "area_differs"
    assert "两成" in made["warnings"][0]["message"]


def test_sending_a_site_twice_is_sending_it_once(api, owner, mine):
    assert site(api, owner, mine) == site(api, owner, mine, name="另一个名字")
    assert len(api.get(f"/api/v1/producers/{mine}/sites", as_=owner).json["items"]) == 1


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        (
            {"geometry": {"type": "Polygon", "coordinates": [[[102, 37], [103, 38], [103, 37], [102, 38], [102, 37]]]}},
            "polygon_crosses_itself",
        ),
        ({"geometry": {"type": "Point", "coordinates": [37.93, 102.64]}}, "coordinates_swapped"),
        ({"geometry": POINT, "typed_area_mu": None}, "area_missing"),
        ({"geometry": {"type": "Point", "coordinates": "here"}}, "geometry_malformed"),
        ({"region": "620602999"}, "region_unknown"),
    ],
)
def test_land_that_cannot_be_is_refused_by_a_reason(api, owner, mine, changes, reason):
    body = {"client_id": "site-0001", "name": "地", "geometry": FIELD, "typed_area_mu": "94"} | changes
    body = {key: value for key, value in body.items() if value is not None}
    answer = api.post(f"/api/v1/producers/{mine}/sites", body, as_=owner)
    assert (answer.status_code, answer.json["reason"]) == (422, reason)


def test_a_site_is_edited_in_versions(api, owner, mine):
    path = f"/api/v1/producers/{mine}/sites/{site(api, owner, mine)['id']}"
    etag = api.get(path, as_=owner).headers["ETag"]
    changed = api.patch(path, {"name": "西塬果园", "region": "620602101"}, as_=owner, headers={"If-Match": etag})
    assert (changed.json["name"], changed.json["region"], changed.json["version"]) == ("西塬果园", "620602101", 2)
    assert changed.headers["ETag"] == '"v2"'
    assert api.patch(path, {"name": "迟到"}, as_=owner, headers={"If-Match": etag}).status_code == 412
    redrawn = api.patch(path, {"geometry": POINT}, as_=owner, headers={"If-Match": '"v2"'}).json
    assert (redrawn["area_mu"], redrawn["measured_area_mu"]) == ("94", None)
    versions = f"/api/v1/producers/{mine}/versions?subject_id={mine}.site-0001"
    assert [row["version"] for row in api.get(versions, as_=owner).json["items"]] == [2, 1]


def test_a_product_is_edited_in_versions_and_a_gtin_has_one_product(api, owner, mine):
    made = product(api, owner, mine, gtin="6901234567892")
    assert made["gtin"] == "06901234567892"
    assert producers.gtin_owner("6901234567892") == (mine, made["id"])
    taken = {"client_id": "product-0002", "crop": "pear", "name": "梨", "gtin": "6901234567892"}
    assert api.post(f"/api/v1/producers/{mine}/products", taken, as_=owner).json["reason"] == "gtin_taken"
    path = f"/api/v1/producers/{mine}/products/{made['id']}"
    freed = api.patch(path, {"gtin": None, "variety": "烟富"}, as_=owner, headers={"If-Match": '"v1"'}).json
    assert (freed["gtin"], freed["variety"], freed["crop"]) == (None, "烟富", "apple")
    assert producers.gtin_owner("6901234567892") is None
    assert api.post(f"/api/v1/producers/{mine}/products", taken, as_=owner).status_code == 201
    again = api.patch(path, {"gtin": "6901234567892"}, as_=owner, headers={"If-Match": '"v2"'})
    assert (again.status_code, again.json["reason"]) == (409, "gtin_taken")
    assert api.get(path, as_=owner).json["version"] == 2


def test_a_product_needs_a_known_crop_and_a_true_gtin(api, owner, mine):
    body = {"client_id": "product-0001", "crop": "unicorn", "name": "x"}
    assert api.post(f"/api/v1/producers/{mine}/products", body, as_=owner).status_code == 422
    body |= {"crop": "apple", "gtin": "6901234567890"}
    assert api.post(f"/api/v1/producers/{mine}/products", body, as_=owner).json["reason"] == "gtin_check_digit"


def test_nobody_writes_on_anothers_land(api, login, owner, mine):
    stranger = login()
    other = registered(api, stranger, kind="family_farm", credit_code=RANCH)["id"]
    made = site(api, owner, mine)
    body = {"client_id": "site-0009", "name": "地", "geometry": POINT, "typed_area_mu": "1"}
    assert api.post(f"/api/v1/producers/{mine}/sites", body, as_=stranger).status_code == 404
    assert api.get(f"/api/v1/producers/{other}/sites/{made['id']}", as_=stranger).status_code == 404
    assert (
        api.patch(
            f"/api/v1/producers/{other}/sites/{made['id']}", {"name": "x"}, as_=stranger, headers={"If-Match": '"v1"'}
        ).status_code
        == 404
    )


def test_the_features_above_get_facts_in_the_order_asked_for(api, owner, mine):
    first, second = site(api, owner, mine)["id"], site(api, owner, mine, client_id="site-0002")["id"]
    assert [fact.id for fact in producers.sites(mine, [second, first, second])] == [second, first]
    assert producers.sites(mine, []) == []
    with pytest.raises(NotFound):
        producers.sites(mine, [first, f"{mine}.nothing-here"])
    made = product(api, owner, mine)
    fact = producers.product(mine, made["id"])
    assert (fact.crop, fact.crop_class, fact.name) == ("apple", "fruit", "红富士苹果")
    assert producers.products(mine, []) == []
    with pytest.raises(NotFound):
        producers.products(mine, [f"{mine}.nothing-here"])


def test_facts_tell_what_strangers_may_see(api, owner, mine):
    fact = producers.facts(mine)
    assert (fact.public_name, fact.contact_public, fact.region_path[-1]) == ("张*", "138****5678", "620602100")
    path = f"/api/v1/producers/{mine}"
    api.patch(path, {"public_contact": True}, as_=owner, headers={"If-Match": '"v1"'})
    fact = producers.facts(mine)
    assert (fact.contact_public, fact.contact_masked) == ("13812345678", "138****5678")
    with pytest.raises(NotFound):
        producers.facts("NOSUCHPROD")
    with pytest.raises(NotFound):
        producers.facts("short")


def test_lists_are_paged(api, owner, mine):
    for number in range(3):
        product(api, owner, mine, client_id=f"product-{number:04d}")
    page = api.get(f"/api/v1/producers/{mine}/products?size=2", as_=owner).json
    assert len(page["items"]) == 2
    rest = api.get(f"/api/v1/producers/{mine}/products?size=2&cursor={page['next_cursor']}", as_=owner).json
    assert len(rest["items"]) == 1
    assert api.get(f"/api/v1/producers/{mine}/products/{page['items'][0]['id']}", as_=owner).status_code == 200
