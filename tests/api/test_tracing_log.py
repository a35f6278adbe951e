"""The public log: told from real records, with what their labels ask for, and without what is nobody's business."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest

from backend.domains.tracing.service import log
from tests.factories.counting import counted
from tests.factories.farming import Farm, farm
from tests.factories.http import Api


@pytest.fixture
def orchard(api: Api, login: Callable[..., str], travel: Callable[[datetime], None]) -> Farm:
    travel(datetime(2026, 9, 20, 15, 55, tzinfo=UTC))  # five minutes to midnight in China
    return farm(api, login)


def deeds(orchard: Farm) -> tuple[log.Deed, ...]:
    return log.deeds(orchard.producer_id, [orchard.batch_id], "apple")


def test_a_spraying_carries_its_label_and_its_example_mark(orchard: Farm) -> None:
    assert orchard.write(**orchard.spray("2026-09-18")).status_code in (200, 201)
    (deed,) = deeds(orchard)
    (use,) = deed.inputs
    assert (deed.kind, deed.happened_on, deed.received_on) == ("pesticide", date(2026, 9, 18), date(2026, 9, 20))
    assert (use.registration_no, use.example, use.phi_days, use.unit) == ("示例-0001", True, 14, "g_per_mu")
    assert deed.text == "蚜虫"


def test_a_correction_replaces_what_is_told_but_keeps_the_day_of_first_entry(
    orchard: Farm, travel: Callable[[datetime], None]
) -> None:
    spray = orchard.spray("2026-09-18")
    orchard.write(**spray)
    travel(datetime(2026, 9, 20, 16, 5, tzinfo=UTC))
    path = f"/api/v1/farming/records/{orchard.producer_id}.{spray['client_id']}/amendments"
    corrected = {**orchard.spray("2026-09-17"), "amend_reason": "日期填错"}
    assert orchard.api.post(path, corrected, as_=orchard.token).status_code in (200, 201)
    (deed,) = deeds(orchard)
    assert (deed.happened_on, deed.received_on, deed.amended) == (date(2026, 9, 17), date(2026, 9, 20), True)


def test_telephone_numbers_and_workers_are_not_told(orchard: Farm) -> None:
    orchard.write(note="联系王师傅 13812345678", worker="王师傅", kind="other")
    assert [deed.text for deed in deeds(orchard)] == ["联系王师傅 …"]


def test_the_whole_log_is_a_constant_number_of_reads(orchard: Farm) -> None:
    counts = []
    for wanted in (1, 10):
        orchard.sync(*[orchard.spray("2026-09-18") for _ in range(wanted)])
        with counted() as commands:
            deeds(orchard)
        counts.append(len(commands))
    assert counts[0] == counts[1] <= 4
