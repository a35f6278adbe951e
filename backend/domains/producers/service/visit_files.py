"""Photos and the signature of a visit: private, sent before or after the visit itself, opened by short signed links."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from backend.base import clock
from backend.base.actor import Actor
from backend.base.documents import MAX_FOUND
from backend.base.errors import Conflict
from backend.domains.accounts import service as accounts
from backend.domains.evidence import service as evidence
from backend.domains.producers import rules
from backend.domains.producers.models import SiteVisit, VisitFile
from backend.domains.producers.service.doors import ProducerFacts
from backend.domains.producers.service.edits import who
from backend.domains.producers.service.private_images import Frame, keep_private, link
from backend.gateways import files

RACES = 2 * rules.MAX_VISIT_PHOTOS  # each is lost to a file that was kept


@dataclass(frozen=True, slots=True)
class FileFacts:
    """`url` and `thumb_url` open the private image for a quarter of an hour."""

    id: str
    visit_id: str
    role: str
    width: int
    height: int
    url: str
    thumb_url: str
    kept_by: str
    created_at: datetime


def keep_file(
    actor: Actor, producer: ProducerFacts, *, file_id: str, visit_id: str, role: str, data: bytes
) -> FileFacts:
    """For those who have passed the visitor's door. The same id gives the same file.

    Raises RuleBroken `too_many_visit_photos` or `visit_signed_already`, Conflict `client_id_used`, and what the files
    gateway says of a bad image.
    """

    def place() -> int:
        return _place(producer.id, visit_id, role)

    def made(image: files.StoredImage) -> VisitFile:
        return VisitFile(
            id=file_id,
            producer_id=producer.id,
            visit_id=visit_id,
            role=role,
            file_id=image.id,
            sha256=image.sha256,
            width=image.width,
            height=image.height,
            kept_by=who(actor),
            created_at=clock.now(),
        )

    def there() -> VisitFile | None:
        return _there(actor, producer.id, file_id)

    if there() is None:
        _check_own(actor, producer.id, visit_id)
    frame = Frame(there, place, made, lambda row: _keep(actor, producer, row), RACES)
    return facts_of(keep_private(data, frame))


def _check_own(actor: Actor, producer_id: str, visit_id: str) -> None:
    visit = SiteVisit.find_one({"_id": visit_id, "producer_id": producer_id})
    if visit is not None and visit.visited_by != who(actor):
        raise Conflict("client_id_used", field="visit_client_id")


def _there(actor: Actor, producer_id: str, file_id: str) -> VisitFile | None:
    found = VisitFile.find_one({"_id": file_id, "producer_id": producer_id})
    if found is not None and found.kept_by != who(actor):
        raise Conflict("client_id_used", field="client_id")
    return found


def _place(producer_id: str, visit_id: str, role: str) -> int:
    where = {"producer_id": producer_id, "visit_id": visit_id, "role": role}
    rows = VisitFile.rows(where, ("place",), limit=rules.MAX_VISIT_PHOTOS)
    return rules.free_place(role, [row["place"] for row in rows])


def _keep(actor: Actor, producer: ProducerFacts, made: VisitFile) -> None:
    VisitFile.insert([made])
    evidence.append([evidence.Leaf("visit.file", made.id, producer.id, made.to_mongo())])
    subjects = [made.id, made.visit_id]
    accounts.note(actor, "visit.file", subjects=subjects, producer_id=producer.id, region=producer.region)


def files_of(producer_id: str, visit_ids: Sequence[str]) -> dict[str, list[FileFacts]]:
    """By visit, in the order they came; one command."""
    where: dict[str, Any] = {"producer_id": producer_id, "visit_id": {"$in": list(visit_ids)}}
    found: dict[str, list[FileFacts]] = {}
    for row in sorted(VisitFile.find(where, limit=MAX_FOUND), key=lambda row: (row.created_at, row.id)):
        found.setdefault(row.visit_id, []).append(facts_of(row))
    return found


def facts_of(row: VisitFile) -> FileFacts:
    return FileFacts(
        id=row.id,
        visit_id=row.visit_id,
        role=row.role,
        width=row.width,
        height=row.height,
        url=link(row.file_id, "full"),
        thumb_url=link(row.file_id, "thumb"),
        kept_by=row.kept_by,
        created_at=row.created_at,
    )
