"""产地准出 meets 市场准入: a market checker scans, sees whether the certificate stands, and the check is kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from backend import gateways
from backend.base import clock, ids, store, vocab
from backend.base.actor import Actor, region_path
from backend.base.documents import Duplicate, Page
from backend.base.errors import BadRequest, NotFound, RuleBroken
from backend.domains.accounts import service as accounts
from backend.domains.evidence import service as evidence
from backend.domains.lots import service as lots
from backend.domains.tracing import rules
from backend.domains.tracing.models import MarketCheck, PublicTrace
from backend.domains.tracing.service.aliases import code_of_alias

STANDING = ("valid", "held")


@dataclass(frozen=True, slots=True)
class CheckFacts:
    """`verdict` is a code of `market_verdicts`; `url` leads to the public trace of one of our codes."""

    id: str
    market: str
    code: str | None
    verdict: str
    let_in: bool
    url: str | None
    amount: Decimal | None
    unit: str | None
    note: str
    checked_at: datetime


def check_entry(
    actor: Actor,
    *,
    client_id: str,
    region: str,
    market: str,
    seen: str,
    amount: Decimal | None = None,
    unit: str | None = None,
    note: str = "",
) -> CheckFacts:
    """Say whether the certificate behind what was scanned stands now, and keep that it was checked.

    The same client id of the same checker answers what was found then. Raises NotFound outside the checker's region,
    BadRequest, RuleBroken.
    """
    if not actor.may("market:check", region=region) or actor.account_id is None:
        raise NotFound
    if not ids.CLIENT_ID.match(client_id):
        raise BadRequest("client_id_malformed", field="client_id")
    if (amount is None) != (unit is None):
        raise RuleBroken("unit_without_amount", field="amount")
    made = MarketCheck(
        id=f"{actor.account_id}.{client_id}",
        account_id=actor.account_id,
        region_path=region_path(accounts.check_region(region, levels=("county", "township")).code),
        market=market,
        seen=seen,
        amount=None if amount is None else str(amount),
        unit=unit,
        note=note,
        created_at=clock.now(),
        **_found(seen),
    )
    try:
        store.transaction(lambda: _keep(actor, made, region))
    except Duplicate:
        there = MarketCheck.rows({"_id": made.id}, limit=1)
        return facts_of(there[0] if there else made.to_mongo())
    return facts_of(made.to_mongo())


def _found(seen: str) -> dict[str, Any]:
    """The verdict of now, read from the stored trace: what the public sees and what the gate says are one, but for a
    recall that was ordered a moment ago and has not come to the page yet."""
    host = urlsplit(gateways.current().settings.public_base_url).netloc
    meant = rules.seen(seen, host)
    if meant.foreign:
        return {"verdict": "foreign"}
    code = code_of_alias(*meant.alias) if meant.alias else meant.code
    rows = PublicTrace.rows({"_id": code}, ("state", "producer_id", "lot_id"), limit=1) if code else []
    if not rows:
        return {"verdict": "unknown", "code": code}
    state = rows[0]["state"]
    named = {"code": code, "producer_id": rows[0]["producer_id"], "lot_id": rows[0]["lot_id"]}
    if state in STANDING and lots.recall_over(named["lot_id"]):
        return {"verdict": "recalled", **named}
    return {"verdict": "stands" if state == "valid" else state, **named}


def _keep(actor: Actor, made: MarketCheck, region: str) -> None:
    MarketCheck.insert([made])
    evidence.append([evidence.Leaf("market.check", made.id, made.producer_id, made.to_mongo())])
    accounts.note(actor, "market.check", subjects=[made.id], producer_id=made.producer_id, region=region)


def facts_of(row: Mapping[str, Any]) -> CheckFacts:
    ours = row.get("lot_id") is not None
    return CheckFacts(
        id=row["_id"],
        market=row["market"],
        code=row.get("code"),
        verdict=row["verdict"],
        let_in=bool(vocab.get("market_verdicts")[row["verdict"]]["let_in"]),
        url=f"{gateways.current().settings.public_base_url}/t/{row['code']}" if ours else None,
        amount=Decimal(row["amount"]) if row.get("amount") else None,
        unit=row.get("unit"),
        note=row.get("note", ""),
        checked_at=row["created_at"],
    )


def checks_of(actor: Actor, *, region: str, cursor: str | None = None, size: int = 50) -> Page[CheckFacts]:
    """What was checked in a region, newest first. Raises NotFound."""
    if not actor.may("market:read", region=region):
        raise NotFound
    page = MarketCheck.page({"region_path": region_path(region)[-1]}, cursor=cursor, size=size)
    return Page([facts_of(found.to_mongo()) for found in page.items], page.next_cursor)
