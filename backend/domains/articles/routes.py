"""Endpoints of articles: the desk for those who write and review, and reading for everyone."""

from typing import Any

from backend.base.actor import Actor
from backend.base.documents import Page
from backend.domains.articles import schemas
from backend.domains.articles import service as articles
from backend.http import limits
from backend.http.api import PUBLIC, Blueprint, Limit, page_of

blueprint = Blueprint("articles", description="科普与辟谣")
ONE, OUT = "/articles/<article_id>", schemas.ArticleOut
FINDING = (Limit("120 per minute", limits.by_address),)
UPLOADING = (Limit("60 per minute", limits.by_bearer),)
WRITE, REVIEW = "article:write", "article:review"


@blueprint.post("/articles", needs=WRITE, takes=schemas.NewArticle, gives=OUT, status=201)
def write_article(actor: Actor, data: dict[str, Any]) -> Any:
    """A draft."""
    return articles.write(actor, **data)


@blueprint.get("/articles", needs=WRITE, query=schemas.ArticlesQuery, gives=page_of(OUT))
def list_articles(actor: Actor, query: dict[str, Any]) -> Page[Any]:
    """Articles in one state, newest first."""
    return articles.articles_of(actor, **query)


@blueprint.get(ONE, needs=WRITE, gives=OUT, etag=True)
def get_article(actor: Actor, article_id: str) -> Any:
    """One article, with what its author works on and what readers see."""
    return articles.article(actor, article_id)


@blueprint.patch(ONE, needs=WRITE, takes=schemas.ArticleChanges, gives=OUT, if_match=True)
def edit_article(actor: Actor, data: dict[str, Any], article_id: str, expected_version: int) -> Any:
    """Change the draft; readers keep what was published until a correction is."""
    return articles.edit(actor, article_id, expected_version=expected_version, **data)


@blueprint.post(f"{ONE}/submission", needs=WRITE, takes=schemas.Submission, gives=OUT)
def submit_article(actor: Actor, data: dict[str, Any], article_id: str) -> Any:
    """Ask another person to read it."""
    return articles.submit(actor, article_id, **data)


@blueprint.post(f"{ONE}/review", needs=REVIEW, takes=schemas.Review, gives=OUT)
def review_article(actor: Actor, data: dict[str, Any], article_id: str) -> Any:
    """Publish it, or return it with a reason; never one's own."""
    return articles.review(actor, article_id, **data)


@blueprint.post(f"{ONE}/withdrawal", needs=REVIEW, takes=schemas.Withdrawal, gives=OUT)
def withdraw_article(actor: Actor, data: dict[str, Any], article_id: str) -> Any:
    """Take it from the readers."""
    return articles.withdraw(actor, article_id, **data)


@blueprint.get(f"{ONE}/pictures", needs=WRITE, gives=schemas.PicturesOut)
def list_pictures(actor: Actor, article_id: str) -> dict[str, Any]:
    """The pictures that may stand in its text."""
    return {"items": articles.pictures_of(actor, article_id)}


@blueprint.post(
    f"{ONE}/pictures",
    needs=WRITE,
    takes=schemas.PictureForm,
    uploads=schemas.PictureFile,
    gives=schemas.PictureOut,
    status=201,
    limits=UPLOADING,
)
def add_picture(actor: Actor, form: dict[str, Any], files: dict[str, Any], article_id: str) -> Any:
    """A picture for the draft; readers see it when a version that places it is published."""
    return articles.add_picture(actor, article_id, data=files["picture"].read(), **form)


@blueprint.delete(f"{ONE}/pictures/<picture_name>", needs=WRITE, status=204)
def remove_picture(actor: Actor, article_id: str, picture_name: str) -> None:
    """Remove one that no reader has seen, or one of a withdrawn article."""
    articles.remove_picture(actor, article_id, picture_name)


@blueprint.get("/reading", needs=PUBLIC, query=schemas.ReadingQuery, gives=page_of(schemas.ReadingOut), limits=FINDING)
def find_reading(_actor: Actor, query: dict[str, Any]) -> Page[articles.ReadingFacts]:
    """With words the best answers first, without the newest first."""
    return articles.find(**query)


@blueprint.get("/reading/<slug>", needs=PUBLIC, gives=schemas.FullReadingOut)
def read_article(_actor: Actor, slug: str) -> articles.ReadingFacts:
    """One published article."""
    return articles.read(slug)
