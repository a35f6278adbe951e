"""A history told as deeds, in the words that EPCIS has for them. No remark and no partner's name of free text leaves:
an EPCIS document travels further than its first reader."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from backend.base import clock, ids
from backend.domains.certificates import service as certificates
from backend.domains.exchange.rules import epcis
from backend.domains.exchange.rules.epcis import Deed, Line
from backend.domains.exchange.rules.epcis_ids import Names, digest, lot_number
from backend.domains.exchange.service.epcis_history import HARVEST, History
from backend.domains.farming import service as farming
from backend.domains.lots import service as lots
from backend.domains.testing import service as testing

SENT = ("ship", "return")
UNDONE = ("cancelled", "refused")
Row = Mapping[str, Any]


def events(known: History, names: Names) -> list[epcis.Event]:
    """All of it, by time, each event once."""
    base = names.base
    plain = [*_moves(known, names), *_tests(known, names), *_certificates(known, names), *_recalls(known, names)]
    births = [one for lot in known.told if lot.born == HARVEST for one in _birth(lot, known, names)]
    return epcis.ordered([*births, *(epcis.event(deed, base) for deed in plain)])


def _birth(lot: lots.LotFacts, known: History, names: Names) -> list[epcis.Event]:
    """The harvest, and what was said of it before it was corrected, where the reader may see the log."""
    now = Deed(
        code="harvest",
        at=lot.born_on.isoformat(),
        recorded=lot.created_at,
        takes=[_line(lot.id, lot.base, lot.unit, known, names)],
        place=_place(lot.producer_id, known, names),
        goods=_goods(lot),
    )
    versions = known.harvests.get(lot.id, ())
    dated = [(_said(now, lot, one), one.written_at) for one in versions[:-1]]
    last = versions[-1].written_at if versions else lot.created_at
    return epcis.corrected([*dated, (now, last)], names.base)


def _said(now: Deed, lot: lots.LotFacts, before: farming.HarvestVersion) -> Deed:
    """As it was told while this version stood: of its own day, quantity and unit, so that its name is the one that was
    sent."""
    line = replace(now.takes[0], base=before.base, unit=before.unit)
    return replace(now, at=str(before.happened_on), takes=[line], goods=_goods(lot, before.happened_on))


def _goods(lot: lots.LotFacts, harvested_on: date | None = None) -> epcis.Event:
    return epcis.goods(
        number=lot_number(lot.id),
        product=lot.product_name,
        variety=lot.variety,
        crop=lot.crop,
        harvested=str(harvested_on or lot.harvested_on),
    )


def _first_moment(day: date) -> datetime:
    return datetime.combine(day, datetime.min.time(), clock.CHINA)


def _moves(known: History, names: Names) -> Iterator[Deed]:
    for row in known.events:
        if row["kind"] == "receive":
            yield from _receipt(row, known, names)
            continue
        if row["kind"] == "intake":
            yield from _intake(row, known, names)
            continue
        deed = _moved(row, known, names)
        yield deed
        if row["kind"] in SENT and row["state"] in UNDONE:
            at = datetime.fromisoformat(row["answer"]["at"])
            yield replace(deed, code=row["state"], at=_local(at), recorded=at)


def _moved(row: Row, known: History, names: Names) -> Deed:
    sent = row["kind"] in SENT
    return Deed(
        code=row["kind"],
        at=row["happened_on"],
        recorded=row["created_at"],
        takes=_lines(row.get("takes", ()), known, names),
        makes=_lines(row.get("makes", ()), known, names),
        place=_place(row["producer_id"], known, names),
        giver=names.party(row["producer_id"]) if sent else None,
        taker=names.party(row["to_producer_id"]) if row.get("to_producer_id") else None,
        papers=[("desadv", names.paper("shipment", row["_id"]))] if sent else (),
        extras=_extras(row),
    )


def _extras(row: Row) -> dict[str, Any]:
    """`deed` tells two alike deeds of a day apart: they are two."""
    said: dict[str, Any] = {"deed": digest("deed", row["_id"]), "reason": row.get("reason"), "market": row.get("place")}
    if row.get("loss_base"):
        lost = epcis.quantity(Line("", row["loss_base"], row["takes"][0]["unit"]))
        said |= {"lossQuantity": lost.get("quantity"), "lossUom": lost.get("uom")}
    return {key: value for key, value in said.items() if value not in (None, "")}


def _receipt(row: Row, known: History, names: Names) -> Iterator[Deed]:
    """What arrived of the sender's lots, and the receiver's lots that it is from then on."""
    made = [known.known[line["lot_id"]] for line in row.get("makes", ())]
    arrived = [_line(one.lot_id, one.base, lot.unit, known, names) for lot in made for one in lot.parents]
    if not made:
        return
    giver = names.party(ids.owner_of(made[0].parents[0].lot_id))
    paper = names.paper("shipment", row["shipment_id"])
    deed = replace(
        _moved(row, known, names),
        takes=arrived,
        makes=(),
        giver=giver,
        taker=names.party(row["producer_id"]),
        papers=[("desadv", paper)],
    )
    yield deed
    yield replace(deed, code="accept", makes=_lines(row["makes"], known, names), giver=None, taker=None)


def _intake(row: Row, known: History, names: Names) -> Iterator[Deed]:
    """Each lot by itself, with what it is: its history begins here."""
    for line in row["makes"]:
        lot = known.known[line["lot_id"]]
        taken = [_line(lot.id, lot.base, lot.unit, known, names)]
        said = {"deed": digest("deed", row["_id"])}
        yield replace(_moved(row, known, names), takes=taken, makes=(), goods=_goods(lot), extras=said)


def _tests(known: History, names: Names) -> Iterator[Deed]:
    for one in known.tests:
        yield Deed(
            code=f"test_{one.verdict}",
            at=one.reported_on.isoformat(),
            recorded=_first_moment(one.reported_on),
            takes=[Line(names.lot(one.lot_id, known.gtin(one.lot_id)))],
            papers=[("testres", names.paper("test", one.id))],
            extras={"reportNumber": one.report_no, "laboratory": one.lab, **_analytes(one)},
        )


def _analytes(one: testing.ResultFacts) -> dict[str, Any]:
    return {"analyte": sorted(one.analytes)} if one.analytes else {}


def _certificates(known: History, names: Names) -> Iterator[Deed]:
    for one in known.certificates:
        issued = _issued(one, known, names)
        yield issued
        for state, at, reason in one.turns:  # what was told once stays told, also when it was taken back
            said = {"certificateState": state} | ({"voidReason": reason} if reason else {})
            yield replace(issued, code=f"certificate_{state}", at=_local(at), recorded=at, extras=said)


def _issued(one: certificates.CertificateFacts, known: History, names: Names) -> Deed:
    gtin, trace = known.gtin(one.lot_id), names.trace(one.code)
    printed = names.printed(gtin, one.code)
    return Deed(
        code="certificate",
        at=_local(one.issued_at),
        recorded=one.issued_at,
        takes=[Line(names.lot(one.lot_id, gtin), one.base, one.unit)],
        papers=[("cert", trace)],
        certified_by=trace,
        extras={"certificateState": "issued", **({"printedAs": printed} if printed else {})},
    )


def _recalls(known: History, names: Names) -> Iterator[Deed]:
    """Each on each lot that it reached; one that was taken back stays told, and so is that it was."""
    for one in known.recalls:
        for code, at in (("recall", one.ordered_at), ("recall_withdrawn", one.withdrawn_at)):
            if at is not None:
                yield Deed(
                    code=code,
                    at=_local(at),
                    recorded=at,
                    takes=[Line(names.lot(one.lot_id, known.gtin(one.lot_id)))],
                    extras={"recall": digest("recall", one.recall_id)},
                )


def _local(at: datetime) -> str:
    return clock.local(at).isoformat(timespec="milliseconds")


def _lines(rows: Any, known: History, names: Names) -> list[Line]:
    return [_line(one["lot_id"], int(one["base"]), one["unit"], known, names) for one in rows]


def _line(lot_id: str, base: int, unit: str, known: History, names: Names) -> Line:
    return Line(names.lot(lot_id, known.gtin(lot_id)), base, unit)


def _place(producer_id: str, known: History, names: Names) -> str | None:
    holder = known.holders.get(producer_id)
    return names.place(holder.region) if holder else None
