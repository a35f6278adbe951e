"""The waiting periods between last use and harvest, as the page shows them (安全间隔期 PHI, 休药期 withdrawal)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from backend.domains.tracing.rules.facts import Deed


@dataclass(frozen=True, slots=True)
class Wait:
    """One input: its last use before the harvest, the days that passed and the days its label asks for."""

    name: str
    registration_no: str | None
    example: bool
    last_used_on: date
    days: int
    required_days: int

    @property
    def met(self) -> bool:
        return self.days >= self.required_days

    @property
    def lawful_from(self) -> date:
        return self.last_used_on + timedelta(days=self.required_days)


def waiting(deeds: Iterable[Deed], harvested_on: date) -> list[Wait]:
    """The last use before the harvest of every input that has a waiting period, the tightest first."""
    latest: dict[tuple[str | None, str], Wait] = {}
    for deed in deeds:
        if deed.ended_on > harvested_on:
            continue
        for use in deed.inputs:
            if use.phi_days is None:
                continue
            gap = (harvested_on - deed.ended_on).days
            wait = Wait(use.name, use.registration_no, use.example, deed.ended_on, gap, use.phi_days)
            key = (use.registration_no, use.name)
            if key not in latest or wait.lawful_from > latest[key].lawful_from:
                latest[key] = wait
    return sorted(latest.values(), key=lambda wait: (wait.days - wait.required_days, wait.name))
