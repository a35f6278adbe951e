"""Pure rules of the public trace: how a story is told, what waits between use and harvest, what an alias means."""

from backend.domains.tracing.rules.alias import alias, gtin14
from backend.domains.tracing.rules.clones import Looks, Sign, signs
from backend.domains.tracing.rules.facts import (
    Basis,
    Card,
    Deed,
    Facts,
    Goods,
    InputUse,
    Maker,
    PartRecall,
    Photo,
    Recall,
    Related,
    Step,
    Tally,
    Test,
    TestItem,
)
from backend.domains.tracing.rules.labels import is_example, waiting_days
from backend.domains.tracing.rules.seen import Seen, seen
from backend.domains.tracing.rules.story import related_list, scan_summary, tell, verdict
from backend.domains.tracing.rules.timeline import MAX_ROWS, late_days, shorten
from backend.domains.tracing.rules.waiting import Wait, waiting
from backend.domains.tracing.rules.wording import place_text

__all__ = [
    "MAX_ROWS",
    "Basis",
    "Card",
    "Deed",
    "Facts",
    "Goods",
    "InputUse",
    "Looks",
    "Maker",
    "PartRecall",
    "Photo",
    "Recall",
    "Related",
    "Seen",
    "Sign",
    "Step",
    "Tally",
    "Test",
    "TestItem",
    "Wait",
    "alias",
    "gtin14",
    "is_example",
    "late_days",
    "place_text",
    "related_list",
    "scan_summary",
    "seen",
    "shorten",
    "signs",
    "tell",
    "verdict",
    "waiting",
    "waiting_days",
]
