"""Filing: anyone may, and of who wants to be nobody nothing is kept."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from backend import gateways
from backend.base import clock, ids, store, vocab
from backend.base.actor import Actor, region_path
from backend.base.documents import Duplicate
from backend.base.errors import BadRequest, Problem, RuleBroken
from backend.domains.accounts import service as accounts
from backend.domains.complaints import rules
from backend.domains.complaints.models import MAX_PHOTOS, Complaint, ComplaintEntry, Receipt
from backend.domains.complaints.service import checking
from backend.domains.complaints.service.facts import Filed
from backend.domains.complaints.service.steps import started, writer
from backend.domains.evidence import service as evidence
from backend.domains.tracing import service as tracing

CONTACT = "complaint-contact"


def puzzle(nonce: str | None = None) -> str:
    """What a page or a client needs before it files: good for two hours and for one complaint. A `nonce` of one's own
    (20 letters or digits) makes filing repeatable, as the demonstration does; no endpoint takes one."""
    return rules.challenge(nonce or ids.token(20), clock.now(), gateways.current().settings.link_secret)


def receipt_key(receipt: str) -> str:
    return gateways.current().secrets.keyed_hash("complaint-receipt", ids.normal_trace_code(rules.typed(receipt[:64])))


def grouped(receipt: str) -> str:
    return "-".join(receipt[at : at + 4] for at in range(0, len(receipt), 4))


def file(
    actor: Actor,
    *,
    puzzle: str,
    kind: str,
    category: str,
    identity: str,
    text: str,
    region: str,
    answer: str = "",
    place: str = "",
    trace_code: str | None = None,
    contact: str = "",
    wechat_code: str | None = None,
    photos: Sequence[bytes] = (),
) -> Filed:
    """Keep a complaint and give its receipt; the same form sent twice is one complaint with one receipt.

    Without an answer to the puzzle it goes by the slow lane and waits for a person to look at it first. Raises
    BadRequest `challenge_invalid`, RuleBroken, and what the files gateway says of a bad picture.
    """
    receipt = _receipt_for(puzzle)
    _check(identity, contact, photos)
    if (there := _filed_before(receipt)) is not None:
        return there
    openid, unasked = _person(wechat_code)
    made = Complaint(
        id=ids.token(),
        kind=kind,
        category=category,
        identity=identity,
        text=text,
        place=place,
        region=accounts.check_region(region, levels=("county", "township")).code,
        region_path=region_path(region),
        review=unasked or _doubtful(text, openid),
        contact_sealed=gateways.current().secrets.seal(CONTACT, contact) if contact else None,
        account_id=actor.account_id if identity != "anonymous" else None,
        **_subject(trace_code),
        **_begun(fast=rules.solves(puzzle, answer)),
    )
    made.photos = keep_photos(photos)
    if not _kept(actor, made, receipt):  # the second click of two at once
        return _filed_before(receipt) or _told(receipt, made.to_mongo())
    if openid:
        checking.ask(openid, made.id, made.photos)
    return _told(receipt, made.to_mongo())


def _receipt_for(puzzle: str) -> str:
    secret = gateways.current().settings.link_secret
    if not rules.is_ours(puzzle, clock.now(), secret):
        raise BadRequest("challenge_invalid", field="puzzle")
    return rules.receipt(puzzle, secret)


def _begun(*, fast: bool) -> dict[str, Any]:
    """Where a complaint begins: at once in the queue, or held until a person has looked."""
    clocks = started("accept" if fast else "held", clock.today())
    return {"state": "submitted" if fast else "held", "open": True, "entries": 1, "created_at": clock.now(), **clocks}


def _kept(actor: Actor, made: Complaint, receipt: str) -> bool:
    """Whether it was the first of its receipt; photos of what is not kept are dropped."""
    try:
        store.transaction(lambda: _keep(actor, made, receipt))
    except Duplicate:
        drop_photos(made.photos)
        return False
    except Exception:
        drop_photos(made.photos)
        raise
    return True


def _check(identity: str, contact: str, photos: Sequence[bytes]) -> None:
    if identity == "anonymous" and contact:
        raise RuleBroken("contact_unwanted", field="contact")
    if identity != "anonymous" and not contact:
        raise RuleBroken("contact_missing", field="contact")
    if len(photos) > MAX_PHOTOS:
        raise RuleBroken("too_many_files", field="photos", limit=MAX_PHOTOS)


def _filed_before(receipt: str) -> Filed | None:
    known = Receipt.find_one({"_id": receipt_key(receipt)})
    row = Complaint.rows({"_id": known.complaint_id}, limit=1) if known else []
    return _told(receipt, row[0]) if row else None


def _told(receipt: str, row: Any) -> Filed:
    return Filed(grouped(receipt), row["state"], date.fromisoformat(row["due_on"]) if row["due_on"] else None)


def _subject(trace_code: str | None) -> dict[str, Any]:
    """The code as it was typed, and the producer behind it when it is one of ours."""
    code = ids.normal_trace_code(trace_code or "")[:40]
    found = tracing.subject_of(code) if code else None
    return {"trace_code": code or None, "producer_id": found[0] if found else None}


def _person(wechat_code: str | None) -> tuple[str | None, bool]:
    """Whom WeChat knows, for its content check and for nothing else; and whether it could not be asked."""
    if not wechat_code:
        return None, False
    try:
        return gateways.current().wechat.code_to_session(wechat_code).openid, False
    except Problem:
        return None, True


def _doubtful(text: str, openid: str | None) -> bool:
    """Local words, and WeChat's own check when there is somebody it knows; when it cannot be asked, a person looks."""
    if rules.watched(text, (word.zh for word in vocab.get("watched_words"))):
        return True
    try:
        return openid is not None and gateways.current().wechat.check_text(openid, text) != "pass"
    except Problem:
        return True


def keep_photos(photos: Sequence[bytes]) -> list[str]:
    """Cleaned and private; all or none."""
    kept: list[str] = []
    try:
        for data in photos:
            kept.append(gateways.current().files.keep_image(data, public=False).id)
    except Exception:
        drop_photos(kept)
        raise
    return kept


def drop_photos(file_ids: Sequence[str]) -> None:
    for one in file_ids:
        gateways.current().files.delete(one)


def _keep(actor: Actor, made: Complaint, receipt: str) -> None:
    Receipt.insert([Receipt(id=receipt_key(receipt), complaint_id=made.id)])
    Complaint.insert([made])
    row, first = made.to_mongo(), _first_entry(made)
    ComplaintEntry.insert([first])
    steps = evidence.Leaf("complaint.step", first.id, None, first.to_mongo())
    evidence.append([evidence.Leaf("complaint.filed", made.id, None, row), steps])
    accounts.note(writer(actor, row, "reporter"), "complaint.file", subjects=[made.id], region=made.region)


def _first_entry(made: Complaint) -> ComplaintEntry:
    said = {"step": "filed", "by": "reporter", "state": made.state, "region": made.region}
    return ComplaintEntry(id=ids.token(), complaint_id=made.id, created_at=made.created_at, **said)
