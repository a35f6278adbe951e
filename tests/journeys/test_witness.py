"""A county's witness over real HTTP: it signs what continues what it saw, and refuses everything else."""

import json
from pathlib import Path
from typing import Any

import pytest

from backend.base import store
from backend.base.actor import system
from backend.domains.evidence import service as evidence
from scripts import witness
from tests.factories.http import Api

NAME = "liangzhou.test/witness"


def say() -> None:
    leaf = evidence.Leaf("lot.hold", "P000000001.lot-00000001", "P000000001", {"reason": "x"})
    store.transaction(lambda: evidence.append([leaf]))
    evidence.seal()


@pytest.fixture
def look(api: Api, site: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Any:
    say()
    (tmp_path / "keys.json").write_text(json.dumps(api.get("/api/v1/keys").json), "utf-8")
    home = tmp_path / "home"
    common = ["--url", site, "--name", NAME, "--home", str(home), "--keys", str(tmp_path / "keys.json")]
    assert witness.main([*common, "--public-key"]) == 0
    public = bytes.fromhex(capsys.readouterr().out.strip())
    named = {"name": NAME, "label": "凉州区农业农村局", "region": "620602"}
    evidence.appoint(system("test"), public_key=public, **named)
    return lambda: (witness.main(common), *capsys.readouterr())


def test_it_cosigns_each_new_state_once(look: Any) -> None:
    assert look()[:2] == (0, "1 leaves, cosigned\n")
    assert look()[:2] == (0, "1 leaves, cosigned before\n")
    say()
    say()
    assert look()[:2] == (0, "3 leaves, cosigned\n")
    assert [one.witnesses for one in evidence.checkpoints(after=0, size=3)] == [(NAME,), (), (NAME,)]


def forget() -> None:
    """The register begins anew, as if it had never been."""
    names = ("log", "leaves", "tiles", "checkpoints", "days", "cosignatures")
    for name in names:
        store.collection(f"evidence_{name}").delete_many({})


def test_it_refuses_a_register_that_became_shorter_or_another(look: Any) -> None:
    for _ in range(3):
        say()
    assert look()[0] == 0
    forget()
    say()
    status, _, said = look()
    assert status == 1 and "from 4 leaves to 1" in said
    for _ in range(4):
        say()
    status, _, said = look()
    assert status == 1 and "does not contain" in said
    assert evidence.latest().witnesses == ()


def test_it_refuses_a_state_that_a_stranger_signed(look: Any, tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    listed = json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps({"keys": [{**one, "x": "A" * 43} for one in listed["keys"]]}), "utf-8")
    status, _, said = look()
    assert status == 1 and "not signed" in said
