"""Endpoints of what proves a certificate, of market checks and of recalls; public traces are in `backend/web`."""

from typing import Any

from backend.base.actor import Actor
from backend.base.documents import Page
from backend.domains.tracing import schemas
from backend.domains.tracing import service as tracing
from backend.http import limits
from backend.http.api import PUBLIC, Blueprint, FileOut, Limit, PageQuery, page_of
from backend.http.proofs import ProofsOut

blueprint = Blueprint("markets", description="验真与市场准入查验")
OUT = schemas.MarketCheckOut
RECALL, RECALL_OUT = "/recalls/<recall_id>", schemas.RecallOut
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
REPORTING = (Limit("30 per minute", limits.by_bearer),)  # a report of thousands of lots costs a second of a core


@blueprint.post("/market/checks", needs="market:check", takes=schemas.NewCheck, gives=OUT, status=201)
def check_entry(actor: Actor, data: dict[str, Any]) -> tracing.CheckFacts:
    """Scan goods that enter a market: does the certificate stand? The check is kept."""
    return tracing.check_entry(actor, **data)


@blueprint.get("/market/checks", needs="market:read", query=schemas.ChecksQuery, gives=page_of(OUT))
def list_checks(actor: Actor, query: dict[str, Any]) -> Page[tracing.CheckFacts]:
    """What was checked in a region, newest first."""
    return tracing.checks_of(actor, **query)


@blueprint.get("/traces/<trace_code>/certificate", needs=PUBLIC, gives=schemas.SignedOut)
def get_signed(_actor: Actor, trace_code: str) -> dict[str, Any]:
    """The signed certificate word by word with its signature, to be checked without us (docs/model/signatures.md)."""
    return tracing.signed(trace_code)


@blueprint.get(
    "/traces/<trace_code>/proof", needs=PUBLIC, gives=ProofsOut, limits=(Limit("60 per minute", limits.by_address),)
)
def get_trace_proof(_actor: Actor, trace_code: str) -> dict[str, Any]:
    """What proves a certificate offline, by its trace code: the public content, and of the rest hash and place."""
    return {"items": tracing.proof(trace_code)}


@blueprint.post("/recalls", needs="recall:order", takes=schemas.NewRecall, gives=RECALL_OUT, status=201)
def order_recall(actor: Actor, data: dict[str, Any]) -> Any:
    """Recall everything that came of something, wherever it went; a drill only finds it and takes the time."""
    return tracing.order(actor, **data)


@blueprint.get("/recalls", needs="recall:read", query=schemas.RecallsQuery, gives=page_of(RECALL_OUT))
def list_recalls(actor: Actor, query: dict[str, Any]) -> Page[Any]:
    """What was recalled in a region, or reached it, newest first."""
    return tracing.recalls_of(actor, **query)


@blueprint.get(RECALL, needs="recall:read", gives=RECALL_OUT)
def get_recall(actor: Actor, recall_id: str) -> Any:
    """One recall and how far it has come."""
    return tracing.recall(actor, recall_id)


@blueprint.get(f"{RECALL}/lots", needs="recall:read", query=PageQuery, gives=page_of(schemas.RecallLotOut))
def list_recalled_lots(actor: Actor, query: dict[str, Any], recall_id: str) -> Page[dict[str, Any]]:
    """The lots it reaches, with their holders."""
    return tracing.lots_in(actor, recall_id=recall_id, **query)


@blueprint.post(f"{RECALL}/closing", needs="recall:order", takes=schemas.RecallClosing, gives=RECALL_OUT)
def close_recall(actor: Actor, data: dict[str, Any], recall_id: str) -> Any:
    """End a recall with a word on what became of the goods; what is recalled stays so."""
    return tracing.close(actor, recall_id=recall_id, **data)


@blueprint.post(f"{RECALL}/withdrawal", needs="recall:withdraw", takes=schemas.RecallWithdrawal, gives=RECALL_OUT)
def withdraw_recall(actor: Actor, data: dict[str, Any], recall_id: str) -> Any:
    """Take back a recall ordered by mistake: it stops nothing from now on, and lots, pages and certificates follow."""
    return tracing.withdraw(actor, recall_id=recall_id, **data)


@blueprint.get(f"{RECALL}/report.pdf", needs="recall:read", gives_file="application/pdf", limits=REPORTING)
def get_recall_pdf(actor: Actor, recall_id: str) -> FileOut:
    """The report on a recall or a drill, to print."""
    return FileOut(tracing.recall_pdf(actor, recall_id), "application/pdf", "recall.pdf")


@blueprint.get(f"{RECALL}/report.xlsx", needs="recall:read", gives_file=SHEET, limits=REPORTING)
def get_recall_xlsx(actor: Actor, recall_id: str) -> FileOut:
    """The same with every lot, to sort."""
    return FileOut(tracing.recall_xlsx(actor, recall_id), SHEET, "recall.xlsx")


@blueprint.get("/clone-flags", needs="recall:read", query=schemas.RecallsQuery, gives=page_of(schemas.CloneFlagOut))
def list_clone_flags(actor: Actor, query: dict[str, Any]) -> Page[Any]:
    """Codes of a region that may have been copied, newest first; a flag accuses nobody."""
    return tracing.flags_of(actor, **query)
