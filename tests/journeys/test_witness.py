"""A county's witness over real HTTP: it signs what continues what it saw, and refuses everything else."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from backend.base import clock, store
from backend.base.actor import system
from backend.domains.evidence import service as evidence
from backend.domains.signing import service as signing
from scripts import witness
from scripts.demo import witnesses
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


def test_it_refuses_what_a_revoked_key_signed_and_says_why_though_its_own_list_is_old(
    look: Any, api: Api, tmp_path: Path
) -> None:
    leaked = signing.current("checkpoint")
    signing.revoke(system("test"), leaked.kid, "compromised")
    status, _, said = look()
    assert status == 1 and f"{leaked.kid} was revoked on" in said
    assert evidence.latest().witnesses == () and not (tmp_path / "home" / "seen.txt").exists()
    say()
    status, _, said = look()
    assert status == 1 and "not signed by a key that this witness knows" in said, "new keys come by hand alone"
    (tmp_path / "keys.json").write_text(json.dumps(api.get("/api/v1/keys").json), "utf-8")
    assert look()[0] == 0


def test_it_refuses_what_a_thief_signs_with_a_key_that_has_stopped_to_sign(
    look: Any, travel: Callable[[datetime], None]
) -> None:
    old = signing.current("checkpoint")
    signing.rotate(system("test"), "checkpoint")
    thief = {"$set": {"kid": old.kid}}
    store.collection("current_keys").update_one({"_id": "checkpoint"}, thief)
    travel(clock.now() + timedelta(minutes=6))
    say()
    status, _, said = look()
    assert status == 1 and f"{old.kid} stopped to sign" in said


class Stopped(BaseException):
    """As if the witness had been stopped here."""


def test_the_demonstrations_witness_is_appointed_once_and_goes_on_looking_whatever_it_sees(
    app: Flask, site: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for _ in range(2):
        witnesses.appoint(system("demo"), tmp_path)
    say()
    say()
    rests = iter([lambda: None, forget, say])

    def rest(_seconds: float) -> None:
        """Between two looks something happens; after the last it is stopped."""
        if (happens := next(rests, None)) is None:
            raise Stopped
        happens()

    with pytest.raises(Stopped):
        witness.watch(partial(witness.witness, site, witness.DEMO, tmp_path, tmp_path / "keys.json"), 60, rest)
    out, err = capsys.readouterr()
    assert out == "2 leaves, cosigned\n2 leaves, cosigned before\n"
    assert "not seen" in err and "REFUSED" in err, "neither an absent nor a shrunken register ends it"
    witnesses.appoint(system("demo"), tmp_path)
    assert (tmp_path / "seen.txt").exists()
    forget()
    witnesses.appoint(system("demo"), tmp_path)
    assert not (tmp_path / "seen.txt").exists(), "a new register is not measured by an older one"
