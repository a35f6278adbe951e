"""The pictures of the demonstration's articles, drawn: each says one thing of its article in a few large words."""

from collections.abc import Callable

from scripts.demo.illustrations import field, table
from scripts.demo.illustrations.sheet import Sheet

CREDIT = "示例图，用程序绘制"
DRAWINGS: dict[str, Callable[[], Sheet]] = {
    "washing-steps": table.washing_steps,
    "phi-calendar": field.phi_calendar,
    "label-parts": field.label_parts,
    "certificate-parts": table.certificate_parts,
    "scan-verdicts": table.scan_verdicts,
    "log-page-sample": field.log_page,
    "withdrawal-line": field.withdrawal_line,
    "worm-hole-times": table.worm_hole_times,
    "three-waxes": table.three_waxes,
    "report-steps": table.report_steps,
    "banned-four": field.banned_four,
    "log-to-trust": table.log_to_trust,
}


def draw(name: str) -> bytes:
    """A PNG, the same each time. Raises KeyError."""
    return DRAWINGS[name]().png()
