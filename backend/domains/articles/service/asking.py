"""Who may work at the desk, the article they name, and whether its state allows it."""

from backend.base import vocab
from backend.base.actor import Actor
from backend.base.errors import Forbidden, NotFound
from backend.domains.articles import rules
from backend.domains.articles.models import Article


def may(actor: Actor, permission: str) -> str:
    """The account that may. Articles belong to the platform as a whole: whoever holds the word anywhere may."""
    if not actor.holds(permission) or actor.account_id is None:
        raise Forbidden("forbidden", permission=permission)
    return actor.account_id


def article(actor: Actor, article_id: str) -> Article:
    """Raises Forbidden, NotFound."""
    if not (actor.holds("article:write") or actor.holds("article:review")):
        raise Forbidden("forbidden", permission="article:write")
    found = Article.find_one({"_id": article_id})
    if found is None:
        raise NotFound
    return found


def check(action: str, known: Article) -> None:
    """Raises RuleBroken `article_state_wrong`."""
    rules.check_state(action, known.state, vocab.get("article_states")[known.state])
