"""Invitation codes: how a farmer's phone is bound to a producer without WeChat's paid phone button."""

from datetime import timedelta
from typing import Any

from backend import gateways
from backend.base import clock, ids, store
from backend.base.actor import Actor, system
from backend.base.errors import Forbidden, RuleBroken
from backend.domains.accounts.models import Account, Invitation
from backend.domains.accounts.service.audit import note
from backend.domains.accounts.service.grants import grant
from backend.domains.accounts.service.sessions import Tokens, as_actor, open_session

CODE_LENGTH = 10  # 50 random bits, and wrong guesses are limited
LIFE = timedelta(days=7)
INVITABLE = ("farmer", "cooperative_manager")


def _key(code: str) -> str:
    return gateways.current().secrets.keyed_hash("invitation", ids.normal_trace_code(code))


def invite(actor: Actor, *, producer_id: str, role: str = "farmer") -> dict[str, Any]:
    """A code for one person to join the producer; the caller has checked that the actor may invite there."""
    if role not in INVITABLE or not actor.holds("invitation:create"):
        raise Forbidden("forbidden", permission="invitation:create")
    code, moment = ids.token(CODE_LENGTH), clock.now()
    invitation = Invitation(
        id=_key(code),
        producer_id=producer_id,
        role=role,
        created_by=actor.account_id or actor.name,
        created_at=moment,
        expires_at=moment + LIFE,
    )
    store.transaction(lambda: _keep(actor, invitation))
    shown = f"{code[:5]}-{code[5:]}"
    return {"code": shown, "producer_id": producer_id, "role": role, "expires_at": moment + LIFE}


def _keep(actor: Actor, invitation: Invitation) -> None:
    Invitation.insert([invitation])
    note(actor, "invitation.create", subjects=[invitation.producer_id], producer_id=invitation.producer_id)


def accept_invitation(actor: Actor, *, code: str) -> dict[str, Any]:
    """Bind the logged-in person to the producer. Repeated by the same person it answers the same."""
    return store.transaction(lambda: _accept(actor, code))


def _accept(actor: Actor, code: str) -> dict[str, Any]:
    key, moment = _key(code), clock.now()
    taken = Invitation.update_one(
        {"_id": key, "used_by": None, "expires_at": {"$gt": moment}},
        {"$set": {"used_by": actor.account_id, "used_at": moment}},
    )
    invitation = Invitation.find_one({"_id": key})
    if invitation is None or (not taken and invitation.used_by != actor.account_id):
        raise RuleBroken("invitation_invalid", field="code")
    if taken:
        grant(
            system("invitation"),
            account_id=str(actor.account_id),
            role=invitation.role,
            producer_id=invitation.producer_id,
        )
        note(actor, "invitation.accept", subjects=[invitation.producer_id], producer_id=invitation.producer_id)
    return {"producer_id": invitation.producer_id, "role": invitation.role}


def join_by_invitation(*, code: str, name: str, device_name: str = "") -> Tokens:
    """Log in outside WeChat: the code makes a new person and binds them, once."""
    return store.transaction(lambda: _join(code, name, device_name))


def _join(code: str, name: str, device_name: str) -> Tokens:
    account = Account(id=ids.token(16), kind="person", name=name, created_at=clock.now())
    Account.insert([account])
    _accept(as_actor(account), code)
    return open_session(Account.find_one({"_id": account.id}) or account, device_name)
