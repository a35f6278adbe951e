"""Look-ups with a county that was offered become flags for officers, and keep nobody's name."""

from collections.abc import Callable
from datetime import UTC, datetime

from flask import Flask

from backend.base import store
from backend.domains.tracing import service as tracing
from tests.factories.certificates import orchard
from tests.factories.http import Api

NOW = datetime(2026, 10, 1, 2, tzinfo=UTC)
FLAGS = "/api/v1/clone-flags?region=620602"


def test_one_small_package_in_two_provinces_is_flagged(
    app: Flask, api: Api, login: Callable[..., str], travel: Callable[[datetime], None]
) -> None:
    travel(NOW)
    grove = orchard(api, login)
    code = grove.issued(amount="5")["code"]
    for place in ("620602", "440103", "not a county", "62060"):
        api.get(f"/t/{code}", headers={"X-Coarse-Place": place})
    web = app.extensions["longtrace.web"]
    web.counter.flush()
    web.places.flush()
    tally = store.collection("scan_tallies").find_one({"_id": code})
    assert tally is not None and (tally["count"], set(tally["places"])) == (4, {"620602", "440103"})
    tracing.refresh_scan_summaries()
    (flag,) = api.get(FLAGS, as_=grove.officer).json["items"]
    assert (flag["code"], flag["sign"], flag["told"]) == (code, "far_apart", {"places": ["440103", "620602"]})
    assert api.get(FLAGS, as_=login("county_officer", region="620723")).status_code == 404
    assert api.get(FLAGS, as_=grove.token).status_code == 403
