"""Pictures of an article: kept with the draft, frozen into what is reviewed, never changed once it was published."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from backend import gateways
from backend.base import clock, store
from backend.base.actor import Actor
from backend.base.errors import BadRequest, NotFound, RuleBroken, StaleVersion
from backend.base.ids import CLIENT_ID
from backend.domains.accounts import service as accounts
from backend.domains.articles import rules
from backend.domains.articles.models import MAX_PICTURES, Article, ArticlePicture
from backend.domains.articles.service.asking import article, check, may
from backend.domains.articles.service.rendering import figures, stray
from backend.gateways import files

FROZEN = ("name", "file_id", "width", "height", "sha256", "alt", "alt_en", "credit")


@dataclass(frozen=True, slots=True)
class PictureFacts:
    """A picture as readers get it: paths of its renditions, pixels of the widest."""

    name: str
    alt: str
    alt_en: str
    caption: str
    credit: str
    width: int
    height: int
    thumb: str
    small: str
    large: str
    share: str


def picture_facts(row: Mapping[str, Any]) -> PictureFacts:
    paths: dict[str, Any] = {
        name: files.picture_path(row["file_id"], rendition)
        for name, rendition in (
            ("thumb", "thumb.jpg"),
            ("small", "480.webp"),
            ("large", "960.webp"),
            ("share", "960.jpg"),  # search engines and chats
        )
    }
    told = {name: row[name] for name in ("name", "alt", "credit", "width", "height")}
    return PictureFacts(**told, alt_en=row.get("alt_en", ""), caption=row.get("caption", ""), **paths)


def add_picture(
    actor: Actor, article_id: str, *, client_id: str, data: bytes, alt: str, credit: str, alt_en: str = ""
) -> ArticlePicture:
    """Keep a picture under the name its client gave it, by which the body places it; the same name again answers what
    is there.

    Raises Forbidden, NotFound, RuleBroken `too_many_pictures`, and what the files gateway says of a bad image.
    """
    author = may(actor, "article:write")
    known = article(actor, article_id)
    if not CLIENT_ID.match(client_id):
        raise BadRequest("client_id_malformed", field="client_id")
    if there := _named(article_id, client_id):
        return there
    check("edit", known)
    if len(_rows(article_id)) >= MAX_PICTURES:
        raise RuleBroken("too_many_pictures", limit=MAX_PICTURES)
    stored = gateways.current().files
    image = stored.keep_picture(data)
    made = ArticlePicture(
        id=f"{article_id}.{client_id}",
        article_id=article_id,
        name=client_id,
        file_id=image.id,
        sha256=image.sha256,
        width=image.width,
        height=image.height,
        alt=alt,
        alt_en=alt_en,
        credit=credit,
        created_by=author,
        created_at=clock.now(),
    )
    return files.keep_with_row(
        stored, made, keep=lambda row: _keep(actor, row), there=lambda: _named(article_id, client_id)
    )


def _keep(actor: Actor, made: ArticlePicture) -> None:
    ArticlePicture.insert([made])
    accounts.note(actor, "article.picture", subjects=[made.article_id, made.id])


def pictures_of(actor: Actor, article_id: str) -> Sequence[ArticlePicture]:
    """Every picture of the article, as they came. Raises Forbidden, NotFound."""
    return _rows(article(actor, article_id).id)


def _rows(article_id: str) -> list[ArticlePicture]:
    return ArticlePicture.find({"article_id": article_id}, limit=MAX_PICTURES, sort=[("created_at", 1)])


def _named(article_id: str, name: str) -> ArticlePicture | None:
    return ArticlePicture.find_one({"article_id": article_id, "_id": f"{article_id}.{name}"})


def remove_picture(actor: Actor, article_id: str, name: str) -> None:
    """Remove a picture that no reader has seen, or one of an article that was withdrawn.

    Raises Forbidden, NotFound, RuleBroken `picture_published`, StaleVersion.
    """
    may(actor, "article:write")
    known = article(actor, article_id)
    found = _named(article_id, name)
    if found is None:
        raise NotFound
    check("edit", known)
    rules.check_removable(published=found.published, state=known.state)
    store.transaction(lambda: _remove(actor, known, found))
    gateways.current().files.delete(found.file_id)


def _remove(actor: Actor, known: Article, found: ArticlePicture) -> None:
    """On the version that was read: what is being submitted at this moment keeps its pictures."""
    guard = {"_id": known.id, "version": known.version, "state": known.state}
    if not Article.update_one(guard, {"$inc": {"version": 1}}):
        raise StaleVersion("version_stale")
    ArticlePicture.delete_many({"article_id": known.id, "_id": found.id})
    accounts.note(actor, "article.picture_removed", subjects=[known.id, found.id])


def placed(known: Article) -> list[dict[str, Any]]:
    """The pictures of what is submitted, frozen: those of the body in their order with their captions, then a lead
    picture that stands in no paragraph. Raises RuleBroken."""
    content = known.content
    captions = figures(content["body"])
    rows = {one.name: one for one in _rows(known.id)}
    lead = content.get("lead_picture")
    names = [*dict.fromkeys(name for name, _ in captions), *([lead] if lead else [])]
    rules.check_pictures([name for name, _ in captions], stray(content["body"]), lead, rows)
    told = dict(captions)
    return [_frozen(rows[name], told.get(name, "")) for name in dict.fromkeys(names)]


def _frozen(one: ArticlePicture, caption: str) -> dict[str, Any]:
    return {name: getattr(one, name) for name in FROZEN} | {"caption": caption}


def mark_published(known: Article) -> None:
    """In the publishing transaction."""
    names = [f"{known.id}.{one['name']}" for one in known.content.get("pictures", ())]
    if names:
        ArticlePicture.update_many({"article_id": known.id, "_id": {"$in": names}}, {"$set": {"published": True}})
