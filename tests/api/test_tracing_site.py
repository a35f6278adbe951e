"""Home, find, scan, aliases, small files and kind failures, as a browser meets them."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.test import Client, TestResponse

from backend.base import store
from backend.domains.tracing import service as tracing
from backend.domains.tracing.models import PublicTrace
from tests.factories.photos import photo
from tests.factories.traces import CODE, stored

HTML = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
GTIN = "6901234567892"


@pytest.fixture
def web(app: Flask) -> Client:
    app.extensions["longtrace.web"].traces.forget(CODE)
    return Client(app.wsgi_app)


def send(web: Client, data: bytes, name: str = "photo", path: str = "/scan") -> TestResponse:
    """Written out by hand: the test client's own encoder leaves large temporary files open."""
    head = (
        f'--edge\r\nContent-Disposition: form-data; name="{name}"; filename="p.jpg"\r\nContent-Type: image/jpeg\r\n\r\n'
    )
    body = head.encode() + data + b"\r\n--edge--\r\n"
    return web.post(path, data=body, content_type="multipart/form-data; boundary=edge", headers=HTML)


def test_the_home_page_explains_and_asks(web: Client) -> None:
    page = web.get("/", headers=HTML)
    assert page.status_code == 200
    for words in ("承诺达标合格证", 'action="/find"', 'action="/scan"', 'capture="environment"', "监管人员"):
        assert words in page.text
    assert len(page.data) < 60_000


def test_the_home_page_speaks_english_too(web: Client) -> None:
    page = web.get("/?lang=en", headers=HTML)
    assert page.headers["Content-Language"] == "en"
    assert "How was this food grown?" in page.text


def test_the_home_page_offers_an_example_only_while_it_stands(web: Client) -> None:
    stored()
    tracing.show_as_example(CODE, product="红富士苹果")
    assert f'href="/t/{CODE}"' in web.get("/", headers=HTML).text
    PublicTrace.delete_many({"_id": CODE})
    assert "/t/" not in web.get("/", headers=HTML).text


@pytest.mark.parametrize(
    "typed",
    [
        CODE,
        CODE.lower(),
        "7k3m-px9q-2rtv",
        " 7K3M PX9Q 2RTV ",
        f"http://t.test/t/{CODE}",
        f"https://else.test/t/{CODE}?a=1",
    ],
)
def test_a_typed_code_leads_to_its_trace(web: Client, typed: str) -> None:
    answer = web.get("/find", query_string={"code": typed}, headers=HTML)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/t/{CODE}")


def test_the_chosen_language_is_kept_on_the_way(web: Client) -> None:
    answer = web.get("/find", query_string={"code": CODE, "lang": "en"}, headers=HTML)
    assert answer.headers["Location"] == f"/t/{CODE}?lang=en"


@pytest.mark.parametrize("typed", ["", "   ", "追溯码", "//evil.test", "/\\evil.test"])
def test_finding_never_leads_away(web: Client, typed: str) -> None:
    answer = web.get("/find", query_string={"code": typed}, headers=HTML)
    assert answer.status_code in (303, 400)
    assert answer.headers.get("Location", "/t/").startswith("/t/")


def test_a_photographed_code_leads_to_its_trace(web: Client) -> None:
    answer = send(web, photo(f"http://t.test/t/{CODE}", tilt=5))
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/t/{CODE}")


def test_a_photographed_bare_code_is_enough(web: Client) -> None:
    assert send(web, photo(CODE)).headers["Location"] == f"/t/{CODE}"


def test_a_foreign_code_is_named_and_not_followed(web: Client) -> None:
    answer = send(web, photo("https://evil.test/t/" + CODE))
    assert answer.status_code == 422
    assert "Location" not in answer.headers
    assert "https://evil.test/t/" in answer.text
    assert 'href="https://evil' not in answer.text


def pack(web: Client, data: bytes) -> TestResponse:
    edge = b'--edge\r\nContent-Disposition: form-data; name="photo"; filename="p.jpg"\r\n\r\n' + data
    form = "multipart/form-data; boundary=edge"
    wanted = {"Accept": "application/json"}
    return web.post("/scan", data=edge + b"\r\n--edge--\r\n", content_type=form, headers=wanted)


def test_what_the_code_on_a_pack_says_is_told_as_data_and_not_followed(web: Client) -> None:
    said = "https://pesticide.test/?c=1" + "9" * 31
    answer = pack(web, photo(said))
    assert (answer.status_code, answer.json) == (200, {"texts": [said], "path": None})


def test_the_bar_code_on_a_pack_is_read_too(web: Client) -> None:
    import zxingcpp
    from PIL import Image

    drawn = zxingcpp.create_barcode("6901234567892", zxingcpp.BarcodeFormat.EAN13)
    out = io.BytesIO()
    Image.fromarray(drawn.to_image(scale=4)).save(out, "PNG")
    assert pack(web, out.getvalue()).json == {"texts": ["6901234567892"], "path": None}


def test_a_photo_of_no_code_says_nothing_as_data(web: Client) -> None:
    from PIL import Image

    out = io.BytesIO()
    Image.new("RGB", (200, 200), "white").save(out, "JPEG")
    assert pack(web, out.getvalue()).json == {"texts": [], "path": None}


@pytest.mark.parametrize(
    ("text", "path"),
    [(f"http://t.test/t/{CODE}", f"/t/{CODE}"), (CODE, f"/t/{CODE}"), (f"https://evil.example/t/{CODE}", None)],
)
def test_a_photo_told_as_json_says_which_trace_of_ours_it_leads_to(web: Client, text: str, path: str | None) -> None:
    assert pack(web, photo(text)).json == {"texts": [text], "path": path}


def test_a_photo_without_a_code_gets_advice(web: Client) -> None:
    from PIL import Image

    out = io.BytesIO()
    Image.new("RGB", (200, 200), "white").save(out, "JPEG")
    answer = send(web, out.getvalue())
    assert answer.status_code == 422
    assert "没有找到二维码" in answer.text


@pytest.mark.parametrize(
    ("data", "name", "status"),
    [(b"", "photo", 400), (b"x", "other", 400), (b"hello", "photo", 422), (b"x" * 8_500_000, "photo", 413)],
)
def test_a_bad_upload_gets_a_kind_page(web: Client, data: bytes, name: str, status: int) -> None:
    answer = send(web, data, name)
    assert answer.status_code == status
    assert answer.content_type == "text/html; charset=utf-8"
    assert "<h1" in answer.text


def test_a_digital_link_leads_to_the_trace(web: Client) -> None:
    assert store.transaction(lambda: tracing.keep_alias(gtin=GTIN, lot="A-1", code=CODE, producer_id="P100000001"))
    for gtin in (GTIN, "0" + GTIN):
        answer = web.get(f"/01/{gtin}/10/A-1", headers=HTML)
        assert (answer.status_code, answer.headers["Location"]) == (307, f"/t/{CODE}")


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        (f"/01/{GTIN}/10/B-2", 404, "没有查到"),
        (f"/01/{GTIN}", 404, "还要批号"),
        ("/01/6901234567890/10/A-1", 400, "链接不对"),  # its check digit is wrong
        ("/01/x/10/A-1", 400, "链接不对"),
        (f"/01/{GTIN}/10/{'a' * 30}", 400, "链接不对"),
    ],
)
def test_an_unknown_or_malformed_digital_link_gets_a_kind_page(web: Client, path: str, status: int, said: str) -> None:
    answer = web.get(path, headers=HTML)
    assert answer.status_code == status
    assert said in answer.text


def test_nobody_takes_over_the_lots_of_anothers_gtin(app: Flask) -> None:
    assert tracing.keep_alias(gtin=GTIN, lot="A-1", code=CODE, producer_id="P100000001")
    assert not tracing.keep_alias(gtin=GTIN, lot="A-1", code="OTHER0000000", producer_id="P200000002")
    assert tracing.keep_alias(gtin=GTIN, lot="A-1", code="NEWER0000000", producer_id="P100000001")
    assert tracing.code_of_alias(GTIN, "A-1") == "NEWER0000000"
    assert not tracing.keep_alias(gtin="123", lot="A-1", code=CODE, producer_id="P100000001")


def test_wechat_finds_its_verification_file_and_nothing_else(
    web: Client, tmp_path: Path, with_settings: Callable[..., None]
) -> None:
    (tmp_path / "abc123.txt").write_text("proof")
    (tmp_path.parent / "secret.txt").write_text("secret")
    assert web.get("/t/abc123.txt").status_code == 404
    with_settings(wechat_verify_dir=str(tmp_path))
    assert web.get("/t/abc123.txt").text == "proof"
    for path in ("/t/other.txt", "/t/..%2Fsecret.txt", "/t/../secret.txt"):
        assert web.get(path).status_code == 404


def test_robots_may_read_the_home_page_only(web: Client) -> None:
    text = web.get("/robots.txt").text
    assert "Disallow: /t/" in text
    assert "Allow: /$" in text


@pytest.mark.parametrize("path", ["/favicon.svg", "/favicon.ico"])
def test_the_icon_is_a_small_drawing(web: Client, path: str) -> None:
    answer = web.get(path)
    assert answer.content_type == "image/svg+xml"
    assert len(answer.data) < 1000


def test_an_address_that_does_not_exist_is_kind_to_people_and_plain_to_machines(web: Client) -> None:
    page, data = web.get("/nowhere", headers=HTML), web.get("/nowhere", headers={"Accept": "application/json"})
    assert (page.status_code, page.content_type) == (404, "text/html; charset=utf-8")
    assert "没有这个页面" in page.text
    assert (data.status_code, data.is_json) == (404, True)
    assert web.get("/api/v1/nowhere", headers=HTML).is_json


def test_a_wrong_method_says_which_are_right(web: Client) -> None:
    answer = web.delete("/", headers=HTML)
    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]


def test_our_own_failure_is_a_kind_page_that_tells_nothing(
    app: Flask, web: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> None:
        raise ZeroDivisionError("inner detail")

    monkeypatch.setattr(tracing, "example", broken)
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
    answer = web.get("/", headers=HTML)
    assert answer.status_code == 500
    assert "我们出了点问题" in answer.text
    assert "inner detail" not in answer.text


def test_the_start_of_all_traces_is_the_home_page(web: Client) -> None:
    assert web.get("/t/", headers=HTML).headers["Location"] == "/"
