"""Public traces: built when a certificate is issued, rebuilt when its story changes, counted when looked up."""

from backend.domains.tracing.service.aliases import (
    code_of_alias,
    example,
    keep_alias,
    proof,
    show_as_example,
    subject_of,
)
from backend.domains.tracing.service.building import all_codes, build, differs, fresh, on_change, rebuild
from backend.domains.tracing.service.clones import count_places, flags_of
from backend.domains.tracing.service.finishing import finished, render_with
from backend.domains.tracing.service.joining import on_batches_written, on_recalled_lots
from backend.domains.tracing.service.markets import CheckFacts, check_entry, checks_of
from backend.domains.tracing.service.news import on_held, on_issued, on_producers, on_records, on_results, on_voided
from backend.domains.tracing.service.reaching import Reach, reach
from backend.domains.tracing.service.recall_news import (
    LotFreed,
    LotRecalled,
    RecallClosed,
    RecallOrdered,
    RecallWithdrawn,
)
from backend.domains.tracing.service.recall_reports import recall_pdf, recall_xlsx
from backend.domains.tracing.service.recalled import RecallOnLot, recalls_on
from backend.domains.tracing.service.recalling import (
    close,
    lots_in,
    order,
    recall,
    recalls_of,
)
from backend.domains.tracing.service.related import Related, relate
from backend.domains.tracing.service.retelling import retell_related
from backend.domains.tracing.service.scans import count_scans, refresh_scan_summaries
from backend.domains.tracing.service.signatures import signed
from backend.domains.tracing.service.spreading import spread_recalls
from backend.domains.tracing.service.withdrawing import withdraw

__all__ = [
    "CheckFacts",
    "LotFreed",
    "LotRecalled",
    "Reach",
    "RecallClosed",
    "RecallOnLot",
    "RecallOrdered",
    "RecallWithdrawn",
    "Related",
    "all_codes",
    "build",
    "check_entry",
    "checks_of",
    "close",
    "code_of_alias",
    "count_places",
    "count_scans",
    "differs",
    "example",
    "finished",
    "flags_of",
    "fresh",
    "keep_alias",
    "lots_in",
    "on_batches_written",
    "on_change",
    "on_held",
    "on_issued",
    "on_producers",
    "on_recalled_lots",
    "on_records",
    "on_results",
    "on_voided",
    "order",
    "proof",
    "reach",
    "rebuild",
    "recall",
    "recall_pdf",
    "recall_xlsx",
    "recalls_of",
    "recalls_on",
    "refresh_scan_summaries",
    "relate",
    "render_with",
    "retell_related",
    "show_as_example",
    "signed",
    "spread_recalls",
    "subject_of",
    "withdraw",
]
