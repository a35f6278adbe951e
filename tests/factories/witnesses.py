"""A county's witness with a key of its own, and what it signs."""

import base64
import itertools
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from backend.base.actor import system
from backend.domains.evidence import service as evidence
from scripts.audit import notes

numbers = itertools.count(1)


@dataclass(frozen=True)
class AWitness:
    name: str
    key: Ed25519PrivateKey

    @property
    def public(self) -> bytes:
        return self.key.public_key().public_bytes_raw()

    def line(self, note: str, second: int) -> str:
        """Its cosignature of a note's text, by the auditor's code and not the platform's."""
        text = notes.read(note).text
        signed = self.key.sign(notes.cosigned_message(text, second))
        held = notes.key_id(self.name, notes.COSIGNED, self.public) + second.to_bytes(8) + signed
        return f"\u2014 {self.name} {base64.b64encode(held).decode()}"


def appointed(*, region: str = "620602") -> AWitness:
    made = AWitness(f"county{next(numbers)}.test/witness", Ed25519PrivateKey.generate())
    evidence.appoint(system("test"), name=made.name, label="凉州区农业农村局", region=region, public_key=made.public)
    return made
