"""The open data as anyone may ask for it: which data sets there are, their dumps, and one file of one of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from backend.base import vocab
from backend.base.errors import NotFound
from backend.domains.exchange.models import Dump
from backend.domains.exchange.rules import dumps_text
from backend.domains.exchange.service.dumps_building import DONE, KEPT, SETS, packed_parts

PATH = "/api/v1/exchange/dumps"


@dataclass(frozen=True, slots=True)
class DumpFile:
    """`size` and `sha256` are of the file as it is unpacked, `packed` is what goes over the line."""

    form: str
    url: str
    content_type: str
    size: int
    packed: int
    sha256: str


@dataclass(frozen=True, slots=True)
class DumpFacts:
    """A finished dump: all that was so before `until`. `columns` say what each column means, as of that dump."""

    day: date
    until: datetime
    rows: int
    columns: Sequence[Mapping[str, str]]
    licence: str
    files: Sequence[DumpFile]
    finished_at: datetime


@dataclass(frozen=True, slots=True)
class Building:
    """How far a dump in the making is: records looked at, rows written."""

    day: date
    state: str
    seen: int
    rows: int


@dataclass(frozen=True, slots=True)
class DataSet:
    """A data set with its finished dumps, newest first. `term` is its entry in the vocabulary."""

    name: str
    term: vocab.Term
    licence: vocab.Term
    dumps: Sequence[DumpFacts]
    building: Building | None

    @property
    def newest(self) -> DumpFacts | None:
        return self.dumps[0] if self.dumps else None


def data_sets() -> list[DataSet]:
    """Every data set there is, with its dumps; one command each, and one for what is being built."""
    working = {row["dataset"]: row for row in Dump.rows({"open": True}, limit=50)}
    return [_data_set(term, working.get(term.code)) for term in vocab.get(SETS)]


def _data_set(term: vocab.Term, working: Mapping[str, Any] | None) -> DataSet:
    done = Dump.rows(
        {"dataset": term.code, "state": DONE},
        ("dataset", "day", "until", "written", "columns", "licence", "files", "finished_at"),
        sort=[("day", -1)],
        limit=KEPT,
    )
    building = None
    if working:
        day, state = date.fromisoformat(working["day"]), working["state"]
        building = Building(day, state, working["seen"], working["written"])
    licence = vocab.get("open_data_licences")[term["licence"]]
    return DataSet(term.code, term, licence, [_facts(row) for row in done], building)


def _facts(row: Mapping[str, Any]) -> DumpFacts:
    return DumpFacts(
        day=date.fromisoformat(row["day"]),
        until=row["until"],
        rows=row["written"],
        columns=row["columns"],
        licence=row["licence"],
        files=[_file(row, form) for form in dumps_text.FORMS],
        finished_at=row["finished_at"],
    )


def _file(row: Mapping[str, Any], form: str) -> DumpFile:
    address = f"{PATH}/{row['dataset']}/{row['day']}.{form}"
    return DumpFile(form=form, url=address, content_type=dumps_text.FORMS[form], **row["files"][form])


def dump_file(dataset: str, day: str, form: str) -> tuple[DumpFile, bytes]:
    """One file, packed with gzip. Raises NotFound for what was never made, is being made, or is gone."""
    found = Dump.rows({"dataset": dataset, "_id": f"{dataset}~{day}", "state": DONE}, limit=1)
    if not found:
        raise NotFound
    return _file(found[0], form), b"".join(packed_parts(found[0]["parts"], form))
