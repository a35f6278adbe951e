"""The official GS1 schema as a judge of EPCIS documents."""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema

SCHEMA = Path(__file__).resolve().parents[2] / "schemas" / "payloads" / "epcis" / "EPCIS-JSON-Schema.json"
URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+\Z")
formats = jsonschema.FormatChecker()


@formats.checks("uri")
def is_uri(value: object) -> bool:
    """RFC 3986 in outline: a scheme, and nothing that a URI may not hold; names of fields are judged by it too."""
    return not isinstance(value, str) or bool(URI.match(value))


@cache
def validator() -> jsonschema.Draft7Validator:
    return jsonschema.Draft7Validator(json.loads(SCHEMA.read_text("utf-8")), format_checker=formats)


def faults(document: Any) -> list[str]:
    return [f"{'/'.join(map(str, one.path))}: {one.message[:300]}" for one in validator().iter_errors(document)]


def events_in(document: Any) -> list[dict[str, Any]]:
    body = document["epcisBody"]
    return list((body.get("queryResults", {}).get("resultsBody") or body)["eventList"])
