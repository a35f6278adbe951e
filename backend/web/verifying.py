"""Public keys where other software looks for them (RFC 8615)."""

from typing import Any

from flask import Blueprint

from backend.domains.signing import service as signing

blueprint = Blueprint("verifying", __name__)


@blueprint.get("/.well-known/jwks.json")
def key_set() -> dict[str, Any]:
    return signing.published()
