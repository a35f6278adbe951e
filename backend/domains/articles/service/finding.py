"""Readers' side: one indexed lookup for a query, by its rarest token; the rest is filtered and ranked here."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pymongo import UpdateOne

from backend.base import clock, events, store
from backend.base.documents import MAX_FOUND, Page
from backend.base.errors import NotFound
from backend.domains.articles import rules
from backend.domains.articles.models import Article, ArticleVersion, Reading, TokenCount
from backend.domains.articles.service.linking import ReadingChanged
from backend.domains.articles.service.picturing import PictureFacts, picture_facts
from backend.domains.articles.service.words import words

ALL = "all"
SHOWN = 30
MAX_WANTED = 60
RAREST = 4
CHUNK = 100
LISTED = ("kind", "title", "summary", "first_at", "created_at", "content", "corrections")


@dataclass(frozen=True, slots=True)
class ReadingFacts:
    """`html` and `pictures` are empty in lists. `corrections` are (day, what changed), newest last. `pictures` holds
    those of the body, and the `lead` if it stands in no paragraph."""

    slug: str
    kind: str
    title: str
    summary: str
    html: str
    crops: tuple[str, ...]
    sources: Sequence[Mapping[str, str]]
    claim: str | None
    verdict: str | None
    evidence: str | None
    lead: PictureFacts | None
    pictures: tuple[PictureFacts, ...]
    first_at: datetime
    updated_at: datetime
    corrections: Sequence[Mapping[str, Any]]


def put_out(known: Article, html: str, version: ArticleVersion) -> None:
    """Make the published content what readers find, in the publishing transaction."""
    content = version.content
    text = " ".join(str(content.get(name, "")) for name in ("title", "summary", "claim", "body"))
    crops = [f"crop:{crop}" for crop in content.get("crops", ())]
    old = Reading.find_one({"_id": known.slug})
    corrections = list(old.corrections) if old else []
    if version.number > 1:
        corrections.append({"at": version.created_at, "what": version.correction})
    fields = {
        "article_id": known.id,
        "kind": content["kind"],
        "title": content["title"],
        "summary": content["summary"],
        "html": html,
        "content": {name: value for name, value in content.items() if name != "body"},  # `html` is what is read
        "marks": [ALL, f"kind:{content['kind']}", *crops, *rules.tokens(text), *words(text)],
        "created_at": version.created_at,
        "corrections": corrections[-50:],
    }
    first = {"first_at": old.first_at if old else version.created_at}
    before = set(old.marks) if old else set()
    _count(set(fields["marks"]) - before, 1)
    _count(before - set(fields["marks"]), -1)
    Reading.update_one({"_id": known.slug}, {"$set": {**fields, **first}}, upsert=True)
    _announce(content, old.content if old else {})


def take_down(slug: str) -> None:
    known = Reading.find_one({"_id": slug})
    if known is not None:
        _count(known.marks, -1)
        Reading.delete_many({"_id": slug})
        _announce(known.content)


def _announce(*contents: Mapping[str, Any]) -> None:
    crops = sorted({crop for content in contents for crop in content.get("crops", ())})
    if crops:
        events.publish(ReadingChanged(crops))


def read(slug: str) -> ReadingFacts:
    """Raises NotFound `article_not_found`."""
    rows = Reading.rows({"_id": slug.upper()[:40]}, limit=1)
    if not rows:
        raise NotFound("article_not_found")
    return facts_of(rows[0])


def find(
    *, q: str = "", kind: str | None = None, crop: str | None = None, cursor: str | None = None, size: int = 20
) -> Page[ReadingFacts]:
    """With words the best answers first (one page of them); without, the newest first, page by page."""
    wanted = rules.tokens(q)
    if q.strip() and not wanted:
        return Page([], None)
    if wanted:
        return Page(_ranked(q, wanted, kind, crop), None)
    mark = f"crop:{crop}" if crop else f"kind:{kind}" if kind else ALL
    where: dict[str, Any] = {"marks": mark} | ({"kind": kind} if kind and crop else {})
    page = Reading.page(where, cursor=cursor, size=size)
    return Page([facts_of(one.to_mongo(), listed=True) for one in page.items], page.next_cursor)


def readings_after(after: str, size: int) -> list[ReadingFacts]:
    """For walks of the worker: the next published articles by their slug, whole."""
    return [facts_of(row) for row in Reading.rows({"_id": {"$gt": after}}, limit=size, sort=[("_id", 1)])]


def _ranked(q: str, wanted: Sequence[str], kind: str | None, crop: str | None) -> list[ReadingFacts]:
    """One indexed lookup for the query's rarest tokens; what it finds is ranked by all of them, and by long words."""
    tokens, phrases = wanted[:MAX_WANTED], rules.phrases(q)
    counts = _counts([*tokens, *phrases])
    weight = rules.weights([*tokens, *(one for one in phrases if one in counts)], counts, counts.get(ALL, 0))
    rare = sorted((one for one in tokens if one in counts), key=counts.__getitem__)[:RAREST]
    newest = [("created_at", -1)] if len(rare) == 1 else None  # of a single common word more is found than is ranked
    where = {"marks": rare[0] if newest else {"$in": rare}}
    rows = Reading.rows(where, [*LISTED, "marks"], limit=MAX_FOUND, sort=newest) if rare else []
    scored = []
    for row in rows:
        if (kind and row["kind"] != kind) or (crop and crop not in row["content"].get("crops", ())):
            continue
        title, summary = row["title"].casefold(), row["summary"].casefold()
        scored.append((rules.score(weight, title=title, summary=summary, body=row["marks"]), row["created_at"], row))
    scored.sort(key=lambda one: (one[0], one[1]), reverse=True)
    return [facts_of(row, listed=True) for points, _, row in scored[:SHOWN] if points > 0]


def _counts(wanted: Sequence[str]) -> dict[str, int]:
    """In how many readings each of these stands, and how many there are (`all`); what stands nowhere is left out."""
    rows = TokenCount.rows({"_id": {"$in": [ALL, *wanted]}}, limit=len(wanted) + 1)
    return {row["_id"]: row["count"] for row in rows if row["count"] > 0}


def _count(tokens: Iterable[str], step: int) -> None:
    writes = [UpdateOne({"_id": token}, {"$inc": {"count": step}}, upsert=True) for token in tokens]
    for start in range(0, len(writes), CHUNK):
        TokenCount.collection().bulk_write(writes[start : start + CHUNK], ordered=False, session=store.session())


def _correction(row: Mapping[str, Any]) -> dict[str, Any]:
    return {"on": clock.civil_date(row["at"]), "what": row["what"]}


def facts_of(row: Mapping[str, Any], *, listed: bool = False) -> ReadingFacts:
    content = row["content"]
    pictures = tuple(picture_facts(one) for one in content.get("pictures", ()))
    return ReadingFacts(
        slug=row["_id"],
        kind=row["kind"],
        title=row["title"],
        summary=row["summary"],
        html="" if listed else row["html"],
        crops=tuple(content.get("crops", ())),
        sources=tuple(content.get("sources", ())),
        claim=content.get("claim"),
        verdict=content.get("verdict"),
        evidence=content.get("evidence"),
        lead=next((one for one in pictures if one.name == content.get("lead_picture")), None),
        pictures=() if listed else pictures,
        first_at=row["first_at"],
        updated_at=row["created_at"],
        corrections=tuple(_correction(one) for one in row.get("corrections", ())),
    )
