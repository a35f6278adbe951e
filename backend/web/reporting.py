"""Pages of the public's voice: report, follow by receipt; and one plain page for officers: the queue with its clocks.

They need no JavaScript; with it the page solves its puzzle by itself and the report goes to the queue at once.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

from flask import Blueprint, Response, redirect, request

from backend.base import ids, vocab
from backend.base.actor import ANONYMOUS
from backend.base.errors import BadRequest, NotFound, Problem, RuleBroken
from backend.domains.accounts import service as accounts
from backend.domains.complaints import service as complaints
from backend.domains.inbox import service as inbox
from backend.domains.producers import service as producers
from backend.domains.tracing import service as tracing
from backend.http import limits
from backend.http.limits import limiter
from backend.web import desk, site

blueprint = Blueprint("reporting", __name__)
site.fail_kindly(blueprint)
SCRIPT = (Path(__file__).parent / "templates" / "puzzle.js").read_text("utf-8")
FORM_BYTES = 60 * 1024 * 1024  # nine photos as phones make them
TEXTS = {"text": (5, 2000), "place": (0, 200), "contact": (0, 100), "trace_code": (0, 40)}
CHOICES = {"kind": "complaint_kinds", "category": "complaint_categories", "identity": "complaint_identities"}
DESK_SECONDS = 900
NOTICES = 5


@blueprint.get("/report")
def ask() -> Response:
    """The place first, then the form: a list of the province's townships would be too long for a phone."""
    code = ids.normal_trace_code(request.args.get("code", ""))[:40]
    county = request.args.get("county", "") or _county_of(code)
    values = {"trace_code": code, "county": county, "kind": "lead", "identity": "anonymous"}
    return _form(values)


def _county_of(code: str) -> str:
    """The county behind one of our codes, so that who scanned need not look for it."""
    found = tracing.subject_of(code) if code else None
    return producers.facts(found[0]).region[:6] if found else ""


def _form(values: Mapping[str, str], problem: Problem | None = None) -> Response:
    known = vocab.get("regions")
    county = values.get("county", "")
    county = county if county in known and known[county]["level"] == "county" else ""
    response = desk.page(
        "report.html",
        problem,
        here="/report",
        values=values,
        county=known[county].label(site.lang()) if county else "",
        townships=accounts.regions_under(county) if county else (),
        cities=_counties() if not county else {},
        puzzle=complaints.puzzle(),
    )
    if limits.DEVICE_COOKIE not in request.cookies:
        response.set_cookie(
            limits.DEVICE_COOKIE, ids.token(), max_age=86_400, httponly=True, samesite="Lax", secure=request.is_secure
        )
    return response


def _counties() -> dict[str, list[Any]]:
    """Counties by city, as the vocabulary holds them."""
    known = vocab.get("regions")
    found: dict[str, list[Any]] = {}
    for term in known:
        if term["level"] == "county" and not term.get("withdrawn"):
            found.setdefault(known[term["parent"]].label(site.lang()), []).append(term)
    return found


@blueprint.post("/report")
@limiter.limit("6 per hour", key_func=limits.by_device)
def file() -> Response:
    """Keep the report and show its receipt; on a mistake the form comes back with everything that was typed."""
    request.max_content_length = FORM_BYTES
    values = {name: value.strip() for name, value in request.form.items()}
    try:
        _check(values)
        filed = complaints.file(
            ANONYMOUS,
            puzzle=values.get("puzzle", ""),
            answer=values.get("answer", ""),
            region=values.get("region") or values.get("county", ""),
            photos=_photos(),
            **{name: values.get(name, "") for name in (*TEXTS, *CHOICES)},
        )
    except Problem as problem:
        return _form(values, problem)
    spoken = complaints.spoken(filed.receipt, site.lang())
    return desk.page("receipt.html", status=201, filed=filed, spoken_receipt=spoken)


def _check(values: Mapping[str, str]) -> None:
    """The shape that a form cannot promise. Raises BadRequest."""
    for name, (least, most) in TEXTS.items():
        if not least <= len(values.get(name, "")) <= most:
            raise BadRequest("report_text_length", field=name, least=least, most=most)
    for name, vocabulary in CHOICES.items():
        if values.get(name) not in vocab.get(vocabulary):
            raise BadRequest("report_choice_missing", field=name)
    if not (values.get("region") or values.get("county")):
        raise BadRequest("report_choice_missing", field="region")


def _photos() -> list[bytes]:
    return [photo.read() for photo in request.files.getlist("photos") if photo.filename]


@blueprint.get("/report/follow")
def ask_receipt() -> Response:
    return desk.page("follow.html", here="/report/follow")


@blueprint.post("/report/follow")
@limiter.limit("30 per 10 minutes", key_func=limits.by_device)
def follow() -> Response:
    """The case behind a receipt, after whatever its holder just did."""
    request.max_content_length = FORM_BYTES
    receipt, done = request.form.get("receipt", "")[:64], request.form.get("do", "")
    problem: Problem | None = None
    try:
        _do(done, receipt)
    except NotFound as unknown:
        return desk.page("follow.html", unknown, here="/report/follow")
    except (RuleBroken, BadRequest) as refused:
        problem = refused
    case = complaints.follow(receipt)
    return desk.page("case.html", problem, case=case, receipt=receipt)


def _do(done: str, receipt: str) -> None:
    text = request.form.get("text", "")[:2000]
    if done == "say":
        complaints.say(ANONYMOUS, receipt=receipt, text=text, photos=_photos())
    elif done == "reopen":
        complaints.reopen(ANONYMOUS, receipt=receipt, text=text)
    elif done == "rate":
        stars = request.form.get("stars", "")
        if stars not in ("1", "2", "3", "4", "5"):
            raise BadRequest("report_choice_missing", field="stars")
        complaints.rate(ANONYMOUS, receipt=receipt, stars=int(stars), text=text)
    else:
        complaints.follow(receipt)


@blueprint.get("/report/puzzle.js")
def puzzle_script() -> Response:
    return Response(SCRIPT, content_type="text/javascript; charset=utf-8", headers={"Cache-Control": "max-age=86400"})


@blueprint.get("/desk")
def queue() -> Response:
    """The queue of whoever is logged in here, else the way in."""
    actor = desk.anyone()
    if actor is None:
        status = 401 if desk.COOKIE in request.cookies else 200
        return desk.page("desk_login.html", status=status)
    cases = complaints.queue(actor) if actor.holds(desk.QUEUE) else []
    late = [case for case in cases if case.overdue]
    near = [case for case in cases if case.nearly]
    rest = [case for case in cases if not case.overdue and not case.nearly]
    told = [notice for notice in inbox.notices(actor, size=NOTICES).items if notice.unread]
    return desk.page(
        "desk.html",
        late=late,
        near=near,
        rest=rest,
        name=actor.name,
        told=told,
        rooms=desk.rooms(actor),
        queued=actor.holds(desk.QUEUE),
    )


@blueprint.post("/desk/read")
@limiter.limit("30 per minute")
def read_notices() -> Response:
    """The notices that were shown were read."""
    actor = desk.anyone()
    if actor is not None:
        inbox.read(actor, ids=request.form.getlist("notice")[:NOTICES])
    return site.here("/desk")


@blueprint.post("/desk")
@limiter.limit("30 per minute")
def enter_desk() -> Response:
    """Log in with name and password; the login of this page ends after a quarter of an hour."""
    typed = {name: request.form.get(name, "")[:128] for name in ("login", "password", "totp")}
    try:
        tokens = accounts.log_in_staff(
            login=typed["login"], password=typed["password"], totp=typed["totp"] or None, device_name="desk"
        )
    except Problem as problem:
        return desk.page("desk_login.html", problem)
    response = cast(Response, redirect("/desk", 303))
    response.set_cookie(
        desk.COOKIE,
        tokens.access_token,
        max_age=DESK_SECONDS,
        httponly=True,
        samesite="Strict",
        secure=request.is_secure,
        path="/desk",
    )
    return desk.private(response)
