"""The desk: writing, submitting, reviewing by another, correcting, withdrawing."""

from collections.abc import Mapping
from typing import Any

from backend.base import clock, ids, store
from backend.base.actor import Actor
from backend.base.documents import Duplicate, Page
from backend.base.errors import BadRequest, RuleBroken, StaleVersion
from backend.domains.accounts import service as accounts
from backend.domains.articles import rules
from backend.domains.articles.models import Article, ArticleVersion
from backend.domains.articles.service.asking import article, check, may
from backend.domains.articles.service.finding import put_out, take_down
from backend.domains.articles.service.picturing import mark_published, placed
from backend.domains.articles.service.rendering import html
from backend.domains.inbox import service as inbox

SLUG_LENGTH = 8
TOLD = frozenset({"publish", "return", "withdraw"})


def write(actor: Actor, *, client_id: str, **content: Any) -> Article:
    """A draft; the same client id of the same author answers what is there. Raises Forbidden, BadRequest."""
    author = may(actor, "article:write")
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


def articles_of(actor: Actor, *, state: str, cursor: str | None = None, size: int = 50) -> Page[Article]:
    """Articles in one state, newest first. Raises Forbidden."""
    may(actor, "article:write")
    return Article.page({"state": state}, cursor=cursor, size=size)


def edit(actor: Actor, article_id: str, *, expected_version: int, **content: Any) -> Article:
    """Change the draft; of a published article it becomes a draft again while readers keep what was published.

    Raises Forbidden, NotFound, RuleBroken, StaleVersion.
    """
    author = may(actor, "article:write")
    known = article(actor, article_id)
    if known.version != expected_version:
        raise StaleVersion("version_stale")
    check("edit", known)
    changes = {"state": "draft", "content": _plain({**known.content, **content}), "author_id": author}
    return _step(actor, known, "edit", changes)


def submit(actor: Actor, article_id: str, *, correction: str = "") -> Article:
    """Ask another person to read it, with the pictures as they are now. `correction` says what changes in something
    that was published already."""
    may(actor, "article:write")
    known = article(actor, article_id)
    check("submit", known)
    rules.check_complete(known.content)
    if known.published_version and not correction:
        raise RuleBroken("correction_missing", field="correction")
    content = {**known.content, "pictures": placed(known)}
    return _step(actor, known, "submit", {"state": "submitted", "note": correction, "content": _plain(content)})


def review(actor: Actor, article_id: str, *, verdict: str, reason: str = "") -> Article:
    """`publish` or `return` with a reason; never one's own. Raises Forbidden, NotFound, RuleBroken."""
    reviewer = may(actor, "article:review")
    known = article(actor, article_id)
    check("review", known)
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
    may(actor, "article:review")
    known = article(actor, article_id)
    check("withdraw", known)
    return _step(actor, known, "withdraw", {"state": "withdrawn", "note": reason})


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
        put_out(known, html(known.content["body"], known.content.get("pictures", ())), version)
        mark_published(known)
    if action == "withdraw":
        take_down(known.slug)
    accounts.note(actor, f"article.{action}", subjects=[known.id])
    if action in TOLD and known.author_id != actor.account_id:
        key, state = f"article-{known.id}-{known.version}", ("article_states", changes["state"])
        said = {"title_of": known.content["title"], "state": state, "reason": changes.get("note", "")}
        inbox.tell([known.author_id], "article_reviewed", key=key, subject_id=known.id, **said)
