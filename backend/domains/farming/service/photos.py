"""Photos of the log: kept once a client id, before or after the record they belong to."""

from collections.abc import Sequence

from backend import gateways
from backend.base import clock, events, ids
from backend.base.actor import Actor
from backend.base.documents import MAX_FOUND
from backend.base.errors import RuleBroken
from backend.domains.accounts import service as accounts
from backend.domains.evidence import service as evidence
from backend.domains.farming.models import MAX_PHOTOS, FarmingRecord, RecordPhoto
from backend.domains.farming.service.news import RecordsChanged
from backend.domains.producers import service as producers
from backend.gateways import files


def add_photo(
    actor: Actor, *, producer_id: str, client_id: str, record_client_id: str, data: bytes, public: bool = True
) -> RecordPhoto:
    """Keep a photo for the record of that client id, which may not have arrived yet.

    Raises RuleBroken `too_many_photos`, and what the files gateway says of a bad image.
    """
    producers.door(actor, producer_id, "farming:write")
    photo_id, record_id = ids.owned(producer_id, client_id), ids.owned(producer_id, record_client_id)
    if there := _there(producer_id, photo_id):
        return there
    if len(photo_ids(producer_id, [record_id]).get(record_id, ())) >= MAX_PHOTOS:
        raise RuleBroken("too_many_photos", limit=MAX_PHOTOS)
    stored = gateways.current().files
    image = stored.keep_image(data, public=public)
    photo = RecordPhoto(
        id=photo_id,
        producer_id=producer_id,
        record_id=record_id,
        file_id=image.id,
        sha256=image.sha256,
        width=image.width,
        height=image.height,
        public=public,
        created_by=actor.account_id or actor.name,
        created_at=clock.now(),
    )
    return files.keep_with_row(
        stored, photo, keep=lambda row: _keep(actor, row), there=lambda: _there(producer_id, photo_id)
    )


def _there(producer_id: str, photo_id: str) -> RecordPhoto | None:
    return RecordPhoto.find_one({"producer_id": producer_id, "_id": photo_id})


def _keep(actor: Actor, photo: RecordPhoto) -> None:
    RecordPhoto.insert([photo])
    evidence.append([evidence.Leaf("farming.photo", photo.id, photo.producer_id, photo.to_mongo())])
    accounts.note(actor, "farming.photo", subjects=[photo.id, photo.record_id], producer_id=photo.producer_id)
    where = {"producer_id": photo.producer_id, "_id": photo.record_id}
    for row in FarmingRecord.rows(where, ["batch_id"], limit=1):
        events.publish(RecordsChanged(row["batch_id"], photo.producer_id))


def photo_ids(producer_id: str, record_ids: Sequence[str], *, public_only: bool = False) -> dict[str, list[str]]:
    """File ids by record id, in the order they came; one command."""
    where = {"producer_id": producer_id, "record_id": {"$in": list(record_ids)}}
    rows = RecordPhoto.rows(where, ["record_id", "file_id", "public", "created_at"], limit=MAX_FOUND)
    found: dict[str, list[str]] = {}
    for row in sorted(rows, key=lambda row: (row["created_at"], row["_id"])):
        if row["public"] or not public_only:
            found.setdefault(row["record_id"], []).append(row["file_id"])
    return found
