"""What a machine needs once: the directory `var`, and development secrets that only its owner can read."""

import json
import os
import secrets
from pathlib import Path


def make_secrets() -> dict[str, str]:
    """New random secrets under the names the settings read: JWT_KEYS, HASH_SECRET, LINK_SECRET."""
    return {
        "JWT_KEYS": f"k{secrets.token_hex(3)}:{secrets.token_hex(32)}",
        "HASH_SECRET": secrets.token_hex(32),
        "LINK_SECRET": secrets.token_hex(32),
    }


def ensure_secrets(file: Path) -> bool:
    """Write the secrets unless they are there: data hashed with the first ones cannot be found with others.

    Returns whether they were written. Made readable by the owner alone before anything is in it.
    """
    if file.exists():
        file.chmod(0o600)
        return False
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as sink:
        json.dump(make_secrets(), sink, indent=1)
    fresh.rename(file)
    return True
