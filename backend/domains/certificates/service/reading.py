"""Reading certificates and what the gate answered."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from backend.base import ids
from backend.base.actor import Actor, region_path
from backend.base.documents import MAX_FOUND, Page
from backend.base.errors import NotFound
from backend.domains.certificates.models import Certificate, GateDecision
from backend.domains.certificates.service import cases
from backend.domains.certificates.service.facts import CertificateFacts, DecisionFacts, facts_of
from backend.domains.certificates.service.problems import as_problem, as_told
from backend.domains.evidence import service as evidence
from backend.domains.producers import service as producers


def card(certificate_id: str) -> CertificateFacts:
    """For features above, which act for nobody; nothing in it is private. Raises NotFound."""
    return facts_of(row_of(certificate_id))


def row_of(certificate_id: str) -> dict[str, Any]:
    found = Certificate.rows({"producer_id": ids.owner_of(certificate_id), "_id": certificate_id}, limit=1)
    if not found:
        raise NotFound
    return found[0]


def get(actor: Actor, certificate_id: str) -> CertificateFacts:
    """Raises NotFound."""
    producers.door(actor, ids.owner_of(certificate_id), "certificate:read")
    return card(certificate_id)


def proof(actor: Actor, certificate_id: str) -> list[dict[str, Any]]:
    """What proves the certificate offline; the producer's own people also get what is on file. Raises NotFound."""
    producer_id = ids.owner_of(certificate_id)
    producers.door(actor, producer_id, "certificate:read")
    own = producer_id in actor.producers("certificate:issue")
    return evidence.bundles(certificate_id, row_of(certificate_id), public=not own)


def public_proof(certificate_id: str) -> list[dict[str, Any]]:
    """The same for everyone: the content that anyone may read, of the rest hash and place. Raises NotFound."""
    return evidence.bundles(certificate_id, row_of(certificate_id), public=True)


def list_for(
    actor: Actor, *, producer_id: str, lot_id: str | None = None, cursor: str | None = None, size: int = 50
) -> Page[CertificateFacts]:
    """A producer's certificates, newest first. Raises NotFound."""
    producers.door(actor, producer_id, "certificate:read")
    page = Certificate.page(_of(producer_id, lot_id), cursor=cursor, size=size)
    return Page([facts_of(found.to_mongo()) for found in page.items], page.next_cursor)


def on_lots(lot_ids: Sequence[str]) -> list[CertificateFacts]:
    """The certificates on these lots, of any producers, oldest first. For features above, which opened their doors; one
    command a thousand lots."""
    found: list[CertificateFacts] = []
    for start in range(0, len(lot_ids), MAX_FOUND):
        some = list(lot_ids[start : start + MAX_FOUND])
        owners = sorted({ids.owner_of(lot_id) for lot_id in some})
        where = {"producer_id": {"$in": owners}, "lot_id": {"$in": some}}
        found += [facts_of(row) for row in Certificate.every(where, sort=[("created_at", 1)])]
    return found


def cards_after(after: str, size: int) -> list[CertificateFacts]:
    """For walks of the worker over all producers: the next certificates by their id."""
    return [facts_of(row) for row in Certificate.rows({"_id": {"$gt": after}}, limit=size, sort=[("_id", 1)])]


def decisions_of(
    actor: Actor, *, producer_id: str, lot_id: str | None = None, cursor: str | None = None, size: int = 50
) -> Page[DecisionFacts]:
    """What the gate answered this producer, refusals too, newest first. Raises NotFound."""
    producers.door(actor, producer_id, "certificate:read")
    page = GateDecision.page(_of(producer_id, lot_id), cursor=cursor, size=size)
    return Page([decided(found.to_mongo()) for found in page.items], page.next_cursor)


def flagged(actor: Actor, *, region: str, cursor: str | None = None, size: int = 50) -> Page[DecisionFacts]:
    """What the gate pointed out in a region, newest first: lawful, and worth an officer's look. Raises NotFound."""
    if not actor.may("flag:read", region=region):
        raise NotFound
    page = GateDecision.page({"flagged_in": region_path(region)[-1]}, cursor=cursor, size=size)
    return Page([decided(found.to_mongo()) for found in page.items], page.next_cursor)


def _of(producer_id: str, lot_id: str | None) -> dict[str, Any]:
    return {"producer_id": producer_id, **({"lot_id": lot_id} if lot_id else {})}


def decision(actor: Actor, decision_id: str) -> DecisionFacts:
    """One answer, decided again from what was kept: `replays` says whether it comes out the same. Raises NotFound."""
    producer_id = ids.owner_of(decision_id)
    producers.door(actor, producer_id, "certificate:read")
    found = GateDecision.rows({"producer_id": producer_id, "_id": decision_id}, limit=1)
    if not found:
        raise NotFound
    return decided(found[0], replays=cases.again(found[0]) == cases.recalled(found[0]))


def replay_all() -> Iterator[tuple[str, bool]]:
    """Every decision that is kept, decided again: its id, and whether the same came out. A row that cannot be read as a
    case did not come out the same."""
    for row in GateDecision.every({}):
        yield row["_id"], _same(row)


def _same(row: Mapping[str, Any]) -> bool:
    try:
        return cases.again(row) == cases.recalled(row)
    except (KeyError, TypeError, ValueError):
        return False


def decided(row: Mapping[str, Any], *, replays: bool | None = None) -> DecisionFacts:
    said = cases.recalled(row)
    return DecisionFacts(
        id=row["_id"],
        lot_id=row["lot_id"],
        certificate_id=row["certificate_id"] if said.allowed else None,
        allowed=said.allowed,
        refusals=[as_problem(refusal) for refusal in said.refusals],
        flags=said.flags,
        notes=[as_told(note) for note in said.notes],
        checked=said.checked,
        rulebook_version=said.rulebook_version,
        earliest=said.earliest,
        decided_at=row["created_at"],
        replays=replays,
    )
