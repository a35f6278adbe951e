"""Rulebook versions over HTTP: tables, the second person, the look at the impact, the day from which one holds."""

import io
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from backend.base import store
from backend.base.errors import RuleBroken, TooLarge
from backend.domains.certificates import service as certificates
from backend.domains.inputs import service as inputs
from backend.domains.inputs.service import copying, tables
from backend.domains.inputs.service.versions import SUBSTANCE_COLUMNS
from tests.factories.certificates import API, Orchard
from tests.factories.rulebooks import ban, draft_rulebook, sprayed, substances, table, walked

NEXT = "2027-01-01.1"


@pytest.fixture
def operators(grove: Orchard, login: Callable[..., str]) -> tuple[str, str]:
    return login("operator", region="620000"), login("operator", region="620000")


def upload(grove: Orchard, who: str, *, version: str = NEXT, products: bytes | None = None, rows: Any = ()) -> Any:
    body: dict[str, Any] = {"version": version, "title": "新版", "effective_from": "2027-01-01", "source": "公告"}
    body["substances"] = (io.BytesIO(substances(*rows)), "substances.csv")
    if products is not None:
        body["products"] = (io.BytesIO(products), "products.csv")
    path = f"{API}/rulebook/versions"
    return grove.api.send("POST", path, as_=who, data=body, content_type="multipart/form-data")


def said(grove: Orchard, who: str, step: str, method: str = "POST", **body: Any) -> Any:
    path = f"{API}/rulebook/versions/{NEXT}{step}"
    return grove.api.send(method, path, as_=who, **({"body": body} if method == "POST" else {}))


def state(grove: Orchard, who: str) -> str:
    return str(said(grove, who, "", "GET").json["state"])


def test_a_version_comes_into_force_by_two_persons_after_a_look_at_its_impact(
    grove: Orchard, operators: tuple[str, str]
) -> None:
    first, second = operators
    before = inputs.active_version()
    grove.farm.write(**grove.farm.spray("2026-08-01"))
    made = upload(grove, first, rows=[ban("吡虫啉")])
    assert made.status_code == 201, made.text
    assert made.json["state"] == "loading" and made.json["added"] == ["吡虫啉 banned * 2026-01-01"]
    assert inputs.copy_products() > 0 and state(grove, first) == "draft"
    own = said(grove, first, "/review", verdict="approve", note="没问题")
    assert (own.status_code, own.json["reason"]) == (403, "rulebook_own_review")
    assert said(grove, first, "/activation", on="2026-10-01").json["reason"] == "rulebook_not_approved"
    approved = said(grove, second, "/review", verdict="approve", note="逐条核对过")
    assert approved.json["state"] == "approved" and approved.json["reviews"][0]["note"] == "逐条核对过"
    assert said(grove, first, "/activation", on="2026-10-01").json["reason"] == "rulebook_impact_missing"

    running = said(grove, second, "/impact")
    assert (running.status_code, running.json["state"], running.json["against"]) == (202, "running", before)
    walked(NEXT)
    done = said(grove, second, "/impact", "GET").json
    assert (done["state"], done["seen"], done["changed"]) == (
        "done",
        {"batches": 1, "lots": 1},
        {"batches": 1, "lots": 1},
    )
    changes = said(grove, second, "/impact/changes", "GET").json["items"]
    assert {one["kind"]: one["subject_id"] for one in changes} == {
        "batches": grove.farm.batch_id,
        "lots": grove.lot_id,
    }
    lot = next(one for one in changes if one["kind"] == "lots")
    assert lot["before"]["allowed"] and lot["after"] == {
        "allowed": False,
        "reasons": ["gate_banned"],
        "earliest": None,
    }
    assert inputs.active_version() == before

    assert said(grove, first, "/activation", on="2026-10-01").json["state"] == "active"
    assert inputs.active_version() == NEXT and inputs.version(before).state == "retired"
    refused = grove.issue()
    assert [one["reason"] for one in refused.json["details"]] == ["gate_banned"]
    assert said(grove, second, "/review", verdict="reject", note="晚了").json["reason"] == "rulebook_not_reviewable"
    kinds = {row["kind"] for row in store.collection("evidence_leaves").find({})}
    assert {"inputs.rulebook", "inputs.rulebook_review", "inputs.rulebook_active"} <= kinds


def test_a_version_for_a_later_day_waits_for_it_and_the_worker_switches_once(
    grove: Orchard, operators: tuple[str, str], travel: Callable[[datetime], None]
) -> None:
    first, second = operators
    before = inputs.active_version()
    draft_rulebook(NEXT)
    said(grove, second, "/review", verdict="approve", note="核对过")
    waiting = said(grove, first, "/activation", on="2026-10-05").json
    assert (waiting["state"], waiting["activates_on"]) == ("scheduled", "2026-10-05")
    assert inputs.activate_due() == 0 and inputs.active_version() == before
    travel(datetime(2026, 10, 4, 17, tzinfo=UTC))  # one in the morning of the fifth in China
    assert inputs.activate_due() == 1 and inputs.active_version() == NEXT
    assert inputs.activate_due() == 0


def test_a_scheduled_version_that_another_overtook_is_looked_at_again(
    grove: Orchard, operators: tuple[str, str], travel: Callable[[datetime], None]
) -> None:
    first, second = operators
    draft_rulebook(NEXT)
    said(grove, second, "/review", verdict="approve", note="核对过")
    said(grove, first, "/activation", on="2026-10-05")
    draft_rulebook("2026-12-01.1", ban("别的药"))
    other = f"{API}/rulebook/versions/2026-12-01.1"
    grove.api.post(f"{other}/review", {"verdict": "approve", "note": "核对过"}, as_=second)
    assert grove.api.post(f"{other}/activation", {"on": "2026-10-01"}, as_=first).json["state"] == "active"
    travel(datetime(2026, 10, 6, 2, tzinfo=UTC))
    assert inputs.activate_due() == 0 and inputs.version(NEXT).state == "approved"
    assert inputs.active_version() == "2026-12-01.1"


def test_a_rejected_version_stays_readable_and_is_never_activated(grove: Orchard, operators: tuple[str, str]) -> None:
    first, _ = operators
    draft_rulebook(NEXT)
    assert said(grove, first, "/review", verdict="reject", note="日期写错").json["state"] == "rejected"
    assert said(grove, first, "/activation", on="2026-10-01").json["reason"] == "rulebook_not_approved"
    assert said(grove, first, "/impact").json["reason"] == "rulebook_not_reviewable"
    assert grove.api.get(f"{API}/rulebook?version={NEXT}").status_code == 200
    listed = grove.api.get(f"{API}/rulebook/versions", as_=grove.token).json["items"]
    assert [one["state"] for one in listed] == ["rejected", "active"]


def test_a_diff_names_rules_and_products_that_come_go_and_change(grove: Orchard, operators: tuple[str, str]) -> None:
    first, _ = operators
    catalogue = table([sprayed(phi_days=21), sprayed("新-1", name="新药", crop="苹果")])
    made = upload(grove, first, products=catalogue, rows=[ban("新禁药")])
    assert (made.json["state"], made.json["products"]) == ("draft", 2), made.text
    shown = said(grove, first, "/diff", "GET").json
    assert shown["substances_added"] == ["新禁药 banned * 2026-01-01"] and shown["products_added"] == ["新-1"]
    changed = {one["registration_no"]: one["fields"] for one in shown["products_changed"]}
    assert "labels" in changed["示例-0001"] and "示例-0002" in shown["products_removed"]
    assert shown["counts"]["products_removed"] == len(shown["products_removed"])


def test_an_impact_knows_a_longer_interval_and_what_was_sold_is_not_asked_again(
    grove: Orchard, operators: tuple[str, str]
) -> None:
    first, second = operators
    grove.farm.write(**grove.farm.spray("2026-09-10"))
    grove.issued(amount="1000")
    upload(grove, first, products=table([sprayed(phi_days=30)]))
    said(grove, second, "/impact")
    walked(NEXT)
    [change] = said(grove, second, "/impact/changes?kind=batches", "GET").json["items"]
    assert (change["before"]["earliest"], change["after"]["earliest"]) == ("2026-09-24", "2026-10-10")
    assert change["after"]["reasons"] == ["gate_phi"]
    assert said(grove, second, "/impact", "GET").json["seen"]["lots"] == 0


def test_a_walk_that_was_stopped_goes_on_and_counts_nothing_twice(
    grove: Orchard, operators: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("backend.domains.certificates.service.impacts.CHUNK", 1)
    for number in range(3):
        grove.farm.write(**grove.farm.harvest("2026-09-30", str(100 + number)))
    _, second = operators
    draft_rulebook(NEXT, ban("无关"))
    said(grove, second, "/impact")
    threads = [threading.Thread(target=certificates.walk_impacts) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    walked(NEXT)
    assert said(grove, second, "/impact", "GET").json["seen"] == {"batches": 1, "lots": 4}


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"\xff\xfe\x00\x81", "rulebook_table_malformed"),
        (b"", "rulebook_table_malformed"),
        ("substance_zh,measure\n甲,banned\n".encode(), "rulebook_table_malformed"),
    ],
)
def test_a_file_that_is_no_such_table_is_refused(content: bytes, reason: str) -> None:
    with pytest.raises(RuleBroken, match=reason):
        tables.rows_of(content, needed=SUBSTANCE_COLUMNS)


def test_a_table_in_the_encoding_of_chinese_spreadsheets_is_read_and_a_huge_one_refused() -> None:
    text = table([ban("甲")]).decode()
    for content in (text.encode("gb18030"), text.encode("utf-8-sig")):
        [row] = tables.rows_of(content, needed=SUBSTANCE_COLUMNS)
        assert row["substance_zh"] == "甲"
    with pytest.raises(TooLarge):
        tables.rows_of(b"x" * (tables.MAX_BYTES + 1), needed=())


@pytest.mark.parametrize(
    ("row", "column"),
    [
        (sprayed(phi_days="soon"), "phi_days"),
        (sprayed(dose_unit="bag"), "dose_unit"),
        (sprayed(toxicity="very"), "toxicity"),
        (sprayed(traits="salty"), "traits"),
        (sprayed(kind="potion"), "kind"),
    ],
)
def test_a_malformed_product_row_is_named(
    grove: Orchard, operators: tuple[str, str], row: dict[str, str], column: str
) -> None:
    answer = upload(grove, operators[0], products=table([row]))
    assert (answer.status_code, answer.json["reason"]) == (422, "rulebook_row_malformed")
    assert column in answer.json["message"]


def test_rows_of_one_registration_make_one_product_and_may_not_contradict_each_other() -> None:
    rows = [sprayed(), sprayed(crop="梨", phi_days=21), sprayed(crop="", animal="鸡", produce="egg", forbidden="是")]
    [product] = tables.products(rows)
    assert [label["crop"] for label in product["labels"]] == ["苹果", "梨"]
    assert product["withdrawals"] == [{"animal": "鸡", "produce": "egg", "days": 0, "forbidden": True}]
    with pytest.raises(RuleBroken, match="rulebook_rows_contradict"):
        tables.products([sprayed(), sprayed(name="另一个名字")])


def test_the_catalogue_of_the_version_in_force_is_taken_over_also_in_several_turns(
    grove: Orchard, operators: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copying, "CHUNK", 2)
    monkeypatch.setattr(copying, "CHUNKS_A_TURN", 3)
    upload(grove, operators[0])
    copied = [inputs.copy_products() for _ in range(6)]
    assert copied[0] == 6 and state(grove, operators[0]) == "draft"
    whole = said(grove, operators[0], "", "GET").json["products"]
    assert sum(copied) == whole == store.collection("catalogue_products").count_documents({"version": NEXT})
    assert not [one for one in inputs.diff(NEXT).counts.values() if one]
