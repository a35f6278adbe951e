"""GS1 Digital Link: reading its URIs, and what a GS1-conformant resolver says of the links behind one (RFC 9264)."""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from backend.base import vocab
from backend.base.errors import BadRequest, NotFound
from backend.domains.tracing.rules import alias, gtin14

VOCABULARY = "https://gs1.org/voc/"
SPELLINGS = ("gs1:", VOCABULARY, "https://ref.gs1.org/voc/", "https://www.gs1.org/voc/")
DEFAULT = "defaultLink"
QUALIFIERS = re.compile(r"(?:22/([^/]+))?(?:(?:^|/)10/(?P<lot>.+?))?(?:(?:^|/)21/([^/]+))?")
Link = Mapping[str, Any]


def lot_in(path: str) -> tuple[str, str]:
    """(GTIN, lot) of what follows `/01/`: qualifiers in their order 22, 10, 21; a serial number leads to its lot.

    Raises BadRequest `link_malformed`; NotFound `link_gtin_alone` for a right GTIN without a lot.
    """
    gtin, _, rest = path.partition("/")
    found = QUALIFIERS.fullmatch(rest)
    if not gtin14(gtin) or found is None or not all(alias(gtin, part) for part in found.groups() if part is not None):
        raise BadRequest("link_malformed")
    if found["lot"] is None:
        raise NotFound("link_gtin_alone")
    return gtin, found["lot"]


def wanted_type(asked: str) -> str:
    """A link type in any of its spellings, without its namespace; nothing asked is the default link."""
    prefix = next((one for one in SPELLINGS if asked.startswith(one)), "")
    return asked.removeprefix(prefix) or DEFAULT


def target(code: str, link_type: str, *, json: bool, lang: str) -> str:
    """Where a request for this type leads: the one in its media type and language, else the first.

    Raises NotFound `link_type_missing`, as the standard wants for a type that is not there.
    """
    types = vocab.get("link_types")
    if link_type not in types:
        raise NotFound("link_type_missing")
    links = types[link_type]["links"]
    kind = "application/json" if json else "text/html"
    fitting = [one for one in links if one["type"] == kind and one.get("hreflang", lang) == lang]
    return _path((fitting or links)[0], code)


def linkset(code: str, *, anchor: str, base: str) -> dict[str, Any]:
    """All links of an item as `application/linkset+json`, with their titles in Chinese and English."""
    types = {VOCABULARY + term.code: _links(term, code, base) for term in vocab.get("link_types")}
    return {"linkset": [{"anchor": anchor, **types}]}


def _links(term: vocab.Term, code: str, base: str) -> list[dict[str, Any]]:
    titles = [{"value": term.zh, "language": "zh"}, {"value": term.en, "language": "en"}]
    return [
        {
            "href": base + _path(one, code),
            "type": one["type"],
            "hreflang": _languages(one),
            "title": term.zh if one.get("hreflang") != "en" else term.en,
            "title*": titles,
        }
        for one in term["links"]
    ]


def _languages(one: Link) -> list[str]:
    return [one["hreflang"]] if "hreflang" in one else ["zh", "en"]


def _path(one: Link, code: str) -> str:
    return str(one["path"]).format(code=quote(code, safe=""))


def description(base: str, name: str) -> dict[str, Any]:
    """The resolver's own description, for `/.well-known/gs1resolver`."""
    return {
        "name": name,
        "resolverRoot": base,
        "supportedPrimaryKeys": ["01"],
        "supportedLinkType": [{"namespace": VOCABULARY, "prefix": "gs1:"}],
        "linkTypeDefaultCanBeLinkset": False,
    }
