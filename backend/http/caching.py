"""ETag and If-Match on what can be edited: a stale phone must not overwrite an officer's correction."""

import re
from typing import Any

from backend.base.errors import BadRequest, Problem

VERSION = re.compile(r'(?:W/)?"v(\d{1,9})"\Z')


class VersionRequired(Problem):
    """RFC 6585 section 3: say which version you are changing."""

    status = 428


def with_etag(result: Any) -> str:
    return f'"v{result["version"] if isinstance(result, dict) else result.version}"'


def expected_version(header: str | None) -> int:
    """The version in If-Match. Raises VersionRequired without one, BadRequest when it is none of ours."""
    if not header:
        raise VersionRequired("version_required")
    match = VERSION.match(header.strip())
    if match is None:
        raise BadRequest("version_malformed", field="If-Match")
    return int(match.group(1))
