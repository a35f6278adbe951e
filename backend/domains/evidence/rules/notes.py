"""Signed notes: checkpoints (C2SP tlog-checkpoint on signed-note) and cosignatures (C2SP tlog-cosignature).

Everything here is text and bytes; who signs and who verifies is the service's affair.
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

ED25519, COSIGNATURE = 0x01, 0x04  # algorithm bytes of key ids
TIME, BEFORE = "time ", "previous "
MARK = "\u2014 "  # em dash and space begin a signature line
KEY_NAME = re.compile(r"[^\s+]{1,100}\Z")


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What the log says of itself: `at` and the hash of the checkpoint before stand in lines of our own."""

    origin: str
    size: int
    root: bytes
    at: datetime
    previous: bytes | None = None

    @property
    def text(self) -> str:
        """The note's text, which is what is signed; every line ends in a newline."""
        lines = [self.origin, str(self.size), base64.b64encode(self.root).decode(), f"{TIME}{_spoken(self.at)}"]
        if self.previous is not None:
            lines.append(BEFORE + base64.b64encode(self.previous).decode())
        return "".join(f"{line}\n" for line in lines)


@dataclass(frozen=True, slots=True)
class Signature:
    """One line: the key's name, its four-byte id, and what follows."""

    name: str
    key_id: bytes
    signature: bytes

    @property
    def line(self) -> str:
        return f"{MARK}{self.name} {base64.b64encode(self.key_id + self.signature).decode()}\n"


def _spoken(moment: datetime) -> str:
    utc = moment.astimezone(UTC)
    return f"{utc:%Y-%m-%dT%H:%M:%S}.{utc.microsecond // 1000:03d}Z"


def text_hash(text: str) -> bytes:
    """What the next checkpoint names as its previous one."""
    return hashlib.sha256(text.encode()).digest()


def key_id(name: str, public: bytes, algorithm: int = ED25519) -> bytes:
    return hashlib.sha256(name.encode() + b"\n" + bytes([algorithm]) + public).digest()[:4]


def note(text: str, lines: Sequence[str]) -> str:
    return text + "\n" + "".join(lines)


def split(signed: str) -> tuple[str, list[Signature]]:
    """The text of a signed note and its signatures. Raises ValueError for anything else."""
    text, gap, rest = signed.partition("\n\n")
    if not gap or not rest.endswith("\n"):
        raise ValueError("not a signed note")
    return text + "\n", [signature(line) for line in rest.removesuffix("\n").split("\n")]


def signature(line: str) -> Signature:
    """Raises ValueError."""
    name, space, encoded = line.removesuffix("\n").removeprefix(MARK).partition(" ")
    if not line.startswith(MARK) or not space or not KEY_NAME.match(name):
        raise ValueError("not a signature line")
    try:
        held = base64.b64decode(encoded, validate=True)
    except binascii.Error as error:
        raise ValueError("not base64") from error
    if len(held) < 5:
        raise ValueError("too short")
    return Signature(name, held[:4], held[4:])


def cosigned(text: str, at: int) -> bytes:
    """What a witness signs at the second `at` (since 1970): the checkpoint's text under a head of its own."""
    return f"cosignature/v1\ntime {at}\n{text}".encode()


def cosignature_parts(signed: bytes) -> tuple[int, bytes]:
    """(second, Ed25519 signature). Raises ValueError."""
    if len(signed) != 8 + 64:
        raise ValueError("a cosignature has 72 bytes")
    return int.from_bytes(signed[:8], "big"), signed[8:]
