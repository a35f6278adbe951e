"""What a recall reaches in goods that were really moved, split, mixed and sent back, against a second opinion."""

from typing import Any

import networkx
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from backend.domains.lots import service as lots
from backend.domains.tracing import service as tracing
from tests.api.test_recalls import ordered, shown
from tests.factories.certificates import Orchard
from tests.factories.lots import Holder, harvested, line, part

MOVES = ("split", "merge", "merge", "repack", "ship", "ship", "ship_less", "return", "retail", "cancelled")
moves = st.lists(st.tuples(st.sampled_from(MOVES), st.integers(0, 9), st.integers(0, 9)), min_size=4, max_size=9)


class Goods:
    """A grower's and a buyer's lots, and what was made of what as the answers said it, in a graph of our own."""

    def __init__(self, me: Holder, other: Holder) -> None:
        self.people = {me.producer_id: me, other.producer_id: other}
        self.me, self.other = me, other
        self.graph: Any = networkx.DiGraph()
        self.latest: list[str] = []

    def holder(self, lot_id: str) -> Holder:
        return self.people[lot_id.partition(".")[0]]

    def add(self, parents: list[str], children: list[str]) -> None:
        self.graph.add_nodes_from([*parents, *children])
        self.graph.add_edges_from((parent, child) for parent in parents for child in children)
        self.latest += children

    def does(self, kind: str, first: int, second: int) -> None:
        """One move of a lot of this example, of 8 kg or as much as there is of it by then."""
        lot_id = self.latest[first % len(self.latest)]
        who = self.holder(lot_id)
        if float(who.lot(lot_id)["on_hand"]) < 8:
            return
        if kind in ("split", "repack"):
            self.add([lot_id], who.made(kind, [line(lot_id, "8")], [part("4"), part("4")]))
        elif kind == "merge":
            self.merge(who, lot_id, second)
        elif kind == "retail":
            who.leave("retail", line(lot_id, "2"), place="早市")
        else:
            self.send(kind, who, lot_id)

    def merge(self, who: Holder, lot_id: str, second: int) -> None:
        mine = [one for one in self.latest if self.holder(one) is who and one != lot_id]
        mine = [one for one in mine if float(who.lot(one)["on_hand"]) >= 2]
        if mine:
            another = mine[second % len(mine)]
            lines = [line(lot_id, "6"), line(another, "2")]
            self.add([lot_id, another], who.made("merge", lines, [part("8")]))

    def send(self, kind: str, who: Holder, lot_id: str) -> None:
        """To the other of the two; back to where it came from, if it came from there; or on its way and called back."""
        whom = self.other if who is self.me else self.me
        came = kind != "return" or any(self.holder(one) is whom for one in self.graph.predecessors(lot_id))
        sent = who.ship(whom, line(lot_id, "8"), kind="return" if kind == "return" else "ship")
        assert (sent.status_code == 201) is came, sent.text
        if not came:
            return
        if kind == "cancelled":
            assert who.post(f"/lots/shipments/{sent.json['id']}/cancellation").status_code == 200
            return
        answer = whom.receive(sent.json, *(("7",) if kind == "ship_less" else ()))
        self.add([lot_id], [one["lot_id"] for one in answer.json["makes"]])


def test_a_recall_reaches_all_that_came_of_a_lot_by_splits_merges_and_returns_with_its_holders(
    grove: Orchard, me: Holder, other: Holder
) -> None:
    """What is found is what can be reached in our own graph, as many links away, and its holders are theirs; the whole
    store grows from draw to draw, and lots of earlier draws belong to it."""
    goods = Goods(me, other)

    @settings(max_examples=15, phases=(Phase.generate,), suppress_health_check=list(HealthCheck))
    @given(moves, st.lists(st.integers(0, 500), min_size=1, max_size=2))
    def reaches(drawn: list[tuple[str, int, int]], beginnings: list[int]) -> None:
        goods.latest = goods.latest[-2:]
        goods.add([], [harvested(grove.farm, "40")])
        for move in drawn:
            goods.does(*move)
        known = list(goods.graph)
        roots = [known[-1 - number % len(known)] for number in beginnings]
        steps = networkx.multi_source_dijkstra_path_length(goods.graph, set(roots))
        found = tracing.reach([f"lot:{root}" for root in roots], lots.Window())
        assert {one.lot.id: one.step for one in found.found} == steps and len(found.found) == len(steps)
        assert [one.id for one in found.holders] == sorted({one.partition(".")[0] for one in steps})

    reaches()
    assert max(dict(goods.graph.in_degree()).values()) == 2, "something was mixed"
    holders = {one.partition(".")[0] for one in goods.graph}
    assert len(holders) == 2, "something was sent"
    root = max(goods.graph, key=lambda one: len(networkx.descendants(goods.graph, one)))
    recall = ordered(grove, target_id=root)
    while tracing.spread_recalls():
        pass
    expected = networkx.descendants(goods.graph, root) | {root}
    rows, page = [], shown(grove, recall, "/lots").json
    while page["items"]:
        rows += page["items"]
        page = (
            shown(grove, recall, f"/lots?cursor={page['next_cursor']}").json if page["next_cursor"] else {"items": []}
        )
    assert {row["lot_id"] for row in rows} == expected and {row["state"] for row in rows} == {"done"}
    after = shown(grove, recall).json
    holders = {one.partition(".")[0] for one in expected}
    assert (after["state"], after["counts"]["lots"], after["counts"]["holders"]) == (
        "spread",
        len(expected),
        len(holders),
    )
