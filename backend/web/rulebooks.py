"""Pages of rulebook versions: upload the tables, see what changes, let a second person approve, choose the day.

Every step is one of the services' own; the pages only show them and their refusals. No JavaScript: a page under way
loads itself again.
"""

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date
from typing import Any

from flask import Blueprint, Response, request

from backend.base import vocab
from backend.base.actor import Actor
from backend.base.errors import BadRequest, NotFound, Problem
from backend.domains.certificates import service as certificates
from backend.domains.inputs import service as inputs
from backend.http.limits import limiter
from backend.web import desk, site

blueprint = Blueprint("rulebooks", __name__)
site.fail_kindly(blueprint)
for_officers = desk.open_to(*desk.ROOMS["rulebooks"])
FORM_BYTES = 17 * 1024 * 1024  # two tables
LISTED = 30
CHANGES = 50
TEXTS = {"version": (3, 40), "title": (2, 120), "source": (2, 400)}
RULE = re.compile(
    r"(?P<substance>.+) (?P<measure>\S+) (?P<classes>\S*) (?P<since>\d{4}-\d\d-\d\d)(?: \((?P<methods>.+)\))?\Z"
)
UNCOMPARED = ("active", "retired", "loading")
VERSION = "/desk/rulebooks/<version>"


@blueprint.get("/desk/rulebooks")
@for_officers
def listed(actor: Actor) -> Response:
    return _listed(actor, {}, None)


def _listed(actor: Actor, values: Mapping[str, str], problem: Problem | None) -> Response:
    return desk.page(
        "rulebooks.html",
        problem,
        versions=inputs.versions(size=LISTED).items,
        may_load=actor.holds("rulebook:load"),
        values=values,
    )


@blueprint.post("/desk/rulebooks")
@limiter.limit("20 per minute")
@for_officers
def load(actor: Actor) -> Response:
    """A new version from its tables; the same again changes nothing."""
    request.max_content_length = FORM_BYTES
    typed = {name: request.form.get(name, "").strip() for name in (*TEXTS, "effective_from")}
    try:
        rules, products = _tables()
        loaded = inputs.import_tables(actor, **_checked(typed), substances=rules, products=products)
    except Problem as problem:
        return _listed(actor, typed, problem)
    return site.here(f"/desk/rulebooks/{loaded.version}")


def _checked(typed: Mapping[str, str]) -> dict[str, Any]:
    """The shape that a form cannot promise. Raises BadRequest."""
    for name, (least, most) in TEXTS.items():
        if not least <= len(typed[name]) <= most:
            raise BadRequest("report_text_length", field=name, least=least, most=most)
    if not inputs.VERSION_WORD.match(typed["version"]):
        raise BadRequest("rulebook_version_word", field="version")
    return {**{name: typed[name] for name in TEXTS}, "effective_from": _day(typed["effective_from"], "effective_from")}


def _day(text: str, field: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise BadRequest("rulebook_day_missing", field=field) from error


def _tables() -> tuple[bytes, bytes | None]:
    """Rules on substances, and products, which are left out by who changes none. Raises BadRequest."""
    rules, products = (request.files.get(name) for name in ("substances", "products"))
    if not rules or not rules.filename:
        raise BadRequest("rulebook_file_missing", field="substances")
    return rules.read(), products.read() if products and products.filename else None


@blueprint.get(VERSION)
@for_officers
def shown(actor: Actor, version: str) -> Response:
    return _shown(actor, version, None)


def _shown(actor: Actor, version: str, problem: Problem | None) -> Response:
    known = inputs.version(version)
    diff = inputs.diff(version) if known.state not in UNCOMPARED else None
    impact, changed = _impact(version) if actor.holds("rulebook:review") else (None, ())
    return desk.page(
        "rulebook.html",
        problem,
        known=known,
        diff=diff,
        rules_added=[_rule(line) for line in diff.substances_added] if diff else [],
        rules_removed=[_rule(line) for line in diff.substances_removed] if diff else [],
        impact=impact,
        why=_why,
        changed=changed,
        active=inputs.active_version(),
        may_load=actor.holds("rulebook:load"),
        may_review=actor.holds("rulebook:review"),
    )


def _rule(line: str) -> str:
    """A line of the diff in words: 吡虫啉 · 禁止使用 · 所有作物和动物 · 2026-01-01."""
    parts, lang = RULE.match(line), site.lang()
    if parts is None:
        return line
    every = "所有作物和动物" if lang == "zh" else "everything"
    classes = "、".join(_word("crop_classes", one, lang) for one in parts["classes"].split("|"))
    words = [parts["substance"], _word("substance_measures", parts["measure"], lang)]
    words += [every if parts["classes"] == "*" else classes, parts["since"]]
    if parts["methods"]:
        methods = "、".join(_word("application_methods", one, lang) for one in parts["methods"].split("|"))
        words.append(f"{methods}除外" if lang == "zh" else f"but for {methods}")
    return " · ".join(words)


def _word(name: str, code: str, lang: str) -> str:
    return vocab.label(name, code, lang) if code in vocab.get(name) else code


def _why(codes: Sequence[str]) -> str:
    """The reasons of a verdict in a few words."""
    lang = site.lang()
    return ("、" if lang == "zh" else ", ").join(_word("impact_reasons", code, lang) for code in codes)


def _impact(version: str) -> tuple[Any, Any]:
    """How far the look at its effects has come, and the first of what it found; nothing before anybody looked."""
    with suppress(NotFound):
        return certificates.impact(version), certificates.changes(version, size=CHANGES).items
    return None, ()


@blueprint.post(VERSION)
@limiter.limit("20 per minute")
@for_officers
def step(actor: Actor, version: str) -> Response:
    """What the pressed button names: look at the impact, give a word on it, choose its day."""
    try:
        _step(actor, version, request.form.get("do", ""))
    except NotFound:
        raise
    except Problem as problem:
        return _shown(actor, version, problem)
    return site.here(f"/desk/rulebooks/{version}")


def _step(actor: Actor, version: str, pressed: str) -> None:
    if pressed == "impact":
        certificates.start_impact(actor, version)
    elif pressed in vocab.get("rulebook_verdicts"):
        note = request.form.get("note", "").strip()
        if not 2 <= len(note) <= 200:
            raise BadRequest("report_text_length", field="note", least=2, most=200)
        inputs.review(actor, version, verdict=pressed, note=note)
    elif pressed == "activate":
        inputs.activate(actor, version, on=_day(request.form.get("on", ""), "on"))
    else:
        raise BadRequest("bad_request")
