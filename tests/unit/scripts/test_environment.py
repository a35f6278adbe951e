"""When the environment must be installed anew, and what the test command insists on."""

from pathlib import Path

import pytest

from scripts import environment, testing


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    (tmp_path / "requirements.lock").write_text("a==1\n", "utf-8")
    (tmp_path / "pyproject.toml").write_text("[project]\n", "utf-8")
    return tmp_path


def test_nothing_installed_is_never_current(sources: Path) -> None:
    assert not environment.is_current(sources / "stamp", environment.fingerprint(sources), frozenset())


def test_an_environment_is_current_for_the_extras_it_has_and_for_fewer(sources: Path) -> None:
    stamp, mark = sources / "stamp", environment.fingerprint(sources)
    environment.write_stamp(stamp, mark, frozenset({"dev", "embedded"}))
    assert environment.is_current(stamp, mark, frozenset({"embedded"}))
    assert environment.is_current(stamp, mark, frozenset({"embedded", "dev"}))
    assert not environment.is_current(stamp, mark, frozenset({"embedded", "s3"}))


@pytest.mark.parametrize("changed", ["requirements.lock", "pyproject.toml"])
def test_a_changed_lock_or_declaration_makes_it_stale(sources: Path, changed: str) -> None:
    stamp = sources / "stamp"
    environment.write_stamp(stamp, environment.fingerprint(sources), frozenset({"embedded"}))
    (sources / changed).write_text("b==2\n", "utf-8")
    assert not environment.is_current(stamp, environment.fingerprint(sources), frozenset({"embedded"}))


def test_the_lock_names_no_place_on_a_machine_and_no_host(root: Path) -> None:
    text = (root / "requirements.lock").read_text("utf-8")
    assert "://" not in text
    assert " @ " not in text
    assert "find-links" not in text


def _tool(there: list[bool], *, required: bool = True) -> testing.Tool:
    return testing.Tool("browser", "browser", "pages", lambda: there[0], required)


def test_a_missing_tool_is_installed_where_that_is_possible() -> None:
    there = [False]

    def install(package: str) -> bool:
        there[0] = package == "browser"
        return True

    assert testing.missing([_tool(there)], install) == []


def test_what_cannot_be_installed_is_refused_in_ci_and_told_elsewhere() -> None:
    absent = testing.missing([_tool([False])], lambda _package: False)
    assert [tool.name for tool in absent] == ["browser"]
    assert testing.refuses(absent, {"CI": "true"})
    assert not testing.refuses(absent, {})
    assert not testing.refuses([_tool([False], required=False)], {"CI": "true"})
