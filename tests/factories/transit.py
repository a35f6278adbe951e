"""A stand-in for Vault's Transit engine: the four calls that are made of it, with its shapes and its errors."""

import base64
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, utils
from werkzeug.wrappers import Request, Response

from tests.factories.servers import serving

TOKEN = "transit-token"


class Transit:
    """`broken` makes every call fail with 503, as a sealed Vault does."""

    def __init__(self) -> None:
        self.keys: dict[str, Any] = {}
        self.deletable: set[str] = set()
        self.broken = False

    @Request.application
    def __call__(self, request: Request) -> Response:
        if self.broken:
            return _answer(503, {"errors": ["Vault is sealed"]})
        if request.headers.get("X-Vault-Token") != TOKEN:
            return _answer(403, {"errors": ["permission denied"]})
        verb, _, rest = request.path.removeprefix("/v1/transit/").partition("/")
        body = json.loads(request.data or b"{}")
        return self._sign(rest, body) if verb == "sign" else self._keys(request.method, rest, body)

    def _keys(self, method: str, rest: str, body: dict[str, Any]) -> Response:
        name, _, config = rest.partition("/")
        if method == "POST" and not config:
            kinds = {"ed25519": ed25519.Ed25519PrivateKey.generate, "ecdsa-p256": _p256}
            self.keys[name] = kinds[body["type"]]()
            return _answer(200, {"data": {"name": name}})
        if name not in self.keys:
            return _answer(404, {"errors": []})
        if config:
            self.deletable.add(name)
        elif method == "DELETE":
            assert name in self.deletable, "Vault refuses to delete what its config does not allow"
            del self.keys[name]
            return Response(status=204)
        return _answer(200, {"data": {"name": name, "keys": {"1": {"public_key": _shown(self.keys[name])}}}})

    def _sign(self, name: str, body: dict[str, Any]) -> Response:
        if name not in self.keys:
            return _answer(400, {"errors": ["encryption key not found"]})
        key, message = self.keys[name], base64.b64decode(body["input"])
        if isinstance(key, ed25519.Ed25519PrivateKey):
            signature = base64.b64encode(key.sign(message)).decode()
        else:
            assert (body["hash_algorithm"], body["marshaling_algorithm"]) == ("sha2-256", "jws")
            r, s = utils.decode_dss_signature(key.sign(message, ec.ECDSA(hashes.SHA256())))
            signature = base64.urlsafe_b64encode(r.to_bytes(32) + s.to_bytes(32)).rstrip(b"=").decode()
        return _answer(200, {"data": {"signature": f"vault:v1:{signature}", "key_version": 1}})


def _p256() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def _shown(key: Any) -> str:
    if isinstance(key, ed25519.Ed25519PrivateKey):
        return base64.b64encode(key.public_key().public_bytes_raw()).decode()
    return (
        key.public_key()
        .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
        .decode()
    )


def _answer(status: int, body: dict[str, Any]) -> Response:
    return Response(json.dumps(body), status, content_type="application/json")


@contextmanager
def transit() -> Iterator[tuple[str, Transit]]:
    """(address, the stand-in) while it runs."""
    standing_in = Transit()
    with serving(standing_in) as address:
        yield address, standing_in
