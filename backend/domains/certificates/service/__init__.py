"""Verbs of certificates, as other features and the routes call them."""

from backend.domains.certificates.service.facts import (
    CertificateFacts,
    CertificateIssued,
    CertificateVoided,
    DecisionFacts,
)
from backend.domains.certificates.service.issuing import check, issue
from backend.domains.certificates.service.overrides import overrides_of, vouch
from backend.domains.certificates.service.prints import label_tspl, labels_pdf, page_pdf, qr_png, qr_svg
from backend.domains.certificates.service.proofs import signed
from backend.domains.certificates.service.reading import (
    card,
    decision,
    decisions_of,
    get,
    list_for,
    proof,
    public_proof,
)
from backend.domains.certificates.service.revoking import publish as publish_revocations
from backend.domains.certificates.service.revoking import published as revocations
from backend.domains.certificates.service.voiding import void

__all__ = [
    "CertificateFacts",
    "CertificateIssued",
    "CertificateVoided",
    "DecisionFacts",
    "card",
    "check",
    "decision",
    "decisions_of",
    "get",
    "issue",
    "label_tspl",
    "labels_pdf",
    "list_for",
    "overrides_of",
    "page_pdf",
    "proof",
    "public_proof",
    "publish_revocations",
    "qr_png",
    "qr_svg",
    "revocations",
    "signed",
    "void",
    "vouch",
]
