"""The phone's own check of signatures: certificates and records of a real orchard, with signal, without, and spoilt."""

import io
import json
import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from backend.base import store
from backend.base.actor import system
from backend.domains.certificates import service as certificates
from backend.domains.evidence import service as evidence
from backend.domains.signing import service as signing
from backend.gateways import qrcode
from backend.gateways.keys import jws
from tests.e2e.phoning import enter, judge, kill, opened
from tests.e2e.test_phone_public import HAN_LEFT, chosen
from tests.factories.certificates import API, Orchard, orchard
from tests.factories.http import Api
from tests.factories.witnesses import appointed

pytestmark = pytest.mark.e2e
NOW = datetime(2026, 10, 8, 17, 30, tzinfo=UTC)  # already the 9th in China
PAGE = "#/check/index/index"
GOOD = "签名有效；吊销名单更新于 01:30"
READY = "navigator.serviceWorker.ready.then(() => true)"
LOOK = os.environ.get("LOOK_AT")  # a directory for pictures, for whoever changes the page


@pytest.fixture
def grove(api: Api, login: Callable[..., str], travel: Callable[[datetime], None], context: BrowserContext) -> Orchard:
    travel(NOW)
    context.clock.set_fixed_time(NOW + timedelta(minutes=1))
    made = orchard(api, login)
    certificates.publish_revocations()
    return made


def pasted(page: Page, text: str) -> None:
    page.get_by_label("粘贴二维码的内容").fill(text)
    page.get_by_role("button", name="验一验", exact=True).click()


def verdict(page: Page, words: str) -> None:
    expect(page.locator(".verdict h2").last).to_contain_text(words, timeout=20_000)


def looked(page: Page, name: str) -> None:
    if LOOK:
        page.set_viewport_size({"width": 360, "height": 2600})
        page.screenshot(path=str(Path(LOOK) / f"{name}.png"))
        page.set_viewport_size({"width": 360, "height": 740})


def whole(grove: Orchard, made: Any) -> dict[str, Any]:
    return dict(grove.api.get(f"{API}/traces/{made['code']}/certificate").json)


def test_a_photo_of_the_second_code_says_who_what_and_until_when(context: BrowserContext, grove: Orchard) -> None:
    photo = io.BytesIO()
    proof = jws.to_digits(grove.issued()["proof"])
    qrcode.proof_image(f"http://t.test/verify#{proof}").save(photo, "PNG")
    page = opened(context, PAGE)
    expect(page.get_by_text("验签名由手机自己算")).to_be_visible()
    looked(page, "check-empty")
    file = {"name": "code.png", "mimeType": "image/png", "buffer": photo.getvalue()}
    chosen(page, "扫“电子签名”二维码", [file])
    verdict(page, GOOD)
    for words in (
        "张*",
        "红富士苹果",
        "400 公斤",
        "2026-10-09 01:30",
        "2028-10-08 01:30",
        "二维码里只有签名，没有全文",
    ):
        expect(page.get_by_text(words).first).to_be_visible()
    home = opened(context, "")
    chosen(home, "扫一扫", [file])
    verdict(home, GOOD)


@pytest.mark.parametrize("mode", ["plain", "care", "English"])
def test_a_trace_leads_to_the_whole_proof_with_its_tree_and_its_witness(
    context: BrowserContext, grove: Orchard, mode: str
) -> None:
    made = grove.issued()
    evidence.seal()
    witness, head = appointed(), evidence.latest()
    evidence.cosign(number=head.number, cosignature=witness.line(head.note, int(NOW.timestamp())))
    page = opened(context, "#/pages/me/index")
    if mode == "care":
        page.get_by_role("button", name="开", exact=True).click()
        page.get_by_role("button", name="特大").click()
    if mode == "English":
        page.get_by_role("button", name="English").click()
    page.close()
    page = opened(context, f"#/pages/trace/index?code={made['code']}")
    judge(page, care=mode == "care")
    page.get_by_role("button", name="Check the signature" if mode == "English" else "验一验签名").click()
    verdict(page, "Signature valid; revocation list as of 01:30" if mode == "English" else GOOD)
    expect(page.locator(".tree .root")).to_be_visible()
    expect(page.get_by_text("凉州区农业农村局")).to_be_visible()
    assert page.locator(".tree .beside").count() == len(head_path(grove, made))
    for fold in page.locator("summary:visible").all():
        fold.click()
    judge(page, care=mode == "care")
    assert mode != "English" or page.evaluate(HAN_LEFT) == []
    looked(page, f"check-{mode}")


def head_path(grove: Orchard, made: Any) -> list[str]:
    items = grove.api.get(f"{API}/traces/{made['code']}/proof").json["items"]
    return list(next(one["inclusion"]["path"] for one in items if "body" in one))


def test_what_was_altered_is_not_believed_and_its_words_are_not_shown(context: BrowserContext, grove: Orchard) -> None:
    made = grove.issued()
    changed = whole(grove, made)
    changed["certificate"]["fields"][1]["value"] = "4000 公斤"
    page = opened(context, PAGE)
    pasted(page, json.dumps(changed))
    verdict(page, "签名不对，不要相信")
    expect(page.get_by_text("有字被改过")).to_be_visible()
    expect(page.locator(".page")).not_to_contain_text("400 公斤")
    looked(page, "check-altered")
    last = made["proof"][-1]
    pasted(page, made["proof"][:-1] + ("B" if last == "A" else chr(ord(last) + 1)))  # loose bits of base64
    verdict(page, "签名不对，不要相信")
    pasted(page, "9" * 900)
    verdict(page, "看不懂这段内容")


def test_a_certificate_taken_back_a_revoked_key_and_an_unknown_one_are_told(
    context: BrowserContext, grove: Orchard
) -> None:
    made, other = grove.issued(), grove.issued()
    grove.void(made["id"])
    certificates.publish_revocations()
    page = opened(context, PAGE)
    pasted(page, made["proof"])
    verdict(page, "签名有效，但很可能已作废")
    expect(page.get_by_role("button", name="联网查这张证")).to_be_visible()
    looked(page, "check-revoked")
    page.close()
    signing.revoke(system("test"), signing.current("certificate").kid, "compromised")
    page = opened(context, PAGE)
    pasted(page, other["proof"])
    verdict(page, "签名的密钥已吊销")
    expect(page.get_by_text("私钥泄露或疑似泄露")).to_be_visible()
    page.close()
    store.collection("signing_keys").delete_many({})
    store.collection("current_keys").delete_many({})
    signing.current("certificate")
    page = opened(context, PAGE)
    pasted(page, other["proof"])
    verdict(page, "不认识签名的密钥")


def test_without_signal_the_kept_lists_check_and_tell_their_age(context: BrowserContext, grove: Orchard) -> None:
    made, seen = grove.issued(), grove.issued()
    page = opened(context, f"{PAGE}?code={seen['code']}")
    verdict(page, GOOD)
    page.evaluate(READY)
    page.close()
    context.set_offline(True)
    context.clock.set_fixed_time(NOW + timedelta(days=2, minutes=5))
    page = opened(context, f"{PAGE}?said={jws.to_digits(made['proof'])}")
    verdict(page, "签名有效；吊销名单更新于 2026-10-09 01:30")
    expect(page.get_by_text("没有信号，用手机里存的清单：2 天前取的")).to_be_visible()
    looked(page, "check-offline")
    pasted(page, made["proof"][:-30] + ("B" if made["proof"][-30] != "B" else "C") + made["proof"][-29:])
    verdict(page, "签名不对，不要相信")
    pasted(page, seen["code"])
    expect(page.get_by_text("这是手机里 2026-10-09 01:31 存下的证明")).to_be_visible()
    pasted(page, made["code"])
    verdict(page, "没有信号，取不到")
    context.clock.set_fixed_time(NOW + timedelta(days=9))
    pasted(page, made["proof"])
    verdict(page, "签名有效；吊销名单还是 9 天前的")
    kill(page)
    kept = opened(context, f"#/pages/trace/index?code={made['code']}")
    expect(kept.get_by_text("手机里也没有存着这个码")).to_be_visible()


def test_a_first_visit_without_signal_says_kindly_what_is_missing(context: BrowserContext, grove: Orchard) -> None:
    made = grove.issued()
    page = opened(context, f"#/pages/trace/index?code={made['code']}")
    expect(page.get_by_role("heading", name="合格证有效")).to_be_visible()
    page.evaluate(READY)
    page.close()
    context.set_offline(True)
    page = opened(context, f"{PAGE}?said={jws.to_digits(made['proof'])}")
    verdict(page, "还不能验：手机里还没有密钥清单")
    expect(page.get_by_text("证上自己写的（还没验）")).to_be_visible()
    looked(page, "check-first-offline")
    kill(page)
    kept = opened(context, f"#/pages/trace/index?code={made['code']}")
    expect(kept.get_by_text("这是手机里 2026-10-09 存下的样子")).to_be_visible()  # China's day: in UTC it was the 8th


def test_an_engine_without_large_numbers_is_told_so(context: BrowserContext, grove: Orchard) -> None:
    made = grove.issued()
    page = context.new_page()
    page.goto("/app/")
    page.evaluate("delete globalThis.BigInt")
    page.evaluate(f"location.hash = '/check/index/index?code={made['code']}'")
    verdict(page, "这部手机太旧，算不了签名")


def test_a_farmer_checks_a_certificate_and_a_record(context: BrowserContext, grove: Orchard) -> None:
    made = grove.issued()
    evidence.seal()
    page = enter(context, grove.farm)
    page.goto(f"/app/#/farmer/certificate/index?id={made['id']}")
    page.get_by_role("button", name="验一验签名").click()
    verdict(page, GOOD)
    page.goto(f"/app/#/farmer/records/index?batch={grove.farm.batch_id}")
    page.get_by_role("button", name="验一验存证").first.click()
    verdict(page, "存证属实")
    expect(page.locator(".tree .root").last).to_be_visible()
    judge(page)
    looked(page, "check-record")
