"""What may be done with a complaint, by whom, in which state, and what it leads to."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from backend.base import vocab
from backend.base.errors import RuleBroken

OPEN = frozenset({"held", "submitted", "accepted", "investigating", "paused"})
MAX_ENTRIES = 200


@dataclass(frozen=True, slots=True)
class Step:
    """`needs` is a permission, or `reporter`. `to` None: the state stays. `clock`: what starts, stops or goes on."""

    needs: str
    from_: frozenset[str]
    to: str | None = None
    text: bool = False
    clock: str | None = None


def _in(*states: str) -> frozenset[str]:
    return frozenset(states)


STEPS: Mapping[str, Step] = {
    "release": Step("complaint:triage", _in("held"), "submitted", clock="accept"),
    "accept": Step("complaint:triage", _in("submitted"), "accepted", clock="handle"),
    "refuse": Step("complaint:triage", _in("held", "submitted"), "refused", text=True, clock="stop"),
    "move": Step("complaint:triage", _in("submitted", "accepted", "investigating"), "moved", text=True, clock="stop"),
    "transfer": Step("complaint:triage", _in("submitted", "accepted", "investigating"), text=True),
    "investigate": Step("complaint:handle", _in("accepted"), "investigating"),
    "extend": Step("complaint:triage", _in("accepted", "investigating"), text=True, clock="extend"),
    "pause": Step("complaint:handle", _in("accepted", "investigating"), "paused", text=True, clock="pause"),
    "resume": Step("complaint:handle", _in("paused"), "investigating", clock="resume"),
    "answer": Step("complaint:handle", OPEN - {"held"}, text=True),
    "close": Step("complaint:handle", _in("accepted", "investigating"), "closed", text=True, clock="stop"),
    "message": Step("reporter", OPEN, text=True),
    "rate": Step("reporter", _in("closed")),
    "reopen": Step("reporter", _in("closed", "refused"), "accepted", text=True, clock="handle"),
}


def check(action: str, state: str, text: str) -> Step:
    """The step, if it is possible now. Raises RuleBroken."""
    step = STEPS[action]
    if state not in step.from_:
        states, steps = vocab.get("complaint_states"), vocab.get("complaint_steps")
        raise RuleBroken("action_not_now", field="action", state=states[state], action=steps[action])
    if step.text and not text.strip():
        raise RuleBroken("action_text_missing", field="text")
    return step


def possible(state: str, may: Callable[[str], bool]) -> tuple[str, ...]:
    """The actions of this state, for people who choose among them; `may` is asked for each step's `needs`."""
    return tuple(name for name, step in STEPS.items() if state in step.from_ and may(step.needs))
