"""Where access tokens are kept: in the database, so that all processes use the same one."""

from datetime import timedelta
from typing import Any

from pymongo.collection import Collection

from backend.base import clock


class MongoSessionStorage:
    """wechatpy's session storage: three methods on one collection, `{_id, value, expires_at}`."""

    def __init__(self, collection: Collection[dict[str, Any]]) -> None:
        self._collection = collection

    def get(self, key: str, default: Any = None) -> Any:
        found = self._collection.find_one({"_id": key})
        if found is None or (found["expires_at"] is not None and found["expires_at"] <= clock.now()):
            return default
        return found["value"]

    def set(self, key: str, value: Any, ttl: int | None = None) -> None:
        expires = clock.now() + timedelta(seconds=ttl) if ttl else None
        self._collection.replace_one({"_id": key}, {"value": value, "expires_at": expires}, upsert=True)

    def delete(self, key: str) -> None:
        self._collection.delete_one({"_id": key})
