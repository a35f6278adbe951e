"""Open batches get the day from which their harvest is lawful: queued here, and computed by the worker with the rules.

A migration knows no rules, so it gives each batch an empty day that is due at once; the worker's next turns replace it.
"""

from typing import Any

from pymongo import UpdateOne
from pymongo.database import Database

CHUNK = 100


def run(database: Database[dict[str, Any]]) -> None:
    batches = database["production_batches"]
    missing = {"state": "open", "earliest_harvest_on": {"$exists": False}}
    queued = {"$set": {"earliest_harvest_on": "", "harvest_notice": "due"}}
    while found := list(batches.find(missing, ["producer_id"]).limit(CHUNK)):
        keys = [{"_id": row["_id"], "producer_id": row["producer_id"]} for row in found]
        batches.bulk_write([UpdateOne({**key, **missing}, queued) for key in keys], ordered=False)
