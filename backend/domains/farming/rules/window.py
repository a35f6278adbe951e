"""When harvest becomes lawful, and why not: over all inputs of a batch, on all its land.

The earliest lawful harvest is the latest of (last day of use + pre-harvest interval) over all uses on the batch
(农药管理条例 art. 34), and likewise for withdrawal periods of animals (兽药管理条例 art. 40).
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from backend.domains.farming.rules.label import off_label
from backend.domains.farming.rules.records import Crop, GateRecord, Reason, Vouched, current
from backend.domains.farming.rules.uses import EDITION, reasons
from backend.domains.inputs import rules as inputs

NEWS = timedelta(days=7)  # that harvest has been lawful for longer is no news, even after the worker stood still
VOUCHABLE = frozenset({"unknown_input", "no_label", "dose", "uses", "mix"})


@dataclass(frozen=True, slots=True)
class Window:
    """`earliest` is the first lawful day of harvest (None: any day); `blocked` means no day is, as the log stands."""

    earliest: date | None
    blocked: bool
    because: tuple[Reason, ...]

    def lawful_on(self, day: date) -> bool:
        return not self.blocked and (self.earliest is None or self.earliest <= day)


def harvest_window(
    records: Iterable[GateRecord], crop: Crop, rulebook: inputs.Rulebook, vouched: Collection[Vouched] = ()
) -> Window:
    """The window over all current uses of the batch. Bans, what nobody knows and what went beyond a label block, unless
    an officer vouched for it."""
    because = tuple(one for one in standing(current(records), crop, rulebook) if not answered(one, vouched))
    days = [reason.until for reason in because if reason.until is not None]
    return Window(max(days, default=None), any(reason.until is None for reason in because), because)


def standing(
    records: Iterable[GateRecord], crop: Crop, rulebook: inputs.Rulebook, *, edition: int = EDITION
) -> tuple[Reason, ...]:
    """Every reason in these current records, each use by itself and all together. The gate and the window ask this."""
    known = tuple(records)
    single = (
        one for record in known for use in record.uses for one in reasons(record, use, crop, rulebook, edition=edition)
    )
    return (*single, *off_label(known, crop, rulebook, edition=edition))


def answered(reason: Reason, vouched: Collection[Vouched]) -> bool:
    """Whether an officer's word answers this reason: for the very version and input, and for this sort of reason."""
    return reason.code in VOUCHABLE and any(
        one.by
        and one.record_id == reason.version_id
        and one.input_name == reason.input_name
        and reason.code in one.reasons
        for one in vouched
    )


def vouchable(
    records: Iterable[GateRecord], crop: Crop, rulebook: inputs.Rulebook, record_id: str, input_name: str
) -> tuple[str, ...]:
    """The codes of the reasons against this input of the current version of that record which an officer may answer."""
    found = standing(current(records), crop, rulebook)
    codes = (one.code for one in found if one.version_id == record_id and one.input_name == input_name)
    return tuple(dict.fromkeys(code for code in codes if code in VOUCHABLE))


def is_news(window: Window, today: date) -> bool:
    """Whether people should be told that harvest is lawful now: its day has come, lately, and nothing forbids it."""
    if window.earliest is None or window.blocked:
        return False
    return window.earliest <= today <= window.earliest + NEWS
