"""The graph of lots against a second opinion, what walking it costs, and what the book and the trace say of it."""

import io
import random
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any

import networkx
import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pymongo import monitoring
from pymongo.database import Database

from backend.base import ids, store
from backend.domains.lots import service as lots
from backend.domains.lots.models import Lot, LotLink
from backend.domains.producers.models import Producer
from backend.domains.tracing import service as tracing
from tests.factories.farming import Farm
from tests.factories.http import Api
from tests.factories.lots import API, Holder, buyer, grower, harvested, holder, line, part

NOW = datetime(2026, 10, 1, 2, tzinfo=UTC)
DAY = "2026-09-30"


def name(number: int) -> str:
    """Every three lots have a holder of their own."""
    return ids.owned(f"P{number // 3:09}", f"lot-{number:08}")


def laid(edges: list[tuple[int, int]], size: int, *, first: int = 0) -> None:
    """Lots, and the links between them, as the moves would have made them."""
    parents: dict[int, list[int]] = {}
    for parent, child in edges:
        parents.setdefault(child, []).append(parent)
    rows = [_lot(number, parents.get(number, [])) for number in range(first, first + size)]
    for start in range(0, len(rows), 1000):
        Lot.insert_rows(rows[start : start + 1000])
    links = [_link(parent, child) for parent, child in edges]
    for start in range(0, len(links), 1000):
        LotLink.insert_rows(links[start : start + 1000])


def _lot(number: int, parents: list[int]) -> dict[str, Any]:
    known = {"crop": "apple", "product_name": "苹果", "amount": "1", "unit": "kg", "state": "free", "batch_ids": []}
    quantities = {"base": 1000, "certified_base": 0, "gone_base": 0, "carried_base": 0}
    days = {"harvested_on": DAY, "born_on": DAY, "created_at": NOW, "harvest_root_id": name(number)}
    came = [{"lot_id": name(one), "base": 1, "carried": 0} for one in parents]
    own = {"_id": name(number), "producer_id": ids.owner_of(name(number)), "parents": came, "born": "merge"}
    return {**own, **known, **quantities, **days, "depth": 1}


def _link(parent: int, child: int) -> dict[str, Any]:
    said = {"base": 1, "kind": "merge", "event_id": "e", "happened_on": DAY, "created_at": NOW}
    return {"_id": f"{name(parent)}~{name(child)}", "parent_id": name(parent), "child_id": name(child), **said}


@st.composite
def graphs(draw: Any) -> tuple[int, list[tuple[int, int]]]:
    """A graph without cycles: a lot is made of earlier ones only."""
    size = draw(st.integers(1, 40))
    possible = [(parent, child) for child in range(size) for parent in range(child)]
    edges = draw(st.lists(st.sampled_from(possible), unique=True, max_size=120)) if possible else []
    return size, edges


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(graph=graphs(), data=st.data())
def test_a_recall_reaches_what_can_be_reached_and_the_way_back_is_the_way_forward(
    database: Database[dict[str, Any]], graph: tuple[int, list[tuple[int, int]]], data: Any
) -> None:
    size, edges = graph
    for kept in ("lots", "lot_links"):
        store.collection(kept).delete_many({})
    laid(edges, size)
    known: Any = networkx.DiGraph(edges)
    known.add_nodes_from(range(size))
    roots = data.draw(st.lists(st.integers(0, size - 1), min_size=1, max_size=3, unique=True))
    expected = set(roots).union(*(networkx.descendants(known, root) for root in roots))
    found = list(lots.reached([name(root) for root in roots]))
    assert {one.lot.id for one in found} == {name(one) for one in expected}
    assert len(found) == len(expected)
    near = networkx.multi_source_dijkstra_path_length(known, set(roots))
    assert {one.lot.id: one.step for one in found} == {name(one): steps for one, steps in near.items()}
    last = data.draw(st.integers(0, size - 1))
    back = {lot.id for lot in lots.ancestry(name(last)).lots}
    assert back == {name(one) for one in networkx.ancestors(known, last) | {last}}


class Finds(monitoring.CommandListener):
    """Remembers the finds that are sent while it listens, so that the server can be asked what each examined."""

    def __init__(self) -> None:
        self.sent: list[dict[str, Any]] = []
        self.round_trips = 0
        self.on = False

    def started(self, event: monitoring.CommandStartedEvent) -> None:
        if self.on and event.command_name in ("find", "getMore"):
            self.round_trips += 1
            if event.command_name == "find":
                self.sent.append({key: event.command[key] for key in ("find", "filter") if key in event.command})

    def succeeded(self, event: Any) -> None:
        """Nothing more to learn."""

    def failed(self, event: Any) -> None:
        """Nothing more to learn."""


FINDS = Finds()
monitoring.register(FINDS)


@contextmanager
def watched() -> Iterator[Counter[str]]:
    """Counts `round_trips` and `examined` documents of the block."""
    counted: Counter[str] = Counter()
    FINDS.sent, FINDS.round_trips, FINDS.on = [], 0, True
    try:
        yield counted
    finally:
        FINDS.on = False
    counted["round_trips"] = FINDS.round_trips
    for command in FINDS.sent:
        counted["examined"] += _examined(command)


def _examined(command: dict[str, Any]) -> int:
    """What the server says it looked at. Asked about documents by their ids, the embedded server fetches just these and
    explains otherwise when the filter also names their shards: it is asked about the ids alone."""
    named = command["filter"].get("_id", {})
    command["filter"] = {"_id": named} if "$in" in named else command["filter"]
    told = store.database().command("explain", command, verbosity="executionStats")
    return int(told["executionStats"]["totalDocsExamined"])


def family(first: int) -> list[tuple[int, int]]:
    """Sixty lots that came of the first: ten of it, five of each of these."""
    middle = [(first, first + 1 + number) for number in range(10)]
    return middle + [
        (child, first + 11 + 5 * number + one) for number, (_, child) in enumerate(middle) for one in range(5)
    ]


def owned(first: int, last: int) -> None:
    """The producers of these lots, as a recall asks for them; `first` is the first of its holder."""
    known = {"name": "甲", "kind": "smallholder", "region": "620602", "status": "active"}
    owners = sorted({ids.owner_of(name(one)) for one in range(first, last)})
    for start in range(0, len(owners), 1000):
        Producer.insert_rows([{"_id": owner, **known} for owner in owners[start : start + 1000]])


@pytest.mark.slow
def test_finding_descendants_and_holders_reads_what_there_is_to_find_and_not_the_store(
    database: Database[dict[str, Any]],
) -> None:
    """A family of 61 lots and a part of it, in a store of 2,000 and of 20,000 lots and of a third as many producers."""
    laid(family(0), 61)
    owned(0, 61)
    costs, there = [], 63
    for size in (2_001, 20_001):
        chance = random.Random(size)
        more = [(there + chance.randrange(number), there + number) for number in range(1, size - there)]
        laid(more, size - there, first=there)
        owned(there, size)
        there = size
        for root, lots_found, holders in ((0, 61, 21), (1, 6, 4)):
            with watched() as cost:
                found = tracing.reach([f"lot:{name(root)}"], lots.Window())
            assert (len(found.found), len(found.holders)) == (lots_found, holders)
            costs.append(dict(cost))
    assert costs[:2] == costs[2:], "ten times the store costs nothing"
    each = (
        "where it begins, each lot, each link to one and each holder once; two reads a step, one before and one after"
    )
    assert costs[0] == {"examined": 1 + 61 + 60 + 21, "round_trips": 1 + 2 * 3 + 1}, each
    assert costs[1] == {"examined": 1 + 6 + 5 + 4, "round_trips": 1 + 2 * 2 + 1}, each


def test_a_thousand_descendants_and_their_holders_cost_a_handful_of_round_trips(
    database: Database[dict[str, Any]],
) -> None:
    laid([(0, child) for child in range(1, 1001)], 1001)
    owned(0, 1001)
    with watched() as cost:
        found = tracing.reach([f"lot:{name(0)}"], lots.Window())
    assert (len(found.found), len(found.holders)) == (1001, 334)
    assert cost["round_trips"] <= 16 and cost["examined"] == 1 + 2001 + 334


@pytest.fixture
def land(api: Api, login: Callable[..., str], travel: Callable[[datetime], None]) -> Farm:
    travel(NOW)
    return grower(api, login)


@pytest.fixture
def me(land: Farm) -> Holder:
    return holder(land)


@pytest.fixture
def other(land: Farm, api: Api, login: Callable[..., str]) -> Holder:
    return buyer(api, login)


def traced(api: Api, token: str, lot_id: str, direction: str = "both") -> Any:
    return api.get(f"{API}/lots/{lot_id}/trace?direction={direction}", as_=token).json


def test_each_sees_the_history_of_a_lot_as_far_as_it_is_theirs(
    land: Farm, me: Holder, other: Holder, api: Api, login: Callable[..., str]
) -> None:
    third = buyer(api, login, 8)
    whole = harvested(land)
    (theirs,) = me.passed_on(other, line(whole, "400"))
    (mixed,) = other.made("repack", [line(theirs, "400")], [part("390")])
    (last,) = other.passed_on(third, line(mixed, "100"))

    grown = traced(api, me.token, whole)["nodes"]
    assert [(one["step"], one.get("lot_id"), one["holder"] is None) for one in grown] == [
        (0, whole, False),
        (1, None, False),
        (2, None, True),
        (3, None, True),
    ]
    bought = traced(api, third.token, last)
    assert [(one["step"], one["born"], "amount" in one) for one in bought["nodes"]] == [
        (0, "receive", True),
        (-1, "repack", False),
        (-2, "receive", False),
        (-3, "harvest", False),
    ]
    assert all(one["holder"] for one in bought["nodes"]), "who it came from is the receiver's to know"
    assert [link["base"] for link in bought["links"]] == [100_000, None, None]
    officer = login("county_officer", region="620602")
    seen = traced(api, officer, mixed)
    assert {one["lot_id"]: one["step"] for one in seen["nodes"]} == {mixed: 0, theirs: -1, whole: -2, last: 1}
    assert [one["step"] for one in traced(api, officer, mixed, "back")["nodes"]] == [0, -1, -2]
    assert [one["step"] for one in traced(api, officer, mixed, "forward")["nodes"]] == [0, 1]
    assert api.get(f"{API}/lots/{mixed}/trace", as_=me.token).status_code == 404


def booked(holds: Holder) -> Any:
    days = f"producer_id={holds.producer_id}&since=2026-09-01&until=2026-09-30"
    return holds.api.get(f"{API}/lots/ledger?{days}", as_=holds.token).json


def test_the_book_is_what_the_events_come_to(land: Farm, me: Holder, other: Holder) -> None:
    whole = harvested(land)
    me.made("repack", [line(whole, "300")], [part("200"), part("90")])
    me.leave("market", line(whole, "100"), place="早市")
    me.leave("retail", line(whole, "100"), place="早市")
    other.receive(me.ship(other, line(whole, "200")).json, "190")
    back = me.ship(other, line(whole, "50")).json
    other.post(f"/lots/shipments/{back['id']}/refusal")

    book = booked(me)
    assert Counter((one["kind"], one["direction"]) for one in book["lines"]) == {
        ("harvest", "in"): 1,
        ("repack", "within"): 3,
        ("market", "within"): 1,
        ("retail", "out"): 1,
        ("ship", "out"): 1,
    }
    (total,) = book["totals"]
    assert total == {
        "product_name": "红富士苹果", "unit": "kg", "in": "1000", "out": "300", "lost": "10", "change": "690",
    }  # fmt: skip
    on_hand = sum(
        row["base"] - row["gone_base"] - row["carried_base"]
        for row in store.collection("lots").find({"producer_id": me.producer_id})
    )
    assert on_hand == 690_000
    assert [(one["kind"], one["amount"], one["partner"]) for one in booked(other)["lines"]] == [
        ("receive", "190", "张*")
    ]
    days = f"producer_id={me.producer_id}&since=2026-09-01&until=2026-09-30"
    sheet = me.api.get(f"{API}/lots/ledger.xlsx?{days}", as_=me.token)
    file = openpyxl.load_workbook(io.BytesIO(sheet.data))
    assert [row[1] for row in file["台账"].iter_rows(min_row=2, values_only=True)][:2] == ["进", "转出"]
    assert file["合计"]["F2"].value == 690
    long = me.api.get(f"{API}/lots/ledger?{days.replace('2026-09-01', '2024-01-01')}", as_=me.token)
    assert long.json["reason"] == "ledger_window_wrong"
    assert date.fromisoformat(book["since"]) == date(2026, 9, 1)
