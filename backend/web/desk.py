"""What the officers' pages share: who is logged in at the desk, the way in, the region they look at."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from flask import Response, request

from backend.base.actor import Actor
from backend.base.errors import Problem, Unauthenticated
from backend.domains.accounts import service as accounts
from backend.web import pages, site

COOKIE = "desk"
ROOMS = {
    "recalls": ("recall:read",),
    "flags": ("flag:read", "recall:read"),
    "rulebooks": ("rulebook:load", "rulebook:review"),
}
QUEUE = "complaint:read"
Parts = ParamSpec("Parts")


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


def page(template: str, problem: Problem | None = None, *, status: int = 200, **told: Any) -> Response:
    """A page that is never stored; what went wrong stands on it and decides its status."""
    noticed = site.noticed(problem) if problem else None
    text = pages.render(template, site.lang(), problem=noticed, **told)
    return private(site.html(text, problem.status if problem else status))


def way_in() -> Response:
    return page("desk_login.html", status=401)


def open_to(
    *permissions: str,
) -> Callable[[Callable[Concatenate[Actor, Parts], Response]], Callable[Parts, Response]]:
    """A view for officers who hold one of these; everyone else is shown the way in."""

    def for_officers(view: Callable[Concatenate[Actor, Parts], Response]) -> Callable[Parts, Response]:
        @wraps(view)
        def guarded(*parts: Parts.args, **named: Parts.kwargs) -> Response:
            actor = officer(*permissions)
            return way_in() if actor is None else view(actor, *parts, **named)

        return guarded

    return for_officers


def region_of(actor: Actor, *permissions: str) -> tuple[str, list[str]]:
    """(the region that is looked at, all there are to choose from), as prefixes; the first unless one was asked for."""
    every = sorted({region for one in permissions for region in actor.regions(one)})
    asked = request.args.get("region", "")
    return (asked if asked in every else every[0] if every else ""), every
