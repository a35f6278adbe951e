"""Signature algorithms by their JOSE name. SM2 with SM3 (GB/T 32918) would be one more entry, with its own key."""

import base64
import hashlib
import json
from collections.abc import Mapping
from typing import Any, Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, utils

from backend.base import ids

KID_LENGTH = 16  # 80 bits; a kid only chooses among the keys of our own list


class Algorithm(Protocol):
    """What is needed to make a key of one kind, to sign with it and to verify."""

    def generate(self) -> Any: ...

    def jwk(self, public: Any) -> dict[str, str]: ...

    def sign(self, private: Any, message: bytes) -> bytes: ...

    def verify(self, jwk: Mapping[str, str], message: bytes, signature: bytes) -> bool: ...


class EdDSA:
    """Ed25519 (RFC 8032) in JOSE's form (RFC 8037): 64 bytes, deterministic."""

    def generate(self) -> ed25519.Ed25519PrivateKey:
        return ed25519.Ed25519PrivateKey.generate()

    def jwk(self, public: ed25519.Ed25519PublicKey) -> dict[str, str]:
        return {"crv": "Ed25519", "kty": "OKP", "x": encode(public.public_bytes_raw())}

    def sign(self, private: ed25519.Ed25519PrivateKey, message: bytes) -> bytes:
        return private.sign(message)

    def verify(self, jwk: Mapping[str, str], message: bytes, signature: bytes) -> bool:
        public = ed25519.Ed25519PublicKey.from_public_bytes(decode(jwk["x"]))
        try:
            public.verify(signature, message)
        except InvalidSignature:
            return False
        return True


class ES256:
    """ECDSA on P-256 with SHA-256 (RFC 7518 section 3.4): r and s of 32 bytes each, not DER."""

    def generate(self) -> ec.EllipticCurvePrivateKey:
        return ec.generate_private_key(ec.SECP256R1())

    def jwk(self, public: ec.EllipticCurvePublicKey) -> dict[str, str]:
        point = public.public_numbers()
        return {"crv": "P-256", "kty": "EC", "x": encode(point.x.to_bytes(32)), "y": encode(point.y.to_bytes(32))}

    def sign(self, private: ec.EllipticCurvePrivateKey, message: bytes) -> bytes:
        r, s = utils.decode_dss_signature(private.sign(message, ec.ECDSA(hashes.SHA256())))
        return r.to_bytes(32) + s.to_bytes(32)

    def verify(self, jwk: Mapping[str, str], message: bytes, signature: bytes) -> bool:
        if len(signature) != 64:
            return False
        x, y = (int.from_bytes(decode(jwk[part])) for part in ("x", "y"))
        r, s = int.from_bytes(signature[:32]), int.from_bytes(signature[32:])
        public = ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()
        try:
            public.verify(utils.encode_dss_signature(r, s), message, ec.ECDSA(hashes.SHA256()))
        except InvalidSignature:
            return False
        return True


ALGORITHMS: Mapping[str, Algorithm] = {"EdDSA": EdDSA(), "ES256": ES256()}


def encode(data: bytes) -> str:
    """Base64url without padding (RFC 7515 section 2)."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def decode(text: str) -> bytes:
    """Raises ValueError for anything that `encode` would not have written."""
    data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    if encode(data) != text:
        raise ValueError("not base64url")
    return data


def verify(alg: str, jwk: Mapping[str, str], message: bytes, signature: bytes) -> bool:
    """Whether the key made this signature; False too for an algorithm that is not known here."""
    known = ALGORITHMS.get(alg)
    return known is not None and known.verify(jwk, message, signature)


def kid_of(jwk: Mapping[str, str]) -> str:
    """The first 80 bits of the key's RFC 7638 thumbprint as 16 Crockford digits: a kid can never name another key."""
    canonical = json.dumps(dict(jwk), sort_keys=True, separators=(",", ":")).encode()
    return ids.spelled(int.from_bytes(hashlib.sha256(canonical).digest()[:10]), KID_LENGTH)[::-1]
