"""The pages and small files of the site: home, find, scan, the trace where no reader stands in front, aliases."""

import re
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

from flask import Blueprint, Response, current_app, jsonify, redirect, request
from werkzeug.exceptions import HTTPException

from backend import gateways
from backend.base.errors import BadRequest, NotFound, Problem, RuleBroken
from backend.base.ids import normal_trace_code
from backend.domains.articles import service as articles
from backend.domains.tracing import service as tracing
from backend.http import errors
from backend.http.errors import DATABASE_FAILURES, HTTP_REASONS
from backend.http.limits import limiter
from backend.web import negotiate, notes, pages, scanning
from backend.web.reader import Answer, Traces

blueprint = Blueprint("site", __name__)
VERIFY_NAME = re.compile(r"[0-9A-Za-z_-]{1,64}\Z")
FORM_BYTES = scanning.MAX_BYTES + 16 * 1024  # the photo and the form around it
CLOSED = ("/t/", "/01/", "/gtin/", "/f/", "/find", "/scan", "/api/", "/report", "/desk", "/wechat/", "/app/")
ROBOTS = "User-agent: *\nAllow: /$\n" + "".join(f"Disallow: {path}\n" for path in CLOSED)
ICON = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="8" fill="#0d5c3c"/>'
    '<path d="M16 26V13M16 17c0-5-4-7-9-7 0 5 4 7 9 7zm0-4c0-5 4-7 9-7 0 5-4 7-9 7z" fill="none" stroke="#fff" '
    'stroke-width="2.4" stroke-linejoin="round" stroke-linecap="round"/></svg>'
)


def lang() -> str:
    return negotiate.language(request.headers.get("Accept-Language", ""), request.query_string.decode("latin-1"))


def html(text: str, status: int = 200, *, cache: str = "no-cache") -> Response:
    response = Response(text, status, content_type="text/html; charset=utf-8")
    response.headers["Content-Language"] = "en" if lang() == "en" else "zh-CN"
    response.headers["Cache-Control"] = cache
    response.headers["Vary"] = "Accept-Language"
    return response


def here(path: str) -> Response:
    """A redirect inside this site that keeps the chosen language."""
    chosen = "?lang=en" if request.values.get("lang") == "en" else ""
    return cast(Response, redirect(path + chosen, 303))


def noticed(problem: Problem) -> dict[str, Any]:
    """What went wrong, as a page tells it above its form."""
    message, hint = errors.words(problem.reason, problem.params, lang())
    return {"message": message, "hint": hint, "field": problem.field}


@blueprint.get("/")
def home() -> Response:
    newest = articles.find(size=3).items
    return html(pages.render("home.html", lang(), here="/", example=tracing.example(), readings=newest))


@blueprint.get("/t/")
def start() -> Response:
    return here("/")


@blueprint.get("/find")
def find() -> Response:
    """A typed code, or a whole address that was pasted."""
    typed = request.args.get("code", "")[:300].strip()
    if "/t/" in typed:
        typed = urlsplit(typed).path.rpartition("/")[2]
    code = re.sub(r"[^0-9A-Z]", "", normal_trace_code(typed))
    if not code:
        raise BadRequest("code_missing", field="code")
    return here(f"/t/{code}")


@blueprint.post("/scan")
@limiter.limit("20 per minute")
def scan() -> Response:
    """A photo of a QR code: leads to our trace, and never anywhere else. As JSON: what its codes say, none included,
    and the `path` of ours that one of them leads to."""
    request.max_content_length = FORM_BYTES
    photo = request.files.get("photo")
    data = photo.read(scanning.MAX_BYTES + 1) if photo else b""
    if negotiate.wants_json(request.headers.get("Accept", "")):
        said = scanning.texts_in(data, scanning.PACKS)[: scanning.MOST_CODES]
        ours = next((one.path for text in said if (one := scanning.meaning(text, hosts())).path), None)
        return jsonify({"texts": [scanning.shown(text, scanning.LONGEST) for text in said], "path": ours})
    texts = scanning.texts_in(data)
    if not texts:
        raise RuleBroken("code_not_seen", field="photo")
    found = [scanning.meaning(text, hosts()) for text in texts]
    path = next((one.path for one in found if one.path), None)
    if path is None:
        return html(notes.page("code_foreign", lang(), named=found[0].foreign), 422)
    return here(path)


def hosts() -> frozenset[str]:
    """The names this site answers to: the one printed in QR codes and the one just used."""
    printed = urlsplit(gateways.current().settings.public_base_url).netloc
    return frozenset({printed.lower(), request.host.lower()})


@blueprint.get("/t/<name>.txt")
def wechat_verification(name: str) -> Response:
    """WeChat asks for its verification file inside the directory that a QR rule names."""
    directory = gateways.current().settings.wechat_verify_dir
    file = Path(directory) / f"{name}.txt"
    if not directory or not VERIFY_NAME.match(name) or not file.is_file():
        raise NotFound()
    return Response(file.read_bytes(), content_type="text/plain; charset=utf-8")


@blueprint.get("/robots.txt")
def robots() -> Response:
    return Response(ROBOTS, content_type="text/plain; charset=utf-8", headers={"Cache-Control": "max-age=86400"})


@blueprint.get("/favicon.svg")
@blueprint.get("/favicon.ico", endpoint="favicon_ico")
def favicon() -> Response:
    return Response(ICON, content_type="image/svg+xml", headers={"Cache-Control": "public, max-age=604800"})


@blueprint.get("/t/<code>")
def trace(code: str) -> Response:
    """The same answers as the reader gives, by Flask's own means; serves where the reader is not mounted."""
    offers = ["text/html", "application/json"]
    accepted = request.accept_mimetypes
    name = "json" if accepted.best_match(offers, "text/html") == offers[1] else "html_" + lang()
    gz = request.accept_encodings["gzip"] > 0
    known = current_app.extensions["longtrace.web"]
    traces: Traces = known.traces
    answer = traces.get(normal_trace_code(code), name, gz)
    if answer is None:
        return _sent(known.problems["missing", name, gz], 404)
    if request.method == "GET":
        known.counter.note(normal_trace_code(code))
    response = _sent(answer, 200)
    return cast(Response, response.make_conditional(request))


def _sent(answer: Answer, status: int) -> Response:
    response = Response(answer.body, status)
    response.headers.clear()
    for header, value in answer.headers:
        response.headers[header] = value
    return response


def _problem(problem: Problem) -> Response:
    return html(notes.page(problem.reason, lang()), problem.status)


def _http_problem(error: HTTPException) -> Any:
    if error.code is None or error.code < 400:
        return error
    return html(notes.page(HTTP_REASONS.get(error.code, "bad_request"), lang()), error.code)


def _unreachable(error: Exception) -> Response:
    current_app.logger.error("database unreachable: %s", type(error).__name__)
    return html(notes.page("unavailable", lang()), 503)


def fail_kindly(pages_of: Blueprint) -> None:
    """What goes wrong on these pages is told as a page, not as JSON."""
    pages_of.register_error_handler(Problem, _problem)
    pages_of.register_error_handler(HTTPException, _http_problem)
    for failure in DATABASE_FAILURES:
        pages_of.register_error_handler(failure, _unreachable)


fail_kindly(blueprint)
