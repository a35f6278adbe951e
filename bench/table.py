"""The one table: what was measured, as aligned Markdown."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from bench.measure import Measured, times

HEAD = (
    "What",
    "req/s (min–max)",
    "CPU µs/req (min–max)",
    "database CPU µs/req",
    "p50 / p99 ms",
    "database commands",
    "database bytes",
    "body bytes",
    "LongTrace against it: by rate / by CPU",
    "goal",
)


@dataclass
class Row:
    """One line; cells that were not measured stay empty."""

    what: str
    cells: dict[str, str] = field(default_factory=dict)

    def line(self) -> list[str]:
        return [self.what, *(self.cells.get(name, "") for name in HEAD[1:])]


def heading(text: str) -> Row:
    return Row(f"**{text}**")


def row(measured: Measured, *, commands: str = "", database_bytes: str = "", body: int = 0) -> Row:
    """A line of figures. `commands` and bytes were counted on a server apart, which was not timed."""
    cells = {
        HEAD[1]: spread(measured.of("rate")),
        HEAD[2]: spread(measured.of("cpu_us")),
        HEAD[3]: short(measured.median("database_us")),
        HEAD[4]: f"{short(measured.median('p50_ms'))} / {short(measured.median('p99_ms'))}",
        HEAD[5]: commands,
        HEAD[6]: database_bytes,
        HEAD[7]: f"{body:,}" if body else "",
    }
    return Row(measured.name, cells)


def against(line: Row, ours: Measured, other: Measured, goal: float, *, sign: str = "≥") -> Row:
    """Add the comparison of ours with this line's, and whether it meets the goal by rate and by CPU."""
    rate, cpu = times(ours, other)
    line.cells[HEAD[8]] = f"{rate:.2f}× / {cpu:.2f}×"
    line.cells[HEAD[9]] = f"{sign} {goal:g}×: {verdict(rate, cpu, goal)}"
    return line


def verdict(rate: float, cpu: float, goal: float) -> str:
    met = (rate >= goal, cpu >= goal)
    return {(True, True): "met", (True, False): "by rate", (False, True): "by CPU", (False, False): "NOT met"}[met]


def spread(values: Sequence[float]) -> str:
    """`median (min–max)`."""
    ordered = sorted(values)
    middle = (ordered[len(ordered) // 2] + ordered[(len(ordered) - 1) // 2]) / 2
    return f"{short(middle)} ({short(ordered[0])}–{short(ordered[-1])})"


def short(value: float) -> str:
    """Three figures that matter."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def markdown(rows: Sequence[Row]) -> str:
    lines = [list(HEAD), *(row.line() for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEAD))]
    rule = ["-" * width for width in widths]
    return "\n".join(
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) + " |"
        for line in (lines[0], rule, *lines[1:])
    )
