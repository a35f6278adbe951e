"""What a shopper and a reader do on the phone client: photos of codes, a trace that is not simply valid, reporting from
it on a slow line, reading; and every public page in both modes and in English."""

import io
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
import qrcode
import zxingcpp
from PIL import Image, ImageFilter
from playwright.sync_api import BrowserContext, Page, Route, expect

from backend.base import store
from backend.domains.tracing.rules import Recall
from tests.e2e.phoning import at_rest, judge, kill, opened, preferring, ready_to_lose_signal, until
from tests.e2e.test_pages import OVERFLOW
from tests.factories.articles import editor, illustrated, published
from tests.factories.complaints import picture
from tests.factories.traces import CARD, CODE, FACTS, GOODS, stored

pytestmark = pytest.mark.e2e

DRAWN = """asked => new Promise(done => { const open = indexedDB.open('longtrace');
  open.onsuccess = () => { const files = open.result.transaction('files', 'readwrite').objectStore('files');
    const all = files.getAllKeys();
    all.onsuccess = () => { const drawn = all.result.filter(key => String(key).startsWith('drawn-'));
      if (asked) drawn.forEach(key => files.delete(key)); done(drawn.length >= 2) } } })"""
DRAWN_KEPT, DRAWN_GONE = f"() => ({DRAWN})(false)", f"() => ({DRAWN})(true)"
FORGET_SHELL = """async () => {
  for (const one of await navigator.serviceWorker.getRegistrations()) await one.unregister() }"""
TEXT_SIZE = "() => parseFloat(getComputedStyle(document.querySelector('.rich p')).fontSize)"
TEXT = "前天打药，今天就装箱拉走了。"
HAN_LEFT = """() => { const found = []; const walk = document.createTreeWalker(document.querySelector('.page'), 4);
  for (let n = walk.nextNode(); n; n = walk.nextNode()) if (/\\p{Script=Han}/u.test(n.data)
    && !n.parentElement.closest('[lang]').lang.startsWith('zh')
    && n.parentElement.getClientRects().length) found.push(n.data);
  return found }"""
ALL_KEPT = """() => new Promise(done => { const asked = indexedDB.open('longtrace');
  asked.onsuccess = () => { const all = {}; const names = [...asked.result.objectStoreNames];
    const deal = asked.result.transaction(names); for (const name of names) {
      const store = deal.objectStore(name); store.openCursor().onsuccess = e => { const at = e.target.result;
        if (at) { all[name + '/' + at.key] = at.value; at.continue() } } }
    deal.oncomplete = () => done({all, local: {...localStorage}, session: {...sessionStorage}}) } })"""


def chosen(page: Page, button: str, files: list[Any]) -> None:
    with page.expect_file_chooser() as asked:
        page.get_by_role("button", name=button).click()
    asked.value.set_files(files)


def jpeg(name: str = "a.jpg", data: bytes | None = None) -> dict[str, Any]:
    return {"name": name, "mimeType": "image/jpeg", "buffer": data if data is not None else picture().getvalue()}


def cases() -> list[dict[str, Any]]:
    return list(store.collection("complaints").find())


def written(page: Page) -> None:
    page.get_by_role("button", name="打药不久就采收上市").click()
    page.get_by_label("说说经过").fill(TEXT)
    page.get_by_label("输入县、乡镇或街道的名字").fill("黄羊")
    page.get_by_role("button", name="武威市 凉州区 黄羊镇").click()


def sent(page: Page) -> str:
    """Send; the receipt, noted."""
    page.get_by_role("button", name="提交", exact=True).click()
    expect(page.get_by_role("heading", name="请记下这个回执")).to_be_visible(timeout=90_000)
    receipt = page.locator(".receipt-code").inner_text()
    page.get_by_role("button", name="我已经记下").click()
    expect(page.get_by_role("button", name="扫一扫")).to_be_visible()
    return receipt


def test_a_report_begins_with_the_code_of_a_trace_and_leaves_nothing_on_the_phone(context: BrowserContext) -> None:
    stored(FACTS)
    page = opened(context, f"#/pages/trace/index?code={CODE}")
    page.get_by_role("button", name="我要举报").click()
    expect(page.get_by_label("追溯码")).to_have_value(CODE)
    written(page)
    page.get_by_role("button", name="隐名").click()
    page.get_by_label("联系").fill("13800005678")
    chosen(page, "拍照", [jpeg(), jpeg("notes.jpg", b"no picture at all")])
    expect(page.get_by_text("有 1 张打不开，没有收")).to_be_visible()
    receipt = sent(page)
    [case] = cases()
    assert (case["trace_code"], case["producer_id"], len(case["photos"])) == (CODE, FACTS.maker.producer_id, 1)
    kept = page.evaluate(ALL_KEPT)
    assert kept["all"].pop(f"values/trace:{CODE}")  # what was looked at is public and stays
    for secret in (receipt, receipt.replace("-", ""), TEXT, "620602", "13800005678"):
        assert secret not in str(kept)
    assert not [key for key in kept["all"] if key.startswith("files/") or "report" in key or "receipt" in key]
    assert receipt[:4] not in page.url


def test_a_message_whose_answer_was_lost_is_said_once(context: BrowserContext) -> None:
    page = opened(context, "#/pages/report/index")
    written(page)
    receipt = sent(page)
    page.goto("/app/#/pages/follow/index")
    page.get_by_label("回执").fill(receipt)
    page.get_by_role("button", name="查看", exact=True).click()
    page.route("**/follow/messages", lambda route: (route.fetch(), route.abort()))
    page.get_by_label("补充").fill("还有一辆蓝色货车")
    page.get_by_role("button", name="发送").click()
    expect(page.locator(".timeline").get_by_text("还有一辆蓝色货车")).to_have_count(1)
    assert store.collection("complaint_entries").count_documents({"step": "message"}) == 1


def test_a_picture_of_twelve_megapixels_is_small_before_it_is_sent(context: BrowserContext) -> None:
    large = io.BytesIO()
    Image.effect_noise((4000, 3000), 60).convert("RGB").save(large, "JPEG", quality=90)
    page = opened(context, "#/pages/report/index")
    chosen(page, "拍照", [jpeg(data=large.getvalue())])
    photo = page.locator(".preview .photo")
    expect(photo).to_be_visible()
    page.get_by_label("说说经过").fill(TEXT)
    page.wait_for_function("() => document.querySelector('.preview .photo').naturalWidth === 1600")
    expect(page.get_by_label("说说经过")).to_have_value(TEXT)  # typed while the photo was made small
    size = photo.evaluate("async e => (await (await fetch(e.src)).blob()).size")
    assert size < len(large.getvalue()) / 3


def shelf() -> None:
    one, two = editor(), editor()
    published(one, two)
    published(one, two, title="合格证上写了什么", summary="一张纸看懂。", crops=[])
    rumour = {"claim": "西瓜打针才甜", "verdict": "false", "evidence": "针孔会烂，打了针的瓜放不住。"}
    published(one, two, kind="rumour", title="西瓜是打针的吗", summary="不是。", crops=["apple"], **rumour)


def test_a_reader_searches_reads_and_reads_again_without_signal(context: BrowserContext) -> None:
    shelf()
    page = opened(context)
    page.get_by_role("button", name="科普辟谣").click()
    expect(page.locator(".story")).to_have_count(3)
    page.get_by_label("找文章").fill("苹果怎么洗")
    page.get_by_role("button", name="查找").click()
    expect(page.locator(".story").first).to_contain_text("苹果怎么洗最干净")
    page.get_by_label("找文章").fill("火星移民")
    page.get_by_role("button", name="查找").click()
    expect(page.get_by_text("没有找到文章")).to_be_visible()
    page.get_by_role("button", name="看全部文章").click()
    page.get_by_role("button", name="曝光", exact=True).click()
    expect(page.get_by_text("这一类还没有文章")).to_be_visible()
    page.get_by_role("button", name="辟谣", exact=True).click()
    expect(page.locator(".story")).to_have_count(1)
    page.locator(".story").click()
    expect(page.get_by_role("heading", name="不实")).to_be_visible()
    assert (page.get_by_role("heading", name="不实").bounding_box() or {"y": 999})["y"] < 200
    expect(page.get_by_text("西瓜打针才甜")).to_be_visible()
    page.get_by_role("button", name="苹果怎么洗最干净").click()
    expect(page.locator(".rich strong")).to_have_text("不要")
    before = page.evaluate(TEXT_SIZE)
    page.get_by_role("button", name="特大").click()
    until(page, f"least => ({TEXT_SIZE})() > least", before * 1.4)
    ready_to_lose_signal(page)
    context.set_offline(True)
    kill(page)
    again = opened(context, "#/pages/read/index")
    expect(again.get_by_text("读过的，没有信号也能看")).to_be_visible()
    again.get_by_role("button", name="西瓜是打针的吗").click()
    expect(again.get_by_role("heading", name="不实")).to_be_visible()
    expect(again.get_by_text("这是手机里")).to_be_visible()


@pytest.mark.parametrize("kept", [True, False], ids=["kept", "lost"])
def test_a_picture_is_there_without_signal_or_its_words_are(context: BrowserContext, kept: bool) -> None:
    slug = illustrated()
    page = opened(context, f"#/pages/article/index?slug={slug}")
    expect(page.locator(".figure .photo")).to_have_attribute("alt", "流水冲洗苹果")
    page.wait_for_function("() => document.querySelector('.figure .photo')?.naturalWidth > 0")
    until(page, DRAWN_KEPT)
    if not kept:
        page.evaluate(DRAWN_GONE)
    kill(page)
    context.route("**/p/*", lambda route: route.abort())
    again = opened(context, f"#/pages/article/index?slug={slug}")
    if kept:
        again.wait_for_function("() => document.querySelector('.figure .photo')?.src.startsWith('blob:')")
        again.wait_for_function("() => document.querySelector('.figure .photo')?.naturalWidth === 480")
    else:
        expect(again.locator(".figure .missing")).to_contain_text("流水冲洗苹果")
    expect(again.get_by_text("先冲后泡 · 示例绘制")).to_be_visible()


def test_only_the_last_twenty_articles_stay_on_the_phone(context: BrowserContext) -> None:
    one, two = editor(), editor()
    slugs = [published(one, two, title=f"第 {n} 篇文章说洗菜", crops=[]).slug for n in range(22)]
    page = opened(context)
    for n, slug in enumerate(slugs):
        page.goto(f"/app/#/pages/article/index?slug={slug}")
        expect(page.get_by_role("heading", name=f"第 {n} 篇文章说洗菜")).to_be_visible()
    until(page, "slug => new Promise(done => { const o = indexedDB.open('longtrace'); o.onsuccess = () =>"
                "{ o.result.transaction('values').objectStore('values').get('read_lately').onsuccess ="
                "e => done(e.target.result?.[0].slug === slug) } })", slugs[-1])  # fmt: skip
    kept = [key for key in page.evaluate(ALL_KEPT)["all"] if key.startswith("values/article:")]
    assert sorted(kept) == sorted(f"values/article:{slug}" for slug in slugs[2:])


def test_a_withdrawn_article_says_so(context: BrowserContext) -> None:
    page = opened(context, "#/pages/article/index?slug=NOSUCH00")
    expect(page.get_by_text("没有这篇文章，可能已经撤下")).to_be_visible()


HELD = replace(FACTS, goods=replace(GOODS, held=True, held_reason="test_failed"))
RECALLED = replace(FACTS, recall=Recall("banned_input", CARD.issued_at))


@pytest.mark.parametrize(
    ("facts", "title", "why"),
    [(HELD, "监管暂停", "暂停原因：检测不合格"), (RECALLED, "产品已召回", "召回原因：使用禁限用投入品")],
)
def test_a_held_and_a_recalled_trace_say_why_at_once(context: BrowserContext, facts: Any, title: str, why: str) -> None:
    stored(facts)
    page = opened(context, f"#/pages/trace/index?code={CODE}")
    expect(page.get_by_role("heading", name=title)).to_be_visible()
    expect(page.get_by_text(why)).to_be_visible()
    judge(page)


def test_links_of_every_kind_open_the_trace_and_its_reading_opens_the_reader(context: BrowserContext) -> None:
    stored(FACTS)
    page = context.new_page()
    for link in (f"?code={CODE}", f"?q=http%3A%2F%2Ft.test%2Ft%2F{CODE}", f"#/pages/trace/index?code={CODE}"):
        page.goto("about:blank")
        page.goto(f"/app/{link}")
        expect(page.get_by_role("heading", name="合格证有效")).to_be_visible()
    page.get_by_role("button", name="苹果打药后多少天能摘").click()
    expect(page.get_by_text("没有这篇文章")).to_be_visible()  # these facts name an article nobody wrote
    assert "slug=7KP2M9QX" in page.url


def test_on_a_first_visit_the_verdict_is_read_before_the_app_itself_has_come(context: BrowserContext) -> None:
    stored(FACTS)
    held: list[Route] = []
    holding = True
    context.route("**/app/js/**", lambda route: held.append(route) if holding else route.continue_())
    page = context.new_page()
    page.goto(f"/app/?code={CODE}", wait_until="commit")
    expect(page.get_by_role("heading", name="合格证有效")).to_be_visible()
    expect(page.locator(".early")).to_have_count(1)
    assert page.evaluate(OVERFLOW) <= 0
    holding = False
    for waiting in held:
        waiting.continue_()
    expect(page.locator(".early")).to_have_count(0)
    expect(page.get_by_role("heading", name="合格证有效")).to_be_visible()
    expect(page.get_by_role("button", name="转发")).to_be_visible()


def test_the_early_verdict_speaks_as_the_person_chose_and_leads_back_to_the_home_page(context: BrowserContext) -> None:
    stored(FACTS)
    preferring(context, "特大", "开", "English")
    page = opened(context)
    page.evaluate(FORGET_SHELL)  # else the app comes out of its worker's store, where nothing can be held
    page.close()
    held: list[Route] = []
    context.route("**/app/js/**", lambda route: held.append(route))  # noqa: PLW0108 - it marks what it is given
    page = context.new_page()
    page.goto(f"/app/?code={CODE}", wait_until="commit")
    expect(page.get_by_role("heading", name="Certificate valid")).to_be_visible()
    look = "document.querySelector('.page.care').style.getPropertyValue('--f')"
    assert page.locator(".early").get_attribute("lang") == "en"
    size = page.evaluate(look)
    assert page.evaluate(OVERFLOW) <= 0
    for waiting in held:
        waiting.continue_()
    expect(page.locator(".early")).to_have_count(0)
    assert page.evaluate(look) == size
    page.get_by_role("button", name="Back").click()
    expect(page.get_by_role("button", name="Scan a code")).to_be_visible()


def code_photo(text: str, *, change: Callable[[Image.Image], Image.Image] = lambda scene: scene) -> bytes:
    """A printed code on cardboard as a phone takes it, after `change`."""
    printed = qrcode.make(text).get_image().convert("RGB").resize((500, 500))
    scene = Image.new("RGB", (1000, 1200), (196, 180, 150))
    scene.paste(printed, (250, 350))
    out = io.BytesIO()
    change(scene).convert("RGB").save(out, "JPEG", quality=85)
    return out.getvalue()


def leaning(scene: Image.Image) -> Image.Image:
    """Seen from the side: the right edge is further away."""
    return scene.transform(
        scene.size, Image.Transform.QUAD, (0, 0, -120, 1320, 1120, 1200, 1000, 0), fillcolor=(196, 180, 150)
    )


def barcode() -> bytes:
    """EAN-13, as on any pack."""
    code = zxingcpp.create_barcode("6901234567892", zxingcpp.BarcodeFormat.EAN13)
    out = io.BytesIO()
    Image.fromarray(zxingcpp.write_barcode_to_image(code, scale=5)).save(out, "JPEG")
    return out.getvalue()


OURS = f"http://t.test/t/{CODE}"
READ: list[tuple[str, Callable[[], bytes]]] = [
    ("rotated", lambda: code_photo(OURS, change=lambda scene: scene.rotate(30, fillcolor=(196, 180, 150)))),
    ("leaning", lambda: code_photo(OURS, change=leaning)),
    ("blurred", lambda: code_photo(OURS, change=lambda scene: scene.filter(ImageFilter.GaussianBlur(3)))),
    ("bare", lambda: code_photo(CODE)),
]
NOT_READ: list[tuple[str, Callable[[], bytes], str]] = [
    ("fog", lambda: code_photo(OURS, change=lambda s: s.filter(ImageFilter.GaussianBlur(30))), "没有读到二维码"),
    ("half", lambda: code_photo(OURS, change=lambda s: s.crop((500, 0, 1000, 1200))), "没有读到二维码"),
    ("barcode", barcode, "这不是陇溯的追溯码"),
    ("no picture", lambda: b"hello", "没有读到二维码"),
    ("WeChat", lambda: code_photo("https://weixin.qq.com/r/abcdef"), "这不是陇溯的追溯码"),
    ("another site", lambda: code_photo(f"https://evil.example/t/{CODE}"), "这不是陇溯的追溯码"),
]


@pytest.mark.parametrize("make", [make for _, make in READ], ids=[name for name, _ in READ])
def test_a_photo_of_a_code_finds_its_trace(context: BrowserContext, make: Callable[[], bytes]) -> None:
    stored(FACTS)
    page = opened(context)
    chosen(page, "扫一扫", [jpeg(data=make())])
    expect(page.get_by_role("heading", name="合格证有效")).to_be_visible()


@pytest.mark.parametrize(("make", "said"), [one[1:] for one in NOT_READ], ids=[one[0] for one in NOT_READ])
def test_a_photo_that_shows_no_code_of_ours_gets_a_kind_answer(
    context: BrowserContext, make: Callable[[], bytes], said: str
) -> None:
    page = opened(context)
    chosen(page, "扫一扫", [jpeg(data=make())])
    expect(page.get_by_text(said)).to_be_visible()


def test_scanning_and_reporting_work_on_a_line_of_the_second_generation(context: BrowserContext) -> None:
    stored(FACTS)
    page = context.new_page()
    line = context.new_cdp_session(page)
    line.send("Network.enable")
    slow = {"offline": False, "latency": 300, "downloadThroughput": 250_000 / 8, "uploadThroughput": 50_000 / 8}
    line.send("Network.emulateNetworkConditions", slow)
    page.goto("/app/", timeout=90_000)
    expect(page.get_by_role("button", name="扫一扫")).to_be_visible(timeout=90_000)
    chosen(page, "扫一扫", [jpeg(data=code_photo(OURS))])
    expect(page.get_by_role("heading", name="合格证有效")).to_be_visible(timeout=90_000)
    page.get_by_role("button", name="我要举报").click()
    expect(page.get_by_label("说说经过")).to_be_visible(timeout=90_000)
    written(page)
    chosen(page, "拍照", [jpeg()])
    expect(page.get_by_text("已选 1 张")).to_be_visible()
    sent(page)
    assert len(cases()[0]["photos"]) == 1


def test_every_public_page_can_be_read_touched_and_heard_in_english(context: BrowserContext) -> None:
    shelf()
    stored(FACTS)
    page = opened(context, "#/pages/me/index")
    page.get_by_role("button", name="English").click()
    page.close()

    def look(page: Page) -> None:
        at_rest(page)
        judge(page)
        assert page.evaluate(HAN_LEFT) == []

    page = opened(context, "#/pages/read/index")
    expect(page.locator(".story")).to_have_count(3)
    look(page)
    page.locator(".story").first.click()
    expect(page.get_by_text("Read on")).to_be_visible()
    look(page)
    page.close()
    for path in (f"trace/index?code={CODE}", "report/index", "follow/index"):
        page = opened(context, f"#/pages/{path}")
        expect(page.locator(".card").first).to_be_visible()
        look(page)
        page.close()
