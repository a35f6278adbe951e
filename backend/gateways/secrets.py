"""Keyed hashes and sealed values: how identity numbers, openids and contact data are kept without being readable."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE_BYTES = 12


@dataclass(frozen=True, slots=True)
class Secrets:
    """Derives one key a purpose from one secret, so that a value hashed for one use says nothing in another."""

    secret: bytes

    def _key(self, purpose: str) -> bytes:
        return hmac.new(self.secret, purpose.encode(), hashlib.sha256).digest()

    def keyed_hash(self, purpose: str, value: str) -> str:
        """HMAC-SHA-256 in hex (64 characters): equal values are found again, none can be read back or guessed."""
        return hmac.new(self._key(purpose), value.encode(), hashlib.sha256).hexdigest()

    def seal(self, purpose: str, value: str) -> bytes:
        """AES-256-GCM under the purpose's key; nonce first."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        return nonce + AESGCM(self._key("seal:" + purpose)).encrypt(nonce, value.encode(), purpose.encode())

    def unseal(self, purpose: str, sealed: bytes) -> str:
        """The sealed value. Raises ValueError when it was changed or sealed for another purpose."""
        try:
            plain = AESGCM(self._key("seal:" + purpose)).decrypt(
                sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], purpose.encode()
            )
        except InvalidTag as error:
            raise ValueError("sealed value cannot be opened") from error
        return plain.decode()
