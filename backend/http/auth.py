"""Who is asking: turns the bearer token into an Actor, once a request, before anything else is looked at."""

from collections.abc import Callable

import structlog
from flask import Flask, current_app, g, request

from backend.base.actor import ANONYMOUS, Actor
from backend.base.errors import Forbidden, Unauthenticated
from backend.http import limits

PUBLIC = "public"
LOGGED_IN = "logged_in"  # a person; a client's key never opens what is one's own
CLIENT = "client"
MAX_TOKEN = 4096
Resolve = Callable[[str], Actor]


def install(app: Flask, resolve: Resolve) -> None:
    """`resolve` reads an access token and returns its actor, or raises Unauthenticated; `app.py` provides it."""
    app.extensions["longtrace.resolve_actor"] = resolve


def actor() -> Actor:
    """The actor of this request; anonymous without a token, Unauthenticated with a bad one."""
    if "actor" not in g:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if not scheme:
            g.actor = ANONYMOUS
        elif scheme.lower() != "bearer" or not token or len(token) > MAX_TOKEN:
            raise Unauthenticated("token_invalid")
        else:
            g.actor = _resolved(token)
    known: Actor = g.actor
    return known


def _resolved(token: str) -> Actor:
    """Raises Unauthenticated, TooMany when a client has had its requests of this minute."""
    who: Actor = current_app.extensions["longtrace.resolve_actor"](token)
    if who.per_minute is not None:
        limits.spend(f"client:{who.account_id}", per_minute=who.per_minute)
    return who


def require(needs: str) -> Actor:
    """The actor, if they may call an endpoint that needs this: PUBLIC, LOGGED_IN or a permission held anywhere.

    What is open to everyone is logged without a name: who reports something anonymously may be logged in all the same.
    Whether the permission reaches the very thing asked for is the service's question, answered by NotFound.
    """
    who = actor()
    if needs == PUBLIC:
        return who
    structlog.contextvars.bind_contextvars(account=who.account_id or who.kind)
    if who.account_id is None:
        raise Unauthenticated("login_required")
    if needs == LOGGED_IN and who.kind == CLIENT:
        raise Forbidden("people_only")
    if needs != LOGGED_IN and not who.holds(needs):
        raise Forbidden("forbidden", permission=needs)
    return who
