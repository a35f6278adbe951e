"""Endpoints of batches, the farming log, syncing from a phone, and photos."""

from collections.abc import Mapping
from typing import Any

import marshmallow as ma

from backend.base.actor import Actor
from backend.base.documents import Page
from backend.base.errors import Problem, RuleBroken
from backend.domains.farming import schemas
from backend.domains.farming import service as farming
from backend.http import limits
from backend.http.api import Blueprint, Limit, page_of
from backend.http.errors import describe
from backend.http.proofs import ProofsOut

blueprint = Blueprint("farming", description="生产批次与农事记录")
MAX_ITEMS = 200
ITEM = schemas.SyncItem()


@blueprint.post("/farming/batches", needs="farming:write", takes=schemas.NewBatch, gives=schemas.BatchOut, status=201)
def new_batch(actor: Actor, data: dict[str, Any]) -> farming.BatchFacts:
    """Begin a production batch on your own sites."""
    return farming.new_batch(actor, **data)


@blueprint.get("/farming/batches", needs="farming:read", query=schemas.BatchesQuery, gives=page_of(schemas.BatchOut))
def list_batches(actor: Actor, query: dict[str, Any]) -> Page[farming.BatchFacts]:
    """A producer's batches, newest first."""
    return farming.batches_of(actor, **query)


@blueprint.get("/farming/batches/<batch_id>", needs="farming:read", gives=schemas.BatchOut)
def get_batch(actor: Actor, batch_id: str) -> farming.BatchFacts:
    """One batch."""
    return farming.batch(actor, batch_id)


@blueprint.post(
    "/farming/batches/<batch_id>/state", needs="farming:write", takes=schemas.BatchState, gives=schemas.BatchOut
)
def set_batch_state(actor: Actor, data: dict[str, Any], batch_id: str) -> farming.BatchFacts:
    """Finish a batch, or open it again."""
    return farming.set_state(actor, batch_id=batch_id, **data)


@blueprint.get("/farming/batches/<batch_id>/harvest-window", needs="farming:read", gives=schemas.WindowOut)
def get_window(actor: Actor, batch_id: str) -> dict[str, Any]:
    """The earliest lawful day of harvest as the log stands, and why."""
    return farming.batch_window(actor, batch_id=batch_id)


@blueprint.get(
    "/farming/batches/<batch_id>/records",
    needs="farming:read",
    query=schemas.PageQuery,
    gives=page_of(schemas.RecordOut),
)
def list_records(actor: Actor, query: dict[str, Any], batch_id: str) -> Page[Any]:
    """Every version of every record of a batch, newest entry first."""
    return farming.records_of(actor, batch_id=batch_id, **query)


@blueprint.get("/farming/overview", needs="farming:read", query=schemas.OverviewQuery, gives=schemas.OverviewOut)
def get_overview(actor: Actor, query: dict[str, Any]) -> farming.Overview:
    """A producer's open batches with their windows and newest records, for a home page."""
    return farming.overview(actor, **query)


@blueprint.post(
    "/farming/records", needs="farming:write", takes=schemas.NewRecord, gives=schemas.WrittenOut, status=201
)
def new_record(actor: Actor, data: dict[str, Any]) -> dict[str, Any]:
    """Write one record; sending it again is harmless."""
    return _written(*farming.record(actor, **data))


@blueprint.post(
    "/farming/records/<record_id>/amendments",
    needs="farming:write",
    takes=schemas.NewAmendment,
    gives=schemas.WrittenOut,
    status=201,
)
def amend_record(actor: Actor, data: dict[str, Any], record_id: str) -> dict[str, Any]:
    """A further version of a record; the old one stays visible."""
    return _written(*farming.amend(actor, record_id=record_id, **data))


@blueprint.get("/farming/records/<record_id>/proof", needs="farming:read", gives=ProofsOut)
def get_record_proof(actor: Actor, record_id: str) -> dict[str, Any]:
    """What proves a version of a record offline: its content with salt, and its place under a signed checkpoint."""
    return {"items": farming.proof(actor, record_id)}


@blueprint.post("/farming/records:sync", needs="farming:write", takes=schemas.SyncIn, gives=schemas.SyncOut)
def sync_records(actor: Actor, data: dict[str, Any]) -> dict[str, Any]:
    """Write what a phone kept offline, up to 200 items: each answers created, duplicate or rejected."""
    if len(data["items"]) > MAX_ITEMS:
        raise RuleBroken("too_many_items", field="items", limit=MAX_ITEMS)
    result = farming.sync(actor, items=[_shaped(item) for item in data["items"]], sent_at=data["sent_at"])
    return {
        "items": [_item(one) for one in result.items],
        "batches": result.batches,
        "server_time": result.server_time,
        "clock_skew_seconds": result.clock_skew_seconds,
        "warnings": [describe(warning) for warning in result.warnings],
    }


def _shaped(item: Any) -> dict[str, Any] | Problem:
    """The item if its shape is right, else the problem that its own answer will carry."""
    try:
        loaded: dict[str, Any] = ITEM.load(item)
    except ma.ValidationError as error:
        named = sorted(error.normalized_messages()) if isinstance(error.messages, dict) else []
        client_id = str(item.get("client_id", ""))[:40] if isinstance(item, Mapping) else ""
        return RuleBroken(
            "item_malformed",
            field=named[0] if named else None,
            details=error.messages,
            fields="、".join(named),
            client_id=client_id,
        )
    return loaded


def _item(one: farming.ItemResult) -> dict[str, Any]:
    said = describe(one.problem) if one.problem else {}
    plain = {"client_id": one.client_id, "outcome": one.outcome, "id": one.id, "version": one.version}
    warnings = [describe(warning) for warning in one.warnings]
    return {**said, **plain, "differs": one.differs, "warnings": warnings}


def _written(one: farming.ItemResult, window: dict[str, Any]) -> dict[str, Any]:
    return {"record": _item(one), "window": window}


@blueprint.post(
    "/farming/photos",
    needs="farming:write",
    takes=schemas.PhotoForm,
    uploads=schemas.PhotoFile,
    gives=schemas.PhotoOut,
    status=201,
    limits=(Limit("120 per minute", limits.by_bearer),),
)
def add_photo(actor: Actor, form: dict[str, Any], files: dict[str, Any]) -> Any:
    """A photo for a record, before or after the record itself."""
    return farming.add_photo(actor, data=files["photo"].read(), **form)
