"""The browsable API at /api/docs, from files that came with a package: no content network is asked."""

from importlib.resources import files
from pathlib import Path

from flask import Blueprint, Response, send_from_directory

ASSETS = Path(str(files("flask_swagger_ui"))) / "dist"
SHOWN = {"swagger-ui.css", "swagger-ui-bundle.js", "favicon-32x32.png"}
PAGE = """<!doctype html><html lang="zh-CN"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>陇溯 API</title>
<link rel="stylesheet" href="/api/docs/swagger-ui.css"><link rel="icon" href="/api/docs/favicon-32x32.png"></head>
<body><div id="docs"></div><script src="/api/docs/swagger-ui-bundle.js"></script>
<script src="/api/docs/start.js"></script></body></html>"""
START = "SwaggerUIBundle({url: '/api/openapi.json', dom_id: '#docs', deepLinking: true, persistAuthorization: false});"

blueprint = Blueprint("api_docs", __name__, url_prefix="/api/docs")


@blueprint.get("", strict_slashes=False)
def page() -> str:
    return PAGE


@blueprint.get("/start.js")
def start() -> Response:
    return Response(START, content_type="text/javascript; charset=utf-8")


@blueprint.get("/<name>")
def asset(name: str) -> Response:
    return send_from_directory(ASSETS, name if name in SHOWN else "missing", max_age=86400)
