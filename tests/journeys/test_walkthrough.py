"""The guide's lines are run as they stand: a stranger pastes them, so must we."""

import json
import os
import re
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from backend.base.actor import system
from backend.domains.accounts import service as accounts
from tests.factories.farming import load_rules

PASSWORD = "correct horse battery"


@pytest.mark.slow
def test_the_walkthrough_runs_as_it_stands(site: str, root: Path, tmp_path: Path) -> None:
    if datetime.now(UTC) < datetime(2026, 9, 26, tzinfo=UTC):
        pytest.fail("the clock of this machine is wrong: the guide's season lies ahead")
    load_rules()
    roles = [{"role": "county_officer", "region": "620602"}]
    accounts.new_staff(system("test"), login="county-620602", password=PASSWORD, name="监管员", roles=roles)
    demo = tmp_path / "demo.json"
    demo.write_text(json.dumps({"accounts": [{"login": "county-620602", "password": PASSWORD}]}))
    guide = (root / "docs" / "guides" / "walkthrough.md").read_text("utf-8")
    lines = "set -eu\n" + "\n".join(re.findall(r"```sh\n(.*?)```", guide, re.DOTALL))
    environ = {**os.environ, "BASE": site, "DEMO": str(demo)}
    run = subprocess.run(
        ["bash", "-c", lines], cwd=root, env=environ, capture_output=True, text=True, timeout=120, check=False
    )
    assert run.returncode == 0, run.stdout[-1500:] + run.stderr[-1500:]
    for said in (
        "approved",
        "2026-09-24",
        "安全间隔期未满",
        "certificate.pdf: application/pdf",
        "合格证有效",
        "合格证已作废",
    ):
        assert said in run.stdout, said
