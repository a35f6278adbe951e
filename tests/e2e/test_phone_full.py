"""A full phone, and what fails without a place of its own: said in plain words, and nothing is lost."""

from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.phoning import at_rest, enter, judge, log_out, note, opened, preferring, written
from tests.e2e.test_phone_farmer import FULL, OUTBOX, SENT, button, in_conflict, records
from tests.e2e.test_phone_report import report
from tests.factories.farming import Farm

pytestmark = pytest.mark.e2e

DONE_NOTHING = "手机存储满了，这一下没有办成，原来的都还在"


def full(page: Page, how: bool = True) -> None:
    page.evaluate("how => { window.full = how }", how)


def understood(page: Page) -> None:
    """The dialog holds the focus, and gives it back when it is read."""
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("button", name="知道了")).to_be_focused()
    page.keyboard.press("Tab")
    assert page.evaluate("() => !!document.activeElement.closest('dialog') || document.activeElement === document.body")
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)


def test_settings_hold_for_now_and_it_is_said_that_they_were_not_kept(context: BrowserContext) -> None:
    context.add_init_script(FULL)
    page = opened(context, "#/pages/me/index")
    full(page)
    button(page, "开").click()
    expect(page.get_by_role("dialog")).to_contain_text("这次先照您选的来，但是没有存住")
    expect(page.locator(".page.care").first).to_be_visible()
    understood(page)
    expect(button(page, "开")).to_be_focused()
    full(page, False)
    button(page, "开").click()
    written(page)
    page.reload()
    expect(page.locator(".page.care").first).to_be_visible()


def test_a_report_that_cannot_be_kept_is_said_once_stays_on_the_page_and_is_filed(context: BrowserContext) -> None:
    context.add_init_script(FULL)
    page = opened(context, "#/pages/report/index")
    full(page)
    keep = page.get_by_role("button", name="把没写完的存在这部手机里")
    keep.click()
    expect(page.get_by_text("字都还在这一页上")).to_be_visible()
    expect(keep).to_have_attribute("aria-pressed", "false")
    report(page)
    page.get_by_role("button", name="提交", exact=True).click()
    expect(page.get_by_role("heading", name="请记下这个回执")).to_be_visible(timeout=90_000)
    tick = page.get_by_role("button", name="也存在这部手机里")
    tick.click()
    expect(page.get_by_text("回执没有存进手机。请抄下来")).to_be_visible()
    expect(tick).to_have_attribute("aria-pressed", "false")
    full(page, False)
    tick.click()
    expect(tick).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="我已经记下").click()


def test_taking_over_on_a_full_phone_changes_nothing_and_goes_when_there_is_space(
    context: BrowserContext, grove: Farm
) -> None:
    page = enter(context, grove)
    context.set_offline(True)
    note(page)
    log_out(page)
    context.set_offline(False)
    page.close()
    context.add_init_script(FULL)
    page = enter(context, grove)
    page.get_by_role("button", name="上传情况").click()
    button(page, "由我来上传").click()
    full(page)
    button(page, "再点一次，就算在我名下上传").click()
    expect(page.get_by_role("dialog")).to_contain_text(DONE_NOTHING)
    understood(page)
    assert records(grove) == []
    assert [one["state"] for one in page.evaluate(OUTBOX)] == ["waiting"]
    full(page, False)
    button(page, "再点一次，就算在我名下上传").click()
    expect(page.get_by_text("已送达", exact=True)).to_be_visible(**SENT)  # type: ignore[arg-type]
    assert len(records(grove)) == 1


def test_a_correction_that_cannot_be_kept_leaves_both_versions_to_choose_from(
    context: BrowserContext, grove: Farm
) -> None:
    context.add_init_script(FULL)
    page = enter(context, grove)
    in_conflict(page, grove)
    mine = button(page, "用手机里的（作为更正上传）")
    expect(mine).to_be_visible()
    full(page)
    mine.click()
    expect(page.get_by_role("dialog")).to_contain_text(DONE_NOTHING)
    understood(page)
    expect(mine).to_be_visible()
    full(page, False)
    mine.click()
    expect(page.get_by_text("已送达", exact=True)).to_be_visible(**SENT)  # type: ignore[arg-type]
    assert sorted(one["version"] for one in records(grove)) == [1, 2]


def test_a_declaration_goes_on_being_written_on_a_full_phone(context: BrowserContext, grove: Farm) -> None:
    context.add_init_script(FULL)
    page = enter(context, grove)
    page.goto("/app/#/farmer/declare/index")
    full(page)
    page.get_by_role("button", name="开始申报").click()
    expect(page.get_by_text("字都还在这一页上")).to_be_visible()
    page.get_by_role("button", name="下一步").click()
    full(page, False)
    page.get_by_role("button", name="上一步").click()
    expect(page.get_by_role("heading", name="哪些地")).to_be_visible()


@pytest.mark.parametrize("care", [False, True], ids=["plain", "care"])
def test_the_dialog_can_be_read_touched_and_heard(context: BrowserContext, grove: Farm, care: bool) -> None:
    preferring(context, *(["开"] if care else []))
    context.add_init_script(FULL)
    page = opened(context, "#/pages/me/index")
    full(page)
    button(page, "大").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    at_rest(page)
    judge(page, care=care)


def test_what_nobody_saw_to_is_told_too(context: BrowserContext) -> None:
    page = opened(context, "#/pages/me/index")
    # not thrown in the page: Chromium would tell of it, and the phone counts that as a fault
    said: Any = page.evaluate(
        "() => window.dispatchEvent(new PromiseRejectionEvent('unhandledrejection',"
        " {promise: Promise.resolve(), reason: new Error('lost')}))"
    )
    assert said
    expect(page.get_by_role("dialog")).to_contain_text("写过的都还在")
    understood(page)
