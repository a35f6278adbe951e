"""Pages for readers: the list with its search, and one article; a rumour carries its ClaimReview for search engines."""

from typing import Any

from flask import Blueprint, Response, request

from backend import gateways
from backend.base import clock, vocab
from backend.base.errors import NotFound
from backend.domains.articles import service as articles
from backend.http.limits import limiter
from backend.web import pages, site

blueprint = Blueprint("reading", __name__)
site.fail_kindly(blueprint)
PAGE = 12
NEXT = 3
BEST, WORST = 5, 1
PUBLISHER = {"@type": "Organization", "name": "陇溯农产品质量安全追溯平台"}


@blueprint.get("/read")
@limiter.limit("120 per minute")
def shelf() -> Response:
    """What there is to read, newest first; with words the best answers first."""
    asked = request.args.get("q", "").strip()[:100]
    kind, crop = _known("article_kinds", "kind"), _known("crops", "crop")
    found = articles.find(q=asked, kind=kind, crop=crop, cursor=request.args.get("cursor") or None, size=PAGE)
    page = pages.render("shelf.html", site.lang(), here="/read", q=asked, kind=kind, crop=crop, found=found)
    return site.html(page)


def _known(vocabulary: str, name: str) -> str | None:
    """A word of a vocabulary out of the address; anything else is as if it were not there."""
    code = request.args.get(name, "")
    return code if code in vocab.get(vocabulary) else None


@blueprint.get("/read/<slug>")
def article(slug: str) -> Response:
    """One article."""
    reading = articles.read(slug)
    if slug != reading.slug:
        return site.here(f"/read/{reading.slug}")
    near = articles.find(crop=reading.crops[0], size=NEXT + 1) if reading.crops else articles.find(kind=reading.kind)
    similar = [one for one in near.items if one.slug != slug][:NEXT]
    told = {"reading": reading, "similar": similar, "data": linked_data(reading), "share": shared_picture(reading)}
    page = pages.render("article.html", site.lang(), here=f"/read/{slug}", **told)
    return site.html(page)


@blueprint.get("/read/")
def bare() -> Response:
    return site.here("/read")


def _own(path: str) -> str:
    return f"{gateways.current().settings.public_base_url.rstrip('/')}{path}"


def shared_picture(reading: articles.ReadingFacts) -> str | None:
    """What a search engine or a chat shows beside the title: the lead picture, else the first."""
    chosen = reading.lead or next(iter(reading.pictures), None)
    return _own(chosen.share) if chosen else None


def linked_data(reading: articles.ReadingFacts) -> dict[str, Any]:
    """schema.org: ClaimReview for a rumour, else Article."""
    shared: dict[str, Any] = {
        "@context": "https://schema.org",
        "url": _own(f"/read/{reading.slug}"),
        "inLanguage": "zh-CN",
        "datePublished": clock.local(reading.first_at).isoformat(timespec="seconds"),
        "dateModified": clock.local(reading.updated_at).isoformat(timespec="seconds"),
        "author": PUBLISHER,
    }
    if picture := shared_picture(reading):
        shared["image"] = picture
    if reading.kind != "rumour":
        return {**shared, "@type": "Article", "headline": reading.title, "description": reading.summary}
    if reading.verdict is None:  # submitting refuses a rumour without one
        raise NotFound("article_not_found")
    verdict = vocab.get("rumour_verdicts")[reading.verdict]
    return {
        **shared,
        "@type": "ClaimReview",
        "claimReviewed": reading.claim,
        "itemReviewed": {"@type": "Claim", "name": reading.claim},
        "reviewRating": {
            "@type": "Rating",
            "ratingValue": verdict["rating"],
            "bestRating": BEST,
            "worstRating": WORST,
            "alternateName": verdict.label("zh"),
        },
    }
