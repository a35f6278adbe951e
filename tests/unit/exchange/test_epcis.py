"""Whatever was done, its event is valid EPCIS 2.0 by the official schema, and no gram is lost in telling it."""

import copy
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.base import vocab
from backend.domains.exchange.rules import epcis
from backend.domains.exchange.rules.epcis_hash import event_id
from backend.domains.exchange.rules.epcis_ids import Names
from backend.domains.exchange.rules.epcis_query import bare
from tests.factories.epcis import faults
from tests.unit.exchange.test_epcis_hash import EXAMPLES

BASE = "https://t.test"
AT = datetime(2026, 10, 1, 2, tzinfo=UTC)
NAMES = Names(BASE)
LISTS = ("quantityList", "inputQuantityList", "outputQuantityList")
lot_ids = st.builds("P{:09}.lot-{:06}".format, st.integers(0, 9), st.integers(0, 50))
uris = st.builds(NAMES.lot, lot_ids, st.sampled_from([None, "06901234567892", "690"]))
lines = st.builds(epcis.Line, uris, st.integers(1, 10**12), st.sampled_from(vocab.get("epcis_units").codes))
words = st.text(max_size=20)
deeds = st.builds(
    epcis.Deed,
    code=st.sampled_from(vocab.get("epcis_steps").codes),
    at=st.dates(min_value=date(2020, 1, 1)).map(str),
    recorded=st.just(AT),
    takes=st.lists(lines, min_size=1, max_size=4),
    makes=st.lists(lines, min_size=1, max_size=4),
    place=st.none() | st.sampled_from(["620602100", "620602"]).map(NAMES.place),
    giver=st.none() | lot_ids.map(NAMES.party),
    taker=st.none() | lot_ids.map(NAMES.party),
    papers=st.lists(st.tuples(st.sampled_from(["cert", "testres", "desadv"]), lot_ids.map(NAMES.trace)), max_size=2),
    extras=st.none() | st.fixed_dictionaries({"deed": words, "market": words}),
)


def told(events: Sequence[epcis.Event]) -> epcis.Event:
    return epcis.document(
        events, base=BASE, created=AT, master=[epcis.vocabulary("Party", {NAMES.party("P"): {"a:b": "甲"}})]
    )


def in_base_units(quantity: dict[str, Any]) -> Decimal:
    per = {term["uom"]: int(term["to_base"]) for term in vocab.get("epcis_units")}
    return Decimal(str(quantity["quantity"])) * per[quantity["uom"]]


@given(done=st.lists(deeds, max_size=4))
@settings(max_examples=30, deadline=None)
def test_every_export_is_valid_by_the_official_schema(done: list[epcis.Deed]) -> None:
    events = epcis.ordered(epcis.event(deed, BASE) for deed in done)
    assert faults(told(events)) == []
    assert faults(epcis.answer(events, base=BASE, created=AT, next_page="x")) == []
    json.dumps(events)


@given(deed=deeds)
@settings(max_examples=80, deadline=None)
def test_quantities_are_told_exactly(deed: epcis.Deed) -> None:
    event = epcis.event(deed, BASE)
    sides = [deed.takes] if event["type"] == "ObjectEvent" else [deed.takes, deed.makes]
    said = [event[name] for name in LISTS if name in event]
    assert [[in_base_units(one) for one in side] for side in said] == [[one.base for one in side] for side in sides]


@given(deed=deeds, data=st.data())
@settings(max_examples=40, deadline=None)
def test_an_event_is_named_by_what_it_says_in_any_order(deed: epcis.Deed, data: st.DataObject) -> None:
    event = epcis.event(deed, BASE)
    shuffled = dict(data.draw(st.permutations(list(event.items()))))
    assert event_id(json.loads(json.dumps(shuffled)), epcis.namespaces(BASE)) == event["eventID"]
    later = epcis.event(replace(deed, recorded=datetime(2027, 1, 1, tzinfo=UTC)), BASE)
    assert later["eventID"] == event["eventID"]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda one: one["name"])
def test_published_events_are_valid_and_the_schema_does_refuse(example: dict[str, Any]) -> None:
    document = told([example["event"]])
    assert faults(document) == []
    for broken in (
        {"bizStep": "harvesting"},
        {"eventTimeZoneOffset": "Beijing"},
        {"eventTime": "yesterday"},
        {"unknown": 1},
    ):
        wrong = copy.deepcopy(document)
        wrong["epcisBody"]["eventList"][0] |= broken
        assert faults(wrong), broken


def test_a_unit_without_a_code_is_not_told_as_pieces() -> None:
    assert epcis.quantity(epcis.Line("https://t.test/id/lot/A", 5, "basket")) == {"epcClass": "https://t.test/id/lot/A"}


def test_every_deed_of_the_ledger_has_a_step_and_every_unit_of_lots_a_code() -> None:
    assert set(vocab.get("lot_event_kinds").codes) <= set(vocab.get("epcis_steps").codes)
    measures = {unit.code for unit in vocab.get("units") if unit["dimension"] in ("mass", "volume", "count", "package")}
    assert measures == set(vocab.get("epcis_units").codes)


@pytest.mark.parametrize(
    "word",
    [
        "shipping",
        "cbv:BizStep-shipping",
        "https://ref.gs1.org/cbv/BizStep-shipping",
        "urn:epcglobal:cbv:bizstep:shipping",
    ],
)
def test_a_word_of_the_standard_is_the_same_in_any_spelling(word: str) -> None:
    assert bare(word) == "shipping"
