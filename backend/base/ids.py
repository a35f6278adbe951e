"""Identifiers: random ones nobody can guess, and owned ones that carry their producer.

A producer-owned document is `{producer_id}.{client_id}`: the client's own id makes a retry harmless, the producer's
makes it unique per producer and names the shard, so `_id` is the only unique index such a collection needs.
"""

import base64
import re
import secrets

from backend.base.errors import BadRequest, NotFound

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
PRODUCER_ID_LENGTH = 10
TRACE_CODE_LENGTH = 12  # 60 random bits; WeChat's wxacode scene holds 32 characters
CLIENT_ID = re.compile(r"[0-9A-Za-z][0-9A-Za-z_-]{7,39}\Z")
_SPELLING = bytes.maketrans(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", CROCKFORD.encode())  # from base32 of RFC 4648
_LOOKALIKE = str.maketrans({"O": "0", "I": "1", "L": "1", " ": None, "-": None})


def token(length: int = 26) -> str:
    """Random Crockford base32, 5 bits a character (26 characters: 130 bits)."""
    drawn = base64.b32encode(secrets.token_bytes((5 * length + 7) // 8))
    return drawn[:length].translate(_SPELLING).decode()


def spelled(number: int, length: int) -> str:
    """The last `length` Crockford digits of a number, the lowest first."""
    return "".join(CROCKFORD[number >> 5 * place & 31] for place in range(length))


def producer_id() -> str:
    return token(PRODUCER_ID_LENGTH)


def trace_code() -> str:
    return token(TRACE_CODE_LENGTH)


def normal_trace_code(typed: str) -> str:
    """What a person meant: upper case, O read as 0, I and L as 1, spaces and dashes dropped. At most 64 are read."""
    return typed[:64].strip().upper().translate(_LOOKALIKE)


def owned(producer: str, client_id: str) -> str:
    """The id of a producer's document. Raises BadRequest `client_id_malformed`."""
    if not CLIENT_ID.match(client_id):
        raise BadRequest("client_id_malformed", field="client_id")
    return f"{producer}.{client_id}"


def owner_of(document_id: str) -> str:
    """The producer an owned id belongs to. Raises NotFound for anything that is not an owned id."""
    producer, dot, client_id = document_id.partition(".")
    if not dot or len(producer) != PRODUCER_ID_LENGTH or not CLIENT_ID.match(client_id):
        raise NotFound()
    return producer


def client_part(document_id: str) -> str:
    return document_id.partition(".")[2]
