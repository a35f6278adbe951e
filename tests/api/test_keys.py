"""The list of public keys: the first key, rotation, revocation, and what a signature is then worth."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask

from backend import gateways
from backend.base import store
from backend.base.actor import system
from backend.base.errors import NotFound, RuleBroken
from backend.domains.signing import service as signing
from scripts import keys as command
from tests.factories.http import Api

NOW = datetime(2026, 10, 1, 2, tzinfo=UTC)
WHO = system("test")


@pytest.fixture
def at(app: Flask, travel: Callable[[datetime], None]) -> Callable[[timedelta], datetime]:
    def go(after: timedelta) -> datetime:
        travel(NOW + after)
        return NOW + after

    go(timedelta())
    return go


Clock = Callable[[timedelta], datetime]


def test_the_first_key_is_made_when_it_is_asked_for_and_stays(at: Clock) -> None:
    first = signing.current("certificate")
    assert signing.current("certificate") == first and first.alg == "ES256" and first.state == "current"
    assert len(signing.current("checkpoint").raw) == 32


def test_the_first_key_is_never_made_inside_a_transaction(at: Clock) -> None:
    with pytest.raises(RuntimeError):
        store.transaction(lambda: signing.current("certificate"))


def test_eight_who_ask_at_once_get_one_first_key(at: Clock) -> None:
    found: list[str] = []
    threads = [threading.Thread(target=lambda: found.append(signing.current("certificate").kid)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8 and len(set(found)) == 1
    assert [key.kid for key in signing.listed()] == found[:1]
    directory = Path(gateways.current().settings.keys_dir)
    assert found[0] in {path.stem for path in directory.iterdir()}


def test_after_a_rotation_the_old_key_verifies_what_it_signed_in_its_time_alone(at: Clock) -> None:
    old = signing.current("certificate")
    token = signing.sign_jws(old, b"{}")
    changed = at(timedelta(days=1))
    new = signing.rotate(WHO, "certificate", "EdDSA")
    assert (new.alg, signing.current("certificate")) == ("EdDSA", new)
    assert signing.find(old.kid).state == "retired" and signing.find(old.kid).until == changed
    assert signing.verify_jws(token, "certificate", NOW).verdict == "good"
    assert signing.verify_jws(token, "certificate", changed + timedelta(hours=1)).verdict == "out_of_time"
    assert signing.verify_jws(signing.sign_jws(new, b"{}"), "certificate", changed).verdict == "good"


def test_a_revoked_key_stays_listed_and_is_never_believed_again(at: Clock, api: Api) -> None:
    leaked = signing.current("certificate")
    token = signing.sign_jws(leaked, b"{}")
    signing.revoke(WHO, leaked.kid, "compromised")
    assert signing.verify_jws(token, "certificate", NOW).verdict == "revoked_key"
    fresh = signing.current("certificate")
    assert fresh.kid != leaked.kid
    listed = {key["kid"]: key for key in api.get("/api/v1/keys").json["keys"]}
    assert (listed[leaked.kid]["state"], listed[leaked.kid]["revoked_reason"]) == ("revoked", "compromised")
    assert listed[fresh.kid]["state"] == "current"
    with pytest.raises(RuleBroken):
        signing.revoke(WHO, leaked.kid, "lost")
    with pytest.raises(Exception, match="signing_key_missing"):
        signing.sign(leaked, b"x")


def test_a_signature_of_another_purpose_key_or_content_is_not_good(at: Clock) -> None:
    key = signing.current("certificate")
    token = signing.sign_jws(key, b"{}")
    assert signing.verify_jws(token, "revocations", NOW).verdict == "wrong_purpose"
    head, _, signature = token.split(".")
    assert (
        signing.verify_jws(f"{head}.e30x.{signature}".replace("e30x", "W10"), "certificate", NOW).verdict == "altered"
    )
    store.collection("signing_keys").delete_many({})
    assert signing.verify_jws(token, "certificate", NOW).verdict == "unknown_key"
    with pytest.raises(NotFound):
        signing.find(key.kid)


def test_the_register_signs_with_ed25519_only(at: Clock) -> None:
    with pytest.raises(RuleBroken):
        signing.rotate(WHO, "checkpoint", "ES256")
    with pytest.raises(NotFound):
        signing.rotate(WHO, "letters")


def test_the_public_list_holds_no_private_half(at: Clock, api: Api) -> None:
    signing.current("certificate")
    for path in ("/api/v1/keys", "/.well-known/jwks.json"):
        answer = api.get(path)
        (key,) = answer.json["keys"]
        assert (key["use"], key["kty"], key["crv"]) == ("sig", "EC", "P-256") and len(key["y"]) == 43
        assert "d" not in key and "handle" not in key and answer.json["as_of"]


def test_the_command_lists_rotates_and_revokes(
    at: Clock, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(command, "create_app", lambda _settings: None)
    monkeypatch.setattr(command.config, "load", lambda: gateways.current().settings)
    first = signing.current("certificate")
    assert command.main(["rotate", "certificate"]) == 0
    assert f"{first.kid}  certificate  ES256  retired  since 2026-10-01 10:00, until" in capsys.readouterr().out
    assert command.main(["revoke", first.kid, "--reason", "lost"]) == 0
    told = capsys.readouterr().out
    assert f"{first.kid}  certificate  ES256  revoked" in told and "(lost)" in told
    assert command.main(["revoke", first.kid, "--reason", "lost"]) == 1
    assert "已经吊销" in capsys.readouterr().err
