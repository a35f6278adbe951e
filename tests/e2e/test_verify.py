"""`/verify` in a browser at 360 px: real certificates, with and without a network, and all that can be wrong."""

import copy
import json
import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from backend import gateways
from backend.base import register, store
from backend.base.actor import system
from backend.domains.certificates import service as certificates
from backend.domains.evidence import service as evidence
from backend.domains.signing import service as signing
from backend.gateways import qrcode
from backend.gateways.keys import jws
from tests.e2e.test_pages import FAINT, OVERFLOW, SMALL_TEXT
from tests.factories.certificates import API, Orchard, orchard
from tests.factories.http import Api
from tests.factories.proofs import House
from tests.factories.servers import serving

pytestmark = pytest.mark.e2e
NOW = datetime(2026, 10, 1, 2, tzinfo=UTC)
GOOD = "签名有效；截至 2026-10-01 10:00 未见作废"
LOOK = os.environ.get("LOOK_AT")  # a directory for pictures, for whoever changes the page


@pytest.fixture
def grove(api: Api, login: Callable[..., str], travel: Callable[[datetime], None]) -> Orchard:
    travel(NOW)
    made = orchard(api, login)
    certificates.publish_revocations()
    return made


@pytest.fixture
def phone(browser: Browser, site: str, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A phone with a Chinese browser, its clock a minute after issue; a script that fails fails the test."""
    context = browser.new_context(base_url=site, viewport={"width": 360, "height": 740}, locale="zh-CN")
    opened = context.new_page()
    opened.clock.set_fixed_time(NOW + timedelta(minutes=1))
    failures: list[str] = []
    opened.on("pageerror", lambda error: failures.append(str(error)))
    yield opened
    if LOOK:
        opened.screenshot(path=str(Path(LOOK) / f"{request.node.name}.png"), full_page=True)
    assert opened.evaluate(OVERFLOW) <= 0 and opened.evaluate(SMALL_TEXT) == [] and opened.evaluate(FAINT) == []
    assert failures == []
    context.close()


def bundle(grove: Orchard, made: Any) -> dict[str, Any]:
    return dict(grove.api.get(f"{API}/traces/{made['code']}/certificate").json)


def check(phone: Page, said: str, lang: str = "zh") -> None:
    """Open the page and paste."""
    phone.goto(f"/verify?lang={lang}")
    phone.locator("html[data-ready=yes]").wait_for()
    phone.locator("#said").fill(said)
    phone.locator("#form .btn").first.click()


def verdict(phone: Page, words: str) -> None:
    expect(phone.locator("#verdict")).to_have_text(words)


def test_the_second_code_opens_the_page_with_its_answer(phone: Page, grove: Orchard) -> None:
    made = grove.issued()
    phone.goto(f"/verify#{jws.to_digits(made['proof'])}")
    verdict(phone, GOOD)
    for words in (
        "张*",
        "红富士苹果",
        "400 公斤",
        "2026-10-01 10:00",
        "2028-09-30 10:00",
        "截至上述时间的作废名单里没有它",
    ):
        expect(phone.get_by_text(words).first).to_be_visible()


def test_a_pasted_proof_shows_the_whole_certificate(phone: Page, grove: Orchard) -> None:
    check(phone, json.dumps(bundle(grove, grove.issued())))
    verdict(phone, GOOD)
    expect(phone.get_by_text("全文与签名相符")).to_be_visible()
    expect(phone.locator(".paper")).to_contain_text("未使用禁用农药、兽药及其他化合物")
    phone.get_by_text("是怎么验的").click()
    expect(phone.get_by_text(signing.current("certificate").kid)).to_be_visible()


def test_a_trace_page_leads_to_the_check(phone: Page, grove: Orchard) -> None:
    made = grove.issued()
    phone.goto(f"/t/{made['code']}")
    phone.get_by_role("link", name="验证签名").first.click()
    verdict(phone, GOOD)
    check(phone, "0000-0000-0000")
    verdict(phone, "查无此码")


def test_it_works_after_one_visit_when_the_server_is_gone(phone: Page, grove: Orchard, app: Flask) -> None:
    made = grove.issued()
    with serving(app.wsgi_app) as address:
        home = f"{address}/verify"
        phone.goto(home)
        phone.evaluate("navigator.serviceWorker.ready.then(() => true)")
        expect(phone.locator("#lists")).to_contain_text("密钥清单截至 2026-10-01 10:00")
        phone.goto("about:blank")
    phone.goto(f"{home}#{jws.to_digits(made['proof'])}")
    verdict(phone, GOOD)
    expect(phone.locator("#lists")).to_contain_text("现在没有网络，用手机里存的清单")
    phone.goto(f"{home}?lang=en")
    expect(phone.get_by_role("heading", level=1)).to_have_text("Check a certificate’s signature")
    phone.goto(f"{home}?lang=zh")
    phone.get_by_label("粘贴二维码的内容").fill(made["code"])
    phone.get_by_role("button", name="验证", exact=True).click()
    verdict(phone, "没有取到")


def test_one_altered_character_is_seen(phone: Page, grove: Orchard) -> None:
    changed = bundle(grove, grove.issued())
    changed["certificate"]["fields"][1]["value"] = "4000 公斤"
    check(phone, json.dumps(changed))
    verdict(phone, "签名不符，不要相信")
    expect(phone.get_by_text("有字被改动")).to_be_visible()
    expect(phone.get_by_text("4000 公斤")).to_have_count(0)


def test_one_altered_byte_of_the_token_is_seen(phone: Page, grove: Orchard) -> None:
    token = grove.issued()["proof"]
    spot = len(token) - 40
    check(phone, token[:spot] + ("B" if token[spot] != "B" else "C") + token[spot + 1 :])
    verdict(phone, "签名不符，不要相信")


def test_a_certificate_taken_back_is_red_and_told_with_its_doubt(phone: Page, grove: Orchard) -> None:
    made = grove.issued()
    grove.void(made["id"])
    certificates.publish_revocations()
    check(phone, made["proof"])
    verdict(phone, "签名有效，但很可能已作废")
    expect(phone.get_by_text("不到百万分之一")).to_be_visible()
    expect(phone.get_by_role("link", name="联网查询这张证")).to_be_visible()


def test_a_list_of_long_ago_is_not_green_and_one_from_before_the_certificate_says_nothing_of_it(
    phone: Page, grove: Orchard, travel: Callable[[datetime], None]
) -> None:
    made = grove.issued()
    phone.clock.set_fixed_time(NOW + timedelta(days=300))
    check(phone, made["proof"])
    verdict(phone, "签名有效；作废名单还是 300 天前的")
    expect(phone.locator(".verdict")).to_have_class("verdict unsure")
    travel(NOW + timedelta(minutes=10))
    later = grove.issued()
    phone.clock.set_fixed_time(NOW + timedelta(minutes=11))
    check(phone, later["proof"])
    verdict(phone, "签名有效；作废名单比这张证还早")
    expect(phone.get_by_text("2026-10-01 10:00 的名单说不了 2026-10-01 10:10 才开的证")).to_be_visible()
    expect(phone.locator(".verdict")).to_have_class("verdict unsure")


def test_a_revoked_key_is_not_believed(phone: Page, grove: Orchard) -> None:
    made = grove.issued()
    signing.revoke(system("test"), signing.current("certificate").kid, "compromised")
    check(phone, made["proof"])
    verdict(phone, "签名的密钥已吊销，不要只凭签名相信")
    expect(phone.get_by_text("私钥泄露或疑似泄露")).to_be_visible()


def test_an_unknown_key_is_not_believed(phone: Page, grove: Orchard) -> None:
    made = grove.issued()
    store.collection("signing_keys").delete_many({})
    store.collection("current_keys").delete_many({})
    signing.current("certificate")
    check(phone, made["proof"])
    verdict(phone, "不认识签名的密钥")


def test_before_the_first_list_was_made_the_doubt_is_told(phone: Page, grove: Orchard) -> None:
    made = grove.issued()
    store.collection("revocation_lists").delete_many({})
    check(phone, made["proof"])
    verdict(phone, "签名有效，是否作废不知道")


def test_a_certificate_past_its_time_is_told(phone: Page, grove: Orchard) -> None:
    made = grove.issued()
    phone.clock.set_fixed_time(NOW + timedelta(days=731))
    check(phone, made["proof"])
    verdict(phone, "签名有效，但已过有效期")


@pytest.mark.parametrize("said", ["", "你好", "{not json", "<img src=x onerror=alert(1)>", "9" * 900, "a.b.c"])
def test_garbage_is_told_kindly(phone: Page, grove: Orchard, said: str) -> None:
    check(phone, said)
    verdict(phone, "看不懂这段内容")


def test_the_way_into_the_register_is_drawn_as_a_tree(phone: Page, grove: Orchard) -> None:
    sealed = House(gateways.current().keys)  # type: ignore[arg-type]
    sealed.made["checkpoint"] = signing.current("checkpoint")  # type: ignore[assignment]
    proof = sealed.sealed(bundle(grove, grove.issued()), 5, 11)
    check(phone, json.dumps(proof))
    verdict(phone, GOOD)
    expect(phone.get_by_text("第 6 条，当时共 11 条")).to_be_visible()
    assert phone.locator("svg.tree .sibling").count() == 4 and phone.locator("svg.tree .node").count() == 4
    broken = copy.deepcopy(proof)
    broken["inclusion"]["path"][0] = "00" * 32
    check(phone, json.dumps(broken))
    expect(phone.get_by_text("不要相信这条路径")).to_be_visible()
    expect(phone.locator("svg.tree")).to_have_count(0)
    record = sealed.placed({"kind": "farming.record", "form": 1, "said": {"text": "追肥"}}, 2, 7)
    check(phone, json.dumps({"items": [record, {**record, "body": {"said": {"text": "改过"}}}]}))
    verdict(phone, "登记属实")
    expect(phone.get_by_text("最晚在 2026-10-08 10:00 已在签名的登记簿里")).to_be_visible()
    expect(phone.get_by_text("内容与登记不符，不要相信")).to_be_visible()


def test_times_that_nothing_signed_are_not_shown_and_another_kind_is_refused(phone: Page, grove: Orchard) -> None:
    sealed = House(gateways.current().keys)  # type: ignore[arg-type]
    sealed.made["checkpoint"] = signing.current("checkpoint")  # type: ignore[assignment]
    record = sealed.placed({"kind": "farming.record", "form": 1, "said": {"text": "追肥"}}, 2, 7)
    forged = record | {"registered_at": "2021-03-01T00:00:00Z", "sealed_at": "2021-03-01T00:00:00Z"}
    check(phone, json.dumps(forged))
    verdict(phone, "登记属实")
    expect(phone.locator("#outcome")).not_to_contain_text("2021")
    expect(phone.get_by_text("2026-10-08 10:00（检查点里签下的时间）")).to_be_visible()
    check(phone, json.dumps(forged | {"kind": "visit"}))
    verdict(phone, "内容与登记不符，不要相信")
    hidden = {name: value for name, value in forged.items() if name not in ("salt", "body")}
    check(phone, json.dumps(hidden | {"kind": "visit"}))
    verdict(phone, "登记簿里有这一条，内容不公开")
    expect(phone.locator("#outcome")).not_to_contain_text("visit")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_a_migration_registered_is_marked(phone: Page, grove: Orchard, lang: str) -> None:
    sealed = House(gateways.current().keys)  # type: ignore[arg-type]
    sealed.made["checkpoint"] = signing.current("checkpoint")  # type: ignore[assignment]
    mark = {"zh": "系统升级时补登的", "en": "made when the register was upgraded"}[lang]
    signed = bundle(grove, grove.issued())
    said = {"kind": "certificate.issue", "form": 1, "said": {"proof": signed["signature"]}}
    plain, made = (sealed.placed(said | origin, 2, 7) for origin in ({}, {"origin": register.MIGRATION}))
    check(phone, json.dumps(plain), lang)
    expect(phone.locator("svg.tree")).to_have_count(1)
    expect(phone.get_by_text(mark)).to_have_count(0)
    check(phone, json.dumps(made), lang)
    expect(phone.get_by_text(mark)).to_have_count(1)
    place = {**made["inclusion"], "salt": made["salt"], "body": made["body"]}
    check(phone, json.dumps(signed | {"inclusion": place}), lang)
    expect(phone.get_by_text(mark)).to_be_visible()


def test_a_code_alone_shows_the_certificate_at_its_place_in_the_register_once_it_is_sealed(
    phone: Page, grove: Orchard
) -> None:
    made = grove.issued()
    phone.goto(f"/verify#{made['code']}")
    verdict(phone, GOOD)
    expect(phone.locator("svg.tree")).to_have_count(0)
    evidence.seal()
    size = evidence.latest().size
    check(phone, made["code"])
    verdict(phone, GOOD)
    expect(phone.get_by_text(f"当时共 {size} 条")).to_be_visible()
    expect(phone.locator("svg.tree")).to_have_count(1)


def test_a_code_that_is_answered_with_another_certificate_is_told(phone: Page, grove: Orchard) -> None:
    asked, other = grove.issued(), bundle(grove, grove.issued())
    check(phone, asked["code"])
    verdict(phone, GOOD)
    phone.route(f"**/traces/{asked['code']}/certificate", lambda route: route.fulfill(json=other))
    check(phone, asked["code"])
    verdict(phone, "给的是另一个码的证，不要相信")
    expect(phone.locator("#outcome")).not_to_contain_text("红富士苹果")
    expect(phone.locator(".paper")).to_have_count(0)


def test_a_file_may_be_dropped_or_chosen_and_a_photo_is_read_where_the_browser_can(
    phone: Page, grove: Orchard, tmp_path: Path
) -> None:
    made = grove.issued()
    phone.goto("/verify")
    file = tmp_path / "proof.json"
    file.write_text(json.dumps(bundle(grove, made)), "utf-8")
    phone.get_by_label("或选一张二维码照片").set_input_files(file)
    verdict(phone, GOOD)
    photo = tmp_path / "code.png"
    qrcode.proof_image(f"http://t.test/verify#{jws.to_digits(made['proof'])}").save(photo)
    phone.goto("/verify?again")
    phone.get_by_label("或选一张二维码照片").set_input_files(photo)
    if phone.evaluate("'BarcodeDetector' in globalThis"):
        verdict(phone, GOOD)
    else:
        expect(phone.locator("#hint")).to_contain_text("这个浏览器不会读二维码")


def test_where_a_browser_reads_codes_the_proof_is_chosen_among_them(
    phone: Page, grove: Orchard, tmp_path: Path
) -> None:
    made = grove.issued()
    codes = [{"rawValue": made["url"]}, {"rawValue": f"http://t.test/verify#{jws.to_digits(made['proof'])}"}]
    phone.add_init_script(
        f"globalThis.BarcodeDetector = class {{ detect() {{ return Promise.resolve({json.dumps(codes)}) }} }}"
    )
    phone.goto("/verify")
    photo = tmp_path / "code.png"
    qrcode.image(made["url"]).save(photo)
    phone.get_by_label("或选一张二维码照片").set_input_files(photo)
    verdict(phone, GOOD)


def test_in_english(phone: Page, grove: Orchard) -> None:
    made = grove.issued()
    phone.goto(f"/verify?lang=en#{jws.to_digits(made['proof'])}")
    verdict(phone, "The signature holds; not taken back as of 2026-10-01 10:00")


def test_the_page_runs_no_script_but_its_own(phone: Page, grove: Orchard) -> None:
    answer = phone.goto("/verify")
    assert answer is not None
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy and "script-src 'self';" in policy and "connect-src 'self'" in policy
    asked: list[str] = []
    phone.on("request", lambda request: asked.append(request.url))
    check(phone, grove.issued()["proof"])
    verdict(phone, GOOD)
    assert all(url.startswith(phone.url.split("/verify")[0]) for url in asked)
    assert not any("proof" in url for url in asked), "what is checked is not sent anywhere"
