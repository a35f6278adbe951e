"""The gate for who sells what others grew: parents, goods passed on or given back unopened, and goods from outside."""

from collections.abc import Callable
from typing import Any

import pytest

from backend.base import store
from backend.domains.certificates.service import cases
from tests.factories.certificates import API, Orchard
from tests.factories.certificates import refused as reasons
from tests.factories.http import Api
from tests.factories.labs import report
from tests.factories.lots import Holder, buyer, fresh, holder, line, part
from tests.factories.producers import declaration, product, site


def admitted(grove: Orchard, api: Api, login: Callable[..., str], number: int) -> Holder:
    made = buyer(api, login, number)
    site(api, made.token, made.producer_id)
    product(api, made.token, made.producer_id)
    sent = declaration(api, made.token, made.producer_id)
    api.post(f"{API}/declarations/{sent['id']}/decision", {"verdict": "approve"}, as_=grove.officer)
    return made


@pytest.fixture
def market(grove: Orchard, api: Api, login: Callable[..., str]) -> Holder:
    """A buyer that was admitted."""
    return admitted(grove, api, login, 9)


@pytest.fixture
def packer(grove: Orchard, api: Api, login: Callable[..., str]) -> Holder:
    """Another."""
    return admitted(grove, api, login, 8)


def certify(who: Holder, lot_id: str, amount: str, **more: Any) -> Any:
    body = {"lot_id": lot_id, "amount": amount, "unit": "kg", "bases": ["quality_control"]}
    return who.post("/certificates", **(body | {"client_id": f"certificate-{lot_id[-6:]}-{amount}"} | more))


def test_a_buyer_reissues_after_mixing_on_its_own_form_with_the_parents_named(grove: Orchard, market: Holder) -> None:
    parent = grove.issued(amount="600")
    received = holder(grove.farm).passed_on(market, line(grove.lot_id, "600"))
    [packed] = market.made("repack", [line(received[0], "600")], [part("590")])
    made = certify(market, packed, "590")
    assert made.status_code == 201, made.text
    assert made.json["template"] == "mara-2025-4-2" and made.json["parents"] == [parent["code"]]
    assert made.json["card"]["lead"] == "我承诺销售的食用农产品："
    over = certify(market, packed, "1")
    assert reasons(over) == ["gate_quantity"]


def test_no_certificate_without_parents_nor_on_void_ones(grove: Orchard, market: Holder) -> None:
    [loose] = holder(grove.farm).passed_on(market, line(grove.lot_id, "100"))
    assert reasons(certify(market, loose, "100")) == ["gate_parent_missing"]
    parent = grove.issued(amount="400")
    assert reasons(certify(market, loose, "99")) == ["gate_parents_too_small"], "it came before the certificate"
    [covered] = holder(grove.farm).passed_on(market, line(grove.lot_id, "400"))
    assert certify(market, covered, "100").status_code == 201
    grove.void(parent["id"])
    assert "gate_parent_void" in reasons(certify(market, covered, "50"))


def test_a_buyers_gate_looks_through_to_the_growers_log(grove: Orchard, market: Holder) -> None:
    grove.issued(amount="500")
    [received] = holder(grove.farm).passed_on(market, line(grove.lot_id, "500"))
    grove.farm.write(**grove.farm.spray("2026-09-28"))  # entered late, and it breaks the interval
    answer = certify(market, received, "10")
    assert reasons(answer) == ["gate_phi"]
    row = store.collection("gate_decisions").find_one({"lot_id": received})
    assert cases.again(row) == cases.recalled(row)


def test_a_sample_of_the_whole_speaks_for_its_parts_and_a_mixture_needs_all_its_origins_tested(
    grove: Orchard, login: Callable[..., str]
) -> None:
    lab = login("lab", region="620602")
    report(grove.api, lab, grove.lot_id, kind="self", lab="自检室")
    me = holder(grove.farm)
    half, rest = me.made("split", [line(grove.lot_id, "1000")], [part("500"), part("500")])
    assert certify(me, half, "10", bases=["self_tested"]).status_code == 201
    second = grove.farm.harvest("2026-09-30", "300")
    grove.farm.write(**second)
    [mixture] = me.made(
        "merge", [line(rest, "500"), line(f"{me.producer_id}.{second['client_id']}", "300")], [part("800")]
    )
    assert reasons(certify(me, mixture, "10", bases=["self_tested"])) == ["gate_no_test"]
    assert certify(me, mixture, "800").status_code == 201


# --- passed on unopened ----------------------------------------------------------------------------------------------


def came_with(who: Holder, path: str) -> list[str]:
    return [one["code"] for one in who.api.get(f"{API}/lots/{path}/certificates", as_=who.token).json["items"]]


def test_goods_passed_on_unopened_keep_the_certificate_they_came_with(
    grove: Orchard, market: Holder, packer: Holder
) -> None:
    parent = grove.issued(amount="600")
    [received] = holder(grove.farm).passed_on(market, line(grove.lot_id, "600"))
    [part_of, rest] = market.made("split", [line(received, "600")], [part("200"), part("400")])
    sent = market.ship(packer, line(part_of, "200")).json
    assert (
        came_with(packer, f"shipments/{sent['id']}") == came_with(market, f"shipments/{sent['id']}") == [parent["code"]]
    )
    [divided] = [one["lot_id"] for one in packer.receive(sent).json["makes"]]
    [whole] = market.passed_on(packer, line(rest, "400"))
    assert came_with(packer, divided) == [parent["code"]]
    [packed] = packer.made("repack", [line(divided, "200"), line(whole, "400")], [part("590")])
    made = certify(packer, packed, "590")
    assert made.status_code == 201 and made.json["parents"] == [parent["code"]], made.text
    assert made.json["template"] == "mara-2025-4-2"


def test_who_opened_them_must_have_certified_them_anew(grove: Orchard, market: Holder, packer: Holder) -> None:
    grove.issued(amount="600")
    [received] = holder(grove.farm).passed_on(market, line(grove.lot_id, "600"))
    [packed] = market.made("repack", [line(received, "600")], [part("600")])
    [bought] = market.passed_on(packer, line(packed, "600"))
    assert reasons(certify(packer, bought, "600")) == ["gate_parent_missing"]
    assert came_with(packer, bought) == []


def test_what_was_passed_on_is_covered_only_when_all_of_it_was(grove: Orchard, market: Holder, packer: Holder) -> None:
    grove.issued(amount="300")
    [received] = holder(grove.farm).passed_on(market, line(grove.lot_id, "600"))
    [bought] = market.passed_on(packer, line(received, "100"))
    assert reasons(certify(packer, bought, "100")) == ["gate_parents_too_small"]


def test_a_certificate_that_became_void_on_the_way_counts_from_the_day_the_goods_left(
    grove: Orchard, market: Holder, packer: Holder
) -> None:
    parent, _ = grove.issued(amount="400"), grove.issued(amount="500")
    [received] = holder(grove.farm).passed_on(market, line(grove.lot_id, "400"))
    grove.void(parent["id"])
    [bought] = market.passed_on(packer, line(received, "400"))
    assert reasons(certify(packer, bought, "400")) == ["gate_parent_void"], "which of them went with it is not known"


def test_own_goods_that_come_back_unopened_are_own_goods(grove: Orchard, market: Holder) -> None:
    me = holder(grove.farm)
    [received] = me.passed_on(market, line(grove.lot_id, "500"))
    [returned] = market.passed_on(me, line(received, "300"))
    assert reasons(certify(me, returned, "301")) == ["gate_quantity"]
    made = certify(me, returned, "300")
    assert made.status_code == 201, made.text
    assert (made.json["template"], made.json["parents"]) == ("mara-2025-4-1", [])
    [packed] = market.made("repack", [line(received, "200")], [part("200")])
    [opened] = market.passed_on(me, line(packed, "200"))
    assert reasons(certify(me, opened, "200")) == ["gate_parent_missing"]


def test_what_comes_back_under_its_own_certificate_is_certified_already(grove: Orchard, market: Holder) -> None:
    me, parent = holder(grove.farm), grove.issued(amount="400")
    [received] = me.passed_on(market, line(grove.lot_id, "400"))
    [returned] = market.passed_on(me, line(received, "400"))
    [packed] = me.made("repack", [line(returned, "100")], [part("100")])
    assert reasons(certify(me, returned, "300")) == reasons(certify(me, packed, "100")) == ["gate_quantity"]
    grove.void(parent["id"])
    assert certify(me, returned, "300").status_code == certify(me, packed, "100").status_code == 201


# --- from outside the platform ---------------------------------------------------------------------------------------


def took_in(who: Holder, amount: str = "1000", **more: Any) -> str:
    """The id of a lot that was bought from somebody outside."""
    goods = {"client_id": fresh(), "crop": "apple", "amount": amount, "unit": "kg"}
    answer = who.move("/lots/intakes", partner="外省合作社", place="陕西省洛川县", lines=[goods | more])
    assert answer.status_code == 201, answer.text
    return str(answer.json["makes"][0]["lot_id"])


def paper(who: Holder, lot_id: str, amount: str, number: str = "外-2026-001", **more: Any) -> Any:
    said = {"lot_id": lot_id, "client_id": f"proof-{number.encode().hex()}", "kind": "certificate", "number": number}
    said |= {"issuer": "外省合作社", "issued_on": "2026-09-29", "amount": amount, "unit": "kg"}
    return who.post("/certificates/proofs", **(said | more))


def test_what_came_from_outside_needs_its_paper(grove: Orchard, market: Holder) -> None:
    outside = took_in(market)
    assert market.lot(outside)["product_name"] == "苹果" and market.lot(outside)["born"] == "intake"
    assert reasons(certify(market, outside, "10")) == ["gate_parent_missing"]
    first, again = (paper(market, outside, "1000") for _ in range(2))
    assert first.status_code == 201 and first.json == again.json, first.text
    made = certify(market, outside, "10")
    assert made.status_code == 201 and made.json["parents"] == ["外-2026-001"], made.text
    path = f"{API}/certificates/proofs?producer_id={market.producer_id}"
    assert [one["number"] for one in market.api.get(path, as_=grove.officer).json["items"]] == ["外-2026-001"]
    needless = paper(holder(grove.farm), grove.lot_id, "1000")
    assert (needless.status_code, needless.json["reason"]) == (422, "proof_not_needed")
    assert paper(market, outside, "1000", "外-2", issued_on="2026-10-09").json["reason"] == "day_in_future"
    assert paper(market, outside, "1000", "外-3", unit="piece").json["reason"] == "unit_wrong"


def test_a_certificate_of_the_platform_is_no_paper_from_outside(grove: Orchard, market: Holder) -> None:
    made, outside = grove.issued(amount="400"), took_in(market)
    code = made["code"]
    grouped = "-".join(code[at : at + 4] for at in range(0, 12, 4))
    for number in (code, grouped.lower(), f"编号：{grouped}", f"http://localhost/t/{code}"):
        answer = paper(market, outside, "1000", number, client_id=fresh())
        assert (answer.status_code, answer.json["reason"]) == (422, "proof_of_platform"), number
        assert answer.json["field"] == "number" and code[-4:] in answer.json["message"].upper()
    assert paper(market, outside, "1000", "陕-2026-123456789012", client_id=fresh()).status_code == 201, (
        "as long, and none of ours"
    )


def test_an_older_paper_with_a_platform_code_stands_as_long_as_that_certificate(grove: Orchard, market: Holder) -> None:
    made, outside = grove.issued(amount="400"), took_in(market)
    assert paper(market, outside, "1000").status_code == 201
    store.collection("incoming_proofs").update_one({"lot_id": outside}, {"$set": {"number": made["number"]}})
    assert certify(market, outside, "10").status_code == 201
    grove.void(made["id"])
    assert "gate_parent_void" in reasons(certify(market, outside, "11"))


def test_goods_from_outside_go_on_under_their_papers_or_who_packed_them(
    grove: Orchard, market: Holder, packer: Holder
) -> None:
    outside = took_in(market, "600")
    paper(market, outside, "400")
    [loose] = market.passed_on(packer, line(outside, "100"))
    assert reasons(certify(packer, loose, "100")) == ["gate_parents_too_small"], "there are no papers for all of it"
    paper(market, outside, "200", "外-2026-002")
    assert came_with(packer, loose) == ["外-2026-001", "外-2026-002"]
    assert certify(packer, loose, "100").json["parents"] == ["外-2026-001", "外-2026-002"]
    [packed] = market.made("repack", [line(outside, "500")], [part("480")])
    made = certify(market, packed, "480")
    [bought] = market.passed_on(packer, line(packed, "480"))
    answer = certify(packer, bought, "480")
    assert answer.status_code == 201 and answer.json["parents"] == [made.json["code"]], answer.text


def test_taking_in_is_kept_once_and_says_what_cannot_be(grove: Orchard, market: Holder) -> None:
    goods = {"client_id": fresh(), "crop": "apple", "variety": "红富士", "amount": "20", "unit": "jin"}
    said = {"partner": "外省合作社", "client_id": "intake-00001", "lines": [goods]}
    first, again = (market.move("/lots/intakes", **said) for _ in range(2))
    assert first.status_code == 201 and first.json == again.json, first.text
    assert first.json["partner"] == "外省合作社" and first.json["makes"][0]["base"] == 10_000
    other = market.move("/lots/intakes", **(said | {"partner": "别人"}))
    assert (other.status_code, other.json["reason"]) == (409, "client_id_reused")
    late = market.move("/lots/intakes", **(said | {"client_id": "intake-00002", "happened_on": "2026-10-02"}))
    assert (late.status_code, late.json["reason"]) == (422, "lot_day_wrong")
    picked = goods | {"client_id": fresh(), "harvested_on": "2026-10-01"}
    wrong = market.move("/lots/intakes", **(said | {"client_id": "intake-00003", "lines": [picked]}))
    assert (wrong.json["reason"], wrong.json["field"]) == ("lot_day_wrong", "harvested_on"), wrong.text
    stranger = holder(grove.farm).move("/lots/intakes", **(said | {"producer_id": market.producer_id}))
    assert stranger.status_code == 404
    path = f"{API}/lots/ledger?producer_id={market.producer_id}&since=2026-09-01&until=2026-10-01"
    book = market.api.get(path, as_=market.token).json
    assert [(one["direction"], one["kind"], one["partner"]) for one in book["lines"]] == [
        ("in", "intake", "外省合作社")
    ]
    assert book["totals"][0]["in"] == "10"


def test_a_recall_of_what_came_from_outside_reaches_what_was_made_of_it(grove: Orchard, market: Holder) -> None:
    outside = took_in(market, "600")
    paper(market, outside, "600")
    [packed] = market.made("repack", [line(outside, "500")], [part("480")])
    made = certify(market, packed, "480")
    body = {"client_id": "recall-00001", "target": "lot", "target_id": outside, "reason": "test_failed"}
    answer = market.api.post(f"{API}/recalls", body, as_=grove.officer)
    assert answer.status_code == 201, answer.text
    assert "gate_lot_held" in reasons(certify(market, outside, "1"))
    assert made.status_code == 201
    shown = market.api.get(f"{API}/lots/{packed}", as_=market.token).json
    assert shown["state"] == "recalled"
