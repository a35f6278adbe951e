"""What a declaration must contain, who may still be decided on, and what a decision does to the producer."""

import re
from collections.abc import Collection, Mapping
from datetime import date

from backend.base import vocab
from backend.base.errors import Conflict, RuleBroken

SEASON = re.compile(r"(20[0-9]{2})(?:-(?:spring|summer|autumn|winter))?")
SHORTEST_REASON = 4  # 「不符」 tells a farmer nothing


def season(word: str, *, today: date) -> str:
    """`2026` or `2026-autumn`, from last year to next. Raises RuleBroken `season_malformed`, `season_out_of_range`."""
    match = SEASON.fullmatch(word)
    if not match:
        raise RuleBroken("season_malformed", field="season")
    if abs(int(match[1]) - today.year) > 1:
        raise RuleBroken("season_out_of_range", field="season", first=today.year - 1, last=today.year + 1)
    return word


def seasons_of(year: int) -> tuple[str, ...]:
    """Every word for a season of the year: any of them is a declaration of it."""
    return (f"{year}", *(f"{year}-{part}" for part in ("spring", "summer", "autumn", "winter")))


def is_reminding(term: Mapping[str, str], today: date) -> bool:
    """Whether today lies in the year's time for reminders; `remind_on` and `until` are month-day, both included."""
    return str(term["remind_on"]) <= f"{today:%m-%d}" <= str(term["until"])


def check_declaration(
    *,
    kind: str,
    sites: Collection[str],
    products: Collection[str],
    planned: Collection[str],
    commitments: Collection[str],
) -> None:
    """A declaration names products, land (but for a buyer, who grows nothing) and accepts every commitment.

    All arguments but `kind` are codes or ids; `planned` are the products with a planned amount. Raises RuleBroken.
    """
    if not products:
        raise RuleBroken("declaration_without_products", field="product_ids")
    if not sites and kind != "buyer":
        raise RuleBroken("declaration_without_sites", field="site_ids")
    if len(set(planned)) != len(planned) or not set(planned) <= set(products):
        raise RuleBroken("planned_product_not_declared", field="planned")
    required = {term.code for term in vocab.get("declaration_commitments")}
    if set(commitments) != required:
        raise RuleBroken("commitments_not_accepted", field="commitments")


def commitments_text() -> list[dict[str, str]]:
    """The sentences accepted today, to be frozen in the declaration: their wording may change, what was said not."""
    return [{"code": term.code, "zh": term.zh, "en": term.en} for term in vocab.get("declaration_commitments")]


def check_decision(*, state: str, verdict: str, reason: str) -> None:
    """Only once, and a return says why; a newer version supersedes an undecided one. Raises Conflict, RuleBroken."""
    if state == "superseded":
        raise Conflict("newer_declaration_exists")
    if state != "submitted":
        raise Conflict("already_decided")
    if verdict == "return":
        check_reason(reason)


def check_reason(reason: str) -> None:
    if len(reason.strip()) < SHORTEST_REASON:
        raise RuleBroken("reason_missing", field="reason", least=SHORTEST_REASON)


def status_after_approval(status: str) -> str:
    """An admitted declaration admits its producer, but lifts no suspension."""
    return "active" if status == "registered" else status
