"""The like-for-like peer: FastAPI and pymongo's asynchronous client send the same stored bytes."""

import os
from typing import Any

from fastapi import FastAPI, Response
from pymongo import AsyncMongoClient

client: AsyncMongoClient[dict[str, Any]] = AsyncMongoClient(os.environ["MONGODB_URI"])
traces = client.get_default_database("longtrace")["public_traces"]
app = FastAPI(openapi_url=None)


@app.get("/t/{code}")
async def trace(code: str) -> Response:
    row = await traces.find_one({"_id": code}, {"_id": 0, "html_zh_gz": 1, "etag_html_zh": 1})
    if row is None:
        return Response(status_code=404)
    headers = {
        "ETag": f'"{row["etag_html_zh"]}-gz"',
        "Content-Encoding": "gzip",
        "Content-Language": "zh-CN",
        "Cache-Control": "no-cache",
        "Vary": "Accept, Accept-Encoding, Accept-Language",
    }
    return Response(row["html_zh_gz"], media_type="text/html; charset=utf-8", headers=headers)
