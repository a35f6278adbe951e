"""Numbers that people copy from paper: whether one is a trace code of a certificate of this platform."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

from backend.base import ids
from backend.base.documents import MAX_FOUND
from backend.domains.certificates.models import Certificate
from backend.domains.certificates.service.facts import VOIDS

RUN = re.compile(rf"[0-9A-Z]{{{ids.TRACE_CODE_LENGTH},}}")
GAPS = re.compile(r"[\s\-‐-―_.·]+")


def may_be(number: str) -> str | None:
    """The trace code that this may be, however written: in groups, in full width, as an address, after a word."""
    bare = GAPS.sub("", unicodedata.normalize("NFKC", number).upper())
    runs = RUN.findall(bare)
    return ids.normal_trace_code(runs[-1][-ids.TRACE_CODE_LENGTH :]) if runs else None


def of_ours(numbers: Iterable[str]) -> dict[str, Mapping[str, Any]]:
    """Those of these numbers that are certificates of this platform, each with what tells whether it stands. One
    command, none where no number has the form of a code."""
    codes = {number: code for number in numbers if (code := may_be(number))}
    if not codes:
        return {}
    rows = Certificate.rows({"code": {"$in": sorted(set(codes.values()))}}, ["code", *VOIDS], limit=MAX_FOUND)
    known = {row["code"]: row for row in rows}
    return {number: known[code] for number, code in codes.items() if code in known}
