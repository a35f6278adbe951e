"""Where each open data set comes from: a walk in chunks over one feature below, and what of it becomes a row.

What may be in a row is said column by column in schemas/vocab/open_data_sets.json. No row names a producer, a person, a
lot, a certificate or a trace code: codes must not be enumerable, and what a code opens must not be searchable without.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from backend import gateways
from backend.base import clock, vocab
from backend.domains.articles import service as articles
from backend.domains.certificates import service as certificates
from backend.domains.complaints import service as complaints
from backend.domains.evidence import service as evidence
from backend.domains.exchange.rules import dumps as rules
from backend.domains.inputs import service as inputs
from backend.domains.lots import service as lots
from backend.domains.producers import service as producers
from backend.domains.testing import service as testing

CHUNK = 500
COUNTY, PROVINCE = 6, 2  # digits of a region's code
WHOLE = 50  # articles and days are read as a whole
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Chunk:
    """What a walk found and where it goes on; `after` None: that was all."""

    found: Sequence[Any]
    after: str | None


@dataclass(frozen=True, slots=True)
class Listing:
    """A data set of whole public things: `chunk(after, until)` gives its rows."""

    chunk: Callable[[str, datetime], Chunk]


@dataclass(frozen=True, slots=True)
class Statistic:
    """A data set of numbers: `chunk(after, until)` gives a cell for each record, `row` what is published of a joined
    one. `total` and `telling` are counts, as `rules.may_leave` means them."""

    chunk: Callable[[str, datetime], Chunk]
    row: Callable[[rules.Cell], Row]
    total: str
    telling: str | None = None


def _walked(found: Sequence[Any], size: int, told: Callable[[Any], Any]) -> Chunk:
    """A chunk over things with an `id`, of which `told` makes what is wanted, or nothing."""
    made = [one for one in map(told, found) if one is not None]
    return Chunk(made, found[-1].id if len(found) == size else None)


def _cell(at: datetime, region: str, items: tuple[str, ...], who: str, **counts: int) -> rules.Cell:
    month = clock.civil_date(at).isoformat()[:7]
    return rules.Cell(month, region[:6].ljust(6, "0"), items, counts, frozenset({who}))


def _where(cell: rules.Cell) -> dict[str, Any]:
    return {"month": cell.month, "region": cell.place, "region_name": vocab.label("regions", cell.place)}


def _named(vocabulary: str, code: str) -> str:
    return "其他" if code == rules.OTHERS else vocab.label(vocabulary, code)


def _of_certificates(
    items: Callable[[certificates.CertificateFacts, str], tuple[str, ...]], *, digits: int = COUNTY
) -> Any:
    """`digits`: how much of the place's code is told."""

    def chunk(after: str, until: datetime) -> Chunk:
        found = certificates.cards_after(after, CHUNK)
        crops = lots.crops_of(list({one.lot_id for one in found}))

        def told(one: certificates.CertificateFacts) -> rules.Cell | None:
            if one.issued_at >= until:
                return None
            void = rules.void_at(one.turns, until)
            what = items(one, crops.get(one.lot_id, rules.OTHERS))
            return _cell(one.issued_at, one.place_region[:digits], what, one.producer_id, issued=1, voided=int(void))

        return _walked(found, CHUNK, told)

    return chunk


def _issued(cell: rules.Cell) -> Row:
    (crop,) = cell.items
    return _where(cell) | {"product": crop, "product_name": _named("crops", crop)} | dict(cell.counts)


def _said(one: certificates.CertificateFacts, crop: str) -> tuple[str, ...]:
    """What a certificate states without its subject: the class of product, its template, its bases."""
    kind = vocab.get("crops").get(crop, {}).get("class", rules.OTHERS)
    return kind, one.template, "+".join(sorted(one.bases))


def _contents(cell: rules.Cell) -> Row:
    kind, template, bases = cell.items
    said = {"product_class": kind, "product_class_name": _named("crop_classes", kind), "template": template}
    return _where(cell) | said | {"bases": bases.split("+"), "certificates": cell.counts["issued"]}


def _tests(after: str, until: datetime) -> Chunk:
    found = testing.results_after(after, CHUNK)
    crops = lots.crops_of(list({one.lot_id for one in found}))
    regions = {one.id: one.region for one in producers.names(list({one.producer_id for one in found}))}

    def told(one: testing.ResultFacts) -> rules.Cell | None:
        region = regions.get(one.producer_id)
        if one.recorded_at >= until or region is None:
            return None
        what = (crops.get(one.lot_id, rules.OTHERS), one.kind)
        failed = int(one.verdict == "fail")
        return _cell(one.recorded_at, region, what, one.producer_id, tested=1, failed=failed)

    return _walked(found, CHUNK, told)


def _tested(cell: rules.Cell) -> Row:
    crop, kind = cell.items
    named = {"product": crop, "product_name": _named("crops", crop), "kind": kind}
    return _where(cell) | named | dict(cell.counts)


def _cases(after: str, until: datetime) -> Chunk:
    def told(one: complaints.CountedCase) -> rules.Cell | None:
        if one.created_at >= until:
            return None
        return _cell(one.created_at, one.region, (one.category,), one.id, received=1, closed=int(not one.open))

    return _walked(complaints.cases_after(after, CHUNK), CHUNK, told)


def _heard(cell: rules.Cell) -> Row:
    (category,) = cell.items
    named = {"category": category, "category_name": _named("complaint_categories", category)}
    return _where(cell) | named | dict(cell.counts)


def _substances(_after: str, _until: datetime) -> Chunk:
    """Every row of the version in force, whole: a rule without its source and its confidence would be worse than none.
    Raises Unavailable while there is no rulebook."""
    book = inputs.published()
    return Chunk([_substance(book, row) for row in book["substances"]], None)


def _substance(book: Row, row: Row) -> Row:
    plain = ("substance", "name_en", "cas", "measure", "effective_from", "announcement", "confidence", "note")
    lists = {name: list(row.get(name) or []) for name in ("crop_classes", "exempt_methods")}
    book_said = {"rulebook": book["version"], "rulebook_source": book["source"]}
    return book_said | {name: row.get(name) for name in plain} | lists


def _articles(after: str, until: datetime) -> Chunk:
    found = articles.readings_after(after, WHOLE)
    rows = [_article(one) for one in found if one.updated_at < until]
    return Chunk(rows, found[-1].slug if len(found) == WHOLE else None)


def _article(one: articles.ReadingFacts) -> Row:
    said = {name: getattr(one, name) for name in ("slug", "kind", "title", "summary", "claim", "verdict", "html")}
    days = {
        "published_on": clock.civil_date(one.first_at).isoformat(),
        "changed_on": clock.civil_date(one.updated_at).isoformat(),
    }
    address = f"{gateways.current().settings.public_base_url}/read/{one.slug}"
    sources = [" ".join(filter(None, (source["name"], source.get("url")))) for source in one.sources]
    return said | days | {"crops": list(one.crops), "sources": sources, "url": address}


def _days(after: str, until: datetime) -> Chunk:
    """Days that are over: their roots are final."""
    found = evidence.days_after(after, WHOLE)
    rows = [_day(one) for one in found if one.day < clock.civil_date(until)]
    return Chunk(rows, found[-1].day.isoformat() if len(found) == WHOLE else None)


def _day(one: evidence.DayFacts) -> Row:
    now = one.checkpoint
    said = {"day": one.day.isoformat(), "sealed": one.sealed, "number": now.number, "size": now.size, "root": now.root}
    return said | {"sealed_at": clock.local(now.at).isoformat(timespec="seconds"), "note": now.note}


SOURCES: Mapping[str, Listing | Statistic] = {
    "certificates": Statistic(_of_certificates(lambda _, crop: (crop,)), _issued, "issued", "voided"),
    # Of the whole province: were its counties told, taking one set from the other would show what is too small there.
    "certificate-contents": Statistic(_of_certificates(_said, digits=PROVINCE), _contents, "issued"),
    "testing": Statistic(_tests, _tested, "tested", "failed"),
    "complaints": Statistic(_cases, _heard, "received"),
    "substances": Listing(_substances),
    "articles": Listing(_articles),
    "register-days": Listing(_days),
}
