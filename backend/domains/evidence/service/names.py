"""The log's name and its key: the name stands in every checkpoint, the key is the current one for that purpose."""

from urllib.parse import urlsplit

from backend import gateways
from backend.domains.evidence.rules import notes
from backend.domains.signing import service as signing

PURPOSE = "checkpoint"
PATH = "/evidence"


def origin() -> str:
    """The log's name as C2SP wants it: a host and a path without a scheme. LOG_ORIGIN, else the public address."""
    settings = gateways.current().settings
    return settings.log_origin or urlsplit(settings.public_base_url).netloc + PATH


def signed(name: str, text: str) -> tuple[str, str]:
    """The log's signature line under a note's text, and the kid of the key. Raises as `signing.sign`."""
    key = signing.current(PURPOSE)
    line = notes.Signature(name, notes.key_id(name, key.raw), signing.sign(key, text.encode())).line
    return line, key.kid
