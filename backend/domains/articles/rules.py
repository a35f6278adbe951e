"""Pure rules of articles: what an article needs, who may publish it, and how Chinese is searched.

Search has its own tokens: characters in pairs, and runs of letters or digits. A pair is found whatever a dictionary
thinks a word is, and every query of two characters or more has one. The longer words of what was published say more.
"""

import math
import re
from collections.abc import Container, Iterable, Mapping, Sequence
from typing import Any

from backend.base.errors import RuleBroken

HAN = re.compile(r"[\u3400-\u9fff]+")
LONG_WORD = re.compile(r"[\u3400-\u9fff]{3,6}")
WORD = re.compile(r"[a-z0-9]{2,30}")
MAX_TOKENS = 2000
MAX_WORDS = 300
MAX_PHRASES = 200
STATES: Mapping[str, tuple[str, ...]] = {
    "edit": ("draft", "published", "withdrawn"),
    "submit": ("draft",),
    "review": ("submitted",),
    "withdraw": ("published",),
}
TITLE, SUMMARY, BODY = 8, 3, 1  # what a hit is worth, by where it is


def tokens(text: str) -> list[str]:
    """The distinct tokens of a text, in order, at most MAX_TOKENS."""
    found: dict[str, None] = {}
    lowered = text.casefold()
    for run in HAN.findall(lowered):
        pairs = [run] if len(run) == 1 else [run[at : at + 2] for at in range(len(run) - 1)]
        found.update(dict.fromkeys(pairs))
    found.update(dict.fromkeys(WORD.findall(lowered)))
    return list(found)[:MAX_TOKENS]


def phrases(query: str) -> list[str]:
    """What may be long words of a query: every run of three to six neighbouring characters, at most MAX_PHRASES."""
    found: dict[str, None] = {}
    for run in HAN.findall(query.casefold()):
        for length in range(6, 2, -1):
            found.update(dict.fromkeys(run[at : at + length] for at in range(len(run) - length + 1)))
    return list(found)[:MAX_PHRASES]


def weights(wanted: Iterable[str], counts: Mapping[str, int], total: int) -> dict[str, float]:
    """How much each token or word of a query says: the longer, and the fewer readings it stands in, the more (inverse
    document frequency)."""
    return {one: max(len(one) - 1, 1) * math.log(1 + (total + 1) / (1 + counts.get(one, 0))) for one in wanted}


def score(weight: Mapping[str, float], *, title: str, summary: str, body: Iterable[str]) -> float:
    """How well an article answers: each token and word of the query by its weight, wherever it stands."""
    own = set(body)
    return sum(
        worth * (TITLE * (one in title) + SUMMARY * (one in summary) + BODY * (one in own))
        for one, worth in weight.items()
    )


def check_state(action: str, state: str, label: Any) -> None:
    """Raises RuleBroken; `label` is the state's term."""
    if state not in STATES[action]:
        raise RuleBroken("article_state_wrong", state=label)


def check_complete(content: Mapping[str, Any]) -> None:
    """What must be there before another person is asked to read it. Raises RuleBroken."""
    if not content.get("sources"):
        raise RuleBroken("sources_missing", field="sources")
    if content["kind"] == "rumour" and not (content.get("claim") and content.get("verdict")):
        raise RuleBroken("claim_missing", field="claim")


def check_pictures(placed: Sequence[str], stray: bool, lead: str | None, known: Container[str]) -> None:
    """`placed` are the names in the text, `stray` whether something else there is written like a picture. Raises
    RuleBroken."""
    if stray or len(set(placed)) < len(placed):
        raise RuleBroken("picture_misplaced", field="body")
    for name, field in [*((one, "body") for one in placed), *([(lead, "lead_picture")] if lead else [])]:
        if name not in known:
            raise RuleBroken("picture_unknown", field=field, name=name)


def check_removable(*, published: bool, state: str) -> None:
    """What readers saw stays as long as the article may be read. Raises RuleBroken."""
    if published and state != "withdrawn":
        raise RuleBroken("picture_published")


def check_reviewer(author: str, reviewer: str) -> None:
    """Two persons, always. Raises RuleBroken."""
    if author == reviewer:
        raise RuleBroken("review_by_another")
