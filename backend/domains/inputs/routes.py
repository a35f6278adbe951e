"""Endpoints of the catalogue and the rulebook, of purchases and the stock."""

from typing import Any

from backend.base.actor import Actor
from backend.base.documents import Page
from backend.domains.inputs import schemas
from backend.domains.inputs import service as inputs
from backend.http import limits
from backend.http.api import LOGGED_IN, PUBLIC, Blueprint, Limit, PageQuery, page_of

blueprint = Blueprint("inputs", description="投入品目录、禁限用规则库、进货与库存")


@blueprint.get("/inputs", needs=LOGGED_IN, query=schemas.InputQuery, gives=schemas.InputsOut)
def search_inputs(_actor: Actor, query: dict[str, Any]) -> dict[str, Any]:
    """Find inputs by part of a name, a registration number, a substance, pinyin, or the 32 digits in a label's code."""
    return {"items": inputs.search(**query)}


@blueprint.get("/inputs/<registration_no>", needs=LOGGED_IN, gives=schemas.InputOut)
def get_input(_actor: Actor, registration_no: str) -> dict[str, Any]:
    """One registered input."""
    return inputs.product(registration_no)


@blueprint.get("/rulebook", needs=PUBLIC, query=schemas.RulebookQuery, gives=schemas.RulebookOut)
def get_rulebook(_actor: Actor, query: dict[str, Any]) -> dict[str, Any]:
    """The rules on substances in force, each with its source and how sure the platform is of it."""
    return inputs.published(**query)


@blueprint.post(
    "/rulebook/versions",
    needs="rulebook:load",
    takes=schemas.RulebookForm,
    uploads=schemas.RulebookFiles,
    gives=schemas.LoadedOut,
    status=201,
    limits=(Limit("20 per minute", limits.by_bearer),),
)
def import_rulebook(actor: Actor, form: dict[str, Any], files: dict[str, Any]) -> inputs.Loaded:
    """A new version from CSV tables, as a draft that a second person reviews."""
    products = files["products"].read() if files.get("products") else None
    return inputs.import_tables(actor, substances=files["substances"].read(), products=products, **form)


@blueprint.get("/rulebook/versions", needs=LOGGED_IN, query=PageQuery, gives=page_of(schemas.VersionOut))
def list_rulebooks(_actor: Actor, query: dict[str, Any]) -> Page[inputs.VersionFacts]:
    """Every version there ever was, newest first."""
    return inputs.versions(**query)


VERSION = "/rulebook/versions/<version>"


@blueprint.get(VERSION, needs=LOGGED_IN, gives=schemas.VersionOut)
def get_rulebook_version(_actor: Actor, version: str) -> inputs.VersionFacts:
    """One version: its state, its reviews, how much of its catalogue is there."""
    return inputs.version(version)


@blueprint.get(f"{VERSION}/diff", needs=LOGGED_IN, query=schemas.DiffQuery, gives=schemas.DiffOut)
def diff_rulebook(_actor: Actor, query: dict[str, Any], version: str) -> inputs.Diff:
    """What a version changes against another."""
    return inputs.diff(version, **query)


@blueprint.post(f"{VERSION}/review", needs="rulebook:review", takes=schemas.RulebookReview, gives=schemas.VersionOut)
def review_rulebook(actor: Actor, data: dict[str, Any], version: str) -> inputs.VersionFacts:
    """The second person's word on a version."""
    return inputs.review(actor, version, **data)


@blueprint.post(
    f"{VERSION}/activation", needs="rulebook:load", takes=schemas.RulebookActivation, gives=schemas.VersionOut
)
def activate_rulebook(actor: Actor, data: dict[str, Any], version: str) -> inputs.VersionFacts:
    """Let an approved version hold from a day on."""
    return inputs.activate(actor, version, **data)


@blueprint.post(
    "/inputs/purchases", needs="farming:write", takes=schemas.NewPurchase, gives=schemas.PurchaseOut, status=201
)
def new_purchase(actor: Actor, data: dict[str, Any]) -> Any:
    """Enter what was bought; sending it again is harmless."""
    return inputs.buy(actor, **data)


@blueprint.get(
    "/inputs/purchases", needs="farming:read", query=schemas.PurchasesQuery, gives=page_of(schemas.PurchaseOut)
)
def list_purchases(actor: Actor, query: dict[str, Any]) -> Page[Any]:
    """A producer's purchases, newest entry first."""
    return inputs.purchases_of(actor, **query)


@blueprint.post(
    "/inputs/purchases/<purchase_id>/cancellation",
    needs="farming:write",
    takes=schemas.PurchaseCancellation,
    gives=schemas.PurchaseOut,
)
def cancel_purchase(actor: Actor, data: dict[str, Any], purchase_id: str) -> Any:
    """Mark a purchase as entered wrongly; it stays visible."""
    return inputs.cancel(actor, purchase_id=purchase_id, **data)


@blueprint.post(
    "/inputs/stock-counts", needs="farming:write", takes=schemas.NewStockCount, gives=schemas.StockCountOut, status=201
)
def count_stock(actor: Actor, data: dict[str, Any]) -> Any:
    """Enter what is really on the shelf; the book is corrected by the difference."""
    return inputs.count(actor, **data)


@blueprint.get("/inputs/stock", needs="farming:read", query=schemas.StockQuery, gives=schemas.StockOut)
def get_stock(actor: Actor, query: dict[str, Any]) -> dict[str, Any]:
    """What a producer has of each input, the last moved first."""
    return {"items": inputs.stock_of(actor, **query)}


@blueprint.get(
    "/inputs/movements", needs="farming:read", query=schemas.MovementsQuery, gives=page_of(schemas.MovementOut)
)
def list_movements(actor: Actor, query: dict[str, Any]) -> Page[Any]:
    """What came and went, newest entry first."""
    return inputs.movements_of(actor, **query)
