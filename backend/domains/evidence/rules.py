"""How a record becomes a leaf: SHA-256 over a random salt and the record's RFC 8785 canonical JSON.

The salt keeps a short record from being guessed from its hash, and lets the record be erased later while the register
stays whole.
"""

import hashlib
from collections.abc import Mapping
from typing import Any

import rfc8785

SALT_BYTES = 16


def leaf_hash(salt: bytes, body: Mapping[str, Any]) -> bytes:
    """32 bytes. `body` holds JSON values only (RFC 8785 knows no dates: write them as ISO strings)."""
    return hashlib.sha256(salt + rfc8785.dumps(dict(body))).digest()
