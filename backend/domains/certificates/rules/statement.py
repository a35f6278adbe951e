"""What is signed: the public document of a certificate, and the few claims that travel in a QR code.

Nothing in either is more than the public page shows: the subject as masked there, no account, no land, no record id.
"""

import base64
import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import rfc8785

FORMAT = "longtrace-certificate/1"
WHO, WHAT, HOW_MUCH = "subject", "product", "quantity"


def document(card: Mapping[str, Any], *, issued_at: datetime, valid_until: datetime, **named: str) -> str:
    """The document as RFC 8785 JSON. `named`: code, template, amount, unit, place_region, rulebook_version."""
    instants = {"issued_at": issued_at.isoformat(), "valid_until": valid_until.isoformat()}
    return rfc8785.dumps({"format": FORMAT, **dict(card), **named, **instants}).decode()


def claims(text: str) -> bytes:
    """The payload of the proof, by the registered names of RFC 7519 where there are some: `jti` the trace code, `sub`
    who, `iat` and `exp` in seconds; `what`, `much`, and `doc`, the SHA-256 of the document in base64url."""
    told = json.loads(text)
    values = {field["code"]: field["value"] for field in told["fields"]}
    seconds = {name: int(datetime.fromisoformat(told[at]).timestamp()) for name, at in TIMES}
    said = {"jti": told["code"], "sub": values[WHO], "what": values[WHAT], "much": values[HOW_MUCH]}
    return rfc8785.dumps({**said, **seconds, "doc": digest(text.encode())})


TIMES = (("iat", "issued_at"), ("exp", "valid_until"))


def digest(data: bytes) -> str:
    """SHA-256 in base64url without padding, 43 characters."""
    return base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
