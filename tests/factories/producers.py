"""Fictional producers, their land and products, made through the API as people make them."""

from typing import Any

from backend.base import vocab
from backend.domains.producers.rules.identity import person_id_check
from tests.factories.http import Api

COOPERATIVE = "93620826MA7DEM0027"
ENTERPRISE = "91620602MA7DEM0017"
RANCH = "93621126MA7DEM003J"
PERSON = "62060219900101123" + person_id_check("62060219900101123")
HOME = "620602100"
FIELD = {  # about 94 mu in 凉州区
    "type": "Polygon",
    "coordinates": [
        [[102.6400, 37.9300], [102.6431, 37.9300], [102.6431, 37.9321], [102.6400, 37.9321], [102.6400, 37.9300]]
    ],
}
ALL_COMMITMENTS = [term.code for term in vocab.get("declaration_commitments")]


def person(number: int) -> str:
    """A valid identity number of nobody, by its serial (0 to 999)."""
    body = f"62060219800101{number:03d}"
    return body + person_id_check(body)


def new_producer(**changes: Any) -> dict[str, Any]:
    """The body of a registration; a change to None leaves the field out."""
    body = {
        "client_id": "producer-0001",
        "name": "张三",
        "kind": "smallholder",
        "person_id": PERSON,
        "region": HOME,
        "contact_name": "张三",
        "contact_phone": "138 1234 5678",
    } | changes
    return {key: value for key, value in body.items() if value is not None}


def registered(api: Api, token: str, **changes: Any) -> dict[str, Any]:
    if "credit_code" in changes:
        changes.setdefault("person_id", None)
    answer = api.post("/api/v1/producers", new_producer(**changes), as_=token)
    assert answer.status_code == 201, answer.text
    return dict(answer.json)


def site(api: Api, token: str, producer_id: str, **changes: Any) -> dict[str, Any]:
    body = {"client_id": "site-0001", "name": "东塬果园", "geometry": FIELD, "typed_area_mu": "94"} | changes
    answer = api.post(f"/api/v1/producers/{producer_id}/sites", body, as_=token)
    assert answer.status_code == 201, answer.text
    return dict(answer.json)


def product(api: Api, token: str, producer_id: str, **changes: Any) -> dict[str, Any]:
    body = {"client_id": "product-0001", "crop": "apple", "name": "红富士苹果", "variety": "长富2号"} | changes
    answer = api.post(f"/api/v1/producers/{producer_id}/products", body, as_=token)
    assert answer.status_code == 201, answer.text
    return dict(answer.json)


def declaration(api: Api, token: str, producer_id: str, **changes: Any) -> dict[str, Any]:
    """The body of a declaration of the producer's first site and product, sent unless `send=False`."""
    send = changes.pop("send", True)
    body = {
        "client_id": "declaration-0001",
        "season": "2026",
        "site_ids": [f"{producer_id}.site-0001"],
        "product_ids": [f"{producer_id}.product-0001"],
        "commitments": ALL_COMMITMENTS,
    } | changes
    if not send:
        return body
    answer = api.post(f"/api/v1/producers/{producer_id}/declarations", body, as_=token)
    assert answer.status_code == 201, answer.text
    return dict(answer.json)
