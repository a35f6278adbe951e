"""One season of the land: a second batch on the same land opens no door, neither at the gate nor in the window."""

from typing import Any

import pytest

from backend.base import store
from backend.domains.farming.service import harvests
from tests.api.test_gate import may
from tests.factories.certificates import API, Orchard
from tests.factories.certificates import refused as reasons
from tests.factories.farming import CARBOFURAN
from tests.factories.producers import product, site


def begun(grove: Orchard, started_on: str, client_id: str = "batch-000002", **more: Any) -> str:
    """The id of another batch on the same land."""
    body = {"producer_id": grove.farm.producer_id, "client_id": client_id, "product_id": grove.farm.product_id}
    body |= {"site_ids": [grove.farm.site_id], "started_on": started_on} | more
    answer = grove.api.post(f"{API}/farming/batches", body, as_=grove.token)
    assert answer.status_code == 201, answer.text
    return str(answer.json["id"])


def written(grove: Orchard, item: dict[str, Any]) -> dict[str, Any]:
    answer = grove.farm.write(**item)
    assert answer.status_code == 201, answer.text
    return dict(answer.json)


def harvested(grove: Orchard, batch_id: str, day: str = "2026-09-30") -> str:
    """A weeding and a harvest in that batch; the lot's id."""
    written(grove, grove.farm.item(batch_id=batch_id, happened_on=day))
    item = grove.farm.harvest(day, batch_id=batch_id)
    written(grove, item)
    return f"{grove.farm.producer_id}.{item['client_id']}"


def window(grove: Orchard, batch_id: str) -> dict[str, Any]:
    return dict(grove.api.get(f"{API}/farming/batches/{batch_id}/harvest-window", as_=grove.token).json)


def closed(grove: Orchard, batch_id: str) -> None:
    answer = grove.api.post(f"{API}/farming/batches/{batch_id}/state", {"state": "closed"}, as_=grove.token)
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize("over", [False, True], ids=["open", "closed"])
def test_a_second_batch_on_the_same_land_does_not_wipe_out_the_interval(grove: Orchard, over: bool) -> None:
    written(grove, grove.farm.spray("2026-09-25"))
    if over:
        closed(grove, grove.farm.batch_id)
    second = begun(grove, "2026-09-26")
    lot = harvested(grove, second)
    answer = grove.issue(lot_id=lot)
    assert reasons(answer) == ["gate_phi"] and answer.json["details"][0]["details"]["earliest"] == "2026-10-09"
    said = window(grove, second)
    assert (said["earliest_lawful_harvest"], said["blocked"]) == ("2026-10-09", False)
    asked = f"{API}/gate/harvest?batch_id={second}&on="
    assert not grove.api.get(f"{asked}2026-10-08", as_=grove.token).json["allowed"]
    assert grove.api.get(f"{asked}2026-10-09", as_=grove.token).json["allowed"]
    shown = grove.api.get(f"{API}/farming/overview?producer_id={grove.farm.producer_id}", as_=grove.token).json
    assert {one["window"]["earliest_lawful_harvest"] for one in shown["items"]} == {"2026-10-09"}


def test_a_ban_a_dose_and_what_nobody_knows_count_whichever_batch_they_were_written_to(grove: Orchard) -> None:
    second = begun(grove, "2026-08-20")
    written(grove, grove.farm.spray("2026-08-10", used={"registration_no": CARBOFURAN}))
    written(grove, grove.farm.spray("2026-08-11", used={"amount": "21"}))
    unknown = {"registration_no": None, "name": "无名药", "manufacturer": "某厂"}
    secret = written(grove, grove.farm.spray("2026-08-12", used=unknown))["record"]
    lot = harvested(grove, second)
    assert {"gate_banned", "gate_dose", "gate_unknown_input"} <= set(reasons(grove.issue(lot_id=lot)))
    body = {"batch_id": grove.farm.batch_id, "record_id": secret["id"], "input_name": "无名药", "note": "现场核实"}
    answer = grove.api.post(f"{API}/gate/overrides", body | {"client_id": "override-0001"}, as_=grove.officer)
    assert answer.status_code == 201, answer.text
    assert "gate_unknown_input" not in reasons(grove.issue(lot_id=lot))


def test_what_was_corrected_and_what_is_older_than_any_interval_does_not_count(grove: Orchard) -> None:
    slip = written(grove, grove.farm.spray("2026-09-20"))["record"]
    written(grove, grove.farm.spray("2026-03-05", used={"registration_no": CARBOFURAN}))
    second = begun(grove, "2026-09-25")
    lot = harvested(grove, second)
    assert reasons(grove.issue(lot_id=lot)) == ["gate_phi"]
    again = grove.farm.spray("2026-05-20", amend_reason="写错日期", amends_version=1)
    answer = grove.api.post(f"{API}/farming/records/{slip['id']}/amendments", again, as_=grove.token)
    assert answer.status_code == 201, answer.text
    assert grove.issue(lot_id=lot).status_code == 201
    assert window(grove, second) | {"because": []} == window(grove, second)


def test_applications_are_counted_over_batches_under_way_at_once(grove: Orchard) -> None:
    written(grove, grove.farm.spray("2026-09-01"))
    second = begun(grove, "2026-09-02")
    for day in ("2026-09-03", "2026-09-05"):
        written(grove, grove.farm.spray(day, batch_id=second))
    lot = harvested(grove, second)
    assert reasons(grove.issue(lot_id=lot)) == ["gate_too_often"]


def test_a_season_that_was_over_before_this_one_began_is_not_counted_with_it(grove: Orchard) -> None:
    early = begun(grove, "2026-08-01", "batch-000003", site_ids=[elsewhere(grove)])
    sites = [f"{grove.farm.producer_id}.site-0002"]
    for day in ("2026-08-02", "2026-08-10"):
        written(grove, grove.farm.spray(day, batch_id=early, site_ids=sites))
    late = begun(grove, "2026-08-11", "batch-000004", site_ids=sites)
    written(grove, grove.farm.spray("2026-08-12", batch_id=late, site_ids=sites))
    assert window(grove, late)["blocked"] is True
    closed(grove, early)
    assert window(grove, late)["blocked"] is False
    assert grove.issue(lot_id=harvested(grove, late)).status_code == 201


def elsewhere(grove: Orchard) -> str:
    point = {"type": "Point", "coordinates": [103.0, 37.5]}
    made = site(
        grove.api,
        grove.token,
        grove.farm.producer_id,
        client_id="site-0002",
        name="西地",
        geometry=point,
        typed_area_mu="5",
    )
    return str(made["id"])


def test_another_crop_and_other_land_are_another_season(grove: Orchard) -> None:
    written(grove, grove.farm.spray("2026-09-25"))
    made = product(
        grove.api,
        grove.token,
        grove.farm.producer_id,
        client_id="product-0002",
        crop="cabbage",
        name="甘蓝",
        variety="",
    )
    cabbage = begun(grove, "2026-09-26", product_id=made["id"])
    apart = begun(grove, "2026-09-26", "batch-000003", site_ids=[elsewhere(grove)])
    assert [window(grove, one)["because"] for one in (cabbage, apart)] == [[], []]


def test_hens_of_one_place_share_their_withdrawal(grove: Orchard) -> None:
    made = [
        product(
            grove.api,
            grove.token,
            grove.farm.producer_id,
            client_id=f"product-{crop}",
            crop=crop,
            name=crop,
            variety="",
        )
        for crop in ("broiler", "egg", "duck")
    ]
    batches = [begun(grove, "2026-09-01", f"batch-{one['crop']}-1", product_id=one["id"]) for one in made]
    used = {"registration_no": "示例-0031", "source": "兽药店", "method": "in_water", "amount": "10", "unit": "g"}
    item = grove.farm.item(
        batch_id=batches[0], kind="treatment", happened_on="2026-09-25", target="呼吸道", inputs=[used]
    )
    written(grove, item)
    assert [window(grove, one)["earliest_lawful_harvest"] for one in batches] == ["2026-10-02", "2026-10-02", None]


def test_the_batches_beside_a_sprayed_one_are_queued_and_told_by_the_same_day(grove: Orchard) -> None:
    second = begun(grove, "2026-09-20")
    answer = grove.farm.sync(grove.farm.spray("2026-09-25"), grove.farm.item(batch_id=second, happened_on="2026-09-25"))
    days = {one["batch_id"]: str(one["earliest_lawful_harvest"]) for one in answer.json["batches"]}
    assert days == {grove.farm.batch_id: "2026-10-09", second: "2026-10-09"}
    assert harvests.tell_harvests() == 0
    row = store.collection("production_batches").find_one({"_id": second})
    assert row is not None and (row["earliest_harvest_on"], row["harvest_notice"]) == ("2026-10-09", "due")


def test_the_kept_decision_holds_what_lay_beside_and_replays(grove: Orchard) -> None:
    written(grove, grove.farm.spray("2026-08-01"))
    made = grove.issued(lot_id=harvested(grove, begun(grove, "2026-08-10")))
    path = f"{API}/gate/decisions/{made['decision_id']}"
    shown = grove.api.get(path, as_=grove.officer).json
    assert shown["replays"] is True and shown["allowed"] is True
    kept = store.collection("gate_decisions").find_one({"_id": made["decision_id"]})
    assert kept is not None and '"beside":[{"batch_id"' in kept["case"] and '"edition":5' in kept["case"]
    assert may(grove, "2026-10-09")["allowed"]


def test_seed_that_was_weighed_is_no_harvest(grove: Orchard) -> None:
    batch = begun(grove, "2026-05-01", site_ids=[elsewhere(grove)])
    item = grove.farm.harvest("2026-09-30", batch_id=batch)
    written(grove, item)
    asked = {"lot_id": f"{grove.farm.producer_id}.{item['client_id']}"}
    assert reasons(grove.issue(**asked)) == ["gate_no_records"]
    sowing = grove.farm.item(batch_id=batch, kind="sowing", amount="90000", unit="kg", happened_on="2026-05-02")
    written(grove, sowing)
    answer = grove.check(**asked).json
    assert answer["allowed"] is True and answer["notes"] == [], "seed is neither harvest nor yield"
