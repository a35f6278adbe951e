"""The phone client's build: which Node is new enough, and a lock that serves every registry and platform."""

import json
import re
from collections import Counter
from pathlib import Path

import pytest

from scripts import lock_phone, phone


@pytest.mark.parametrize(
    ("said", "enough"), [("v20.20.2\n", True), ("v18.20.0", True), ("v18.19.1", False), ("v9.0.0", False), ("", False)]
)
def test_node_is_new_enough_from_its_own_words(said: str, *, enough: bool) -> None:
    assert phone.new_enough(said) is enough


def test_a_fingerprint_changes_with_content_and_name() -> None:
    seen = {phone.fingerprint([phone.PHONE / "config"]), phone.fingerprint([phone.PHONE / "package.json"])}
    assert len(seen) == 2
    assert phone.fingerprint([phone.PHONE / "config"]) in seen


def test_an_unknown_word_is_told_how_to_use_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert phone.main([]) == 2
    assert "usage" in capsys.readouterr().err


def test_the_lock_names_no_address_and_lacks_no_platform() -> None:
    packages = json.loads(Path(lock_phone.LOCK).read_text("utf-8"))["packages"]
    assert not any("resolved" in entry for entry in packages.values())
    assert lock_phone.completed(packages) == packages


@pytest.mark.parametrize(
    ("name", "platform"),
    [
        ("@rollup/rollup-linux-x64-musl", {"os": ["linux"], "cpu": ["x64"], "libc": ["musl"]}),
        ("@tarojs/binding-win32-x64-msvc", {"os": ["win32"], "cpu": ["x64"]}),
        ("@jmfe/npm-usage-stats-tool", {"os": ["none"]}),
    ],
)
def test_a_native_package_says_its_platform_in_its_name(name: str, platform: dict[str, list[str]]) -> None:
    assert lock_phone.platform_of(name) == platform


def test_an_optional_package_that_was_left_out_is_added_and_addresses_go() -> None:
    packages = {
        "": {"name": "x"},
        "node_modules/rollup": {
            "resolved": "https://example.org/r.tgz",
            "optionalDependencies": {"@r/r-darwin-x64": "4.0.0"},
        },
    }
    done = lock_phone.completed(packages)
    assert "resolved" not in done["node_modules/rollup"]
    assert done["node_modules/@r/r-darwin-x64"] == {
        "version": "4.0.0",
        "optional": True,
        "os": ["darwin"],
        "cpu": ["x64"],
    }


def test_a_build_that_is_too_heavy_is_refused_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(phone, "PHONE", tmp_path)
    monkeypatch.setattr(phone, "PACKAGE_LIMIT", 100)
    folder = tmp_path / "dist" / "weapp"
    (folder / "farmer").mkdir(parents=True)
    (folder / "app.json").write_text('{"subPackages": [{"root": "farmer"}]}', "utf-8")
    (folder / "farmer" / "page.js").write_text("x" * 90, "utf-8")
    assert phone.weigh("weapp") == {"main": 37, "farmer": 90}
    (folder / "farmer" / "more.js").write_text("x" * 11, "utf-8")
    with pytest.raises(phone.PhoneError, match="farmer"):
        phone.weigh("weapp")


def test_the_first_load_counts_what_the_page_names(tmp_path: Path) -> None:
    (tmp_path / "js").mkdir()
    (tmp_path / "index.html").write_text('<script src="/app/js/app.1.js"></script>', "utf-8")
    for name, size in (("index.html", 10), ("js/app.1.js", 100), ("js/a.js", 5), ("js/b.js", 7)):
        (tmp_path / f"{name}.gz").write_bytes(b"x" * size)
    assert phone._first_load(tmp_path) == {"first load": 110}


def test_no_two_books_of_words_say_the_same_key() -> None:
    """They are spread into one dictionary, where the later would silently win."""
    said = Counter(
        key
        for book in (phone.PHONE / "src" / "words").glob("*.ts")
        for key in re.findall(r"^  (\w+): \[", book.read_text("utf-8"), re.MULTILINE)
    )
    assert len(said) > 300
    assert [key for key, times in said.items() if times > 1] == []
