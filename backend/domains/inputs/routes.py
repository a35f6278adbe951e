"""Endpoints of the catalogue and the rulebook."""

from typing import Any

from backend.base.actor import Actor
from backend.domains.inputs import schemas
from backend.domains.inputs import service as inputs
from backend.http.api import LOGGED_IN, PUBLIC, Blueprint

blueprint = Blueprint("inputs", description="投入品目录与禁限用规则库")


@blueprint.get("/inputs", needs=LOGGED_IN, query=schemas.InputQuery, gives=schemas.InputsOut)
def search_inputs(_actor: Actor, query: dict[str, Any]) -> dict[str, Any]:
    """Find inputs by part of a name, a registration number, a substance or pinyin."""
    return {"items": inputs.search(**query)}


@blueprint.get("/inputs/<registration_no>", needs=LOGGED_IN, gives=schemas.InputOut)
def get_input(_actor: Actor, registration_no: str) -> dict[str, Any]:
    """One registered input."""
    return inputs.product(registration_no)


@blueprint.get("/rulebook", needs=PUBLIC, query=schemas.RulebookQuery, gives=schemas.RulebookOut)
def get_rulebook(_actor: Actor, query: dict[str, Any]) -> dict[str, Any]:
    """The rules on substances in force, each with its source and how sure the platform is of it."""
    return inputs.published(**query)
