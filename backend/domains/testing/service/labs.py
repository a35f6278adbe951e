"""Laboratories and what they are accredited for: entered by the operator from the province's list, never edited."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from backend.base import clock, ids, store, vocab
from backend.base.actor import Actor
from backend.base.documents import MAX_FOUND, Duplicate, Page
from backend.base.errors import NotFound, RuleBroken
from backend.domains.accounts import service as accounts
from backend.domains.evidence import service as evidence
from backend.domains.testing import rules
from backend.domains.testing.models import Accreditation, Laboratory


def new_lab(
    actor: Actor,
    *,
    client_id: str,
    name: str,
    region: str,
    source: str,
    catl_no: str | None = None,
    cma_no: str | None = None,
) -> Laboratory:
    """Enter a laboratory; the same client id of the same account answers what is there. Raises NotFound elsewhere."""
    if not actor.may("lab:manage", region=region):
        raise NotFound
    made = Laboratory(
        id=ids.owned(actor.account_id or actor.name, client_id),
        name=name,
        region=region,
        catl_no=catl_no,
        cma_no=cma_no,
        source=source,
        entered_by=actor.account_id or actor.name,
        created_at=clock.now(),
    )
    try:
        store.transaction(lambda: _enter(actor, made))
    except Duplicate:
        return lab(str(made.id))
    return made


def _enter(actor: Actor, made: Laboratory) -> None:
    Laboratory.insert([made])
    evidence.append([evidence.Leaf("lab", made.id, None, made.to_mongo())])
    accounts.note(actor, "lab.enter", subjects=[made.id], region=made.region)


def lab(lab_id: str) -> Laboratory:
    """Raises NotFound."""
    found = Laboratory.find_one({"_id": lab_id})
    if found is None:
        raise NotFound("lab_unknown", field="lab_id")
    return found


def labs(*, region: str | None = None, cursor: str | None = None, size: int = 50) -> Page[Laboratory]:
    """Laboratories, newest first; `region` exactly."""
    return Laboratory.page({"region": region} if region else {}, cursor=cursor, size=size)


def accreditations(lab_id: str, *, cursor: str | None = None, size: int = 50) -> Page[Accreditation]:
    """What a laboratory is accredited for, newest entry first. Raises NotFound."""
    return Accreditation.page({"lab_id": lab(lab_id).id}, cursor=cursor, size=size)


def accredit(actor: Actor, lab_id: str, *, items: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """Add to what a laboratory is accredited for; answers how many were new. Raises NotFound, RuleBroken."""
    known = _own(actor, lab_id)
    matrices = {"*", *vocab.get("crops").codes, *vocab.get("crop_classes").codes}
    made = {one.id: one for one in (_accreditation(actor, known, item, matrices) for item in items)}
    where = {"lab_id": known.id, "_id": {"$in": list(made)}}
    there = {row["_id"] for row in Accreditation.rows(where, ["_id"], limit=MAX_FOUND)}
    fresh = [one for name, one in made.items() if name not in there]
    if fresh:
        store.transaction(lambda: _keep(actor, known, fresh))
    return {"added": len(fresh), "known": len(made) - len(fresh)}


def _own(actor: Actor, lab_id: str) -> Laboratory:
    known = lab(lab_id)
    if not actor.may("lab:manage", region=known.region):
        raise NotFound
    return known


def _accreditation(actor: Actor, known: Laboratory, item: Mapping[str, Any], matrices: set[str]) -> Accreditation:
    days = {"valid_from": item["valid_from"], "valid_to": item["valid_to"]}
    rules.check_scope(matrix=item["matrix"], matrices=matrices, **days)
    said = [item["analyte"], item["matrix"], item["certificate_no"], *(day.isoformat() for day in days.values())]
    return Accreditation(
        id=f"{known.id}.{hashlib.sha256('|'.join(said).encode()).hexdigest()[:16]}",
        lab_id=known.id,
        analyte=item["analyte"],
        matrix=item["matrix"],
        method=item.get("method", ""),
        certificate_no=item["certificate_no"],
        valid_from=item["valid_from"].isoformat(),
        valid_to=item["valid_to"].isoformat(),
        entered_by=actor.account_id or actor.name,
        created_at=clock.now(),
    )


def _keep(actor: Actor, known: Laboratory, fresh: Sequence[Accreditation]) -> None:
    Accreditation.insert(fresh)
    evidence.append([evidence.Leaf("lab.accreditation", one.id, None, one.to_mongo()) for one in fresh])
    accounts.note(actor, "lab.accredit", subjects=[known.id], region=known.region)


def end_accreditation(
    actor: Actor, lab_id: str, *, accreditation_id: str, ended_on: date, reason: str
) -> Accreditation:
    """It was taken away: from that day on it no longer counts. Once; the same again answers what is there.

    Raises NotFound, RuleBroken `accreditation_ended`.
    """
    known = _own(actor, lab_id)
    where = {"lab_id": known.id, "_id": accreditation_id}
    change = {"ended_on": ended_on.isoformat(), "end_reason": reason}
    store.transaction(lambda: _end(actor, known, where, change))
    there = Accreditation.find_one(where)
    if there is None:
        raise NotFound
    if there.ended_on != change["ended_on"]:
        raise RuleBroken("accreditation_ended", day=there.ended_on)
    return there


def _end(actor: Actor, known: Laboratory, where: Mapping[str, Any], change: Mapping[str, str]) -> None:
    if not Accreditation.update_one({**where, "ended_on": None}, {"$set": dict(change)}):
        return
    evidence.append([evidence.Leaf("lab.accreditation_end", where["_id"], None, {**where, **change})])
    accounts.note(actor, "lab.accreditation_end", subjects=[where["_id"]], region=known.region)


def scopes(lab_ids: Iterable[str], analytes: Iterable[str]) -> list[dict[str, Any]]:
    """What these laboratories are accredited for among these analytes, as rows; one command, none for none."""
    labs_wanted, wanted = sorted(set(lab_ids)), sorted(set(analytes))
    if not labs_wanted or not wanted:
        return []
    return list(Accreditation.every({"lab_id": {"$in": labs_wanted}, "analyte": {"$in": wanted}}))
