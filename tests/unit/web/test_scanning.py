"""A photographed code leads to our own pages or nowhere."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from backend.base.errors import BadRequest, RuleBroken, TooLarge
from backend.web import scanning
from tests.factories.photos import photo

HOSTS = frozenset({"t.test"})


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_tilted_photo_is_read(kind: str) -> None:
    assert scanning.texts_in(photo("http://t.test/t/7K3MPX9Q2RTV", kind=kind, tilt=9)) == [
        "http://t.test/t/7K3MPX9Q2RTV"
    ]


def test_a_photo_without_a_code_gives_nothing() -> None:
    out = io.BytesIO()
    Image.new("RGB", (300, 300), "white").save(out, "PNG")
    assert scanning.texts_in(out.getvalue()) == []


@pytest.mark.parametrize(
    "data", [b"not a photo", b"\xff\xd8\xff\xe0broken", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"GIF89a"]
)
def test_what_is_no_photo_is_refused(data: bytes) -> None:
    with pytest.raises(RuleBroken, match="image_unreadable"):
        scanning.texts_in(data)


def test_a_picture_with_too_many_pixels_is_refused_before_it_is_unpacked() -> None:
    out = io.BytesIO()
    Image.new("1", (9000, 9000)).save(out, "PNG")
    with pytest.raises(RuleBroken, match="image_unreadable"):
        scanning.texts_in(out.getvalue())


def test_no_photo_and_a_huge_one_are_refused() -> None:
    with pytest.raises(BadRequest):
        scanning.texts_in(b"")
    with pytest.raises(TooLarge):
        scanning.texts_in(b"x" * (scanning.MAX_BYTES + 1))


@pytest.mark.parametrize(
    "text",
    [
        "http://t.test/t/7K3MPX9Q2RTV",
        "https://T.TEST/t/7k3m-px9q-2rtv?lang=en",
        "7K3MPX9Q2RTV",
        "7k3m-px9q-2rtv",
        " 7K3M PX9Q 2RTV ",
    ],
)
def test_our_own_codes_lead_to_the_trace(text: str) -> None:
    assert scanning.meaning(text, HOSTS).path == "/t/7K3MPX9Q2RTV"


def test_our_own_digital_link_is_followed() -> None:
    assert scanning.meaning("https://t.test/01/06901234567892/10/A-1", HOSTS).path == "/01/06901234567892/10/A-1"


@pytest.mark.parametrize(
    "text",
    [
        "https://evil.test/t/7K3MPX9Q2RTV",
        "https://t.test@evil.test/t/7K3MPX9Q2RTV",
        "https://t.test.evil.test/t/7K3MPX9Q2RTV",
        "javascript:alert(1)",
        "//evil.test/t/7K3MPX9Q2RTV",
        "https://t.test/t/../../evil",
        "https://t.test/api/docs",
        "http://[broken",
        "WIFI:S:home;P:secret;;",
    ],
)
def test_a_foreign_code_is_named_and_never_followed(text: str) -> None:
    found = scanning.meaning(text, HOSTS)
    assert found.path is None
    assert found.foreign


@given(st.text(max_size=300))
def test_whatever_a_code_says_it_leads_inside_or_nowhere(text: str) -> None:
    path = scanning.meaning(text, HOSTS).path
    assert path is None or path.startswith(("/t/", "/01/"))
