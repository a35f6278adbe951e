"""The open data for people: what there is, what each column means, under which licence, and how to cite it."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response

from backend import gateways
from backend.domains.exchange import service as exchange
from backend.http.limits import limiter
from backend.web import pages, site

blueprint = Blueprint("open_data", __name__)
site.fail_kindly(blueprint)
PUBLISHER = {"@type": "Organization", "name": "陇溯农产品质量安全追溯平台"}
PLACE = {"@type": "Place", "name": "甘肃省", "identifier": "620000"}
STEP = 1024


@blueprint.get("/open")
@limiter.limit("120 per minute")
def shelf() -> Response:
    """All data sets with their newest files; search engines for data read the same as JSON-LD."""
    found = exchange.data_sets()
    lang, base = site.lang(), gateways.current().settings.public_base_url
    page = pages.render("open.html", lang, here="/open", sets=found, size=size, base=base, data=linked_data(found))
    return site.html(page)


@blueprint.get("/open/")
def bare() -> Response:
    return site.here("/open")


def size(count: int) -> str:
    """Bytes as a person reads them: 812 B, 3.4 KB, 12 MB."""
    amount, unit = float(count), "B"
    for unit in ("B", "KB", "MB", "GB"):
        if amount < STEP or unit == "GB":
            break
        amount /= STEP
    return f"{amount:.0f} {unit}" if unit == "B" or amount >= 10 else f"{amount:.1f} {unit}"


def linked_data(sets: Sequence[exchange.DataSet]) -> dict[str, Any]:
    """schema.org's DataCatalog, which is what DCAT becomes on a web page."""
    base = gateways.current().settings.public_base_url
    catalogue = {"@context": "https://schema.org", "@type": "DataCatalog", "@id": f"{base}/open", "url": f"{base}/open"}
    named = {"name": "陇溯开放数据", "alternateName": "LongTrace open data", "publisher": PUBLISHER}
    return {**catalogue, **named, "inLanguage": "zh-CN", "dataset": [_dataset(base, one) for one in sets]}


def _dataset(base: str, one: exchange.DataSet) -> dict[str, Any]:
    said: dict[str, Any] = {
        "@type": "Dataset",
        "@id": f"{base}/open#{one.name}",
        "url": f"{base}/open#{one.name}",
        "name": one.term.zh,
        "alternateName": one.term.en,
        "description": one.term["about"]["zh"],
        "keywords": list(one.term["keywords"]),
        "license": one.licence["url"],
        "isAccessibleForFree": True,
        "creator": PUBLISHER,
        "spatialCoverage": PLACE,
        "variableMeasured": [
            {"@type": "PropertyValue", "name": column["name"], "description": column["zh"]}
            for column in one.term["columns"]
        ],
    }
    if one.newest is None:
        return said
    files = [_download(base, file) for file in one.newest.files]
    day = one.newest.day.isoformat()
    return said | {"version": day, "dateModified": day, "distribution": files}


def _download(base: str, file: exchange.DumpFile) -> dict[str, Any]:
    return {
        "@type": "DataDownload",
        "contentUrl": base + file.url,
        "encodingFormat": file.content_type.partition(";")[0],
        "contentSize": f"{file.size} B",
        "sha256": file.sha256,
    }
