"""Signed notes as the auditor reads them: checkpoints, the log's signatures, cosignatures of witnesses."""

import base64
import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

ED25519, COSIGNED = 1, 4


@dataclass(frozen=True)
class Note:
    """A checkpoint's note taken apart; `lines` are (name, key id, the rest)."""

    signed: str
    text: str
    origin: str
    size: int
    root: bytes
    at: datetime.datetime
    previous: bytes | None
    lines: tuple[tuple[str, bytes, bytes], ...]

    @property
    def digest(self) -> bytes:
        return sha256(self.text.encode()).digest()


def read(signed: str) -> Note:
    """Raises ValueError for what is no signed checkpoint with our lines."""
    head, gap, tail = signed.partition("\n\n")
    if not gap:
        raise ValueError("no empty line between text and signatures")
    origin, size, root, *more = head.split("\n")
    extra = {name: value for name, _, value in (line.partition(" ") for line in more)}
    if "time" not in extra:
        raise ValueError("a checkpoint without its time")
    previous = extra.get("previous")
    return Note(
        signed=signed,
        text=head + "\n",
        origin=origin,
        size=int(size),
        root=base64.b64decode(root, validate=True),
        at=datetime.datetime.fromisoformat(extra["time"]),
        previous=base64.b64decode(previous, validate=True) if previous else None,
        lines=tuple(_line(line) for line in tail.split("\n") if line),
    )


def _line(text: str) -> tuple[str, bytes, bytes]:
    mark, name, held = text.split(" ")
    data = base64.b64decode(held, validate=True)
    if mark != "\u2014" or len(data) < 5:
        raise ValueError("not a signature line")
    return name, data[:4], data[4:]


def written(line: tuple[str, bytes, bytes]) -> str:
    """A signature line as it must stand, byte for byte."""
    name, known, held = line
    return f"\u2014 {name} {base64.b64encode(known + held).decode()}\n"


def key_id(name: str, algorithm: int, public: bytes) -> bytes:
    return sha256(f"{name}\n".encode() + bytes([algorithm]) + public).digest()[:4]


def signed_by(note: Note, publics: Sequence[bytes]) -> bytes | None:
    """Which of these keys signed the note as the log itself; None when none did."""
    for name, known, signature in note.lines:
        for public in publics:
            ours = name == note.origin and known == key_id(name, ED25519, public)
            if ours and fits(public, note.text.encode(), signature):
                return public
    return None


def cosigners(note: Note, witnesses: Mapping[str, bytes]) -> tuple[list[str], list[str]]:
    """(names whose cosignature fits, names whose line does not fit or whom nobody knows)."""
    good: list[str] = []
    bad: list[str] = []
    for name, known, held in note.lines:
        if name != note.origin:
            (good if _cosigned(note, name, known, held, witnesses) else bad).append(name)
    return good, bad


def _cosigned(note: Note, name: str, known: bytes, held: bytes, witnesses: Mapping[str, bytes]) -> bool:
    public = witnesses.get(name)
    if public is None or known != key_id(name, COSIGNED, public) or len(held) != 72:
        return False
    return fits(public, cosigned_message(note.text, int.from_bytes(held[:8])), held[8:])


def cosigned_message(text: str, second: int) -> bytes:
    """What a witness signs (C2SP tlog-cosignature)."""
    return f"cosignature/v1\ntime {second}\n{text}".encode()


def fits(public: bytes, message: bytes, signature: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True
