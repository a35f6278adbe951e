"""How the tests are run: every folder of them in one of the two runs, and nothing skipped unseen in CI."""

from pathlib import Path

import pytest

from scripts import testing


def test_every_test_is_in_exactly_one_of_the_two_runs(root: Path) -> None:
    folders = [*testing.MEASURED, *testing.UNMEASURED]
    for file in (root / "tests").rglob("test_*.py"):
        mine = [folder for folder in folders if file.is_relative_to(root / folder)]
        assert len(mine) == 1, file
    first, second = testing.runs([])
    assert "--cov" in first and "--cov" not in second
    assert testing.runs(["tests/unit", "-x"]) == [["tests/unit", "-x"]]


@pytest.mark.parametrize(("environ", "refused"), [({"CI": "true"}, True), ({"CI": "0"}, False), ({}, False)])
def test_in_ci_a_missing_browser_is_a_failure(environ: dict[str, str], refused: bool) -> None:
    absent = testing.missing(testing.TOOLS[:1], install=lambda _: False) or [testing.TOOLS[0]]
    assert testing.refuses(absent, environ) is refused
