"""Which events an EPCIS query asks for: the parameters of SimpleEventQuery that a trace has an answer to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from backend.domains.exchange.rules.epcis_ids import CANONICAL, canonical

OWN, INPUT, OUTPUT = "quantityList", "inputQuantityList", "outputQuantityList"
KINDS = ("ObjectEvent", "AggregationEvent", "TransactionEvent", "TransformationEvent", "AssociationEvent")
Event = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Wanted:
    """None or empty: anything. Every list is an or, all of them together an and, as the standard has it."""

    kinds: frozenset[str] = frozenset()
    since: datetime | None = None
    before: datetime | None = None
    steps: frozenset[str] = frozenset()
    dispositions: frozenset[str] = frozenset()
    classes: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = ()  # (lists, patterns)

    def takes(self, event: Event) -> bool:
        at = datetime.fromisoformat(event["eventTime"])
        return (
            (not self.kinds or event["type"] in self.kinds)
            and (self.since is None or at >= self.since)
            and (self.before is None or at < self.before)
            and (not self.steps or event.get("bizStep") in self.steps)
            and (not self.dispositions or event.get("disposition") in self.dispositions)
            and all(any(_matches(one, event, lists) for one in patterns) for lists, patterns in self.classes)
        )


def asked(
    *,
    event_type: str = "",
    since: datetime | None = None,
    before: datetime | None = None,
    biz_step: str = "",
    disposition: str = "",
    epc_class: str = "",
    any_class: str = "",
) -> Wanted:
    """From the parameters as they are sent: lists are separated by commas, words of CBV bare or as URIs."""
    classes = (((OWN,), _several(epc_class)), ((OWN, INPUT, OUTPUT), _several(any_class)))
    return Wanted(
        kinds=frozenset(_several(event_type)),
        since=since,
        before=before,
        steps=frozenset(map(bare, _several(biz_step))),
        dispositions=frozenset(map(bare, _several(disposition))),
        classes=tuple((lists, patterns) for lists, patterns in classes if patterns),
    )


def _several(text: str) -> tuple[str, ...]:
    return tuple(part for one in text.split(",") if (part := one.strip()))


def _matches(pattern: str, event: Event, lists: Sequence[str]) -> bool:
    """By the canonical form, so that a URN finds its Digital Link; a GTIN, or a URN with `*`, finds all its lots."""
    wanted = _pattern(pattern)
    named = [canonical(line["epcClass"]) for name in lists for line in event.get(name, ())]
    return any(uri == wanted or uri.startswith(f"{wanted}/10/") for uri in named)


def _pattern(pattern: str) -> str:
    if pattern.startswith("urn:epc:idpat:lgtin:"):
        pattern = pattern.replace("urn:epc:idpat:", "urn:epc:class:", 1)
    found = canonical(pattern)
    return found.removesuffix("/10/%2A") if found.startswith(CANONICAL) else found


def bare(word: str) -> str:
    """`https://ref.gs1.org/cbv/BizStep-shipping`, `urn:epcglobal:cbv:bizstep:shipping` and `cbv:BizStep-shipping` are
    all `shipping`."""
    last = word.rpartition("/" if "/" in word else ":")[2]
    return last.partition("-")[2] or last if last.startswith(("BizStep-", "Disp-")) else last


def page(events: Sequence[Event], start: int, size: int) -> tuple[list[Event], int | None]:
    """A page from `start` on, and where the next begins."""
    end = start + size
    return list(events[start:end]), end if end < len(events) else None
