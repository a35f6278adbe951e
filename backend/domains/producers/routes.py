"""Endpoints of producers: registration, land, products, declarations and what officers decide about them."""

from typing import Any

from backend.base.actor import Actor
from backend.base.documents import Page
from backend.domains.producers import schemas
from backend.domains.producers import service as producers
from backend.http.api import LOGGED_IN, Blueprint, FileOut, page_of

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
blueprint = Blueprint("producers", description="生产主体、基地、产品与自主申报")


@blueprint.post(
    "/producers", needs="producer:register", takes=schemas.NewProducer, gives=schemas.ProducerOut, status=201
)
def register(actor: Actor, data: dict[str, Any]) -> Any:
    """Register a producer; you become its farmer (of a cooperative: its manager)."""
    return producers.register(actor, **data)


@blueprint.get("/producers", needs="producer:read", query=schemas.ProducerQuery, gives=page_of(schemas.ProducerOut))
def list_producers(actor: Actor, query: dict[str, Any]) -> Page[Any]:
    """Your own producers, those of a `region` in your charge, or with `managed_by` a cooperative's farmers."""
    return producers.list_for(actor, **query)


@blueprint.get("/producers/import-template", needs="producer:import", gives_file=XLSX)
def import_template(_actor: Actor) -> FileOut:
    """An empty list of farmers as a spreadsheet."""
    return FileOut(producers.template(), XLSX, "farmers-template.xlsx")


@blueprint.get("/producers/<producer_id>", needs="producer:read", gives=schemas.ProducerOut, etag=True)
def get_producer(actor: Actor, producer_id: str) -> Any:
    """One producer; its ETag is what a change must name."""
    return producers.get(actor, producer_id)


@blueprint.patch(
    "/producers/<producer_id>",
    needs="producer:write",
    takes=schemas.ProducerChanges,
    gives=schemas.ProducerOut,
    if_match=True,
)
def edit_producer(actor: Actor, data: dict[str, Any], producer_id: str, expected_version: int) -> Any:
    """Change name or contact details; what was there before is kept."""
    return producers.edit(actor, producer_id, expected_version=expected_version, **data)


@blueprint.get("/producers/<producer_id>/contact", needs=LOGGED_IN, gives=schemas.ContactOut)
def open_contact(actor: Actor, producer_id: str) -> Any:
    """The full telephone number. Opening it is recorded."""
    return producers.contact(actor, producer_id)


@blueprint.get(
    "/producers/<producer_id>/versions",
    needs="producer:read",
    query=schemas.VersionsQuery,
    gives=page_of(schemas.PastVersionOut),
)
def list_versions(actor: Actor, query: dict[str, Any], producer_id: str) -> Page[Any]:
    """What the producer, a site or a product said before it was changed."""
    return producers.past_versions(actor, producer_id, **query)


@blueprint.post(
    "/producers/<producer_id>/invitations",
    needs="invitation:create",
    takes=schemas.NewInvitation,
    gives=schemas.InvitationOut,
    status=201,
)
def invite(actor: Actor, data: dict[str, Any], producer_id: str) -> dict[str, Any]:
    """A code that binds one more person to this producer."""
    return producers.invite(actor, producer_id, **data)


@blueprint.post(
    "/producers/<producer_id>/sites",
    needs="producer:write",
    takes=schemas.NewSite,
    gives=schemas.SiteOut,
    status=201,
)
def new_site(actor: Actor, data: dict[str, Any], producer_id: str) -> Any:
    """Add a site; a polygon is measured and compared with the typed area."""
    return producers.new_site(actor, producer_id, **data)


@blueprint.get(
    "/producers/<producer_id>/sites",
    needs="producer:read",
    query=schemas.PageQuery,
    gives=page_of(schemas.SiteOut),
)
def list_sites(actor: Actor, query: dict[str, Any], producer_id: str) -> Page[Any]:
    """The producer's sites, newest first."""
    return producers.sites_of(actor, producer_id, **query)


@blueprint.get("/producers/<producer_id>/sites/<site_id>", needs="producer:read", gives=schemas.SiteOut, etag=True)
def get_site(actor: Actor, producer_id: str, site_id: str) -> Any:
    """One site."""
    return producers.get_site(actor, producer_id, site_id)


@blueprint.patch(
    "/producers/<producer_id>/sites/<site_id>",
    needs="producer:write",
    takes=schemas.SiteChanges,
    gives=schemas.SiteOut,
    if_match=True,
)
def edit_site(actor: Actor, data: dict[str, Any], producer_id: str, site_id: str, expected_version: int) -> Any:
    """Change a site; what was there before is kept."""
    return producers.edit_site(actor, producer_id, site_id, expected_version=expected_version, **data)


@blueprint.post(
    "/producers/<producer_id>/products",
    needs="producer:write",
    takes=schemas.NewProduct,
    gives=schemas.ProductOut,
    status=201,
)
def new_product(actor: Actor, data: dict[str, Any], producer_id: str) -> Any:
    """Add a product to the producer's catalogue."""
    return producers.new_product(actor, producer_id, **data)


@blueprint.get(
    "/producers/<producer_id>/products",
    needs="producer:read",
    query=schemas.PageQuery,
    gives=page_of(schemas.ProductOut),
)
def list_products(actor: Actor, query: dict[str, Any], producer_id: str) -> Page[Any]:
    """The producer's products, newest first."""
    return producers.products_of(actor, producer_id, **query)


@blueprint.get(
    "/producers/<producer_id>/products/<product_id>", needs="producer:read", gives=schemas.ProductOut, etag=True
)
def get_product(actor: Actor, producer_id: str, product_id: str) -> Any:
    """One product."""
    return producers.get_product(actor, producer_id, product_id)


@blueprint.patch(
    "/producers/<producer_id>/products/<product_id>",
    needs="producer:write",
    takes=schemas.ProductChanges,
    gives=schemas.ProductOut,
    if_match=True,
)
def edit_product(actor: Actor, data: dict[str, Any], producer_id: str, product_id: str, expected_version: int) -> Any:
    """Change a product's name, variety or GTIN; what was there before is kept."""
    return producers.edit_product(actor, producer_id, product_id, expected_version=expected_version, **data)


@blueprint.post(
    "/producers/<producer_id>/declarations",
    needs="declaration:submit",
    takes=schemas.NewDeclaration,
    gives=schemas.DeclarationOut,
    status=201,
)
def submit_declaration(actor: Actor, data: dict[str, Any], producer_id: str) -> Any:
    """Submit the season's declaration, or its next version."""
    return producers.submit(actor, producer_id, **data)


@blueprint.get(
    "/producers/<producer_id>/declarations",
    needs="producer:read",
    query=schemas.PageQuery,
    gives=page_of(schemas.DeclarationOut),
)
def list_declarations(actor: Actor, query: dict[str, Any], producer_id: str) -> Page[Any]:
    """Every version of every season, newest first."""
    return producers.declarations_of(actor, producer_id, **query)


@blueprint.get(
    "/declarations", needs="declaration:review", query=schemas.QueueQuery, gives=page_of(schemas.DeclarationOut)
)
def list_queue(actor: Actor, query: dict[str, Any]) -> Page[Any]:
    """The queue of a region in your charge, longest waiting first."""
    return producers.queue(actor, **query)


@blueprint.get("/declarations/<declaration_id>", needs="producer:read", gives=schemas.DeclarationOut)
def get_declaration(actor: Actor, declaration_id: str) -> Any:
    """One version of a declaration."""
    return producers.declaration(actor, declaration_id)


@blueprint.post(
    "/declarations/<declaration_id>/decision",
    needs="declaration:review",
    takes=schemas.Decision,
    gives=schemas.DeclarationOut,
)
def decide(actor: Actor, data: dict[str, Any], declaration_id: str) -> Any:
    """Approve a declaration, or return it with a reason."""
    return producers.decide(actor, declaration_id, **data)


@blueprint.post(
    "/producers/<producer_id>/suspension",
    needs="producer:suspend",
    takes=schemas.Reason,
    gives=schemas.ProducerOut,
)
def suspend(actor: Actor, data: dict[str, Any], producer_id: str) -> Any:
    """Suspend a producer: it gets no certificates until it is reinstated."""
    return producers.suspend(actor, producer_id, **data)


@blueprint.post(
    "/producers/<producer_id>/reinstatement",
    needs="producer:suspend",
    takes=schemas.Reason,
    gives=schemas.ProducerOut,
)
def reinstate(actor: Actor, data: dict[str, Any], producer_id: str) -> Any:
    """Lift a suspension."""
    return producers.reinstate(actor, producer_id, **data)


@blueprint.post(
    "/producers/<producer_id>/imports",
    needs="producer:import",
    query=schemas.ImportQuery,
    uploads=schemas.ImportFile,
    gives=schemas.ImportOut,
)
def import_farmers(actor: Actor, query: dict[str, Any], files: dict[str, Any], producer_id: str) -> Any:
    """Check a list of farmers row by row; with `commit=true` also keep it, wholly or not at all."""
    content = files["file"].stream.read(producers.MAX_IMPORT_BYTES + 1)
    return producers.import_farmers(actor, producer_id, content=content, **query)
