"""The list of public keys, for everyone."""

from typing import Any

from backend.base.actor import Actor
from backend.domains.signing import schemas
from backend.domains.signing import service as signing
from backend.http.api import PUBLIC, Blueprint

blueprint = Blueprint("keys", description="签名公钥")


@blueprint.get("/keys", needs=PUBLIC, gives=schemas.KeysOut)
def list_keys(_actor: Actor) -> dict[str, Any]:
    """Every public key that ever signed here, as a JWK Set, with its state; revoked ones stay listed for good."""
    return signing.published()
