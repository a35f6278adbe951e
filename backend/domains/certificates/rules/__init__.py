"""Pure rules of certificates: the case, the gate that decides it, and its replay."""

from backend.domains.certificates.rules.case import (
    EDITION,
    Case,
    Decision,
    Inlet,
    Land,
    Limit,
    Lot,
    Note,
    Origin,
    Override,
    Parent,
    Refusal,
    Scope,
    Subject,
    Template,
    Test,
)
from backend.domains.certificates.rules.gate import CHECKS, EDITIONS, decide, foresee
from backend.domains.certificates.rules.inputs_used import REASONS
from backend.domains.certificates.rules.lineage import on_every_route, routes_from
from backend.domains.certificates.rules.replay import case_from, kept, read
from backend.domains.certificates.rules.revoked import BITS, coded, decoded, hashed
from backend.domains.certificates.rules.statement import claims, digest, document

__all__ = [
    "BITS",
    "CHECKS",
    "EDITION",
    "EDITIONS",
    "REASONS",
    "Case",
    "Decision",
    "Inlet",
    "Land",
    "Limit",
    "Lot",
    "Note",
    "Origin",
    "Override",
    "Parent",
    "Refusal",
    "Scope",
    "Subject",
    "Template",
    "Test",
    "case_from",
    "claims",
    "coded",
    "decide",
    "decoded",
    "digest",
    "document",
    "foresee",
    "hashed",
    "kept",
    "on_every_route",
    "read",
    "routes_from",
]
