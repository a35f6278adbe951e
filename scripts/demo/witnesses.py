"""A county's witness for the demonstration: appointed here, and run beside the platform by `scripts/serve`."""

import json
from pathlib import Path

from backend.base.actor import Actor
from backend.base.errors import NotFound
from backend.domains.evidence import service as evidence
from backend.domains.signing import service as signing
from scripts import witness

LABEL, REGION = "凉州区农业农村局（演示见证）", "620602"


def appoint(operator: Actor, home: Path) -> None:
    """Its key and the platform's key list are laid in `home`, as a county would keep them; run again, they stay."""
    try:
        evidence.latest()
    except NotFound:  # a new register: what was seen of an older one does not bind it
        (home / "seen.txt").unlink(missing_ok=True)
    signing.current("checkpoint")
    key = witness.key_at(home)
    (home / "keys.json").write_text(json.dumps(signing.published(), default=str, ensure_ascii=False), "utf-8")
    public = key.public_key().public_bytes_raw()
    evidence.appoint(operator, name=witness.DEMO, label=LABEL, region=REGION, public_key=public)
