"""What was promised for a cheap phone with bad signal, each seen once through the whole house."""

from dataclasses import replace

import pytest
from playwright.sync_api import BrowserContext, Page, Request, Route, expect

from tests.e2e.phoning import at_rest, begin, enter, note, opened, ready_to_lose_signal
from tests.e2e.test_phone_farmer import COUNT_TAPS, all_sent, at_home, button, records
from tests.e2e.test_phone_officer import came
from tests.e2e.test_phone_pages import officer
from tests.factories import producers as factory
from tests.factories.farming import Farm
from tests.factories.traces import CARD, CODE, FACTS, stored

pytestmark = pytest.mark.e2e

SLOW_2G = {"offline": False, "latency": 500, "downloadThroughput": 50_000 / 8, "uploadThroughput": 20_000 / 8}
SLOW = {"timeout": 90_000}
TAP, LETTER = 4, 2  # seconds that somebody who is not in practice takes for each


def slowed(page: Page) -> None:
    """From now on a line of the second generation at its worst: 50 kbit/s down, 20 up, half a second there and back."""
    line = page.context.new_cdp_session(page)
    line.send("Network.enable")
    line.send("Network.emulateNetworkConditions", SLOW_2G)


def test_a_login_that_runs_out_between_two_records_of_a_flush_is_renewed_and_each_arrives_once(
    context: BrowserContext, grove: Farm
) -> None:
    page = enter(context, grove)
    asked: list[Route] = []
    told: list[tuple[str, int]] = []

    def second(route: Route) -> None:
        """The first is held; what follows it carries a login that has run out, once."""
        asked.append(route)
        if len(asked) == 2:
            route.continue_(headers={**route.request.headers, "authorization": "Bearer run.out.now"})
        elif len(asked) > 2:
            route.continue_()

    def heard(request: Request) -> None:
        answer = request.response()
        name = request.url.rsplit("/", 1)[-1]
        if answer is not None and name in ("records:sync", "refresh"):
            told.append((name, answer.status))

    page.on("requestfinished", heard)
    page.route("**/records:sync", second)
    with page.expect_request("**/records:sync"):
        note(page)
    note(page, "灌溉")  # written while the first is on its way
    asked[0].continue_()
    all_sent(page)
    assert told == [("records:sync", 200), ("records:sync", 401), ("refresh", 200), ("records:sync", 200)]
    assert sorted(one["kind"] for one in records(grove)) == ["irrigation", "weeding"]


def test_the_last_twenty_traces_open_without_signal_and_the_one_before_says_so_kindly(context: BrowserContext) -> None:
    codes = [f"7K3MPX9Q2R{at:02}" for at in range(21)]
    for at, code in enumerate(codes):
        card = replace(CARD, certificate_id=f"P100000001.cert{at:04}")
        stored(replace(FACTS, code=code, card=card, goods=replace(FACTS.goods, lot_id=f"P100000001.harvest{at}")))
    page = opened(context)
    for code in codes:
        shown(page, code)
    ready_to_lose_signal(page)
    context.set_offline(True)
    page.goto("/app/#/pages/home/index")
    page.reload()
    for code in codes[1:]:
        shown(page, code)
        expect(page.get_by_text("这是手机里").last).to_be_visible()
    page.goto(f"/app/#/pages/trace/index?code={codes[0]}")
    expect(page.get_by_text("手机里也没有存着这个码：只存最近看过的 20 个")).to_be_visible()
    expect(page.get_by_role("button", name="再试一次")).to_be_visible()


def shown(page: Page, code: str) -> None:
    """The trace of this code and of no other, opened by its address as a scan does."""
    page.goto(f"/app/#/pages/trace/index?code={code}")
    page.reload()
    expect(page.get_by_role("button", name="我要举报")).to_be_visible()  # the app's own page, not the verdict before it
    assert code in page.url


def test_one_record_may_be_of_several_plots_and_leave_one_out(context: BrowserContext, grove: Farm) -> None:
    enter(context, grove).close()
    other = factory.site(grove.api, grove.token, grove.producer_id, client_id="site-0002", name="河滩地")
    both = [grove.site_id, other["id"]]
    body = {"producer_id": grove.producer_id, "client_id": "batch-000002", "product_id": grove.product_id}
    body |= {"site_ids": both, "started_on": "2026-03-02"}
    made = grove.api.post("/api/v1/farming/batches", body, as_=grove.token)
    assert made.status_code == 201, made.text
    wide = replace(grove, batch_id=made.json["id"])
    for leaves in ([], ["河滩地"]):
        page = opened(context, f"#/farmer/record/index?batch={wide.batch_id}")
        button(page, "除草").click()
        for name in leaves:
            button(page, name).click()
        expect(button(page, "东塬果园")).to_have_attribute("aria-pressed", "true")
        button(page, "保存").click()
        at_home(page)  # the form was opened by itself: there is nowhere to go back to
        page.close()
    page = opened(context, "#/farmer/farm/index")
    all_sent(page)
    assert sorted(one["site_ids"] for one in records(wide)) == sorted([both, [grove.site_id]])


def test_a_deed_is_noted_on_the_slowest_line_at_once_and_arrives(context: BrowserContext, grove: Farm) -> None:
    enter(context, grove).close()
    page = context.new_page()
    slowed(page)
    page.goto("/app/#/farmer/farm/index", timeout=90_000)
    at_home(page)
    begin(page, "灌溉")
    button(page, "保存").click()
    expect(page.get_by_role("heading", name="我的地")).to_be_visible(timeout=5_000)  # nobody waits for the line
    expect(page.get_by_text("都已送达")).to_be_visible(**SLOW)  # type: ignore[arg-type]
    assert [one["kind"] for one in records(grove)] == ["irrigation"]


def test_an_officers_queue_stands_at_once_on_the_slowest_line_and_is_renewed(
    context: BrowserContext, grove: Farm
) -> None:
    factory.declaration(grove.api, grove.token, grove.producer_id)
    came(context, officer()).close()
    page = context.new_page()
    slowed(page)
    with page.expect_response("**/api/v1/declarations?**", **SLOW) as answer:  # type: ignore[arg-type]
        page.goto("/app/#/officer/queue/index", timeout=90_000)
        expect(page.get_by_role("heading", name="要走访的生产主体")).to_be_visible()
    assert answer.value.status == 200
    expect(page.get_by_text("存在手机里的，有信号时自动更新")).to_have_count(0, **SLOW)  # type: ignore[arg-type]


def test_a_report_takes_less_than_a_minute_of_taps_and_letters(context: BrowserContext) -> None:
    context.add_init_script(COUNT_TAPS)
    stored(FACTS)
    page = opened(context, f"#/pages/trace/index?code={CODE}")
    at_rest(page)
    text, place = "打药没几天就上市", "黄羊"
    page.get_by_role("button", name="我要举报").click()
    page.get_by_role("button", name="打药不久就采收上市").click()
    page.get_by_label("说说经过").fill(text)
    page.get_by_label("输入县、乡镇或街道的名字").fill(place)
    page.get_by_role("button", name="武威市 凉州区 黄羊镇").click()
    page.get_by_role("button", name="提交", exact=True).click()
    expect(page.get_by_role("heading", name="请记下这个回执")).to_be_visible(timeout=90_000)
    fields = 2  # each is tapped before it is typed into
    taps = page.evaluate("window.taps") + fields
    assert taps * TAP + (len(text) + len(place)) * LETTER < 60
