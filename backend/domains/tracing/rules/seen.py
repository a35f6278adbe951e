"""What a scanned text means at a market's gate: a code of ours, a Digital Link of ours, or somebody else's."""

import re
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from backend.base.ids import normal_trace_code

LINK = re.compile(r"/01/([0-9]{8,14})/10/([^/?#]{1,40})\Z")
CODE = re.compile(r"[0-9A-Z]{1,40}\Z")


@dataclass(frozen=True, slots=True)
class Seen:
    """Exactly one of `code` and `alias` (GTIN, lot) is given for ours; `foreign` for an address that is not."""

    code: str | None = None
    alias: tuple[str, str] | None = None
    foreign: bool = False


def seen(text: str, host: str) -> Seen:
    """`host` is this platform's own, as printed in its QR codes. Never raises: strangers' codes may say anything."""
    try:
        parts = urlsplit(text.strip())
        netloc = parts.netloc.lower()
    except ValueError:
        return Seen(foreign=True)
    if "://" in text and netloc != host.lower():
        return Seen(foreign=True)
    path = unquote(parts.path)
    if match := LINK.search(path):
        return Seen(alias=(match.group(1), match.group(2)))
    code = normal_trace_code(path.rpartition("/")[2])
    return Seen(code=code) if CODE.match(code) else Seen(foreign=True)
