"""Reading a request's wishes, compared with the framework's own reading."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MIMEAccept
from werkzeug.http import parse_accept_header

from backend.web import negotiate

ranges = st.sampled_from(
    ["text/html", "application/json", "*/*", "text/*", "application/*", "image/png", "application/xml"]
)
wishes = st.lists(
    st.tuples(ranges, st.sampled_from(["", ";q=1", ";q=0.9", ";q=0.5", ";q=0.1", ";q=0"])),
    max_size=5,
    unique_by=lambda w: w[0],
).map(lambda parts: ", ".join(name + weight for name, weight in parts))


@given(wishes)
def test_json_or_page_agrees_with_the_framework(header: str) -> None:
    best = parse_accept_header(header, MIMEAccept).best_match(["text/html", "application/json"], "text/html")
    assert negotiate.wants_json(header) == (best == "application/json")


@pytest.mark.parametrize(
    ("header", "query", "expected"),
    [
        ("", "", "zh"),
        ("en", "", "en"),
        ("en-US,en;q=0.9", "", "en"),
        ("en-US,zh-CN;q=0.9", "", "en"),
        ("zh-TW,en", "", "zh"),
        ("en,zh", "", "en"),
        ("fr", "", "zh"),
        ("*", "", "zh"),
        ("en", "lang=zh", "zh"),
        ("zh", "a=1&lang=en", "en"),
        ("en", "lang=xx", "en"),
    ],
)
def test_the_language_is_the_one_asked_for_or_liked_best(header: str, query: str, expected: str) -> None:
    assert negotiate.language(header, query) == expected


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("", False),
        ("gzip", True),
        ("gzip;q=0", False),
        ("br, *", True),
        ("deflate, gzip;q=0.5", True),
        ("identity", False),
    ],
)
def test_gzip_is_sent_only_to_who_takes_it(header: str, expected: bool) -> None:
    assert negotiate.takes(header, "gzip") is expected


@pytest.mark.parametrize(
    ("header", "expected"),
    [('"a"', True), ('W/"a"', True), ('"b", "a"', True), ("*", True), ('"b"', False), ("a", False)],
)
def test_if_none_match_compares_weakly(header: str, expected: bool) -> None:
    assert negotiate.matches(header, '"a"') is expected


@given(st.text(max_size=200), st.text(max_size=200), st.text(max_size=200), st.text(max_size=100))
def test_no_header_breaks_the_reading(accept: str, language: str, encoding: str, query: str) -> None:
    name, gz = negotiate.rendition(accept, language, encoding, query)
    assert name in ("json", "html_zh", "html_en")
    assert isinstance(gz, bool)
