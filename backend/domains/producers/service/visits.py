"""An officer's site visit 实地核验: kept once, with its distance to the declared land. It decides nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from backend.base import clock, ids
from backend.base.actor import Actor
from backend.base.documents import MAX_FOUND, Page, settled
from backend.base.errors import Conflict, RuleBroken
from backend.domains.accounts import service as accounts
from backend.domains.evidence import service as evidence
from backend.domains.producers import rules
from backend.domains.producers.models import Declaration, Site, SiteVisit
from backend.domains.producers.service.doors import ProducerFacts, door, reading_door
from backend.domains.producers.service.edits import owned, who
from backend.domains.producers.service.visit_files import FileFacts, files_of, keep_file


@dataclass(frozen=True, slots=True)
class VisitFacts:
    """`distance_m`: to the producer's nearest site as it was then; None without a position or a site."""

    id: str
    client_id: str
    producer_id: str
    declaration_id: str | None
    visited_on: str
    device_time: datetime | None
    position: Mapping[str, float | None] | None
    findings: str
    outcome: str
    distance_m: int | None
    files: Sequence[FileFacts]
    visited_by: str
    created_at: datetime


def record_visit(
    actor: Actor,
    producer_id: str,
    *,
    client_id: str,
    visited_on: date,
    outcome: str,
    declaration_id: str | None = None,
    device_time: datetime | None = None,
    position: Mapping[str, float | None] | None = None,
    findings: str = "",
) -> VisitFacts:
    """Keep a visit; the same client id gives the same visit. `position` holds `lon`, `lat`, `accuracy_m`.

    Raises NotFound, RuleBroken `own_visit`, `visit_in_future`, `coordinates_*`, Conflict `client_id_used`.
    """
    producer = visitor_door(actor, producer_id)
    rules.check_visited(visited_on, today=clock.today())
    visit = SiteVisit(
        id=ids.owned(producer.id, client_id),
        producer_id=producer.id,
        declaration_id=declaration_id,
        visited_on=visited_on.isoformat(),
        device_time=device_time,
        findings=findings,
        outcome=outcome,
        visited_by=who(actor),
        created_at=clock.now(),
        **_stood(producer.id, position),
    )
    kept = settled(lambda: _keep(actor, producer, visit))
    return _facts(kept, files_of(producer.id, [kept.id]).get(kept.id, ()))


def visitor_door(actor: Actor, producer_id: str) -> ProducerFacts:
    """The producer, for an officer in charge who is not one of its own people. Raises NotFound, RuleBroken."""
    producer = door(actor, producer_id, "declaration:review")
    if {producer.id, producer.managed_by} & set(actor.producers("declaration:submit")):
        raise RuleBroken("own_visit")
    return producer


def _stood(producer_id: str, position: Mapping[str, float | None] | None) -> dict[str, Any]:
    if position is None:
        return {}
    lon, lat = rules.standpoint(float(position["lon"] or 0), float(position["lat"] or 0))
    rows = Site.rows({"producer_id": producer_id}, ("geometry",), limit=MAX_FOUND)
    stood = {"lon": lon, "lat": lat, "accuracy_m": position.get("accuracy_m")}
    return {"position": stood, "distance_m": rules.distance_m(lon, lat, [row["geometry"] for row in rows])}


def _keep(actor: Actor, producer: ProducerFacts, visit: SiteVisit) -> SiteVisit:
    there = SiteVisit.find_one({"_id": visit.id, "producer_id": producer.id})
    if there is not None:
        if there.visited_by != visit.visited_by:
            raise Conflict("client_id_used", field="client_id")
        return there
    if visit.declaration_id:
        owned(Declaration, producer.id, visit.declaration_id)
    SiteVisit.insert([visit])
    evidence.append([evidence.Leaf("visit", visit.id, producer.id, visit.to_mongo())])
    accounts.note(actor, "visit.record", subjects=[visit.id], producer_id=producer.id, region=producer.region)
    return visit


def add_visit_file(
    actor: Actor, producer_id: str, *, client_id: str, visit_client_id: str, role: str, data: bytes
) -> FileFacts:
    """Keep a photo or the signature for the visit of that client id, which may not have arrived yet.

    Raises NotFound, RuleBroken `own_visit`, and as `keep_file`.
    """
    producer = visitor_door(actor, producer_id)
    file_id, visit_id = ids.owned(producer.id, client_id), ids.owned(producer.id, visit_client_id)
    return keep_file(actor, producer, file_id=file_id, visit_id=visit_id, role=role, data=data)


def visits_of(actor: Actor, producer_id: str, *, cursor: str | None = None, size: int = 50) -> Page[VisitFacts]:
    """The producer's visits, newest first, for its own people and the officers in charge."""
    reading_door(actor, producer_id)
    page = SiteVisit.page({"producer_id": producer_id}, cursor=cursor, size=size)
    files = files_of(producer_id, [visit.id for visit in page.items])
    return Page([_facts(visit, files.get(visit.id, ())) for visit in page.items], page.next_cursor)


def _facts(visit: SiteVisit, files: Sequence[FileFacts]) -> VisitFacts:
    return VisitFacts(
        id=visit.id,
        client_id=ids.client_part(visit.id),
        producer_id=visit.producer_id,
        declaration_id=visit.declaration_id,
        visited_on=visit.visited_on,
        device_time=visit.device_time,
        position=dict(visit.position) if visit.position else None,
        findings=visit.findings,
        outcome=visit.outcome,
        distance_m=visit.distance_m,
        files=[one for one in files if one.kept_by == visit.visited_by],  # the id may have been used by another, too
        visited_by=visit.visited_by,
        created_at=visit.created_at,
    )
