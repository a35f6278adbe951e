"""Endpoints of certificates, of what the gate answers, of prints and of overrides."""

from typing import Any

from backend.base.actor import Actor
from backend.base.documents import Page
from backend.domains.certificates import schemas
from backend.domains.certificates import service as certificates
from backend.http import limits
from backend.http.api import PUBLIC, Blueprint, FileOut, Limit, page_of
from backend.http.proofs import ProofsOut

blueprint = Blueprint("certificates", description="承诺达标合格证")
ONE = "/certificates/<certificate_id>"
OUT = schemas.CertificateOut
READ = "certificate:read"
ASKING = (Limit("120 per minute", limits.by_bearer),)  # every refusal is kept
PRINTING = (Limit("60 per minute", limits.by_bearer),)  # a page costs half a second of a core


@blueprint.post(
    "/certificates:check", needs="certificate:issue", takes=schemas.Asked, gives=schemas.CheckOut, limits=ASKING
)
def check_certificate(actor: Actor, data: dict[str, Any]) -> dict[str, Any]:
    """What the gate would answer now; nothing is written."""
    decision, refusals, notes = certificates.check(actor, **data)
    return {
        "allowed": decision.allowed,
        "refusals": refusals,
        "flags": decision.flags,
        "notes": notes,
        "earliest": decision.earliest,
        "checked": decision.checked,
        "rulebook_version": decision.rulebook_version,
    }


@blueprint.post(
    "/certificates", needs="certificate:issue", takes=schemas.NewCertificate, gives=OUT, status=201, limits=ASKING
)
def issue_certificate(actor: Actor, data: dict[str, Any]) -> certificates.CertificateFacts:
    """Issue a certificate, if the gate allows it; a refusal (422 gate_refused) lists every reason in its details."""
    return certificates.issue(actor, **data)


@blueprint.get("/certificates", needs=READ, query=schemas.CertificatesQuery, gives=page_of(OUT))
def list_certificates(actor: Actor, query: dict[str, Any]) -> Page[certificates.CertificateFacts]:
    """A producer's certificates, newest first."""
    return certificates.list_for(actor, **query)


@blueprint.get(ONE, needs=READ, gives=OUT)
def get_certificate(actor: Actor, certificate_id: str) -> certificates.CertificateFacts:
    """One certificate, as it was frozen."""
    return certificates.get(actor, certificate_id)


@blueprint.get(f"{ONE}/proof", needs=READ, gives=ProofsOut)
def get_certificate_proof(actor: Actor, certificate_id: str) -> dict[str, Any]:
    """What proves the certificate and its voiding offline; the producer's own people get all that is on file."""
    return {"items": certificates.proof(actor, certificate_id)}


@blueprint.post(f"{ONE}/void", needs="certificate:void", takes=schemas.VoidIn, gives=OUT)
def void_certificate(actor: Actor, data: dict[str, Any], certificate_id: str) -> certificates.CertificateFacts:
    """Take a certificate back; the public page shows it at once."""
    return certificates.void(actor, certificate_id, **data)


@blueprint.get("/revocations", needs=PUBLIC, gives_file="application/octet-stream")
def get_revocations(_actor: Actor) -> FileOut:
    """The signed list of certificates taken back: a compact JWS, a line feed, and the coded set whose hash the JWS
    names (docs/model/signatures.md). A code that hits it should be asked for online: the hit may be another's."""
    body, as_of = certificates.revocations()
    return FileOut(body, "application/octet-stream", "revocations", public_seconds=60, etag=f"{as_of:%Y%m%d%H%M%S%f}")


DECISIONS = page_of(schemas.DecisionOut)


@blueprint.get("/gate/decisions", needs=READ, query=schemas.CertificatesQuery, gives=DECISIONS)
def list_decisions(actor: Actor, query: dict[str, Any]) -> Page[certificates.DecisionFacts]:
    """What the gate answered this producer, refusals too, newest first."""
    return certificates.decisions_of(actor, **query)


@blueprint.get("/gate/decisions/<decision_id>", needs=READ, gives=schemas.DecisionOut)
def get_decision(actor: Actor, decision_id: str) -> certificates.DecisionFacts:
    """One answer of the gate, decided again from what was kept."""
    return certificates.decision(actor, decision_id)


@blueprint.get("/gate/flagged", needs="flag:read", query=schemas.RegionQuery, gives=DECISIONS)
def list_flagged(actor: Actor, query: dict[str, Any]) -> Page[certificates.DecisionFacts]:
    """What the gate pointed out to the officers of a region: lawful, and worth a look."""
    return certificates.flagged(actor, **query)


@blueprint.get("/gate/harvest", needs="farming:read", query=schemas.HarvestQuery, gives=schemas.HarvestOut)
def may_harvest(actor: Actor, query: dict[str, Any]) -> certificates.HarvestAnswer:
    """May this batch be harvested on that day? As the gate would judge it, and in plain words why not."""
    return certificates.may_harvest(actor, **query)


@blueprint.post(
    "/certificates/proofs",
    needs="certificate:issue",
    takes=schemas.NewProof,
    gives=schemas.IncomingProofOut,
    status=201,
)
def keep_proof(actor: Actor, data: dict[str, Any]) -> Any:
    """Enter the certificate or other proof under which a lot came in from outside the platform."""
    return certificates.keep_proof(actor, **data)


@blueprint.get(
    "/certificates/proofs", needs=READ, query=schemas.CertificatesQuery, gives=page_of(schemas.IncomingProofOut)
)
def list_proofs(actor: Actor, query: dict[str, Any]) -> Page[Any]:
    """Proofs of what came in from outside, newest first."""
    return certificates.proofs_of(actor, **query)


@blueprint.get("/lots/<lot_id>/certificates", needs=READ, gives=schemas.CameWithListOut)
def list_incoming_of_lot(actor: Actor, lot_id: str) -> dict[str, Any]:
    """The certificates and papers under which the goods of a lot came to its owner; none where all was grown there."""
    return {"items": certificates.incoming_of_lot(actor, lot_id)}


@blueprint.get("/lots/shipments/<shipment_id>/certificates", needs=READ, gives=schemas.CameWithListOut)
def list_certificates_of_shipment(actor: Actor, shipment_id: str) -> dict[str, Any]:
    """The certificates that go with a shipment, for both sides."""
    return {"items": certificates.with_shipment(actor, shipment_id)}


@blueprint.post(
    "/gate/overrides", needs="input:override", takes=schemas.NewOverride, gives=schemas.OverrideOut, status=201
)
def vouch_for_input(actor: Actor, data: dict[str, Any]) -> Any:
    """An officer vouches by name for an input the platform does not know; a banned one never passes."""
    return certificates.vouch(actor, **data)


@blueprint.get("/gate/overrides", needs=READ, query=schemas.OverridesQuery, gives=page_of(schemas.OverrideOut))
def list_overrides(actor: Actor, query: dict[str, Any]) -> Page[Any]:
    """What officers vouched for, newest first."""
    return certificates.overrides_of(actor, **query)


@blueprint.get(f"{ONE}/qr.png", needs=READ, gives_file="image/png")
def get_qr_png(actor: Actor, certificate_id: str) -> FileOut:
    """The QR code of the trace page."""
    return FileOut(certificates.qr_png(actor, certificate_id), "image/png", "qr.png")


@blueprint.get(f"{ONE}/qr.svg", needs=READ, gives_file="image/svg+xml")
def get_qr_svg(actor: Actor, certificate_id: str) -> FileOut:
    """The same, scalable."""
    return FileOut(certificates.qr_svg(actor, certificate_id), "image/svg+xml", "qr.svg")


@blueprint.get(f"{ONE}/certificate.pdf", needs=READ, gives_file="application/pdf", limits=PRINTING)
def get_page_pdf(actor: Actor, certificate_id: str) -> FileOut:
    """The certificate as an A4 page."""
    return FileOut(certificates.page_pdf(actor, certificate_id), "application/pdf", "certificate.pdf")


@blueprint.get(f"{ONE}/labels.pdf", needs=READ, query=schemas.SheetQuery, gives_file="application/pdf", limits=PRINTING)
def get_labels_pdf(actor: Actor, query: dict[str, Any], certificate_id: str) -> FileOut:
    """Labels on A4 sheets, 24, 14 or 8 on each."""
    return FileOut(certificates.labels_pdf(actor, certificate_id, **query), "application/pdf", "labels.pdf")


@blueprint.get(f"{ONE}/label.tspl", needs=READ, query=schemas.ThermalQuery, gives_file="application/octet-stream")
def get_label_tspl(actor: Actor, query: dict[str, Any], certificate_id: str) -> FileOut:
    """Bytes for a thermal printer that speaks TSPL, Chinese in GB18030."""
    return FileOut(certificates.label_tspl(actor, certificate_id, **query), "application/octet-stream", "label.tspl")


IMPACT = "/rulebook/versions/<version>/impact"


@blueprint.post(IMPACT, needs="rulebook:review", gives=schemas.ImpactOut, status=202)
def start_impact(actor: Actor, version: str) -> certificates.ImpactFacts:
    """Look at which open batches and lots a rulebook version would judge otherwise; the worker walks over all."""
    return certificates.start_impact(actor, version)


@blueprint.get(IMPACT, needs="rulebook:review", gives=schemas.ImpactOut)
def get_impact(_actor: Actor, version: str) -> certificates.ImpactFacts:
    """How far that look has come, and how much it found."""
    return certificates.impact(version)


@blueprint.get(
    f"{IMPACT}/changes", needs="rulebook:review", query=schemas.ChangesQuery, gives=page_of(schemas.ChangeOut)
)
def list_changes(_actor: Actor, query: dict[str, Any], version: str) -> Page[Any]:
    """The batches and lots that would get another verdict."""
    return certificates.changes(version, **query)
