"""GS1 Digital Links resolve as the conformant resolver standard says."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import Client

from backend.base import store
from backend.base.errors import BadRequest, NotFound
from backend.domains.exchange.rules import links
from backend.domains.tracing import service as tracing
from tests.factories.certificates import Orchard, orchard
from tests.factories.http import Api

GTIN = "06901234567892"
ITEM = f"/01/{GTIN}/10/A-1"


@pytest.fixture
def code(api: Api, login: Callable[..., str], travel: Callable[[datetime], None]) -> str:
    """A certificate's trace code, printed under a GTIN too."""
    travel(datetime(2026, 10, 1, 2, tzinfo=UTC))
    grove: Orchard = orchard(api, login)
    made = str(grove.issued()["code"])
    known = tracing.subject_of(made)
    assert known is not None
    assert store.transaction(lambda: tracing.keep_alias(gtin=GTIN, lot="A-1", code=made, producer_id=known[0]))
    return made


@pytest.fixture
def web(app: Flask) -> Client:
    return Client(app.wsgi_app)


def test_every_type_of_link_leads_to_a_page_that_is_there(web: Client, code: str) -> None:
    whole: Any = web.get(f"{ITEM}?linkType=linkset")
    assert whole.content_type == "application/linkset+json"
    assert whole.headers["Access-Control-Allow-Origin"] == "*"
    assert "linkset-context" in whole.headers["Link"]
    (item,) = whole.json["linkset"]
    assert item["anchor"] == f"http://t.test{ITEM}"
    assert set(item) == {
        "anchor",
        *(links.VOCABULARY + n for n in ("defaultLink", "pip", "traceability", "certificationInfo")),
    }
    for name, found in item.items():
        for one in found if name != "anchor" else ():
            assert {said["language"] for said in one["title*"]} == {"zh", "en"}
            answer = web.get(one["href"].removeprefix("http://t.test"), headers={"Accept": one["type"]})
            assert answer.status_code == 200, one
            assert answer.content_type.partition(";")[0] == one["type"]
    accepted: Any = web.get(ITEM, headers={"Accept": "application/linkset+json"})
    assert accepted.json == whole.json
    ours: Any = web.get(f"/t/{code.lower()}/linkset")
    assert ours.json["linkset"] == [item | {"anchor": f"http://t.test/t/{code}"}]


def test_a_request_goes_where_its_link_type_language_and_media_type_say(web: Client, code: str) -> None:
    for query, headers, wanted in (
        ("", {}, f"/t/{code}"),
        ("?linkType=gs1:defaultLink", {}, f"/t/{code}"),
        ("?linkType=gs1:pip", {"Accept-Language": "en"}, f"/t/{code}?lang=en"),
        ("?linkType=gs1:pip", {"Accept-Language": "zh-CN"}, f"/t/{code}?lang=zh"),
        ("?linkType=gs1:traceability", {"Accept": "application/json"}, f"/t/{code}"),
        ("?linkType=https%3A%2F%2Fgs1.org%2Fvoc%2FcertificationInfo", {}, f"/api/v1/traces/{code}/certificate"),
    ):
        answer = web.get(ITEM + query, headers=headers)
        assert (answer.status_code, answer.headers["Location"]) == (307, wanted), query
        assert 'rel="linkset"' in answer.headers["Link"]
    assert web.get(f"{ITEM}?linkType=gs1:recipeInfo").status_code == 404
    assert web.get("/t/000000000000/linkset").status_code == 404
    for path in (f"/gtin/{GTIN}/10/A-1", f"/01/{GTIN}/22/2A/10/A-1/21/7", f"/01/{GTIN.lstrip('0')}/10/A-1"):
        assert web.get(path).headers["Location"] == f"/t/{code}", path


def test_the_resolver_describes_itself(web: Client, app: Flask) -> None:
    found: Any = web.get("/.well-known/gs1resolver")
    assert found.status_code == 200
    assert found.json["resolverRoot"] == "http://t.test"
    assert found.json["supportedPrimaryKeys"] == ["01"]
    assert {"namespace": "https://gs1.org/voc/", "prefix": "gs1:"} in found.json["supportedLinkType"]


@pytest.mark.parametrize(
    ("path", "wanted"),
    [
        ("09506000134352/10/ABC123", ("09506000134352", "ABC123")),  # the examples of the Digital Link standard
        ("09506000134352/22/2A/10/ABC123/21/123456", ("09506000134352", "ABC123")),
        ("9506000134352/10/a/b", ("9506000134352", "a/b")),
        ("09506000134352", NotFound),
        ("09506000134352/22/2A", NotFound),
        ("09506000134353/10/ABC123", BadRequest),
        ("09506000134352/21/1/10/ABC123", BadRequest),
        ("09506000134352/10/", BadRequest),
        ("09506000134352/17/261231", BadRequest),
        ("09506000134352/21/123456", NotFound),  # a serial number of no lot
        ("09506000134352/10/ABC\n123", BadRequest),
        ("09506000134352/10/ABC123/21/a\nb", BadRequest),
        ("", BadRequest),
    ],
)
def test_the_forms_of_a_link_are_read_and_others_refused(path: str, wanted: Any) -> None:
    if isinstance(wanted, tuple):
        assert links.lot_in(path) == wanted
        return
    with pytest.raises(wanted):
        links.lot_in(path)
