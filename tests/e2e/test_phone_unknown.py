"""An input the platform does not know: stopped on the phone, in plain words, with a way on; and never a lost deed."""

from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.phoning import against_aphids, at_rest, begin, enter, judge, preferring, really_used
from tests.e2e.test_phone_farmer import OUTBOX, SENT, all_sent, at_home, button, field, records
from tests.factories.farming import Farm

pytestmark = pytest.mark.e2e

STOPPED = "平台不认识“自配土药”，还没有记下"


def unknown(page: Page) -> None:
    """A spray with something of one's own making, whole but for its number."""
    begin(page, "用药")
    field(page, "名称、登记证号或拼音").fill("自配土药")
    button(page, "没有登记证号，就用这个名称").click()
    field(page, "生产企业（看瓶身）").fill("自配")
    against_aphids(page)


def window(grove: Farm) -> dict[str, Any]:
    path = f"/api/v1/farming/overview?producer_id={grove.producer_id}"
    return dict(grove.api.get(path, as_=grove.token).json["items"][0]["window"])


def test_an_unknown_input_is_not_saved_by_accident_and_what_was_really_used_is_not_lost(
    context: BrowserContext, grove: Farm
) -> None:
    page = enter(context, grove)
    context.set_offline(True)
    unknown(page)
    expect(page.get_by_text("要等监管员核实、具名放行")).to_be_visible()
    button(page, "保存").click()
    expect(page.get_by_text(STOPPED)).to_be_visible()
    button(page, "我确实用了它，就这样记").click()
    button(page, "保存").click()  # one tap is not two
    expect(page.get_by_text(STOPPED)).to_be_visible()
    assert page.evaluate(OUTBOX) == []
    button(page, "再点一次，就记成平台不认识的").click()
    expect(page.get_by_text("已记明：平台不认识，您确认用了")).to_be_visible()
    field(page, "补充说明").fill("只用在地头")
    button(page, "保存").click()
    at_home(page)
    expect(page.get_by_text("不能采收")).to_be_visible()  # the phone knows before the server does
    context.set_offline(False)
    all_sent(page)
    (written,) = records(grove)
    assert written["note"] == "只用在地头 平台不认识“自配土药”，本人确认用了。"
    assert [(one["name"], one["known"]) for one in written["inputs"]] == [("自配土药", False)]
    assert window(grove)["blocked"]  # the server stops it again
    page.get_by_role("button", name="记一笔").first.click()
    page.get_by_role("button", name="和上次一样：用药").click()
    expect(field(page, "补充说明")).to_have_value("只用在地头")
    button(page, "保存").click()
    expect(page.get_by_text(STOPPED)).to_be_visible()  # what was said of one deed is not said of the next


def test_its_number_makes_it_known_and_what_was_filled_in_stays(context: BrowserContext, grove: Farm) -> None:
    page = enter(context, grove)
    unknown(page)
    field(page, "登记证号（看瓶身）").fill("PD20999999")
    button(page, "查这个登记证号").click()
    expect(page.get_by_text("平台的目录里没有这个号")).to_be_visible()
    field(page, "登记证号（看瓶身）").fill("示例-0040")
    button(page, "查这个登记证号").click()
    expect(page.get_by_text("不能用在这样的农事里")).to_be_visible()
    field(page, "登记证号（看瓶身）").fill(" 示例-0001 ")
    button(page, "查这个登记证号").click()
    expect(page.get_by_text("用后要等 14 天才能采收")).to_be_visible()
    expect(field(page, "用量")).to_have_value("20")
    button(page, "保存").click()
    all_sent(page)
    (written,) = records(grove)
    used = written["inputs"][0]
    assert (used["registration_no"], used["amount"], used["source"], used["known"]) == (
        "示例-0001",
        "20",
        "镇农资店",
        True,
    )
    assert not written["note"]


def test_a_number_copied_from_the_pack_without_signal_is_judged_when_it_arrives(
    context: BrowserContext, grove: Farm
) -> None:
    page = enter(context, grove)
    context.set_offline(True)
    unknown(page)
    field(page, "登记证号（看瓶身）").fill("示例-0001")
    button(page, "查这个登记证号").click()
    expect(page.get_by_text("现在没有信号，查不了这个号；号已经填上了")).to_be_visible()
    expect(page.get_by_text("平台收到后会再查一遍")).to_be_visible()
    really_used(page)
    button(page, "保存").click()
    at_home(page)
    context.set_offline(False)
    all_sent(page)
    (written,) = records(grove)
    assert written["note"] == "“自配土药”的登记证号 示例-0001 手机里查不到，本人照瓶身填写。"
    assert written["inputs"][0]["known"]
    assert not window(grove)["blocked"]


def test_another_is_chosen_in_its_place(context: BrowserContext, grove: Farm) -> None:
    grove.buy()
    page = enter(context, grove)
    unknown(page)
    button(page, "换一样：从单子里选，或再扫一次码").click()
    page.get_by_label("从买过的里选").get_by_role("button").click()
    expect(page.get_by_text("用后要等 14 天才能采收")).to_be_visible()
    expect(page.get_by_text("平台不认识")).to_have_count(0)
    button(page, "保存").click()
    expect(page.get_by_text("都已送达")).to_be_visible(**SENT)  # type: ignore[arg-type]
    assert records(grove)[0]["inputs"][0]["registration_no"] == "示例-0001"


@pytest.mark.parametrize("care", [False, True], ids=["plain", "care"])
def test_the_stop_can_be_read_touched_and_heard(context: BrowserContext, grove: Farm, care: bool) -> None:
    page = enter(context, grove)
    if care:
        preferring(context, "开")
        page.reload()
    unknown(page)
    button(page, "保存").click()
    at_rest(page)
    judge(page, care=care)
