"""Ordering a recall or a drill, following it, closing it. The order is one small transaction: from its commit on the
gate refuses whatever comes of what is recalled; the worker then finds and tells everything (`spreading`)."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from backend.base import clock, events, ids, store, vocab
from backend.base.actor import Actor, region_path, region_prefix
from backend.base.documents import Duplicate, Page
from backend.base.errors import BadRequest, Conflict, NotFound, RuleBroken
from backend.domains.accounts import service as accounts
from backend.domains.evidence import service as evidence
from backend.domains.farming import service as farming
from backend.domains.lots import service as lots
from backend.domains.producers import service as producers
from backend.domains.testing import service as testing
from backend.domains.tracing.models import Recall, RecallLot
from backend.domains.tracing.service.recall_news import RecallClosed, RecallOrdered

ORDER, READ = "recall:order", "recall:read"
OPEN = ("ordered", "spreading", "spread")
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Target:
    """What a recall begins with: `kind` is a code of `recall_targets`; `region` bounds an input's recall."""

    kind: str
    id: str
    region: str | None
    window: lots.Window


def order(
    actor: Actor,
    *,
    client_id: str,
    target: str,
    target_id: str,
    reason: str,
    drill: bool = False,
    region: str | None = None,
    since: date | None = None,
    until: date | None = None,
    note: str = "",
) -> Recall:
    """Recall everything that came of a lot, a test's lot, a site, a producer or a registered input, wherever it went;
    a drill only finds it and takes the time. `since`, `until` bound the days of harvest or arrival; not of one lot.

    A repeated client id answers what is there. Raises NotFound, BadRequest, Conflict, RuleBroken.
    """
    if actor.account_id is None or not ids.CLIENT_ID.match(client_id):
        raise BadRequest("client_id_malformed", field="client_id")
    if since and until and since > until:
        raise RuleBroken("recall_window_wrong", field="since")
    recall_id = f"{actor.account_id}.{client_id}"
    digest = _digest(target, target_id, reason, drill, region, since, until, note)
    if (there := _before(recall_id, digest)) is not None:
        return there
    window = lots.Window() if target in ("lot", "test") else lots.Window(since, until)
    keys, place = _resolved(actor, Target(target, target_id, region, window))
    made = Recall(
        id=recall_id,
        drill=drill,
        target=target,
        target_id=target_id,
        region=place,
        regions=region_path(place),
        since=window.since.isoformat() if window.since else None,
        until=window.until.isoformat() if window.until else None,
        reason=reason,
        note=note,
        state="ordered",
        working=True,
        by=actor.account_id,
        digest=digest,
        created_at=clock.now(),
    )
    try:
        store.transaction(lambda: _keep(actor, made, keys, window))
    except Duplicate:
        return _before(recall_id, digest) or made
    return made


def _digest(*said: object) -> str:
    return hashlib.sha256(json.dumps(said, default=str).encode()).hexdigest()


def _before(recall_id: str, digest: str) -> Recall | None:
    there = Recall.find_one({"_id": recall_id})
    if there is not None and there.digest != digest:
        raise Conflict("client_id_reused", field="client_id")
    return there


def _keep(actor: Actor, made: Recall, keys: Sequence[str], window: lots.Window) -> None:
    Recall.insert([made])
    if not made.drill:
        lots.mark(made.id, keys, reason=made.reason, window=window)
    ordered = evidence.Leaf("recall.order", made.id, None, made.to_mongo())
    evidence.append([ordered, evidence.Leaf("recall.marks", made.id, None, {"drill": made.drill, "keys": list(keys)})])
    action = "recall.drill" if made.drill else "recall.order"
    accounts.note(actor, action, subjects=[made.id, made.target_id], region=made.region)
    if not made.drill:
        events.publish(RecallOrdered(made.id, made.region, made.target, made.reason))


def _resolved(actor: Actor, target: Target) -> tuple[list[str], str]:
    """(the keys of its marks, the region it belongs to), through the scoped door of the target. Raises NotFound."""
    if target.kind == "input":
        return _by_input(actor, target)
    if target.kind == "producer":
        place = producers.door(actor, target.id, ORDER).region
        return [f"producer:{target.id}"], place
    place = producers.door(actor, ids.owner_of(target.id), ORDER).region
    if target.kind == "site":
        found = [f"batch:{one}" for one in farming.batches_on(target.id)]
    else:
        lot_id = testing.lot_of(target.id) if target.kind == "test" else target.id
        found = [f"lot:{lots.facts(lot_id).id}"]
    if not found:
        raise RuleBroken("recall_nothing_found", field="target_id")
    return found, place


def _by_input(actor: Actor, target: Target) -> tuple[list[str], str]:
    """Batches of a region on which the input was used. The goods themselves are followed wherever they went."""
    region = target.region or ""
    if not region or not actor.may(ORDER, region=region):
        raise NotFound
    accounts.check_region(region, levels=("province", "city", "county", "township"))
    found = [f"batch:{one}" for one in batches_within(target.id, region)]
    if not found:
        raise RuleBroken("recall_nothing_found", field="target_id")
    return found, region


def batches_within(registration_no: str, region: str, among: Sequence[str] | None = None) -> list[str]:
    """The batches of a region, or of some of its batches, on which the input was used."""
    used = farming.batches_using(registration_no, among)
    owners = sorted({ids.owner_of(batch_id) for batch_id in used})
    prefix = region_prefix(region)
    inside = {one.id for one in named(owners) if region_prefix(one.region).startswith(prefix)}
    return [batch_id for batch_id in used if ids.owner_of(batch_id) in inside]


def named(producer_ids: Sequence[str]) -> list[producers.Named]:
    """What these producers are called, a thousand at a time."""
    cuts = range(0, len(producer_ids), 1000)
    return [one for start in cuts for one in producers.names(producer_ids[start : start + 1000])]


def recall(actor: Actor, recall_id: str, permission: str = READ) -> Recall:
    """A recall, for officers of the region that ordered it and of those where the goods are. Raises NotFound."""
    found = Recall.find_one({"_id": recall_id})
    if found is None or not any(_sees(actor, permission, region) for region in found.regions):
        raise NotFound
    return found


def _sees(actor: Actor, permission: str, region: str) -> bool:
    """Regions are kept as paths; only their ends count, so that a province's officer alone sees the whole of one."""
    return any(region.startswith(prefix) for prefix in actor.regions(permission)) or actor.kind == "system"


def recalls_of(actor: Actor, *, region: str, cursor: str | None = None, size: int = 50) -> Page[Recall]:
    """What was recalled in a region, or reached it, newest first. Raises NotFound."""
    if not actor.may(READ, region=region):
        raise NotFound
    return Recall.page({"regions": region_path(region)[-1]}, cursor=cursor, size=size)


def lots_in(actor: Actor, *, recall_id: str, cursor: str | None = None, size: int = 100) -> Page[dict[str, Any]]:
    """The lots it reaches, each with its holder's name, in the order of their ids. Raises NotFound."""
    found = recall(actor, recall_id)
    where = {"recall_id": found.id, "_id": {"$gt": f"{found.id}~{cursor or ''}"}}
    rows = RecallLot.rows(where, limit=size + 1, sort=[("_id", 1)])
    shown = [_shown(row) for row in rows[:size]]
    names = {one.id: one for one in named(sorted({row["producer_id"] for row in shown}))}
    for row in shown:
        holder = names[row["producer_id"]]
        row |= {"holder": holder.name, "region": holder.region}
    return Page(shown, str(shown[-1]["lot_id"]) if len(rows) > size else None)


def _shown(row: Row) -> dict[str, Any]:
    return {name: row.get(name) for name in RecallLot._fields if name != "id"}


def close(actor: Actor, *, recall_id: str, note: str, now: datetime | None = None) -> Recall:
    """End it with a word on what became of the goods; what is recalled stays so. Raises NotFound, RuleBroken."""
    found = recall(actor, recall_id, ORDER)
    if not actor.may(ORDER, region=found.region):
        raise NotFound
    if found.state == "closed":
        return found
    said = {"note": note, "by": actor.account_id or actor.name}
    change = {"state": "closed", "closed_at": now or clock.now(), "closing": said}

    def body() -> None:
        if not Recall.update_one({"_id": found.id, "state": "spread"}, {"$set": change}):
            raise RuleBroken("recall_not_spread")
        evidence.append([evidence.Leaf("recall.close", found.id, None, said)])
        accounts.note(actor, "recall.close", subjects=[found.id], region=found.region)
        if not found.drill:
            events.publish(RecallClosed(found.id, found.region))

    store.transaction(body)
    return Recall.find_one({"_id": found.id}) or found


def words_of(found: Recall) -> str:
    """What was recalled, for people: 产品批次 …"""
    return f"{vocab.label('recall_targets', found.target)} {found.target_id}"
