"""Keepers of keys and the algorithms, against published vectors and a stand-in for the Transit engine."""

import stat
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519
from hypothesis import given
from hypothesis import strategies as st

from backend.base import ids
from backend.base.errors import GatewayFailed
from backend.config import ConfigError, Settings
from backend.gateways import keys
from backend.gateways.keys import jws
from backend.gateways.keys.algorithms import decode, encode
from tests.factories.transit import TOKEN, transit

# RFC 8037 appendix A: the key of RFC 8032 section 7.1 test 1, its thumbprint, and a JWS made with it.
SECRET = "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A"
THUMBPRINT = "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"
EXAMPLE = (
    "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc."
    "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg"
)


def test_the_vectors_of_rfc_8037_come_out() -> None:
    private = ed25519.Ed25519PrivateKey.from_private_bytes(decode(SECRET))
    eddsa = keys.ALGORITHMS["EdDSA"]
    jwk = eddsa.jwk(private.public_key())
    message, _, signature = EXAMPLE.rpartition(".")
    assert jws.message_of({"alg": "EdDSA"}, b"Example of Ed25519 signing").decode() == message
    assert encode(eddsa.sign(private, message.encode())) == signature
    assert keys.verify("EdDSA", jwk, message.encode(), decode(signature))
    digits = enumerate(reversed(keys.kid_of(jwk)))
    assert sum(ids.CROCKFORD.index(one) << 5 * at for at, one in digits) == int.from_bytes(decode(THUMBPRINT)[:10])


@pytest.fixture(params=["files", "transit"])
def keeper(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[keys.Keys]:
    if request.param == "files":
        yield keys.FileKeys(tmp_path / "keys")
        return
    with transit() as (url, _):
        yield keys.TransitKeys(url, TOKEN)


@pytest.mark.parametrize("alg", sorted(keys.ALGORITHMS))
def test_what_a_keeper_signs_verifies_here_and_in_another_library(keeper: keys.Keys, alg: str) -> None:
    made = keeper.make(alg)
    message = jws.message_of({"alg": alg, "kid": made.kid}, b'{"a":1}')
    token = jws.compact(message, keeper.sign(made.handle, alg, message))
    parsed = jws.parse(token)
    assert parsed.payload == b'{"a":1}' and made.kid == keys.kid_of(made.jwk)
    assert keys.verify(alg, made.jwk, parsed.message, parsed.signature)
    assert jwt.decode(token, jwt.PyJWK({**made.jwk, "alg": alg}), algorithms=[alg]) == {"a": 1}
    assert not keys.verify(alg, made.jwk, parsed.message + b"x", parsed.signature)
    assert not keys.verify(alg, made.jwk, parsed.message, parsed.signature[:-1])
    assert not keys.verify("SM2", made.jwk, parsed.message, parsed.signature)


def test_a_destroyed_key_signs_nothing_more(keeper: keys.Keys) -> None:
    made = keeper.make("EdDSA")
    keeper.sign(made.handle, "EdDSA", b"x")
    keeper.destroy(made.handle)
    keeper.destroy(made.handle)
    with pytest.raises(keys.KeyMissing):
        keeper.sign(made.handle, "EdDSA", b"x")


def test_key_files_are_for_their_owner_alone(tmp_path: Path) -> None:
    keeper = keys.FileKeys(tmp_path / "keys")
    made = keeper.make("EdDSA")
    (file,) = (tmp_path / "keys").iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600 and stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    file.chmod(0o644)
    with pytest.raises(GatewayFailed) as told:
        keys.FileKeys(tmp_path / "keys").sign(made.handle, "EdDSA", b"x")
    assert told.value.reason == "signing_key_exposed"


def test_an_engine_that_fails_or_refuses_is_told_apart_from_a_missing_key() -> None:
    with transit() as (url, engine):
        made = keys.TransitKeys(url, TOKEN).make("EdDSA")
        with pytest.raises(GatewayFailed):
            keys.TransitKeys(url, "wrong").sign(made.handle, "EdDSA", b"x")
        engine.broken = True
        with pytest.raises(GatewayFailed):
            keys.TransitKeys(url, TOKEN).sign(made.handle, "EdDSA", b"x")


def test_settings_choose_the_keeper(tmp_path: Path) -> None:
    plain = Settings("mongodb://x", (), b"", b"", keys_dir=str(tmp_path))
    assert isinstance(keys.connect(plain), keys.FileKeys)
    with pytest.raises(ConfigError):
        keys.connect(replace(plain, keys_backend="transit"))
    with pytest.raises(ConfigError):
        keys.connect(replace(plain, keys_backend="paper"))
    there = replace(plain, keys_backend="transit", transit_url="https://kms.test", transit_token="t")
    assert isinstance(keys.connect(there), keys.TransitKeys)


@given(st.binary(max_size=80))
def test_base64url_has_one_way_to_write_every_content(data: bytes) -> None:
    assert decode(encode(data)) == data


@given(st.text(max_size=80))
def test_a_text_is_a_token_or_a_value_error(text: str) -> None:
    try:
        parsed = jws.parse(text)
    except ValueError:
        return
    assert jws.compact(parsed.message, parsed.signature) == text


@pytest.mark.parametrize("text", ["", "a.b", "a.b.c.d", "e30.e30.AA", "bnVsbA.e30.AA", "é.e30.AA", "A" * 9000])
def test_no_tokens(text: str) -> None:
    with pytest.raises(ValueError):
        jws.parse(text)
