"""Where the auditor reads: a database, a directory of JSON lines, or the public pages of a running platform."""

import base64
import json
import urllib.request
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

import pymongo
from bson import json_util

PAGE = 100
WIDTH, HASH = 256, 32
REGISTER = ("evidence_log", "evidence_leaves", "evidence_tiles", "evidence_checkpoints", "evidence_cosignatures",
            "evidence_witnesses", "evidence_timestamps", "evidence_days", "signing_keys")  # fmt: skip


class Source(Protocol):
    """`documents` False: only the register can be read, not what it is about. `live`: it may change meanwhile."""

    documents: bool
    live: bool

    def rows(self, collection: str) -> Iterator[dict[str, Any]]: ...


class Database:
    """A MongoDB by its URI, read without changing anything."""

    documents, live = True, True

    def __init__(self, uri: str) -> None:
        self._uri = uri

    def rows(self, collection: str) -> Iterator[dict[str, Any]]:
        client: pymongo.MongoClient[dict[str, Any]]
        with pymongo.MongoClient(self._uri, tz_aware=True) as client:
            yield from client.get_default_database("longtrace")[collection].find({}, batch_size=500)


class Dump:
    """`{collection}.jsonl`, a document a line in Extended JSON, as mongoexport writes them."""

    documents, live = True, False

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        if not (directory / "evidence_leaves.jsonl").exists():
            raise SystemExit(f"{directory} holds no evidence_leaves.jsonl")

    def rows(self, collection: str) -> Iterator[dict[str, Any]]:
        path = self._directory / f"{collection}.jsonl"
        if path.exists():
            options = json_util.JSONOptions(tz_aware=True)
            with path.open(encoding="utf-8") as lines:
                yield from (json_util.loads(line, json_options=options) for line in lines if line.strip())


def write_dump(source: Source, collections: Iterable[str], directory: Path) -> None:
    """The collections as JSON lines."""
    directory.mkdir(parents=True, exist_ok=True)
    for name in collections:
        with (directory / f"{name}.jsonl").open("w", encoding="utf-8") as out:
            for row in source.rows(name):
                out.write(json_util.dumps(row, json_options=json_util.CANONICAL_JSON_OPTIONS) + "\n")


class Web:
    """The public endpoints: hashes, checkpoints, cosignatures and keys; no documents."""

    documents, live = False, True

    def __init__(self, base: str) -> None:
        self._base = base.rstrip("/")
        self._stamped: set[int] = set()  # checkpoints that were said to have a timestamp when they were read
        if not self._base.startswith(("http://", "https://")):
            raise SystemExit(f"not a web address: {base}")

    def rows(self, collection: str) -> Iterator[dict[str, Any]]:
        readers = {
            "evidence_checkpoints": self._checkpoints,
            "evidence_leaves": self._leaves,
            "signing_keys": self._keys,
            "evidence_witnesses": self._witnesses,
            "evidence_timestamps": self._timestamps,
            "evidence_days": self._days,
        }
        if collection in readers:
            yield from readers[collection]()

    def get(self, path: str) -> bytes:
        with urllib.request.urlopen(self._base + path, timeout=30) as answer:  # noqa: S310 - http(s) only, see above
            data: bytes = answer.read()
        return data

    def _checkpoints(self) -> Iterator[dict[str, Any]]:
        after = 0
        while items := json.loads(self.get(f"/api/v1/evidence/checkpoints?after={after}&size={PAGE}"))["items"]:
            self._stamped |= {item["number"] for item in items if item.get("timestamp_at")}
            yield from ({name: item[name] for name in ("number", "note", "leaves", "migrated")} for item in items)
            after = items[-1]["number"]

    def _timestamps(self) -> Iterator[dict[str, Any]]:
        for number in sorted(self._stamped):
            told = json.loads(self.get(f"/api/v1/evidence/checkpoints/{number}/timestamp"))
            at = datetime.fromisoformat(told["at"])
            yield {"number": number, "at": at, "reply": base64.b64decode(told["reply"], validate=True)}

    def _days(self) -> Iterator[dict[str, Any]]:
        """The newest days of the bulletin; the years before have pages of their own, and the same checkpoints."""
        for item in json.loads(self.get("/api/v1/evidence/bulletin"))["items"]:
            yield {"_id": item["day"], "number": item["checkpoint"]["number"], "leaves": item["sealed"]}

    def _leaves(self) -> Iterator[dict[str, Any]]:
        """Positions and hashes, from the entry bundles of the newest checkpoint's size."""
        size = json.loads(self.get("/api/v1/evidence/checkpoints/latest"))["size"]
        for number in range(-(-size // WIDTH)):
            width = min(WIDTH, size - number * WIDTH)
            partial = "" if width == WIDTH else f".p/{width}"
            held = self.get(f"/evidence/tile/entries/{spelled(number)}{partial}")
            for at in range(width):
                start = at * (HASH + 2) + 2
                yield {"position": number * WIDTH + at, "hash": held[start : start + HASH]}

    def _keys(self) -> Iterator[dict[str, Any]]:
        for key in json.loads(self.get("/api/v1/keys"))["keys"]:
            yield {**key, "_id": key["kid"]}

    def _witnesses(self) -> Iterator[dict[str, Any]]:
        for one in json.loads(self.get("/api/v1/evidence/witnesses"))["items"]:
            yield {"_id": one["name"], "public_key": bytes.fromhex(one["public_key"])}


def spelled(number: int) -> str:
    """A tile number as C2SP tlog-tiles writes it: 1234067 → x001/x234/067."""
    parts = [f"{number % 1000:03d}"]
    while number >= 1000:
        number //= 1000
        parts.append(f"x{number % 1000:03d}")
    return "/".join(reversed(parts))
