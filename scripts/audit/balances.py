"""Checks of the lots: their quantities, their days and what they came from are computed again from registered harvests,
moves and certificates; a lot or a certificate that nothing registered leads to is named.

Lots are no leaves, for they change; all that changes them is. The platform may go on meanwhile: lots are read before
and after everything else, and one that changed between is left to the next audit.
"""

import datetime
import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from scripts.audit.findings import Report
from scripts.audit.reading import Row, Seen
from scripts.audit.replay import Counters, Step, in_order, possible, shares
from scripts.audit.sources import Source

KINDS = Path(__file__).resolve().parents[2] / "schemas" / "vocab" / "record_kinds.json"
SHIPMENT, BEFORE = "lot.shipment", "evidence.before"
LINKS = "lot_links"  # no form names them, for events tell as much
BACK = ("refused", "cancelled")  # shipments that did not leave after all
STAYS = ("market",)  # events that take nothing away
BATCHES = 20  # named on a lot at most
QUANTITY = ("amount", "unit", "base")
OF_BATCH = ("product_name", "variety", "crop", "gtin")
OF_LINE = (*QUANTITY, "product_name", "variety", "crop", "harvested_on")
COUNTED = tuple(f"{name}_base" for name in Counters._fields)
KEPT = {*OF_LINE, *OF_BATCH, *COUNTED, "born", "born_on", "batch_ids", "parents"}
MISSHAPEN = (KeyError, TypeError, ValueError, AttributeError, IndexError)
Parents = list[tuple[str, int, int]]


class Ledger:
    """What of the lots' story is registered, gathered while the documents are read, and compared at the end."""

    def __init__(self, source: Source, seen: Seen) -> None:
        self._source = source
        self._lots = dict(self._read())
        self._answers = dict(_answers(seen))
        self._yields = {term["code"] for term in json.loads(KINDS.read_text("utf-8"))["terms"] if term.get("yields")}
        self._misshapen: list[str] = []
        self._harvests: dict[str, Row] = {}
        self._batches: dict[str, Row] = {}
        self._links: dict[str, int] = {}
        self._births: dict[str, tuple[Row, int]] = {}
        self._events: dict[str, Row] = {}
        self._certificates: list[Row] = []
        self._allowed: set[tuple[str, str, str]] = set()
        self._steps: dict[str, list[Step]] = defaultdict(list)
        self._readers: Mapping[str, Callable[[Row], None]] = {
            "production_batches": self._batch,
            "farming_records": self._harvest,
            LINKS: self._link,
            "lot_events": self._event,
            "certificates": self._certificate,
            "gate_decisions": self._decision,
        }

    def _read(self) -> Iterator[tuple[str, Row]]:
        for row in self._source.rows("lots"):
            yield row["_id"], {name: row[name] for name in KEPT if name in row}

    def saw(self, collection: str, document: Row) -> None:
        try:
            if collection in self._readers:
                self._readers[collection](document)
        except MISSHAPEN:
            self._misshapen.append(f"{collection} {document['_id']}")

    def _batch(self, batch: Row) -> None:
        self._batches[batch["_id"]] = {name: batch.get(name) for name in OF_BATCH}

    def _harvest(self, record: Row) -> None:
        before = self._harvests.get(record["root_id"])
        if record["kind"] in self._yields and (before is None or before["version"] < record["version"]):
            kept = (*QUANTITY, "version", "batch_id", "happened_on")
            self._harvests[record["root_id"]] = {name: record.get(name) for name in kept}

    def _link(self, link: Row) -> None:
        self._links[link["_id"]] = int(link["base"])

    def _event(self, event: Row) -> None:
        self._events[event["_id"]] = event
        for at, line in enumerate(event.get("makes", ())):
            self._births[line["lot_id"]] = event, at
        if event["kind"] in STAYS:
            return
        for line in event.get("takes", ()):
            under = tuple((one["certificate_id"], int(one["base"])) for one in line.get("under", ()))
            taken = int(line["base"]), int(line.get("carried", 0)), "", under
            self._steps[line["lot_id"]].append(Step(event["created_at"], "take", *taken))
            if event.get("state") in BACK:
                at = datetime.datetime.fromisoformat(event["answer"]["at"])
                self._steps[line["lot_id"]].append(Step(at, "bring_back", *taken))

    def _certificate(self, row: Row) -> None:
        self._certificates.append({name: row.get(name) for name in ("_id", "lot_id", "decision_id")})
        steps, base = self._steps[row["lot_id"]], int(row["base"])
        steps.append(Step(row["created_at"], "certify", base, certificate=row["_id"]))
        for field, kind in (("void", "void"), ("restored", "certify"), ("voided_again", "void")):
            if row.get(field):
                steps.append(Step(row[field]["at"], kind, base, certificate=row["_id"]))
        for turn in row.get("later") or ():
            kind = "void" if turn["turn"] == "void" else "certify"
            steps.append(Step(turn["at"], kind, base, certificate=row["_id"]))

    def _decision(self, row: Row) -> None:
        if row["allowed"]:
            self._allowed.add((row["_id"], row["certificate_id"], row["lot_id"]))

    def check(self, report: Report) -> None:
        for name in self._misshapen:
            report.find("altered", name, "it has not the shape that the platform writes")
        now = dict(self._read()) if self._source.live else self._lots
        for lot_id, lot in sorted(self._lots.items()):
            if now.get(lot_id, lot) == lot:
                report.count("lots")
                try:
                    self._lot(lot_id, lot, report)
                except MISSHAPEN:
                    report.find("lot_differs", f"lot {lot_id}", "it has not the shape that the platform writes")
        for lot_id in sorted({*self._harvests, *self._births, *self._steps} - {*now}):
            report.find("missing", f"lot {lot_id}")
        for one in self._certificates:
            if (one["decision_id"], one["_id"], one["lot_id"]) not in self._allowed:
                report.find("origin_missing", f"certificate {one['_id']}", "the gate did not allow it")
        self._unanswered(report)
        self._led_to({*now} - {*self._lots}, report)

    def _lot(self, lot_id: str, lot: Row, report: Report) -> None:
        wanted = self._birth(lot_id)
        if wanted is None:
            report.find("origin_missing", f"lot {lot_id}", f"born by {lot.get('born')!r}")
            return
        wrong = [f"{name} {lot.get(name)!r}, registered {told!r}" for name, told in wanted.items()
                 if (lot.get(name) or None) != (told or None)]  # fmt: skip
        said, steps = Counters(*(int(lot.get(name, 0)) for name in COUNTED)), self._steps.get(lot_id, [])
        if not possible(steps, said):
            wrong.append(f"{said}, registered {in_order(steps)}")
        if parents := _differs(_parents_of(lot), self._parents(lot_id)):
            wrong.append(f"came from {parents}")
        if wrong:
            report.find("lot_differs", f"lot {lot_id}", "; ".join(wrong))

    def _birth(self, lot_id: str) -> dict[str, Any] | None:
        """What a lot must say, by the one registered document that made it; None when there is none."""
        if lot_id in self._births:
            event, at = self._births[lot_id]
            told = {name: event["makes"][at].get(name) for name in OF_LINE}
            above = [parent for parent, *_ in self._parents(lot_id)]
            batches = sorted({batch for one in above for batch in self._lots.get(one, {}).get("batch_ids", ())})
            named = {"batch_ids": batches[:BATCHES]} if above else {}
            return {**told, **named, "born": event["kind"], "born_on": event["happened_on"]}
        if (record := self._harvests.get(lot_id)) is not None:
            told, day = {name: record[name] for name in QUANTITY}, record["happened_on"]
            named = self._batches.get(record["batch_id"], {})
            born = {"born": "harvest", "harvested_on": day, "born_on": day}
            return {**told, **named, **born, "batch_ids": [record["batch_id"]]}
        return None

    def _parents(self, lot_id: str) -> Parents:
        """(lot, how much of it, how much of that under certificates), as the event that made the lot tells it; none by
        an event that is named as misshapen."""
        try:
            return self._told_parents(lot_id)
        except MISSHAPEN:
            return []

    def _told_parents(self, lot_id: str) -> Parents:
        if lot_id not in self._births:
            return []
        event, at = self._births[lot_id]
        if event.get("shipment_id"):
            return self._arrived(event, at)
        made = [int(line["base"]) for line in event["makes"]]
        return [(line["lot_id"], shares(int(line["base"]), made)[at], 0) for line in event.get("takes", ())]

    def _arrived(self, event: Row, at: int) -> Parents:
        sent = self._events.get(event["shipment_id"], {})
        said = self._answers.get(event["shipment_id"]) or sent.get("answer", {})
        lines = [line for line in said.get("lines", ()) if line["received"]][at : at + 1]
        carried = {line["lot_id"]: int(line.get("carried", 0)) for line in sent.get("takes", ())}
        return [
            (line["lot_id"], line["received"], min(line["received"], carried.get(line["lot_id"], 0))) for line in lines
        ]

    def _unanswered(self, report: Report) -> None:
        """An answer is registered when it is given: without one a shipment is still on its way."""
        for event_id, event in self._events.items():
            if event.get("to_producer_id") and event["state"] != "sent" and event_id not in self._answers:
                report.find("state_differs", f"lot_events {event_id}", f"{event['state']!r}, but no answer to it")

    def _led_to(self, born_since: set[str], report: Report) -> None:
        """What leads from a lot to those made of it, and a recall to all that it must reach."""
        wanted = {f"{parent}~{lot_id}": base for lot_id in self._births for parent, base, _ in self._parents(lot_id)}
        for name in sorted({*wanted, *self._links}):
            stored, told = self._links.get(name), wanted.get(name)
            if stored != told and name.rpartition("~")[2] not in born_since:
                report.find("lot_differs", f"link {name}", f"stored {stored}, registered {told}")


def _answers(seen: Seen) -> Iterator[tuple[str, Row]]:
    """What was registered last on each shipment; of one answered before there were forms, that it was."""
    for row in sorted(seen.leaves, key=lambda row: row.get("position", 1 << 62)):
        said = row.get("said", {})
        if row["kind"] == SHIPMENT:
            yield row["subject_id"], said
        elif row["kind"] == BEFORE and said.get("kind") == SHIPMENT:
            yield row["subject_id"], {}


def _parents_of(lot: Row) -> Parents:
    return [(one["lot_id"], int(one["base"]), int(one.get("carried", 0))) for one in lot.get("parents", ())]


def _differs(said: Parents, told: Parents) -> str:
    return "" if said == told else f"{said}, registered {told}"
