"""Open data as the worker makes it, and read back as a stranger would."""

import csv
import io
import json
from typing import Any

from backend.domains.exchange import service as exchange
from tests.factories.http import Api

LIST = "/api/v1/exchange/dumps"


def built(*names: str) -> None:
    """All that is due is made, however many turns the worker needs."""
    while exchange.build_dumps(names or None):
        pass


def newest(api: Api, name: str) -> Any:
    """The newest dump of a data set, as the list shows it."""
    (found,) = [one for one in api.get(LIST).json["items"] if one["name"] == name]
    return found["versions"][0]


def files(api: Api, name: str) -> dict[str, str]:
    """The text of each of its files."""
    return {file["form"]: api.get(file["url"]).data.decode() for file in newest(api, name)["files"]}


def rows(api: Api, name: str) -> list[dict[str, Any]]:
    """Its rows, which both files must tell alike."""
    text = files(api, name)
    told = [json.loads(line) for line in text["jsonl"].splitlines()]
    assert len(list(csv.DictReader(io.StringIO(text["csv"].removeprefix("\ufeff"))))) == len(told)
    return told
