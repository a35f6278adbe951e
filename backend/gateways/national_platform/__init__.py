"""The national traceability platform (国家农产品质量安全追溯平台) behind one small door: a signed POST.

Its real interface is not published: paths, header names, algorithm and field names are data in
`schemas/exchange/<version>.json`, each marked sure or unsure.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from backend.base import clock
from backend.config import ConfigError, Settings
from backend.gateways import outgoing
from backend.gateways.national_platform import signing

__all__ = ["NationalPlatform", "connect", "mapping"]
DIRECTORY = Path(__file__).resolve().parents[3] / "schemas" / "exchange"
SECONDS = 10.0
JSON = "application/json; charset=utf-8"


class NationalPlatform:
    """One account there. `mapping` is what it understands."""

    def __init__(self, base_url: str, key_id: str, secret: bytes, mapping: Mapping[str, Any]) -> None:
        self._base_url = base_url.rstrip("/")
        self._key_id = key_id
        self._secret = secret
        self.mapping = mapping

    def send(self, path: str, body: bytes, *, message_id: str, seconds: float = SECONDS) -> outgoing.Answer:
        """POST a message; a repeated `message_id` is the same message again. Raises outgoing.Unreachable."""
        said = signing.headers(
            self.mapping["signing"],
            key_id=self._key_id,
            secret=self._secret,
            path=path,
            timestamp=str(int(clock.now().timestamp())),
            body=body,
            message_id=message_id,
        )
        headers = {"Content-Type": JSON, **said}
        # The address is the operator's own setting, so it may lie in a government network.
        return outgoing.post(self._base_url + path, body, headers, seconds=seconds, private=True)


def mapping(version: str) -> dict[str, Any]:
    """The mapping file of that version. Raises ConfigError."""
    path = DIRECTORY / f"{version}.json"
    if not version.replace("-", "").isalnum() or not path.is_file():
        raise ConfigError(f"NATIONAL_PLATFORM_VERSION: there is no schemas/exchange/{version}.json")
    found: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return found


def connect(settings: Settings) -> NationalPlatform | None:
    """The platform as the settings name it; None when they do not. Raises ConfigError."""
    if not settings.national_platform_url:
        return None
    if not settings.national_platform_key or len(settings.national_platform_secret) < 32:
        raise ConfigError("NATIONAL_PLATFORM_KEY and NATIONAL_PLATFORM_SECRET (32 characters at least) are needed too")
    return NationalPlatform(
        settings.national_platform_url,
        settings.national_platform_key,
        settings.national_platform_secret.encode(),
        mapping(settings.national_platform_version),
    )
