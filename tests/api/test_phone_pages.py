"""`/app/`: the phone client's files, and a kind page where they were not built."""

import gzip
from pathlib import Path

import pytest

from backend.web import phone
from tests.factories.http import Api


@pytest.fixture
def built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "js").mkdir()
    (tmp_path / "index.html").write_text("<title>陇溯</title>", "utf-8")
    (tmp_path / "js" / "app.1.js").write_text("1", "utf-8")
    (tmp_path / "js" / "app.1.js.gz").write_bytes(gzip.compress(b"1"))
    monkeypatch.setattr(phone, "BUILT", tmp_path)
    return tmp_path


def test_the_client_is_served_and_its_hashed_files_are_kept_for_good(api: Api, built: Path) -> None:
    page, script = api.get("/app/"), api.get("/app/js/app.1.js")
    assert "陇溯" in page.text
    assert page.headers["Cache-Control"] == "no-cache"
    assert "immutable" in script.headers["Cache-Control"]
    assert "connect-src 'self' blob:" in page.headers["Content-Security-Policy"]
    assert "microphone=(self)" in page.headers["Permissions-Policy"]
    assert "microphone=()" in api.get("/").headers["Permissions-Policy"]
    assert "'unsafe-eval'" not in page.headers["Content-Security-Policy"]
    assert api.get("/app").status_code == 303


def test_a_smaller_copy_is_sent_to_who_can_read_it(api: Api, built: Path) -> None:
    small, plain = (
        api.get("/app/js/app.1.js", headers={"Accept-Encoding": wish}) for wish in ("gzip, br", "br, gzip;q=0")
    )
    assert (small.headers["Content-Encoding"], plain.headers.get("Content-Encoding")) == ("gzip", None)
    assert small.headers["Content-Type"] == plain.headers["Content-Type"]
    assert "javascript" in small.headers["Content-Type"]
    assert small.headers["Vary"] == plain.headers["Vary"] == "Accept-Encoding"
    assert small.headers["ETag"] != plain.headers["ETag"]


@pytest.mark.parametrize("name", ["nothing.js", "js/app.1.js.gz", "..%2fpackage.json", "js", "js/../../secret"])
def test_nothing_but_built_files_is_served(api: Api, built: Path, name: str) -> None:
    (built.parent / "secret").write_text("x", "utf-8")
    assert api.get(f"/app/{name}").status_code == 404


def test_a_server_without_the_client_says_so_kindly(api: Api, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(phone, "BUILT", tmp_path)
    answer = api.get("/app/")
    assert answer.status_code == 503
    assert "手机应用还没有装好" in answer.text
