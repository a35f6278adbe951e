"""Certificates over HTTP: the gate's answers, the frozen card, voiding, overrides, prints, and races."""

import io
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pypdfium2
import pytest
import zxingcpp
from PIL import Image

from backend.base import store, vocab
from backend.domains.certificates import service as certificates
from backend.domains.evidence import service as evidence
from backend.gateways.labels import LAYOUTS, SIZES
from tests.factories.certificates import API, Orchard
from tests.factories.certificates import refused as reasons
from tests.factories.commands import COMMANDS
from tests.factories.farming import CARBOFURAN, farm
from tests.factories.http import Api

NOW = datetime(2026, 10, 1, 2, tzinfo=UTC)


def left(grove: Orchard) -> str:
    return str(grove.api.get(f"{API}/lots/{grove.lot_id}", as_=grove.token).json["left"])


def test_a_clean_season_is_certified_in_the_words_of_the_form_of_2026(grove: Orchard) -> None:
    made = grove.issued()
    form = vocab.get("certificate_templates")["mara-2025-4-1"]
    assert made["template"] == form.code and made["state"] == "valid"
    assert made["card"]["lead"] == form["lead"] and made["card"]["commitments"] == form["commitments"]
    assert [one["checked"] for one in made["card"]["bases"]] == [True, False, False]
    shown = {one["label"]: one["value"] for one in made["card"]["fields"]}
    assert shown["产品名称"] == "红富士苹果" and shown["重量或数量"] == "400 公斤"
    assert shown["产地"] == "甘肃省武威市凉州区黄羊镇" and shown["开具时间"] == "2026年10月1日"
    assert shown["承诺主体"] == "张*" and "*" in shown["联系方式"]
    assert made["number"].replace("-", "") == made["code"] and made["url"] == f"http://t.test/t/{made['code']}"
    assert left(grove) == "600"
    assert grove.api.get(f"{API}/certificates/{made['id']}", as_=grove.token).json == made


def test_a_retry_gives_the_same_certificate_and_another_wish_under_its_id_is_refused(grove: Orchard) -> None:
    body = grove.wanted()
    first, again = (grove.api.post(f"{API}/certificates", body, as_=grove.token) for _ in range(2))
    assert first.json == again.json and left(grove) == "600"
    other = grove.api.post(f"{API}/certificates", body | {"amount": "500"}, as_=grove.token)
    assert (other.status_code, other.json["reason"]) == (409, "client_id_reused")


def test_a_refusal_tells_every_reason_the_law_the_record_and_the_first_lawful_day(grove: Orchard) -> None:
    spray = grove.farm.spray("2026-09-25")
    assert grove.farm.write(**spray).status_code == 201
    answer = grove.issue(amount="1001")
    assert reasons(answer) == ["gate_quantity", "gate_phi"]
    told = answer.json["details"][1]
    assert told["message"] == "“示例·吡虫啉10%可湿性粉剂”14天安全间隔期未满：采收日 2026-09-30，最早可采收 2026-10-09。"
    assert told["details"]["earliest"] == "2026-10-09" and "第三十四条" in told["details"]["source"]
    assert told["details"]["record_ids"] == [f"{grove.farm.producer_id}.{spray['client_id']}"]
    assert answer.json["details"][0]["message"] == "数量超了：这批还可开证 1000公斤，本次要开 1001公斤。"
    assert answer.json["details"][0]["message"] in answer.json["message"]
    assert left(grove) == "1000"


def test_a_refusal_is_told_in_english_to_who_asks_for_it(grove: Orchard) -> None:
    english = {"Accept-Language": "en"}
    wanted = grove.wanted(amount="1001", bases=["self_tested"])
    answer = grove.api.post(f"{API}/certificates", wanted, as_=grove.token, headers=english)
    told = {one["reason"]: one["message"] for one in answer.json["details"]}
    assert told["gate_quantity"] == "Too much: 1000 kilogram is left to certify, 1001 kilogram was asked for."
    assert told["gate_no_test"] == "Own test passed is ticked, but this lot has no passing result."


def test_every_answer_of_the_gate_is_kept_and_decides_the_same_again(
    grove: Orchard, travel: Callable[[datetime], None]
) -> None:
    grove.farm.write(**grove.farm.spray("2026-08-01"))
    refused = grove.issue(amount="1001")
    travel(NOW + timedelta(minutes=1))
    made = grove.issued()
    path = f"{API}/gate/decisions?producer_id={grove.farm.producer_id}"
    kept = grove.api.get(path, as_=grove.officer).json["items"]
    assert [one["allowed"] for one in kept] == [True, False]
    assert kept[1]["refusals"] == refused.json["details"] and kept[1]["certificate_id"] is None
    assert kept[0]["certificate_id"] == made["id"] and kept[0]["rulebook_version"] == made["rulebook_version"]
    for one in kept:
        again = grove.api.get(f"{API}/gate/decisions/{one['id']}", as_=grove.token).json
        assert again["replays"] is True and again["allowed"] is one["allowed"]


def test_a_stored_decision_that_was_tampered_with_does_not_replay(grove: Orchard) -> None:
    grove.issue(amount="1001")
    row = store.collection("gate_decisions").find_one({})
    changed = row["decision"].replace('"allowed":false', '"allowed":true')
    store.collection("gate_decisions").update_one({"_id": row["_id"]}, {"$set": {"decision": changed}})
    assert grove.api.get(f"{API}/gate/decisions/{row['_id']}", as_=grove.token).json["replays"] is False


def test_a_dry_run_answers_as_the_gate_would_and_writes_nothing(grove: Orchard) -> None:
    before = store.collection("audit_lines").count_documents({})
    assert grove.check().json["allowed"] is True
    refused = grove.check(amount="1001").json
    assert refused["allowed"] is False and refused["refusals"][0]["reason"] == "gate_quantity"
    assert store.collection("gate_decisions").count_documents({}) == 0
    assert store.collection("audit_lines").count_documents({}) == before and left(grove) == "1000"


def test_a_producer_that_is_not_admitted_gets_none(
    api: Api, login: Callable[..., str], travel: Callable[[datetime], None]
) -> None:
    travel(NOW)
    land = farm(api, login)
    harvest = land.harvest("2026-09-30")
    land.sync(land.item(), harvest)
    body = {"client_id": "certificate-1", "lot_id": f"{land.producer_id}.{harvest['client_id']}", "amount": "1"}
    answer = api.post(f"{API}/certificates", body | {"unit": "kg", "bases": ["quality_control"]}, as_=land.token)
    assert reasons(answer) == ["gate_producer_not_active"]


def test_a_banned_substance_is_never_certified_not_even_vouched_for(grove: Orchard) -> None:
    spray = grove.farm.spray("2026-07-01", used={"registration_no": CARBOFURAN})
    grove.farm.write(**spray)
    refused = grove.issue()
    assert "gate_banned" in reasons(refused)
    name = store.collection("farming_records").find_one({"kind": "pesticide"})["inputs"][0]["name"]
    vouched = grove.api.post(
        f"{API}/gate/overrides",
        {
            "batch_id": grove.farm.batch_id,
            "record_id": f"{grove.farm.producer_id}.{spray['client_id']}",
            "input_name": name,
            "client_id": "override-0001",
            "note": "看过包装",
        },
        as_=grove.officer,
    )
    assert vouched.status_code in (201, 422)
    assert "gate_banned" in reasons(grove.issue())


def unknown(grove: Orchard) -> dict[str, Any]:
    """A record with an input nobody knows, and the override it needs."""
    used = {"registration_no": None, "name": "自配药水", "manufacturer": "不详"}
    spray = grove.farm.spray("2026-05-10", used=used)
    answer = grove.farm.write(**spray)
    assert answer.status_code == 201, answer.text
    return {
        "batch_id": grove.farm.batch_id,
        "record_id": answer.json["record"]["id"],
        "input_name": "自配药水",
        "client_id": "override-0001",
        "note": "现场查看,为苦参碱水剂",
    }


def test_an_officer_vouches_for_an_unknown_input_in_their_own_name(grove: Orchard, login: Callable[..., str]) -> None:
    override = unknown(grove)
    assert reasons(grove.issue()) == ["gate_unknown_input"]
    path = f"{API}/gate/overrides"
    assert grove.api.post(path, override, as_=grove.token).status_code == 403
    elsewhere = login("county_officer", region="620723")
    assert grove.api.post(path, override, as_=elsewhere).status_code == 404
    first, again = (grove.api.post(path, override, as_=grove.officer) for _ in range(2))
    assert first.status_code == 201 and first.json == again.json
    made = grove.issued()
    assert "override" in made["flags"]
    listed = grove.api.get(f"{path}?producer_id={grove.farm.producer_id}", as_=grove.token).json["items"]
    assert [one["input_name"] for one in listed] == ["自配药水"]
    needless = grove.api.post(path, override | {"input_name": "别的"}, as_=grove.officer)
    assert (needless.status_code, needless.json["reason"]) == (422, "override_not_needed")


def test_voiding_needs_a_reason_gives_back_the_quantity_and_cannot_be_undone(grove: Orchard) -> None:
    made = grove.issued()
    assert grove.api.post(f"{API}/certificates/{made['id']}/void", {}, as_=grove.token).status_code == 422
    gone = grove.void(made["id"], note="数量写错了").json
    assert (gone["state"], gone["void_reason"], gone["void_note"]) == ("void", "wrong_entry", "数量写错了")
    assert left(grove) == "1000"
    assert grove.void(made["id"]).json == gone, "a second click is harmless"
    other = grove.void(made["id"], reason="not_sold")
    assert (other.status_code, other.json["reason"]) == (422, "certificate_already_void")
    assert left(grove) == "1000"
    assert {key: gone[key] for key in ("card", "amount", "issued_at")} == {
        key: made[key] for key in ("card", "amount", "issued_at")
    }


def test_issue_and_void_are_registered_as_evidence_of_exactly_this_content(grove: Orchard) -> None:
    made = grove.issued()
    grove.void(made["id"])
    assert [entry.kind for entry in evidence.entries(made["id"])] == [
        "certificate.issue",
        "certificate.file",
        "certificate.void",
    ]


def test_strangers_and_other_counties_see_nothing(grove: Orchard, login: Callable[..., str]) -> None:
    made = grove.issued()
    other = login("farmer", producer_id="0000000000")
    elsewhere = login("county_officer", region="620723")
    for token in (other, elsewhere):
        for path in ("", "/qr.png", "/certificate.pdf", "/labels.pdf", "/label.tspl"):
            assert grove.api.get(f"{API}/certificates/{made['id']}{path}", as_=token).status_code == 404
        assert grove.void(made["id"], as_=token).status_code == 404
    assert grove.issue(as_=other).status_code == 404
    assert grove.issue(as_=elsewhere).status_code == 403, "an officer issues nothing"
    listed = grove.api.get(f"{API}/certificates?producer_id={grove.farm.producer_id}", as_=grove.officer)
    assert [one["id"] for one in listed.json["items"]] == [made["id"]]


def test_kilograms_of_what_was_counted_are_refused(grove: Orchard) -> None:
    answer = grove.issue(unit="piece")
    assert (answer.status_code, answer.json["reason"], answer.json["field"]) == (422, "unit_wrong", "unit")


def test_twelve_phones_at_once_never_certify_more_than_was_harvested(grove: Orchard) -> None:
    answers: list[int] = []
    bodies = [grove.wanted(amount="150") for _ in range(12)]

    def send(body: dict[str, Any]) -> None:
        client = Api(grove.api.client.application.test_client())
        answers.append(client.post(f"{API}/certificates", body, as_=grove.token).status_code)

    threads = [threading.Thread(target=send, args=(body,)) for body in bodies]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(set(answers)) in ([201, 422], [201, 409, 422], [201, 422, 503])
    assert answers.count(201) == 6 and left(grove) == "100"
    assert store.collection("certificates").count_documents({}) == 6


@pytest.mark.parametrize("time", range(3))
def test_the_same_request_several_times_at_once_is_one_certificate(grove: Orchard, time: int) -> None:
    """Of more than half the lot: what the first sending used up is not refused to the others."""
    body, answers = grove.wanted(amount="600"), []

    def send() -> None:
        client = Api(grove.api.client.application.test_client())
        answer = client.post(f"{API}/certificates", body, as_=grove.token)
        answers.append((answer.status_code, answer.json.get("id"), answer.json.get("reason")))

    threads = [threading.Thread(target=send) for _ in range(4 + time)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (made,) = store.collection("certificates").find({})
    assert set(answers) == {(201, made["_id"], None)} and left(grove) == "400"
    assert store.collection("gate_decisions").count_documents({}) == 1


def test_issuing_sends_as_many_database_commands_for_sixty_records_as_for_two(grove: Orchard) -> None:
    def commands() -> dict[str, int]:
        grove.issued(amount="1", client_id=f"warm-{len(counted):05}")
        with COMMANDS.counting() as counts:
            grove.issued(amount="1")
        return dict(counts)

    counted: list[dict[str, int]] = []
    counted.append(commands())
    grove.farm.sync(*(grove.farm.item(happened_on="2026-06-02") for _ in range(55)), grove.farm.spray("2026-06-03"))
    grove.issued(amount="1")
    counted.append(commands())
    assert sum(counted[1].values()) <= sum(counted[0].values()) + 4, counted
    assert sum(counted[1].values()) < 45, counted


PDF_PATHS = ["certificate.pdf", *(f"labels.pdf?layout={code}&count=3" for code in LAYOUTS)]


@pytest.mark.parametrize("path", PDF_PATHS)
def test_every_print_is_chinese_and_its_codes_lead_to_the_trace(grove: Orchard, path: str) -> None:
    made = grove.issued()
    answer = grove.api.get(f"{API}/certificates/{made['id']}/{path}", as_=grove.token)
    assert answer.content_type == "application/pdf" and answer.headers["Cache-Control"] == "no-store"
    document = pypdfium2.PdfDocument(answer.data)
    text = document[0].get_textpage().get_text_range()
    assert "承诺达标合格证" in text and "红富士苹果" in text and "张三" in text
    found = zxingcpp.read_barcodes(document[0].render(scale=3).to_pil())
    texts = {one.text.partition("#")[0] for one in found}
    assert texts == ({made["url"], "http://t.test/verify"} if "certificate.pdf" in path else {made["url"]})
    document.close()


def test_the_own_print_carries_the_full_number_and_an_officers_does_not(grove: Orchard) -> None:
    made = grove.issued()
    texts = []
    for token in (grove.token, grove.officer):
        answer = grove.api.get(f"{API}/certificates/{made['id']}/certificate.pdf", as_=token)
        document = pypdfium2.PdfDocument(answer.data)
        texts.append(document[0].get_textpage().get_text_range())
        document.close()
    assert "13812341234" not in texts[1] and "13812345678" in texts[0].replace(" ", "")
    assert "13812345678" not in texts[1].replace(" ", "")


def test_codes_and_thermal_bytes_lead_to_the_trace(grove: Orchard) -> None:
    made = grove.issued()
    base = f"{API}/certificates/{made['id']}"
    picture = Image.open(io.BytesIO(grove.api.get(f"{base}/qr.png", as_=grove.token).data))
    assert zxingcpp.read_barcode(picture).text == made["url"]
    assert grove.api.get(f"{base}/qr.svg", as_=grove.token).data.startswith(b"<svg")
    for size in SIZES:
        job = grove.api.get(f"{base}/label.tspl?size={size}&copies=3", as_=grove.token).data
        assert made["url"].encode() in job and "红富士苹果".encode("gb18030") in job and b"PRINT 1,3" in job
    assert grove.api.get(f"{base}/label.tspl?size=9x9", as_=grove.token).status_code == 422
    assert set(vocab.get("label_layouts").codes) == set(LAYOUTS) and set(vocab.get("label_sizes").codes) == set(SIZES)


def test_a_void_certificate_prints_no_labels_and_its_page_says_so(grove: Orchard) -> None:
    made = grove.issued()
    grove.void(made["id"])
    base = f"{API}/certificates/{made['id']}"
    for path in ("qr.png", "labels.pdf", "label.tspl"):
        answer = grove.api.get(f"{base}/{path}", as_=grove.token)
        assert (answer.status_code, answer.json["reason"]) == (422, "certificate_void_no_labels")
    document = pypdfium2.PdfDocument(grove.api.get(f"{base}/certificate.pdf", as_=grove.token).data)
    assert "作废" in document[0].get_textpage().get_text_range()
    document.close()


def test_the_card_for_features_above_holds_nothing_private(grove: Orchard) -> None:
    made = grove.issued()
    said = repr(certificates.card(made["id"]))
    assert "13812345678" not in said and "张三" not in said
