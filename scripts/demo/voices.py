"""The public's voice in the demonstration: reports in every state, and checks at a market's gate."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from backend.base import vocab
from backend.base.actor import ANONYMOUS, Actor
from backend.domains.complaints import service as complaints
from backend.domains.tracing import service as tracing
from scripts.demo import pictures
from scripts.demo.seasons import on

PLAN = Path(__file__).parent / "complaints.json"
MARKET, MARKET_REGION = "凉州农产品批发市场（演示）", "620602"
NONCE = 20
FOREIGN = "https://trace.example.cn/t/7K3MPX9Q2RTV"
NOBODYS = "AAAABBBBCCCC"


def report(officer_of: Callable[[str], Actor], today: date) -> Iterator[dict[str, str]]:
    """Every planned report with its steps; one that is there already goes on where it stopped. Yields receipts."""
    for plan in json.loads(PLAN.read_text("utf-8")):
        with evening(today, plan["ago"]):
            filed = complaints.file(
                ANONYMOUS,
                puzzle=complaints.puzzle(plan["key"].ljust(NONCE, "0")),
                photos=[pictures.photo(plan["photo"], plan["key"], "现场照片")] if "photo" in plan else (),
                **{name: plan[name] for name in ("kind", "category", "identity", "text", "region", "place")},
                contact=plan.get("contact", ""),
            )
        case = complaints.follow(filed.receipt)
        for step in plan["steps"][len(case.entries) - 1 :]:
            with evening(today, step["ago"], hours=1):
                _take(step, filed.receipt, officer_of)
        state = complaints.follow(filed.receipt).state
        yield {"receipt": filed.receipt, "state": vocab.label("complaint_states", state), "text": plan["text"]}


def evening(today: date, ago: int, *, hours: float = 0) -> AbstractContextManager[None]:
    """So many evenings ago; today it is now."""
    return on(today - timedelta(days=ago), hours=hours) if ago else nullcontext()


def _take(step: Mapping[str, Any], receipt: str, officer_of: Callable[[str], Actor]) -> None:
    if "say" in step:
        complaints.say(ANONYMOUS, receipt=receipt, text=step["say"])
    elif "rate" in step:
        complaints.rate(ANONYMOUS, receipt=receipt, stars=step["rate"])
    elif "reopen" in step:
        complaints.reopen(ANONYMOUS, receipt=receipt, text=step["reopen"])
    else:
        case = complaints.follow(receipt)
        complaints.act(
            officer_of(case.region[:6]),
            case.id,
            action=step["do"],
            text=step.get("text", ""),
            outcome=step.get("outcome"),
            body=step.get("body"),
            region=step.get("to"),
        )


def check(checker: Actor, traces: Sequence[Mapping[str, Any]], today: date) -> int:
    """What a morning at the gate brings: goods that stand, one voided, one on hold, a foreign and an unknown code."""
    codes = [trace["code"] for trace in traces if trace["state"] == "valid"][:4]
    codes += [next(trace["code"] for trace in traces if trace["state"] == state) for state in ("void", "held")]
    for number, seen in enumerate([*codes, FOREIGN, NOBODYS]):
        with on(today - timedelta(days=1), hours=number / 10 - 13):
            tracing.check_entry(
                checker,
                client_id=f"demo-check-{number:02}",
                region=MARKET_REGION,
                market=MARKET,
                seen=seen,
                amount=Decimal(300 + 50 * number),
                unit="kg",
                note="",
            )
    return len(codes) + 2
