"""Every page of the phone client, opened by the person it is for, in plain and in care mode: it shows what it is for,
and can be read, touched and heard. A page that is not in the table fails."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import BrowserContext, expect

from backend.base.actor import system
from backend.domains.accounts import service as accounts
from scripts import phone
from tests.e2e.phoning import at_rest, enter, faults, opened, preferring
from tests.e2e.test_phone_farmer import told
from tests.e2e.test_phone_labels import PRINTER, issued
from tests.e2e.test_phone_officer import PASSWORD, TOWNSHIP, came
from tests.factories import producers as factory
from tests.factories.articles import illustrated
from tests.factories.certificates import admit
from tests.factories.complaints import end, filed
from tests.factories.farming import Farm
from tests.factories.lots import buyer, holder, line
from tests.factories.traces import CODE, FACTS, stored

pytestmark = pytest.mark.e2e
STRANGER, FARMER, OFFICER = "stranger", "farmer", "officer"


@dataclass(frozen=True)
class Seen:
    """Whose page it is, words that only its own content has, and what its address needs."""

    who: str
    says: str
    query: str = ""


PAGES = {
    "pages/home/index": Seen(STRANGER, "输入标签上的 12 位追溯码"),
    "pages/trace/index": Seen(STRANGER, "合格证有效", f"code={CODE}"),
    "pages/me/index": Seen(STRANGER, "关怀模式（大字、大按钮）"),
    "pages/report/index": Seen(STRANGER, "是什么问题"),
    "pages/follow/index": Seen(STRANGER, "回执"),
    "pages/privacy/index": Seen(STRANGER, "存在这部手机里的"),
    "pages/read/index": Seen(STRANGER, "苹果怎么洗最干净"),
    "pages/article/index": Seen(STRANGER, "先冲后泡 · 示例绘制", "slug={slug}"),
    "farmer/enter/index": Seen(STRANGER, "邀请码"),
    "officer/enter/index": Seen(STRANGER, "登录名"),
    "farmer/farm/index": Seen(FARMER, "下一步"),
    "farmer/record/index": Seen(FARMER, "做了什么", "batch={batch}"),
    "farmer/batch/index": Seen(FARMER, "种什么"),
    "farmer/outbox/index": Seen(FARMER, "还没有记录"),
    "farmer/records/index": Seen(FARMER, "2026-09-30", "batch={batch}"),
    "farmer/site/index": Seen(FARMER, "地块叫什么"),
    "farmer/product/index": Seen(FARMER, "哪一类"),
    "farmer/stock/index": Seen(FARMER, "盘点和流水"),
    "farmer/buy/index": Seen(FARMER, "买了什么"),
    "farmer/shelf/index": Seen(FARMER, "实际还有多少", "item={item}"),
    "farmer/inbox/index": Seen(FARMER, "2026-06-15"),
    "farmer/lots/index": Seen(FARMER, "下一步：开合格证"),
    "farmer/certify/index": Seen(FARMER, "凭什么承诺合格", "lot={lot}"),
    "farmer/certificates/index": Seen(FARMER, "有效"),
    "farmer/certificate/index": Seen(FARMER, "用蓝牙打印机打标签", "id={certificate}"),
    "farmer/press/index": Seen(FARMER, "标签纸多大", "id={certificate}"),
    "farmer/declare/index": Seen(FARMER, "有变化，再报一次", "producer={producer}"),
    "farmer/question/index": Seen(FARMER, "七月打药的空瓶放在哪里？", "id={question}"),
    "goods/lot/index": Seen(FARMER, "要做什么", "id={lot}"),
    "goods/move/index": Seen(FARMER, "给谁", "kind=ship&lot={lot}"),
    "goods/arrivals/index": Seen(FARMER, "我的收货码"),
    "goods/arrival/index": Seen(FARMER, "撤回这单货", "id={shipment}"),
    "goods/intake/index": Seen(FARMER, "随货来的凭证"),
    "goods/book/index": Seen(FARMER, "台账是您记的采收"),
    "officer/queue/index": Seen(OFFICER, "要走访的生产主体"),
    "officer/producer/index": Seen(OFFICER, "记一次实地核验", "id={producer}"),
    "officer/visit/index": Seen(OFFICER, "看到的情况", "producer={producer}"),
    "officer/case/index": Seen(OFFICER, "办理经过", "id={case}"),
    "officer/ended/index": Seen(OFFICER, "已办结"),
    "officer/declaration/index": Seen(OFFICER, "没有信号也可以审核", "id={declaration}"),
    "officer/ask/index": Seen(OFFICER, "想问什么", "producer={producer}"),
    "officer/question/index": Seen(OFFICER, "七月打药的空瓶放在哪里？", "id={question}"),
    "check/index/index": Seen(STRANGER, "扫“电子签名”二维码"),
}


def test_every_page_of_the_client_stands_in_the_table() -> None:
    assert sorted(PAGES) == sorted(phone.pages())


@pytest.fixture
def words(grove: Farm, login: Callable[..., str]) -> dict[str, str]:
    """Something to see on every page, and the ids that addresses name."""
    stored(FACTS)
    county = admit(grove, login)
    certificate = issued(grove)
    grove.buy()
    filed(grove.api)
    end(grove.api, county)
    filed(grove.api, photos=1)
    waiting = factory.declaration(
        grove.api, grove.token, grove.producer_id, client_id="declaration-0002", season="2027"
    )
    there = buyer(grove.api, login)
    sent = holder(grove).ship(there, line(certificate["lot_id"], "1")).json
    question = {"client_id": "question-0001", "text": "七月打药的空瓶放在哪里？"}
    asked = grove.api.post(f"/api/v1/producers/{grove.producer_id}/questions", question, as_=county).json
    return {
        "shipment": sent["id"],
        "question": asked["id"],
        "slug": illustrated(),
        "batch": grove.batch_id,
        "item": grove.stock()[0]["item"],
        "lot": certificate["lot_id"],
        "certificate": certificate["id"],
        "producer": grove.producer_id,
        "case": grove.api.get("/api/v1/complaints", as_=county).json["items"][0]["id"],
        "declaration": waiting["id"],
    }


def officer() -> str:
    made = accounts.new_staff(system("test"), login="officer-li", password=PASSWORD, name="李监管", roles=[])
    accounts.grant(system("test"), account_id=made["id"], role="township_officer", region=TOWNSHIP)
    return "officer-li"


@pytest.mark.slow
@pytest.mark.parametrize("care", [False, True], ids=["plain", "care"])
def test_every_page_can_be_read_touched_and_heard(
    context: BrowserContext, grove: Farm, words: dict[str, str], care: bool
) -> None:
    context.add_init_script(PRINTER)
    if care:
        page = opened(context, "#/pages/me/index")
        page.get_by_role("button", name="开", exact=True).click()
        page.close()
    found = {}
    for who in (STRANGER, FARMER, OFFICER):
        if who == FARMER:
            enter(context, grove).close()
            told(grove)
        elif who == OFFICER:
            came(context, officer()).close()
        for path in (path for path, seen in PAGES.items() if seen.who == who):
            if wrong := looked_at(context, path, words, care):
                found[path] = wrong
    assert found == {}


@pytest.mark.slow
def test_every_page_of_a_farmer_can_be_read_touched_and_heard_in_english(
    context: BrowserContext, grove: Farm, words: dict[str, str]
) -> None:
    """In care mode: the words are the same in both, and the large ones are who might not fit."""
    context.add_init_script(PRINTER)
    enter(context, grove).close()
    told(grove)
    preferring(context, "English", "On")
    found = {}
    for path in (path for path, seen in PAGES.items() if seen.who == FARMER):
        if wrong := looked_at(context, path, words, care=True, chinese=False):
            found[path] = wrong
    assert found == {}


def looked_at(
    context: BrowserContext, path: str, words: dict[str, str], care: bool, *, chinese: bool = True
) -> list[str]:
    seen = PAGES[path]
    page = opened(context, f"#/{path}?{seen.query.format(**words)}".rstrip("?"))
    if chinese:
        expect(page.get_by_text(seen.says).first, path).to_be_visible()
    else:
        page.wait_for_load_state("networkidle")
        expect(page.locator(".page:lang(en) main > *").last, path).to_be_visible()
    at_rest(page)
    wrong = faults(page, care=care)
    page.close()
    return wrong
