"""Verbs of certificates, as other features and the routes call them."""

from backend.domains.certificates.service.arriving import incoming_of_lot, with_shipment
from backend.domains.certificates.service.facts import (
    CertificateFacts,
    CertificateIssued,
    CertificateRestored,
    CertificateVoided,
    DecisionFacts,
    trace_url,
)
from backend.domains.certificates.service.harvest import HarvestAnswer, may_harvest
from backend.domains.certificates.service.impacts import ImpactFacts, changes, impact
from backend.domains.certificates.service.impacts import start as start_impact
from backend.domains.certificates.service.impacts import walk as walk_impacts
from backend.domains.certificates.service.issuing import check, issue
from backend.domains.certificates.service.papers import keep_proof, proofs_of
from backend.domains.certificates.service.passing import unopened
from backend.domains.certificates.service.prints import label_tspl, labels_pdf, page_pdf, qr_png, qr_svg
from backend.domains.certificates.service.proofs import signed
from backend.domains.certificates.service.reading import (
    card,
    cards_after,
    decision,
    decisions_of,
    flagged,
    get,
    list_for,
    on_lots,
    proof,
    public_proof,
    replay_all,
)
from backend.domains.certificates.service.revoking import publish as publish_revocations
from backend.domains.certificates.service.revoking import published as revocations
from backend.domains.certificates.service.voiding import restore, void
from backend.domains.farming.service import overrides_of, vouch

__all__ = [
    "CertificateFacts",
    "CertificateIssued",
    "CertificateRestored",
    "CertificateVoided",
    "DecisionFacts",
    "HarvestAnswer",
    "ImpactFacts",
    "card",
    "cards_after",
    "changes",
    "check",
    "decision",
    "decisions_of",
    "flagged",
    "get",
    "impact",
    "incoming_of_lot",
    "issue",
    "keep_proof",
    "label_tspl",
    "labels_pdf",
    "list_for",
    "may_harvest",
    "on_lots",
    "overrides_of",
    "page_pdf",
    "proof",
    "proofs_of",
    "public_proof",
    "publish_revocations",
    "qr_png",
    "qr_svg",
    "replay_all",
    "restore",
    "revocations",
    "signed",
    "start_impact",
    "trace_url",
    "unopened",
    "void",
    "vouch",
    "walk_impacts",
    "with_shipment",
]
