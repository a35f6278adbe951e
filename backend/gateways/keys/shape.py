"""The shape of a place that holds private keys, whatever it is."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from backend.base.errors import Unavailable


class KeyMissing(Unavailable):
    """The private half of a listed key is not where it was: nothing can be signed until a new key is made."""

    status = 503


@dataclass(frozen=True, slots=True)
class MadeKey:
    """A new key as others may know it. `jwk` is its public half (RFC 7517, required members alone), `kid` follows
    from that, `handle` is how its keeper finds the private half again."""

    kid: str
    alg: str
    jwk: Mapping[str, str]
    handle: str


class Keys(Protocol):
    """A keeper of private keys."""

    def make(self, alg: str) -> MadeKey:
        """A new key pair for an algorithm of ALGORITHMS. Raises GatewayFailed."""
        ...

    def sign(self, handle: str, alg: str, message: bytes) -> bytes:
        """The raw signature as JWS wants it (RFC 7518 section 3.4, RFC 8037). Raises KeyMissing, GatewayFailed."""
        ...

    def destroy(self, handle: str) -> None:
        """Forget the private half; nothing happens when it is gone already."""
        ...
