"""Pages of recalls for officers: what was recalled in their regions, the tree of one, its progress, the drill button.

The same login as the desk's; no JavaScript: a page under way loads itself again.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, Response, request

from backend.base import ids, vocab
from backend.base.actor import Actor
from backend.base.errors import NotFound, Problem, RuleBroken
from backend.domains.tracing import service as tracing
from backend.http.limits import limiter
from backend.web import desk, site

blueprint = Blueprint("recalls", __name__)
site.fail_kindly(blueprint)
MOST_SHOWN = 300
LISTED = 20
for_officers = desk.open_to(*desk.ROOMS["recalls"])
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@blueprint.get("/desk/recalls")
@for_officers
def listed(actor: Actor) -> Response:
    return _listed(actor, {}, None)


def _listed(actor: Actor, values: Mapping[str, str], problem: Problem | None) -> Response:
    found = [one for region in actor.regions("recall:read") for one in tracing.recalls_of(actor, region=region).items]
    newest = sorted({one.id: one for one in found}.values(), key=lambda one: one.created_at, reverse=True)[:LISTED]
    return desk.page(
        "recalls.html",
        problem,
        recalls=newest,
        may_order=actor.holds("recall:order"),
        fresh=ids.token(),
        values=values,
    )


@blueprint.post("/desk/recalls")
@limiter.limit("20 per minute")
@for_officers
def order(actor: Actor) -> Response:
    """Order a recall, or a drill of one. The form's own id makes a second press harmless."""
    typed = {name: request.form.get(name, "").strip()[:80] for name in ("client_id", "target", "target_id", "reason")}
    try:
        _check(typed)
        drill = request.form.get("do") != "recall"
        if not drill and "sure" not in request.form:  # a slip of the thumb must not stop a county's apples
            raise RuleBroken("recall_not_confirmed", field="sure")
        made = tracing.order(
            actor,
            client_id=typed["client_id"],
            target=typed["target"],
            target_id=typed["target_id"],
            reason=typed["reason"],
            drill=drill,
            region=_region(actor),
        )
    except Problem as problem:
        return _listed(actor, typed, problem)
    return site.here(f"/desk/recalls/{made.id}")


def _check(typed: Mapping[str, str]) -> None:
    """Raises NotFound for what the form does not offer."""
    known = {"target": "recall_targets", "reason": "recall_reasons"}
    if any(typed[field] not in vocab.get(name) for field, name in known.items()):
        raise NotFound("recall_target_unknown")


def _region(actor: Actor) -> str | None:
    """An input is recalled in the officer's own region; one who has several asks the API."""
    prefixes = actor.regions("recall:order")
    return prefixes[0].ljust(6, "0") if prefixes else None


@blueprint.get("/desk/recalls/<recall_id>")
@for_officers
def shown(actor: Actor, recall_id: str) -> Response:
    found = tracing.recall(actor, recall_id)
    return _shown(actor, found, None)


def _shown(actor: Actor, found: Any, problem: Problem | None) -> Response:
    lots = tracing.lots_in(actor, recall_id=found.id, size=MOST_SHOWN).items
    return desk.page(
        "recall.html",
        problem,
        recall=found,
        rows=tree(lots),
        shown=len(lots),
        may_order=actor.may("recall:order", region=found.region),
        may_withdraw=actor.may("recall:withdraw", region=found.region),
    )


@blueprint.post("/desk/recalls/<recall_id>")
@limiter.limit("20 per minute")
@for_officers
def end(actor: Actor, recall_id: str) -> Response:
    """Close it with a word on the goods, or take it back with a reason, as the pressed button says."""
    found, note = tracing.recall(actor, recall_id), request.form.get("note", "").strip()[:500]
    try:
        if request.form.get("do") == "withdraw":
            _withdraw(actor, found.id, note)
        elif note:
            tracing.close(actor, recall_id=found.id, note=note)
    except RuleBroken as problem:
        return _shown(actor, found, problem)
    return site.here(f"/desk/recalls/{found.id}")


def _withdraw(actor: Actor, recall_id: str, note: str) -> None:
    reason = request.form.get("reason", "")
    if not note or "sure" not in request.form or reason not in vocab.get("recall_withdrawals"):
        raise RuleBroken("recall_withdrawal_unconfirmed", field="sure")
    if not actor.holds("recall:withdraw"):
        raise NotFound
    tracing.withdraw(actor, recall_id=recall_id, reason=reason, note=note)


def tree(lots: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The lots in the order of a tree, each under the first of its parents that is shown, with its `indent`."""
    there = {lot["lot_id"]: lot for lot in lots}
    below: dict[str | None, list[Mapping[str, Any]]] = {}
    for lot in sorted(lots, key=lambda one: (one["step"], one["lot_id"])):
        above = [one for one in lot["parents"] if one in there and there[one]["step"] < lot["step"]]
        below.setdefault(above[0] if above else None, []).append(lot)
    rows: list[dict[str, Any]] = []
    waiting = [(lot, 0) for lot in reversed(below.get(None, []))]
    while waiting:
        lot, indent = waiting.pop()
        rows.append({**lot, "indent": indent})
        waiting += [(child, indent + 1) for child in reversed(below.get(lot["lot_id"], []))]
    return rows


@blueprint.get("/desk/recalls/<recall_id>/report.<kind>")
@limiter.limit("30 per minute")
@for_officers
def report(actor: Actor, recall_id: str, kind: str) -> Response:
    makers = {"pdf": (tracing.recall_pdf, "application/pdf"), "xlsx": (tracing.recall_xlsx, SHEET)}
    if kind not in makers:
        raise NotFound
    make, content_type = makers[kind]
    response = Response(make(actor, recall_id), content_type=content_type)
    response.headers["Content-Disposition"] = f'attachment; filename="recall.{kind}"'
    return desk.private(response)
