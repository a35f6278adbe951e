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
from scripts.demo import reading
from tests.factories.articles import editor
from tests.factories.farming import load_rules

PASSWORD = "correct horse battery"


@pytest.mark.slow
def test_the_walkthrough_runs_as_it_stands(site: str, root: Path, tmp_path: Path) -> None:
    if datetime.now(UTC) < datetime(2026, 9, 26, tzinfo=UTC):
        pytest.fail("the clock of this machine is wrong: the guide's season lies ahead")
    load_rules()
    people = {"county-620602": "county_officer", "market-620602": "market_checker"}
    for login, role in people.items():
        roles = [{"role": role, "region": "620602"}]
        accounts.new_staff(system("test"), login=login, password=PASSWORD, name=login, roles=roles)
    list(reading.publish(editor(), editor(), datetime.now(UTC).date()))
    demo = tmp_path / "demo.json"
    demo.write_text(json.dumps({"accounts": [{"login": login, "password": PASSWORD} for login in people]}))
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
        "监管部门要求",
        "accepted",
        "void",
        "安全间隔期：打完药，几天以后才能摘",
    ):
        assert said in run.stdout, said
