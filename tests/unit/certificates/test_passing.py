"""Goods that are passed on: what the last of a chain must show, for every chain."""

from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import takewhile

from hypothesis import given
from hypothesis import strategies as st

from backend.domains.certificates.service import passing
from backend.domains.lots import service as lots
from backend.domains.lots.service.facts import facts_of

DAY = date(2026, 9, 1)
BASE = 100
ME = "ME"


def lot(number: int, owner: str, kind: str, carried: int, *, grown: bool) -> lots.LotFacts:
    """The link leads to the lot before; the first has none."""
    parents = [{"lot_id": str(number - 1), "base": BASE, "carried": carried}] if number else []
    return facts_of(
        {
            "_id": str(number),
            "producer_id": owner,
            "batch_ids": ["B"] if grown else [],
            "harvest_root_id": "h",
            "crop": "apple",
            "product_name": "苹果",
            "amount": "100",
            "unit": "piece",
            "base": BASE,
            "certified_base": 0,
            "harvested_on": DAY.isoformat(),
            "born": kind if number else "harvest" if grown else "intake",
            "born_on": DAY.replace(day=1 + number).isoformat(),
            "parents": parents,
            "state": "free",
            "created_at": datetime(2026, 9, 1, tzinfo=UTC),
        }
    )


STEPS = st.tuples(
    st.sampled_from(["A", "B", ME]), st.sampled_from(["split", "receive", "repack"]), st.integers(0, BASE)
)


@given(st.booleans(), st.lists(STEPS, min_size=1, max_size=6), st.integers(0, BASE))
def test_all_that_came_is_asked_for_where_it_was_last_opened_or_certified(
    grown: bool, steps: list[tuple[str, str, int]], carried: int
) -> None:
    chain = [lot(number, *step, grown=grown) for number, step in enumerate(steps)]
    known, last = {one.id: one for one in chain}, chain[-1]
    asked = list(passing.sources(ME, lots.Parent(last.id, BASE, carried), date(2026, 10, 1), known))
    total, place = 0, len(chain) - 1
    for came in asked:  # nearest first
        number = int(came.lot_id)
        between = chain[number + 1 :]
        assert number <= place and known[came.lot_id].producer_id != ME
        assert all(one.born in ("receive", "split") for one in between), "nobody opened it after"
        assert all(one.producer_id != ME for one in between)
        assert 0 <= came.carried <= came.base
        if came.carried and number < len(chain) - 1 and not known[came.lot_id].from_outside:
            link = between[0].parents[0]
            assert link.carried == link.base, "the whole of what was passed on had left under certificates"
        assert came.since == (between[0].born_on if between else date(2026, 10, 1))
        total, place = total + came.base, number
    if not grown and asked and asked[-1].lot_id == "0" and asked[-1].carried == BASE:
        return  # papers for all there was from outside
    stopped = next((one for one in reversed(chain) if one.producer_id == ME or one.born == "repack"), None)
    mine = stopped is not None and stopped.producer_id == ME
    assert total == BASE if not mine else total in (carried * (last.producer_id != ME), 0, BASE)


@given(st.lists(STEPS, min_size=1, max_size=6), st.integers(0, BASE))
def test_only_what_left_ones_own_lot_and_was_never_opened_counts_as_certified_already(
    steps: list[tuple[str, str, int]], standing: int
) -> None:
    chain = [lot(0, ME, "harvest", 0, grown=True)]
    chain += [lot(number, *step, grown=True) for number, step in enumerate(steps, 1)]
    known = {one.id: replace(one, carried_base=standing) for one in chain}
    counted = passing.under_own(ME, lots.Parent(chain[-1].id, BASE, 0), known)
    away = list(takewhile(lambda one: one.producer_id != ME, reversed(chain)))
    if not away or any(one.born == "repack" for one in away):
        assert counted == 0
    else:
        assert counted == min(away[-1].parents[0].carried, standing)
