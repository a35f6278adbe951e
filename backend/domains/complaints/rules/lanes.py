"""Against floods, without knowing anyone: a little work where there is JavaScript, otherwise a slower lane; and words
that want a person's eye."""

import hashlib
import hmac
import re
from collections.abc import Iterable
from datetime import datetime, timedelta

from backend.base.ids import spelled

BITS = 16  # about 65,000 hashes: a blink on a phone, dear for a flood
LIFE = timedelta(hours=2)
NONCE = re.compile(r"[0-9A-Z]{20}\.\d{10}\.[0-9a-f]{32}\Z")
RECEIPT_LENGTH = 20
BLANKS = re.compile(r"[\s\W_]+")


def challenge(nonce: str, now: datetime, secret: bytes) -> str:
    """A page's own puzzle: `nonce.expiry.signature`. Nothing is kept for it until it is used."""
    expiry = int((now + LIFE).timestamp())
    return f"{nonce}.{expiry}.{_signature(nonce, expiry, secret)}"


def _signature(nonce: str, expiry: int, secret: bytes) -> str:
    return hmac.new(secret, f"complaint:{nonce}:{expiry}".encode(), hashlib.sha256).hexdigest()[:32]


def is_ours(text: str, now: datetime, secret: bytes) -> bool:
    """Whether the puzzle is one of this house's and still good."""
    if not NONCE.match(text):
        return False
    nonce, expiry, signature = text.split(".")
    right = hmac.compare_digest(_signature(nonce, int(expiry), secret).encode(), signature.encode())
    return right and int(expiry) > now.timestamp()


def receipt(puzzle: str, secret: bytes) -> str:
    """The receipt that belongs to a puzzle: 100 bits, so that sending a form twice gives one case and one receipt, and
    nobody without the secret can make one up."""
    digest = hmac.new(secret, f"receipt:{puzzle.partition('.')[0]}".encode(), hashlib.sha256).digest()
    return spelled(int.from_bytes(digest[:13], "big"), RECEIPT_LENGTH)


def solves(text: str, answer: str) -> bool:
    """Whether SHA-256 of puzzle and answer begins with BITS zero bits."""
    digest = hashlib.sha256(f"{text}:{answer[:20]}".encode()).digest()
    return int.from_bytes(digest[:4], "big") >> (32 - BITS) == 0


def watched(text: str, words: Iterable[str]) -> bool:
    """Whether a text holds one of the words, however it is spaced."""
    plain = BLANKS.sub("", text).casefold()
    return any(word.casefold() in plain for word in words)
