"""Endpoints of sites and products."""

from typing import Any

from backend.base.actor import Actor
from backend.base.documents import Page
from backend.domains.producers import schemas
from backend.domains.producers import service as producers
from backend.domains.producers.routes.blueprint import blueprint
from backend.http.api import PageQuery, page_of


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
    query=PageQuery,
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
    query=PageQuery,
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
