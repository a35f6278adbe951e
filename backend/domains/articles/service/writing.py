"""The desk: writing, submitting, reviewing by another, correcting, withdrawing."""

from collections.abc import Mapping
from typing import Any

from backend.base import clock, ids, store, vocab
from backend.base.actor import Actor
from backend.base.documents import Duplicate, Page
from backend.base.errors import BadRequest, Forbidden, NotFound, RuleBroken, StaleVersion
from backend.domains.accounts import service as accounts
from backend.domains.articles import rules
from backend.domains.articles.models import Article, ArticleVersion
from backend.domains.articles.service.finding import put_out, take_down
from backend.domains.articles.service.rendering import html
from backend.domains.inbox import service as inbox

SLUG_LENGTH = 8
TOLD = frozenset({"publish", "return", "withdraw"})


def _may(actor: Actor, permission: str) -> str:
    """Articles belong to the platform as a whole: whoever holds the word anywhere may."""
    if not actor.holds(permission) or actor.account_id is None:
        raise Forbidden("forbidden", permission=permission)
    return actor.account_id


def write(actor: Actor, *, client_id: str, **content: Any) -> Article:
    """A draft; the same client id of the same author answers what is there. Raises Forbidden, BadRequest."""
    author = _may(actor, "article:write")
    if not ids.CLIENT_ID.match(client_id):
        raise BadRequest("client_id_malformed", field="client_id")
    made = Article(
        id=f"{author}.{client_id}",
        slug=ids.token(SLUG_LENGTH),
        author_id=author,
        content=_plain(content),
        created_at=clock.now(),
    )
    try:
        store.transaction(lambda: _keep(actor, made))
    except Duplicate:
        return article(actor, made.id)
    return made


def _keep(actor: Actor, made: Article) -> None:
    Article.insert([made])
    accounts.note(actor, "article.write", subjects=[made.id])


def _plain(content: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in content.items() if value not in (None, "", [])}


def article(actor: Actor, article_id: str) -> Article:
    """Raises Forbidden, NotFound."""
    if not (actor.holds("article:write") or actor.holds("article:review")):
        raise Forbidden("forbidden", permission="article:write")
    found = Article.find_one({"_id": article_id})
    if found is None:
        raise NotFound
    return found


def articles_of(actor: Actor, *, state: str, cursor: str | None = None, size: int = 50) -> Page[Article]:
    """Articles in one state, newest first. Raises Forbidden."""
    _may(actor, "article:write")
    return Article.page({"state": state}, cursor=cursor, size=size)


def edit(actor: Actor, article_id: str, *, expected_version: int, **content: Any) -> Article:
    """Change the draft; of a published article it becomes a draft again while readers keep what was published.

    Raises Forbidden, NotFound, RuleBroken, StaleVersion.
    """
    author = _may(actor, "article:write")
    known = article(actor, article_id)
    if known.version != expected_version:
        raise StaleVersion("version_stale")
    _check("edit", known)
    changes = {"state": "draft", "content": _plain({**known.content, **content}), "author_id": author}
    return _step(actor, known, "edit", changes)


def submit(actor: Actor, article_id: str, *, correction: str = "") -> Article:
    """Ask another person to read it. `correction` says what changes in something that was published already."""
    _may(actor, "article:write")
    known = article(actor, article_id)
    _check("submit", known)
    rules.check_complete(known.content)
    if known.published_version and not correction:
        raise RuleBroken("correction_missing", field="correction")
    return _step(actor, known, "submit", {"state": "submitted", "note": correction})


def review(actor: Actor, article_id: str, *, verdict: str, reason: str = "") -> Article:
    """`publish` or `return` with a reason; never one's own. Raises Forbidden, NotFound, RuleBroken."""
    reviewer = _may(actor, "article:review")
    known = article(actor, article_id)
    _check("review", known)
    rules.check_reviewer(known.author_id, reviewer)
    if verdict == "return":
        if not reason:
            raise RuleBroken("review_reason_missing", field="reason")
        return _step(actor, known, "return", {"state": "draft", "note": reason})
    number = known.published_version + 1
    changes = {"state": "published", "published": known.content, "published_version": number}
    version = ArticleVersion(
        id=f"{known.id}.{number}",
        article_id=known.id,
        number=number,
        content=known.content,
        author_id=known.author_id,
        reviewer_id=reviewer,
        correction=known.note if number > 1 else "",
        created_at=clock.now(),
    )
    return _step(actor, known, "publish", changes, version)


def withdraw(actor: Actor, article_id: str, *, reason: str) -> Article:
    """Take it from the readers, with a reason. Raises Forbidden, NotFound, RuleBroken."""
    _may(actor, "article:review")
    known = article(actor, article_id)
    _check("withdraw", known)
    return _step(actor, known, "withdraw", {"state": "withdrawn", "note": reason})


def _check(action: str, known: Article) -> None:
    rules.check_state(action, known.state, vocab.get("article_states")[known.state])


def _step(
    actor: Actor,
    known: Article,
    action: str,
    changes: Mapping[str, Any],
    version: ArticleVersion | None = None,
) -> Article:
    """Take the step on the version that was read. Raises StaleVersion when somebody was faster."""
    store.transaction(lambda: _write(actor, known, action, changes, version))
    return article(actor, known.id)


def _write(
    actor: Actor,
    known: Article,
    action: str,
    changes: Mapping[str, Any],
    version: ArticleVersion | None,
) -> None:
    guard = {"_id": known.id, "version": known.version, "state": known.state}
    if not Article.update_one(guard, {"$set": dict(changes), "$inc": {"version": 1}}):
        raise StaleVersion("version_stale")
    if version is not None:
        ArticleVersion.insert([version])
        put_out(known, html(known.content["body"]), version)
    if action == "withdraw":
        take_down(known.slug)
    accounts.note(actor, f"article.{action}", subjects=[known.id])
    if action in TOLD and known.author_id != actor.account_id:
        key, state = f"article-{known.id}-{known.version}", ("article_states", changes["state"])
        said = {"title_of": known.content["title"], "state": state, "reason": changes.get("note", "")}
        inbox.tell([known.author_id], "article_reviewed", key=key, subject_id=known.id, **said)
