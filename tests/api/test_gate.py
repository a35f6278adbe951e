"""The gate in full over HTTP: labels, what may be harvested when, buyers and parents, accredited tests, flags."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from backend.base import store
from backend.domains.certificates import rules
from backend.domains.certificates.service import cases
from backend.domains.inputs import service as inputs
from tests.factories.certificates import API, Orchard
from tests.factories.certificates import refused as reasons
from tests.factories.farming import CARBOFURAN
from tests.factories.labs import laboratory, report


def spray(grove: Orchard, day: str, *uses: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Written; the answer."""
    item = grove.farm.spray(day, **more)
    if uses:
        item["inputs"] = [item["inputs"][0] | used for used in uses]
    answer = grove.farm.write(**item)
    assert answer.status_code == 201, answer.text
    return dict(answer.json)


def window(grove: Orchard) -> dict[str, Any]:
    path = f"{API}/farming/batches/{grove.farm.batch_id}/harvest-window"
    return dict(grove.api.get(path, as_=grove.token).json)


def may(grove: Orchard, day: str, **headers: str) -> dict[str, Any]:
    path = f"{API}/gate/harvest?batch_id={grove.farm.batch_id}&on={day}"
    answer = grove.api.get(path, as_=grove.token, headers=headers)
    assert answer.status_code == 200, answer.text
    return dict(answer.json)


def vouch(grove: Orchard, record_id: str, name: str) -> Any:
    body = {"batch_id": grove.farm.batch_id, "record_id": record_id, "input_name": name}
    body |= {"client_id": "override-0001", "note": "现场核实"}
    return grove.api.post(f"{API}/gate/overrides", body, as_=grove.officer)


IMIDACLOPRID = "示例·吡虫啉10%可湿性粉剂"


def test_too_much_too_often_and_a_forbidden_mixture_are_warned_of_at_once_and_refused_at_the_gate(
    grove: Orchard,
) -> None:
    strong = spray(grove, "2026-06-01", {"amount": "0.021", "unit": "kg_per_mu"})
    assert [one["reason"] for one in strong["record"]["warnings"]][:1] == ["warn_dose"]
    spray(grove, "2026-06-20")
    third = spray(grove, "2026-07-10")
    assert "warn_too_often" in [one["reason"] for one in third["record"]["warnings"]]
    mixed = spray(
        grove,
        "2026-07-20",
        {"registration_no": "示例-0004", "amount": "150"},
        {"registration_no": "示例-0010", "amount": "1000", "unit": "dilution"},
    )
    assert "warn_mix" in [one["reason"] for one in mixed["record"]["warnings"]]
    answer = grove.issue()
    assert sorted(reasons(answer)) == ["gate_dose", "gate_mix", "gate_too_often"]
    told = {one["reason"]: one["message"] for one in answer.json["details"]}
    assert told["gate_dose"] == f"“{IMIDACLOPRID}”用量 21，超过标签规定的 20。"
    assert told["gate_too_often"] == f"“{IMIDACLOPRID}”这一季用了 3 次，标签规定最多 2 次。"
    assert window(grove)["blocked"] is True


def test_a_whole_amount_is_divided_by_the_land_it_went_on(grove: Orchard) -> None:
    area = grove.api.get(f"{API}/farming/batches/{grove.farm.batch_id}", as_=grove.token).json["area_mu"]
    spray(grove, "2026-06-01", {"amount": str(round(float(area) * 20 * 1.1)), "unit": "g"})
    assert reasons(grove.issue()) == ["gate_dose"]


def test_an_officers_word_opens_gate_window_and_overview_together_and_an_amendment_ends_it(grove: Orchard) -> None:
    written = spray(grove, "2026-06-01", {"amount": "30"})["record"]
    assert reasons(grove.issue()) == ["gate_dose"] and not may(grove, "2026-10-01")["allowed"]
    answer = vouch(grove, written["id"], IMIDACLOPRID)
    assert answer.status_code == 201, answer.text
    assert store.collection("input_overrides").find_one({})["reasons"] == ["dose"]
    shown = grove.api.get(f"{API}/farming/overview?producer_id={grove.farm.producer_id}", as_=grove.token).json
    assert window(grove)["blocked"] is shown["items"][0]["window"]["blocked"] is False
    assert may(grove, "2026-10-01")["allowed"] and "override" in grove.issued()["flags"]
    again = grove.farm.spray("2026-06-01", amend_reason="写错", amends_version=1)
    again["inputs"][0]["amount"] = "40"
    path = f"{API}/farming/records/{written['id']}/amendments"
    amended = grove.api.post(path, again, as_=grove.token)
    assert amended.status_code == 201, amended.text
    assert window(grove)["blocked"] is True and "gate_dose" in reasons(grove.issue())


def test_one_may_ask_whether_a_day_is_lawful_and_is_answered_in_a_sentence(grove: Orchard) -> None:
    spray(grove, "2026-09-25")
    before = store.collection("gate_decisions").count_documents({})
    early = may(grove, "2026-10-08")
    assert early["answer"]["message"] == "2026-10-08 还不能采收，最早 2026-10-09。"
    assert early["earliest"] == "2026-10-09" and early["rulebook_version"]
    [refusal] = early["refusals"]
    assert refusal["reason"] == "gate_phi" and "第三十四条" in refusal["details"]["source"]
    assert may(grove, "2026-10-09")["answer"]["message"] == "2026-10-09 可以采收。"
    english = may(grove, "2026-10-08", **{"Accept-Language": "en"})
    assert english["answer"]["message"] == "Not yet on 2026-10-08: lawful from 2026-10-09."
    spray(grove, "2026-09-26", {"registration_no": CARBOFURAN, "amount": "1"})
    never = may(grove, "2027-01-01")
    assert never["answer"]["reason"] == "harvest_no" and never["earliest"] is None
    assert {"gate_banned", "gate_toxic"} <= {one["reason"] for one in never["refusals"]}
    assert store.collection("gate_decisions").count_documents({}) == before


def test_a_harvest_beyond_what_the_land_bears_is_flagged_for_officers_and_refuses_nothing(grove: Orchard) -> None:
    store.collection("production_batches").update_one({"_id": grove.farm.batch_id}, {"$set": {"area_mu": "0.1"}})
    made = grove.issued()
    path = f"{API}/gate/decisions/{made['decision_id']}"
    shown = grove.api.get(path, as_=grove.officer).json
    assert [one["reason"] for one in shown["notes"]] == ["note_yield_outlier"] and shown["replays"] is True
    assert shown["notes"][0]["details"]["source"].startswith("General agronomic knowledge")
    assert "10000.0" in shown["notes"][0]["message"] and "7000.0" in shown["notes"][0]["message"]
    listed = grove.api.get(f"{API}/gate/flagged?region=620602", as_=grove.officer).json["items"]
    assert [one["id"] for one in listed] == [made["decision_id"]]


def test_a_commissioned_test_counts_when_the_laboratory_is_accredited_for_the_item_that_day(
    grove: Orchard, login: Callable[..., str]
) -> None:
    spray(grove, "2026-08-01")
    ticked = {"bases": ["quality_control", "commissioned_test"]}
    assert reasons(grove.issue(**ticked)) == ["gate_no_test"]
    operator, lab = login("operator", region="620000"), login("lab", region="620602")
    lab_id = laboratory(grove.api, operator)
    sent = report(grove.api, lab, grove.lot_id, lab_id=lab_id)
    assert sent["lab"] == "测试检测中心" and sent["lab_id"] == lab_id
    assert reasons(grove.issue(**ticked)) == ["gate_lab_not_accredited"]
    path = f"{API}/testing/labs/{lab_id}/accreditations"
    scope = {"analyte": "吡虫啉", "matrix": "fruit", "certificate_no": "CATL-1"}
    scope |= {"valid_from": "2026-01-01", "valid_to": "2028-12-31"}
    added = grove.api.post(path, {"items": [scope, scope]}, as_=operator)
    assert added.json == {"added": 1, "known": 0}
    assert grove.api.post(path, {"items": [scope]}, as_=operator).json == {"added": 0, "known": 1}
    grove.issued(**ticked)
    [known] = grove.api.get(path, as_=grove.token).json["items"]
    ended = {"accreditation_id": known["id"], "ended_on": "2026-09-30", "reason": "资质被撤销"}
    first, again = (grove.api.post(f"{path}/end", ended, as_=operator) for _ in range(2))
    assert first.status_code == 200 and first.json == again.json, first.text
    other = grove.api.post(f"{path}/end", ended | {"ended_on": "2026-09-29"}, as_=operator)
    assert (other.status_code, other.json["reason"]) == (422, "accreditation_ended")
    assert reasons(grove.issue(**ticked)) == ["gate_lab_not_accredited"]


def test_a_report_counts_up_to_its_own_last_day(grove: Orchard, login: Callable[..., str]) -> None:
    lab = login("lab", region="620602")
    report(grove.api, lab, grove.lot_id, kind="self", lab="自检室", valid_until="2026-09-30")
    assert reasons(grove.issue(bases=["self_tested"])) == ["gate_test_expired"]
    report(grove.api, lab, grove.lot_id, kind="self", lab="自检室", valid_until="2026-10-01")
    grove.issued(bases=["self_tested"])


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"valid_until": "2026-09-01"}, "report_ends_before_it_begins"),
        ({}, "lab_missing"),
        ({"lab_id": "nobody.nothing"}, "lab_unknown"),
    ],
)
def test_a_report_that_cannot_be_is_refused(
    grove: Orchard, login: Callable[..., str], changes: dict[str, Any], reason: str
) -> None:
    answer = report(grove.api, login("lab", region="620602"), grove.lot_id, kept=False, **changes)
    assert answer.json["reason"] == reason


# --- replay ----------------------------------------------------------------------------------------------------------


def as_first_kept(row: dict[str, Any]) -> dict[str, Any]:
    """The row as the first edition would have kept it: without anything that came later."""
    kept = json.loads(row["case"])
    later = {"edition", "origins", "incoming", "inlets", "lands", "limits"}
    case = {name: value for name, value in kept.items() if name not in later}
    case["lot"].pop("gone_base")
    book = inputs.rulebook((), version=row["rulebook_version"])
    asked = rules.case_from(case)
    asked = replace(asked, rulebook=replace(asked.rulebook, substances=book.substances))
    decision = rules.kept(rules.decide(asked))
    decision.pop("notes")
    return row | {"case": json.dumps(case), "decision": json.dumps(decision)}


def test_every_stored_decision_replays_also_in_the_shape_of_the_first_edition(grove: Orchard) -> None:
    for amount in ("1001", "10"):
        grove.issue(amount=amount)
    spray(grove, "2026-07-01", {"amount": "30"})
    grove.issue(amount="11")
    rows = list(store.collection("gate_decisions").find({}))
    assert [cases.recalled(row).allowed for row in rows] == [False, True, False]
    for row in (*rows, *map(as_first_kept, rows)):
        assert cases.again(row) == cases.recalled(row)
    assert cases.recalled(as_first_kept(rows[2])).allowed, "the first edition did not judge doses"


@pytest.mark.parametrize(
    ("kind", "used"),
    [
        ("weeding", {"name": "除草水"}),
        ("other", {"name": "百草枯"}),
        ("fertilising", {"name": "神农液", "registration_no": "ＰＤ 20210001"}),
        ("sowing", {"name": "拌种剂", "registration_no": "(2020)兽药字010011234"}),
    ],
)
def test_a_chemical_nobody_knows_is_one_under_whatever_record_it_is_written(
    grove: Orchard, kind: str, used: dict[str, Any]
) -> None:
    used = {"source": "镇农资店", "method": "other", "amount": "1", "unit": "kg", **used}
    item = grove.farm.item(kind=kind, site_ids=[grove.farm.site_id], note="地边", inputs=[used])
    written = grove.farm.write(**item)
    assert written.status_code == 201, written.text
    assert "warn_unknown_input" in [one["reason"] for one in written.json["record"]["warnings"]]
    assert reasons(grove.issue()) == ["gate_unknown_input"] and window(grove)["blocked"] is True
    assert vouch(grove, written.json["record"]["id"], used["name"]).status_code == 201
    assert "override" in grove.issued()["flags"]


def test_manure_without_a_number_passes_and_another_unknown_input_is_shown_to_officers(grove: Orchard) -> None:
    used = {"name": "羊粪", "source": "自家", "method": "base_dressing", "amount": "500", "unit": "kg"}
    grove.farm.write(**grove.farm.item(kind="fertilising", site_ids=[grove.farm.site_id], inputs=[used]))
    assert grove.check().json["notes"] == []
    grove.farm.write(**grove.farm.item(kind="other", note="刷树干", inputs=[used | {"name": "石灰水"}]))
    answer = grove.check().json
    assert answer["allowed"] is True and [one["reason"] for one in answer["notes"]] == ["note_unknown_other"]


def test_a_dose_written_in_several_lines_of_one_record_is_one_dose(grove: Orchard) -> None:
    written = spray(grove, "2026-06-01", *[{"amount": "20"}] * 4)["record"]
    assert "warn_dose" in [one["reason"] for one in written["warnings"]]
    answer = grove.issue()
    assert reasons(answer) == ["gate_dose"]
    assert answer.json["details"][0]["message"] == f"“{IMIDACLOPRID}”用量 80，超过标签规定的 20。"
