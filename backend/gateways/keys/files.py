"""Keys as PEM files that their owner alone can read: for development, and for one machine with an encrypted disk."""

import os
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import serialization

from backend.base.errors import GatewayFailed
from backend.gateways.keys.algorithms import ALGORITHMS, kid_of
from backend.gateways.keys.shape import KeyMissing, MadeKey


class FileKeys:
    """`{directory}/{kid}.pem`, PKCS 8. Every process that signs must see the same directory."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._open: dict[str, Any] = {}

    def make(self, alg: str) -> MadeKey:
        private = ALGORITHMS[alg].generate()
        jwk = ALGORITHMS[alg].jwk(private.public_key())
        kid = kid_of(jwk)
        pem = private.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        self._directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(self._path(kid), os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(pem)
            file.flush()
            os.fsync(file.fileno())
        return MadeKey(kid, alg, jwk, kid)

    def sign(self, handle: str, alg: str, message: bytes) -> bytes:
        if handle not in self._open:
            self._open[handle] = self._read(handle)
        return ALGORITHMS[alg].sign(self._open[handle], message)

    def destroy(self, handle: str) -> None:
        self._open.pop(handle, None)
        self._path(handle).unlink(missing_ok=True)

    def _path(self, handle: str) -> Path:
        return self._directory / f"{handle}.pem"

    def _read(self, handle: str) -> Any:
        """Raises KeyMissing, and GatewayFailed for a key that others on this machine could have copied."""
        path = self._path(handle)
        try:
            if path.stat().st_mode & 0o077:
                raise GatewayFailed("signing_key_exposed", kid=handle)
            return serialization.load_pem_private_key(path.read_bytes(), None)
        except FileNotFoundError as error:
            raise KeyMissing("signing_key_missing", kid=handle) from error
