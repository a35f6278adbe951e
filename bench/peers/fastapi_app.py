"""The like-for-like peer: FastAPI and pymongo's asynchronous client send the same stored bytes."""

import os
from typing import Any

from fastapi import FastAPI, Response
from pymongo import AsyncMongoClient

from bench.apps.commands import Commands

COUNTING = os.environ.get("BENCH_COUNT") == "1"
commands = Commands()
client: AsyncMongoClient[dict[str, Any]] = AsyncMongoClient(
    os.environ["MONGODB_URI"], event_listeners=[commands] if COUNTING else []
)
traces = client.get_default_database("longtrace")["public_traces"]
app = FastAPI(openapi_url=None)


@app.get("/t/{code}")
async def trace(code: str) -> Response:
    row = await traces.find_one({"_id": code}, {"_id": 0, "json": 1, "etag_json": 1})
    if row is None:
        return Response(status_code=404)
    headers = {
        "ETag": f'"{row["etag_json"]}"',
        "Cache-Control": "no-cache",
        "Vary": "Accept, Accept-Encoding, Accept-Language",
    }
    return Response(row["json"], media_type="application/json", headers=headers)


if COUNTING:

    @app.get("/__bench/counts")
    async def counts() -> dict[str, Any]:
        return commands.take()
