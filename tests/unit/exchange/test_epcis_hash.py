"""Event hash ids against published examples, and names in their canonical form."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.domains.exchange.rules.epcis_hash import event_id, pre_hash
from backend.domains.exchange.rules.epcis_ids import Names, canonical, checked, lot_number
from backend.domains.tracing.rules import gtin14

KEPT = json.loads((Path(__file__).parent / "event_hashes.json").read_text("utf-8"))
EXAMPLES, SECONDED = KEPT["events"], KEPT["seconded"]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda one: one["name"])
def test_a_published_event_has_its_published_name(example: dict[str, Any]) -> None:
    if "pre_hash" in example:
        assert pre_hash(example["event"], example["namespaces"]) == example["pre_hash"]
    else:
        assert event_id(example["event"], example["namespaces"]) == example["hash"]


def test_a_second_implementation_names_our_own_events_as_we_do() -> None:
    for event in SECONDED["events"]:
        assert event_id(event, SECONDED["namespaces"]) == event["eventID"]


@given(data=st.data())
@settings(max_examples=50, deadline=None)
def test_the_order_of_fields_and_of_lists_does_not_change_a_name(data: st.DataObject) -> None:
    example = data.draw(st.sampled_from(EXAMPLES))
    event = dict(data.draw(st.permutations(list(example["event"].items()))))
    for name in ("outputEPCList", "bizTransactionList"):
        if name in event:
            event[name] = data.draw(st.permutations(event[name]))
    assert pre_hash(event, example["namespaces"]) == pre_hash(example["event"], example["namespaces"])


@pytest.mark.parametrize(
    "change", [{"action": "ADD"}, {"eventTime": "2022-02-16T12:50:00.001+01:00"}, {"ilmd": {"x:y": 1}}]
)
def test_any_change_of_what_is_said_changes_the_name(change: dict[str, Any]) -> None:
    event = EXAMPLES[1]["event"]
    assert event_id(event | change, {}) != event_id(event, {})


def test_what_came_after_the_event_does_not_change_its_name() -> None:
    event = EXAMPLES[1]["event"]
    later = {
        "recordTime": "2030-01-01T00:00:00Z",
        "eventID": "urn:uuid:x",
        "errorDeclaration": {"declarationTime": "x"},
    }
    assert event_id(event | later, {}) == event_id(event, {})


def test_sensor_data_are_refused_and_not_passed_over() -> None:
    with pytest.raises(ValueError, match="sensor"):
        event_id(EXAMPLES[1]["event"] | {"sensorElementList": [{}]}, {})


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("urn:epc:id:sgtin:0614141.107346.2018", "https://id.gs1.org/01/10614141073464/21/2018"),
        ("urn:epc:class:lgtin:4012345.012345.998877", "https://id.gs1.org/01/04012345123456/10/998877"),
        ("urn:epc:idpat:sgtin:4012345.044444.*", "https://id.gs1.org/01/04012345444445"),
        ("urn:epc:id:sgln:0012345.11111.400", "https://id.gs1.org/414/0012345111112/254/400"),
        ("https://shop.example/a/01/614141073464/10/A1?17=261231", "https://id.gs1.org/01/00614141073464/10/A1"),
        ("https://shop.example/01/10614141073464/22/2A/10/A1/21/7", "https://id.gs1.org/01/10614141073464/21/7"),
        ("https://t.test/id/lot/ABC", "https://t.test/id/lot/ABC"),
        ("urn:epc:id:sgtin:malformed", "urn:epc:id:sgtin:malformed"),
    ],
)
def test_a_name_has_one_canonical_form(name: str, wanted: str) -> None:
    assert canonical(name) == wanted
    assert canonical(wanted) == wanted


@pytest.mark.parametrize("gtin", ["9506000134352", "0614141999996", "4012345000009", "6291041500213", "09506000134369"])
def test_check_digits_are_those_of_published_examples(gtin: str) -> None:
    assert checked(gtin[:-1]) == gtin
    assert gtin14(gtin) == gtin.zfill(14)
    assert gtin14(f"{gtin[:-1]}{(int(gtin[-1]) + 1) % 10}") is None


def test_a_lot_is_named_by_its_gtin_only_where_it_has_one() -> None:
    names = Names("https://t.test")
    lot_id = "P100000001.harvest1"
    assert names.lot(lot_id, "06901234567892") == f"https://id.gs1.org/01/06901234567892/10/{lot_number(lot_id)}"
    assert names.lot(lot_id, None) == names.lot(lot_id, "690") == f"https://t.test/id/lot/{lot_number(lot_id)}"
    assert "P100000001" not in names.lot(lot_id, None) + names.party("P100000001")
