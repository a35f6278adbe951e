"""What takes long to make is made once in a test worker, and put back for every further test."""

from collections.abc import Callable
from typing import Any, Generic, TypeVar

from backend.base import store

Made = TypeVar("Made")


class Kept(Generic[Made]):
    """A value and the documents that came with it. They are kept as they were written, times and ids with them, so
    whoever makes them changes no document that was there before."""

    def __init__(self) -> None:
        self._made: list[tuple[Made, dict[str, list[dict[str, Any]]]]] = []

    def get(self, make: Callable[[], Made]) -> Made:
        """What `make` gives: made the first time, put back into the clean database after."""
        if self._made:
            made, rows = self._made[0]
            for name, held in rows.items():
                store.collection(name).insert_many(held)
            return made
        before = {name: store.collection(name).distinct("_id") for name in _names()}
        made = make()
        rows = {name: list(store.collection(name).find({"_id": {"$nin": before.get(name, [])}})) for name in _names()}
        self._made.append((made, {name: held for name, held in rows.items() if held}))
        return made


def _names() -> list[str]:
    return [name for name in store.database().list_collection_names() if not name.startswith("system.")]
