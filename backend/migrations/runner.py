"""Finds the dated migration modules (`m20260101_words.py` with a docstring saying why and `run(database)`)."""

import importlib
import pkgutil
from collections.abc import Collection, Iterator
from types import ModuleType
from typing import Any

import structlog

from backend.base import clock, documents, store

log = structlog.get_logger(__name__)
LEDGER = "migrations"


def _modules() -> Iterator[ModuleType]:
    package = importlib.import_module("backend.migrations")
    for found in sorted(info.name for info in pkgutil.iter_modules(package.__path__) if info.name.startswith("m2")):
        yield importlib.import_module(f"backend.migrations.{found}")


def _name(module: ModuleType) -> str:
    return module.__name__.rpartition(".")[2]


def pending() -> list[str]:
    """Names of migrations this database has not had."""
    done = {row["_id"] for row in store.collection(LEDGER).find({}, ["_id"])}
    return [_name(module) for module in _modules() if _name(module) not in done]


def run_all() -> list[str]:
    """Ensure the indexes, then run what is pending in order; returns the names. One is recorded when done,
    so one that was interrupted runs again."""
    ensure_indexes()
    waiting = set(pending())
    ran = []
    for module in _modules():
        if _name(module) in waiting:
            log.info("migration.running", name=_name(module), why=(module.__doc__ or "").strip().splitlines()[0])
            module.run(store.database())
            store.collection(LEDGER).insert_one({"_id": _name(module), "at": clock.now()})
            ran.append(_name(module))
    return ran


def ensure_indexes(only: Collection[str] | None = None) -> int:
    """Create every declared index that is missing, or those of the collections named; returns how many are declared."""
    declared = 0
    for model in documents.registry():
        if only is not None and model._meta["collection"] not in only:
            continue
        for keys, options in indexes_of(model):
            model.collection().create_index(keys, **options)
            declared += 1
    return declared


def indexes_of(model: type[documents.Document]) -> list[tuple[list[tuple[str, int]], dict[str, Any]]]:
    """A model's declared indexes as (keys, options) for the driver."""
    found = []
    for spec in model._meta.get("index_specs", []):
        options = {key: value for key, value in spec.items() if key not in ("fields", "cls")}
        found.append((spec["fields"], options))
    return found


def sharding_commands(database: str) -> list[str]:
    """The mongosh commands that shard every collection by its declared key."""
    lines = [f'sh.enableSharding("{database}")']
    for model in documents.registry():
        fields = model._meta["shard_key"]
        key = ", ".join(f'"{"_id" if field == "id" else field}": 1' for field in fields)
        lines.append(f'sh.shardCollection("{database}.{model._meta["collection"]}", {{ {key} }})')
    return lines
