"""What the officers' pages share: who is logged in at the desk, the way in, the region they look at."""

from flask import Response, request

from backend.base.actor import Actor
from backend.base.errors import Unauthenticated
from backend.domains.accounts import service as accounts
from backend.web import pages, site

COOKIE = "desk"
ROOMS = {
    "recalls": ("recall:read",),
    "flags": ("flag:read", "recall:read"),
    "rulebooks": ("rulebook:load", "rulebook:review"),
}
QUEUE = "complaint:read"


def private(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def officer(*permissions: str) -> Actor | None:
    """Who is logged in at the desk, if they hold one of these; the cookie goes to no other page."""
    try:
        actor = accounts.actor_from_token(request.cookies.get(COOKIE, ""))
    except Unauthenticated:
        return None
    return actor if any(map(actor.holds, permissions)) else None


def anyone() -> Actor | None:
    """Who is logged in and has anything to do here."""
    return officer(QUEUE, *(one for wanted in ROOMS.values() for one in wanted))


def rooms(actor: Actor) -> list[str]:
    """The pages of the desk that this officer may open."""
    return [name for name, wanted in ROOMS.items() if any(map(actor.holds, wanted))]


def way_in() -> Response:
    return private(site.html(pages.render("desk_login.html", site.lang(), problem=None), 401))


def region_of(actor: Actor, *permissions: str) -> tuple[str, list[str]]:
    """(the region that is looked at, all there are to choose from), as prefixes; the first unless one was asked for."""
    every = sorted({region for one in permissions for region in actor.regions(one)})
    asked = request.args.get("region", "")
    return (asked if asked in every else every[0] if every else ""), every
