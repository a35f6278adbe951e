"""Lots made before they could move get their counters of what left, and the day and manner of their birth."""

from typing import Any

from pymongo import UpdateOne
from pymongo.database import Database

CHUNK = 100
EMPTY = {"gone_base": 0, "carried_base": 0, "born": "harvest", "depth": 0, "parents": []}


def run(database: Database[dict[str, Any]]) -> None:
    lots = database["lots"]
    missing = {"gone_base": {"$exists": False}}
    while found := list(lots.find(missing, ["producer_id", "harvested_on"]).limit(CHUNK)):
        lots.bulk_write(
            [
                UpdateOne(
                    {"_id": row["_id"], "producer_id": row["producer_id"], **missing},
                    {"$set": {**EMPTY, "born_on": row["harvested_on"]}},
                )
                for row in found
            ],
            ordered=False,
        )
