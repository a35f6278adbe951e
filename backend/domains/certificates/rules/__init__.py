"""Pure rules of certificates: the case, the gate that decides it, and its replay."""

from backend.domains.certificates.rules.case import (
    Case,
    Decision,
    Lot,
    Override,
    Refusal,
    Subject,
    Template,
    Test,
)
from backend.domains.certificates.rules.gate import CHECKS, decide
from backend.domains.certificates.rules.inputs_used import vouchable
from backend.domains.certificates.rules.replay import case_from, kept, read
from backend.domains.certificates.rules.revoked import BITS, coded, decoded, hashed
from backend.domains.certificates.rules.statement import claims, digest, document

__all__ = [
    "BITS",
    "CHECKS",
    "Case",
    "Decision",
    "Lot",
    "Override",
    "Refusal",
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
    "hashed",
    "kept",
    "read",
    "vouchable",
]
