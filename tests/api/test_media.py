"""Photos over HTTP: public ones cached for good, private ones by signed link alone."""

import io
from datetime import timedelta

import pytest
from PIL import Image

from backend import gateways
from backend.base import clock
from backend.gateways import files
from tests.factories.http import Api


def kept(public: bool) -> str:
    out = io.BytesIO()
    Image.new("RGB", (400, 300), "green").save(out, "JPEG")
    return gateways.current().files.keep_image(out.getvalue(), public=public).id


def test_a_public_photo_is_served_to_be_kept_for_good(api: Api) -> None:
    name = kept(public=True)
    answer = api.get(f"/f/{name}")
    assert answer.status_code == 200
    assert answer.content_type == "image/jpeg"
    assert "immutable" in answer.headers["Cache-Control"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    again = api.get(f"/f/{name}", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
    assert len(api.get(f"/f/{name}.t").data) < len(answer.data)


def test_a_private_photo_opens_by_a_good_link_only(api: Api) -> None:
    name = kept(public=False)
    secret = gateways.current().settings.link_secret
    good = files.signed_query(name, "full", expires_at=clock.now() + timedelta(minutes=5), secret=secret)
    old = files.signed_query(name, "full", expires_at=clock.now() - timedelta(minutes=5), secret=secret)
    answer = api.get(f"/f/{name}?{good}")
    assert answer.status_code == 200
    assert "no-store" in answer.headers["Cache-Control"]
    for query in ("", old, good[:-1] + ("0" if good[-1] != "0" else "1"), "e=x&s=y"):
        assert api.get(f"/f/{name}?{query}").status_code == 404


@pytest.mark.parametrize("name", ["p" + "0" * 26, "x", "p..%2f..", "pABC.exe", "pABC.t.t", "p%00", "$where"])
def test_what_is_not_there_is_not_found(api: Api, name: str) -> None:
    assert api.get(f"/f/{name}").status_code == 404
