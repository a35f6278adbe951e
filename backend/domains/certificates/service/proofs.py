"""Signing at issue, and what anyone may have to check a certificate without asking us."""

import json
from datetime import datetime, timedelta
from typing import Any

from backend.base import clock, vocab
from backend.base.errors import RuleBroken
from backend.domains.certificates import rules
from backend.domains.certificates.models import Certificate
from backend.domains.certificates.service.reading import row_of
from backend.domains.signing import service as signing
from backend.gateways.keys import jws

BUNDLE = "longtrace-proof/1"


def sign(made: Certificate, key: signing.KeyFacts) -> None:
    """Freeze the public document into the certificate and sign it. Raises Unavailable, GatewayFailed."""
    days = vocab.get("certificate_templates")[made.template]["proof_days"]
    named = ("code", "template", "amount", "unit", "place_region", "rulebook_version")
    made.statement = rules.document(
        made.card,
        issued_at=clock.local(made.created_at),
        valid_until=clock.local(made.created_at + timedelta(days=days)),
        **{name: getattr(made, name) for name in named},
    )
    made.proof = signing.sign_jws(key, rules.claims(made.statement))


def signed(certificate_id: str) -> dict[str, Any]:
    """The bundle that `/verify` checks: the signed document word by word and the signature. `inclusion` is for whoever
    knows its place in the register. Raises NotFound, RuleBroken `certificate_unsigned`."""
    row = row_of(certificate_id)
    if not row.get("proof"):
        raise RuleBroken("certificate_unsigned")
    document = json.loads(row["statement"])
    return {"format": BUNDLE, "certificate": document, "signature": row["proof"], "inclusion": None}


def valid_until(proof: str) -> datetime:
    """The last moment that a proof claims for itself."""
    return datetime.fromtimestamp(json.loads(jws.parse(proof).payload)["exp"], clock.CHINA)
