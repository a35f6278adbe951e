"""What is printed of a certificate: QR codes, the A4 page, sheets of labels, bytes for thermal printers."""

from collections.abc import Mapping
from typing import Any

from backend import gateways
from backend.base import ids, vocab
from backend.base.actor import Actor
from backend.base.errors import RuleBroken
from backend.domains.certificates.service.facts import CertificateFacts, facts_of
from backend.domains.certificates.service.reading import row_of
from backend.domains.producers import service as producers
from backend.gateways import labels, qrcode
from backend.gateways.keys import jws

BRIEF = ("product", "quantity", "subject", "issued_at")


def qr_png(actor: Actor, certificate_id: str) -> bytes:
    return qrcode.png(_card(actor, certificate_id, labelled=True).url)


def qr_svg(actor: Actor, certificate_id: str) -> bytes:
    return qrcode.svg(_card(actor, certificate_id, labelled=True).url)


def page_pdf(actor: Actor, certificate_id: str) -> bytes:
    """The certificate as an A4 page; a void one is stamped 作废."""
    return labels.certificate_pdf(_card(actor, certificate_id))


def labels_pdf(actor: Actor, certificate_id: str, *, layout: str, count: int) -> bytes:
    """Sheets of labels. Raises RuleBroken `certificate_void_no_labels`."""
    return labels.label_sheet_pdf(_card(actor, certificate_id, labelled=True), count, layout)


def label_tspl(actor: Actor, certificate_id: str, *, size: str, copies: int) -> bytes:
    """A thermal print job. Raises RuleBroken `certificate_void_no_labels`."""
    return labels.tspl(_card(actor, certificate_id, labelled=True), size, copies)


def _card(actor: Actor, certificate_id: str, *, labelled: bool = False) -> labels.Card:
    producer = producers.door(actor, ids.owner_of(certificate_id), "certificate:read")
    row = row_of(certificate_id)
    known = facts_of(row)
    if labelled and known.state == "void":
        raise RuleBroken("certificate_void_no_labels")
    own = actor.may("certificate:issue", region=producer.region, producer_id=producer.id) or (
        producer.managed_by is not None and actor.may("certificate:issue", producer_id=producer.managed_by)
    )
    return _printed(row, _fields(row, in_full=own))


def _fields(row: Mapping[str, Any], *, in_full: bool) -> dict[str, tuple[str, str]]:
    """Label and value by code. In full for the producer's own people, who hand the paper out under their name; for all
    others as on the public page."""
    fields = {one["code"]: (one["label"], one["value"]) for one in row["card"]["fields"]}
    if in_full:
        full = {"subject": row["subject"], "contact": producers.open_phone(row["contact_sealed"])}
        fields |= {code: (fields[code][0], value) for code, value in full.items() if code in fields}
    return fields


def _printed(row: Mapping[str, Any], fields: Mapping[str, tuple[str, str]]) -> labels.Card:
    known, card = facts_of(row), row["card"]
    notices = vocab.get("certificate_notices")
    return labels.Card(
        title=card["title"],
        lead=card["lead"],
        commitments=tuple(card["commitments"]),
        bases=tuple((one["zh"], one["checked"]) for one in card["bases"]),
        fields=tuple(fields.values()),
        url=known.url,
        number=known.number,
        brief=tuple(fields[code][1] for code in BRIEF if code in fields),
        watermark=_watermark(known.state, known.flags),
        notes=tuple(notices[flag].zh for flag in known.flags if flag in notices),
        proof=_proof(known),
    )


def _proof(known: CertificateFacts) -> str:
    """What the second code says: the check page's address with the whole signature behind the `#`, which no browser
    sends anywhere. Nothing on a void or unsigned certificate."""
    if known.proof is None or known.state == "void":
        return ""
    return f"{gateways.current().settings.public_base_url}/verify#{jws.to_digits(known.proof)}"


def _watermark(state: str, flags: tuple[str, ...]) -> str:
    return "作废" if state == "void" else "示例" if "example_inputs" in flags else ""
