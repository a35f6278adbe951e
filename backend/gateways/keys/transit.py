"""Keys in the Transit engine of HashiCorp Vault or OpenBao, which itself can lie on an HSM: the private half never
leaves it. The API is the engine's own: /v1/{mount}/keys/{name} and /v1/{mount}/sign/{name}."""

import base64
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import requests
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519

from backend.base import ids
from backend.base.errors import GatewayFailed
from backend.gateways.keys.algorithms import ALGORITHMS, kid_of
from backend.gateways.keys.shape import KeyMissing, MadeKey

TYPES: Mapping[str, str] = {"EdDSA": "ed25519", "ES256": "ecdsa-p256"}
SECONDS = 5  # a certificate's transaction waits for it


class TransitKeys:
    """One Transit key a signing key, in its version 1: a new key is a new name, so a kid never changes its key."""

    def __init__(self, url: str, token: str, mount: str = "transit") -> None:
        self._base = f"{url.rstrip('/')}/v1/{mount}"
        self._session = requests.Session()
        self._session.headers["X-Vault-Token"] = token

    def make(self, alg: str) -> MadeKey:
        name = f"longtrace-{ids.token(12).lower()}"
        self._ask("POST", f"keys/{name}", {"type": TYPES[alg], "exportable": False})
        shown = self._ask("GET", f"keys/{name}")["keys"]["1"]["public_key"]
        jwk = ALGORITHMS[alg].jwk(_public(alg, shown))
        return MadeKey(kid_of(jwk), alg, jwk, name)

    def sign(self, handle: str, alg: str, message: bytes) -> bytes:
        body: dict[str, Any] = {"input": base64.b64encode(message).decode(), "key_version": 1}
        if alg == "ES256":
            body |= {"hash_algorithm": "sha2-256", "marshaling_algorithm": "jws"}
        said = self._ask("POST", f"sign/{handle}", body)["signature"]
        text = str(said).removeprefix("vault:v1:")
        pad = "=" * (-len(text) % 4)
        return base64.urlsafe_b64decode(text + pad) if alg == "ES256" else base64.b64decode(text)

    def destroy(self, handle: str) -> None:
        """Vault deletes only what its configuration allows to be deleted."""
        with suppress(KeyMissing):
            self._ask("POST", f"keys/{handle}/config", {"deletion_allowed": True})
            self._ask("DELETE", f"keys/{handle}")

    def _ask(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """The `data` of the answer. Raises KeyMissing, GatewayFailed."""
        try:
            answer = self._session.request(method, f"{self._base}/{path}", json=body, timeout=SECONDS)
            if answer.status_code == 404 or (answer.status_code == 400 and "key not found" in answer.text):
                raise KeyMissing("signing_key_missing", kid=path.rpartition("/")[2])
            answer.raise_for_status()
            return dict(answer.json()["data"]) if answer.content and method != "DELETE" else {}
        except (requests.RequestException, ValueError, KeyError) as error:
            raise GatewayFailed("signing_unavailable") from error


def _public(alg: str, shown: str) -> Any:
    """Transit shows Ed25519 as base64 of 32 bytes, the others as PEM."""
    if alg == "EdDSA":
        return ed25519.Ed25519PublicKey.from_public_bytes(base64.b64decode(shown))
    return serialization.load_pem_public_key(shown.encode())
