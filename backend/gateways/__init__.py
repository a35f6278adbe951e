"""The outside world, each part real or loopback behind one shape; `app.py` installs them, services ask `current()`."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from backend.config import Settings
from backend.gateways.secrets import Secrets

if TYPE_CHECKING:
    from backend.gateways.files import Files
    from backend.gateways.keys import Keys
    from backend.gateways.national_platform import NationalPlatform
    from backend.gateways.timestamps import TimestampAuthority
    from backend.gateways.wechat import WeChat


@dataclass(frozen=True, slots=True)
class Gateways:
    settings: Settings
    secrets: Secrets
    files: "Files"
    wechat: "WeChat"
    keys: "Keys"
    national: "NationalPlatform | None" = None  # None: nothing is pushed
    timestamps: "TimestampAuthority | None" = None  # None: nobody outside stamps the register


_installed: Gateways | None = None


def install(gateways: Gateways) -> None:
    global _installed  # noqa: PLW0603 - one process, one set of gateways
    _installed = gateways


def current() -> Gateways:
    """The installed gateways. Raises RuntimeError before `install`."""
    if _installed is None:
        raise RuntimeError("gateways.install(…) has not been called")
    return _installed
