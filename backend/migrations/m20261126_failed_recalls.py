"""Recalls that were given up after five failures are taken up again: the worker never gives one up now."""

from typing import Any

from pymongo.database import Database


def run(database: Database[dict[str, Any]]) -> None:
    again = {"state": "ordered", "working": True, "attempts": 0}
    database["recalls"].update_many({"state": "failed"}, {"$set": again})
