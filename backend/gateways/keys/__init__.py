"""Private signing keys: made, used and destroyed where they lie, never shown; the public list is the feature `signing`.

In files for development and one machine; in Vault's or OpenBao's Transit engine where a KMS or HSM must hold them.
"""

from pathlib import Path

from backend.config import ConfigError, Settings
from backend.gateways.keys.algorithms import ALGORITHMS, Algorithm, kid_of, verify
from backend.gateways.keys.files import FileKeys
from backend.gateways.keys.shape import KeyMissing, Keys, MadeKey
from backend.gateways.keys.transit import TransitKeys

__all__ = [
    "ALGORITHMS",
    "Algorithm",
    "FileKeys",
    "KeyMissing",
    "Keys",
    "MadeKey",
    "TransitKeys",
    "connect",
    "kid_of",
    "verify",
]


def connect(settings: Settings) -> Keys:
    """The place of keys that the settings name. Raises ConfigError."""
    if settings.keys_backend == "files":
        return FileKeys(Path(settings.keys_dir))
    if settings.keys_backend == "transit":
        if not settings.transit_url or not settings.transit_token:
            raise ConfigError("KEYS_BACKEND=transit needs TRANSIT_URL and TRANSIT_TOKEN")
        return TransitKeys(settings.transit_url, settings.transit_token, settings.transit_mount)
    raise ConfigError("KEYS_BACKEND must be files or transit")
