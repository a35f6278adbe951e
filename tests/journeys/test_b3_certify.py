"""Story B3: harvest makes a lot, the gate refuses what the log contradicts, then certifies and prints."""

from collections.abc import Callable
from datetime import UTC, datetime

import pypdfium2
import zxingcpp

from tests.factories.certificates import API, admit
from tests.factories.farming import farm
from tests.factories.http import Api
from tests.factories.labs import listed_laboratory


def test_a_harvest_is_refused_inside_the_interval_and_certified_after_it(
    api: Api, login: Callable[..., str], travel: Callable[[datetime], None]
) -> None:
    travel(datetime(2026, 9, 26, 2, tzinfo=UTC))
    land = farm(api, login)
    officer = admit(land, login)
    spray = land.spray("2026-09-10")
    written = land.write(**spray).json
    assert written["window"]["earliest_lawful_harvest"] == "2026-09-24"

    # Harvested four days too early: the lot is there, the certificate is not.
    early = land.harvest("2026-09-20", "300")
    assert land.write(**early).status_code == 201
    wanted = {
        "client_id": "certificate-0001",
        "lot_id": f"{land.producer_id}.{early['client_id']}",
        "amount": "300",
        "unit": "kg",
        "bases": ["quality_control"],
    }
    assert api.post(f"{API}/certificates:check", wanted | {"client_id": None}, as_=land.token).status_code == 422
    asked = {name: value for name, value in wanted.items() if name != "client_id"}
    dry = api.post(f"{API}/certificates:check", asked, as_=land.token).json
    refused = api.post(f"{API}/certificates", wanted, as_=land.token)
    assert refused.status_code == 422 and refused.json["details"] == dry["refusals"]
    (told,) = refused.json["details"]
    assert told["reason"] == "gate_phi" and told["details"]["earliest"] == "2026-09-24"

    # The rest was harvested when it was lawful.
    late = land.harvest("2026-09-25", "1200")
    assert land.write(**late).status_code == 201
    lot_id = f"{land.producer_id}.{late['client_id']}"
    first = api.post(f"{API}/certificates", wanted | {"lot_id": lot_id, "amount": "700"}, as_=land.token)
    assert first.status_code == 201, first.text
    too_much = wanted | {"client_id": "certificate-0002", "lot_id": lot_id, "amount": "600"}
    answer = api.post(f"{API}/certificates", too_much, as_=land.token)
    assert [one["reason"] for one in answer.json["details"]] == ["gate_quantity"]
    second = api.post(f"{API}/certificates", too_much | {"amount": "500"}, as_=land.token)
    assert second.status_code == 201

    # A laboratory's report lets the farmer tick the box, and only when it sought what was used.
    lab = login("lab", region="620602")
    report = {
        "lot_id": lot_id,
        "client_id": "report-00001",
        "kind": "commissioned",
        "lab_id": listed_laboratory(),
        "report_no": "LZ-2026-0925",
        "sampled_on": "2026-09-25",
        "reported_on": "2026-09-26",
        "items": [{"analyte": "吡虫啉", "value": "0.02", "unit": "mg/kg", "limit": "0.5"}],
    }
    recorded = api.post(f"{API}/testing/results", report, as_=lab)
    assert recorded.status_code == 201, recorded.text
    tested = wanted | {"client_id": "certificate-0003", "lot_id": lot_id, "bases": ["commissioned_test"]}
    answer = api.post(f"{API}/certificates", tested | {"amount": "1"}, as_=land.token)
    assert [one["reason"] for one in answer.json["details"]] == ["gate_quantity"], "all is certified already"

    # Printed: the page and the labels lead to the public trace, and the page carries its proof.
    made = first.json
    page = pypdfium2.PdfDocument(api.get(f"{API}/certificates/{made['id']}/certificate.pdf", as_=land.token).data)
    codes = {one.text for one in zxingcpp.read_barcodes(page[0].render(scale=3).to_pil())}
    assert made["url"] in codes and [one.startswith("http://t.test/verify#") for one in codes - {made["url"]}] == [True]
    page.close()
    trace = api.get(f"/t/{made['code']}", headers={"Accept": "application/json"})
    assert trace.status_code == 200 and trace.json["state"] == "valid"

    # Taken back, it is red at once, and the quantity is the lot's again.
    gone = api.post(f"{API}/certificates/{made['id']}/void", {"reason": "wrong_entry"}, as_=officer)
    assert gone.status_code == 200
    trace = api.get(f"/t/{made['code']}", headers={"Accept": "application/json"}).json
    assert trace["state"] == "void" and trace["certificate"]["void_reason"] == "填写有误"
    assert api.get(f"{API}/lots/{lot_id}", as_=land.token).json["left"] == "700"
    assert "作废" in api.get(f"/t/{made['code']}", headers={"Accept": "text/html"}).text
    assert api.post(f"{API}/certificates", tested, as_=land.token).status_code == 201
