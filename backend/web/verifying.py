"""`/verify`: the page that checks signatures in the visitor's own browser, with its files; and the key set where other
software looks for it (RFC 8615)."""

import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Any

from flask import Blueprint, Response

from backend.base.errors import NotFound
from backend.domains.signing import service as signing
from backend.web import pages, site

blueprint = Blueprint("verifying", __name__)
FILES = Path(__file__).parent / "verify"
MODULES = ("app.mjs", "check.mjs", "show.mjs", "tree.mjs", "words.mjs")
PAGES = ("/verify", "/verify?lang=zh", "/verify?lang=en")
SCRIPT = "text/javascript; charset=utf-8"
MANIFEST = {
    "name": "陇溯 · 验证签名",
    "short_name": "陇溯验签",
    "start_url": "/verify",
    "scope": "/verify",
    "display": "standalone",
    "background_color": "#f4f1e6",
    "theme_color": "#0d5c3c",
    "icons": [{"src": "/favicon.svg", "sizes": "any", "type": "image/svg+xml"}],
}
site.fail_kindly(blueprint)


@blueprint.get("/verify")
def page() -> Response:
    return site.html(pages.render("verify.html", site.lang(), here="/verify"))


@blueprint.get("/verify/<name>")
def file(name: str) -> Response:
    if name not in MODULES:
        raise NotFound
    return _sent(_read(name), SCRIPT)


@blueprint.get("/verify/manifest.json")
def manifest() -> Response:
    return _sent(json.dumps(MANIFEST, ensure_ascii=False), "application/manifest+json")


@blueprint.get("/verify/sw.js")
def service_worker() -> Response:
    """Lies in /verify/ and may look after /verify itself."""
    response = _sent(_worker(), SCRIPT)
    response.headers["Service-Worker-Allowed"] = "/verify"
    return response


@blueprint.get("/.well-known/jwks.json")
def key_set() -> dict[str, Any]:
    return signing.published()


@cache
def _read(name: str) -> str:
    return (FILES / name).read_text("utf-8")


@cache
def _worker() -> str:
    """The worker with the names of all it keeps and a version that changes with any of them."""
    shown = [pages.render("verify.html", lang, here="/verify") for lang in pages.LANGUAGES]
    whole = "".join([_read("sw.js"), *(_read(name) for name in MODULES), *shown])
    kept = [*PAGES, *(f"/verify/{name}" for name in MODULES), "/verify/manifest.json", "/favicon.svg"]
    version = hashlib.sha256(whole.encode()).hexdigest()[:12]
    return _read("sw.js").replace("__VERSION__", version).replace("__FILES__", json.dumps(kept))


def _sent(text: str, kind: str) -> Response:
    return Response(text, content_type=kind, headers={"Cache-Control": "no-cache"})
