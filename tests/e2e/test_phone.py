"""The phone client's browser build against the running server: real taps, lost signal, a killed app, a wrong clock."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.e2e.phoning import (
    against_aphids,
    begin,
    change_kept,
    enter,
    kill,
    log_out,
    note,
    opened,
    ready_to_lose_signal,
    really_used,
)
from tests.factories.farming import Farm
from tests.factories.traces import CODE, FACTS, stored

pytestmark = pytest.mark.e2e


def records(grove: Farm) -> list[dict[str, Any]]:
    path = f"/api/v1/farming/batches/{grove.batch_id}/records"
    return list(grove.api.get(path, as_=grove.token).json["items"])


def test_a_typed_code_tells_its_verdict_first_and_stays_readable_without_signal(context: BrowserContext) -> None:
    stored(FACTS)
    page = opened(context)
    page.get_by_label("输入标签上的 12 位追溯码").fill(f"{CODE[:4]}-{CODE[4:8]} {CODE[8:]}".lower())
    page.get_by_role("button", name="查询").click()
    expect(page.get_by_role("heading", name="合格证有效")).to_be_visible()
    box = page.get_by_role("heading", name="合格证有效").bounding_box()
    assert box is not None
    assert box["y"] + box["height"] < 300
    expect(page.get_by_text("承诺达标合格证").first).to_be_visible()
    ready_to_lose_signal(page)
    context.set_offline(True)
    kill(page)
    again = opened(context, f"#/pages/trace/index?code={CODE}")
    expect(again.get_by_role("heading", name="合格证有效")).to_be_visible()
    expect(again.get_by_text("这是手机里")).to_be_visible()
    expect(again.get_by_text("现在没有信号")).to_be_visible()


def test_a_code_of_another_system_and_an_unknown_one_get_kind_answers(context: BrowserContext) -> None:
    page = opened(context)
    field = page.get_by_label("输入标签上的 12 位追溯码")
    field.fill("https://weixin.qq.com/r/abcdef")
    page.get_by_role("button", name="查询").click()
    expect(page.get_by_text("这不是陇溯的追溯码")).to_be_visible()
    field.fill("000000000000")
    page.get_by_role("button", name="查询").click()
    expect(page.get_by_role("heading", name="没有这个追溯码")).to_be_visible()


def test_what_is_written_without_signal_survives_a_killed_app_and_arrives_once(
    context: BrowserContext, grove: Farm
) -> None:
    page = enter(context, grove)
    ready_to_lose_signal(page)
    context.set_offline(True)
    note(page)
    note(page, "灌溉")
    expect(page.get_by_text("2 条在手机里等信号")).to_be_visible()
    kill(page)
    again = opened(context, "#/farmer/outbox/index")
    expect(again.get_by_text("未上传")).to_have_count(2)
    assert records(grove) == []
    context.set_offline(False)
    expect(again.get_by_text("已送达")).to_have_count(2, timeout=20_000)
    assert sorted(one["kind"] for one in records(grove)) == ["irrigation", "weeding"]


def test_an_app_killed_in_the_middle_of_sending_sends_again_and_the_server_keeps_one(
    context: BrowserContext, grove: Farm
) -> None:
    page = enter(context, grove)
    held: list[Any] = []
    page.route("**/records:sync", lambda route: (route.fetch(), held.append(route)))
    note(page)
    page.wait_for_timeout(1000)
    assert len(held) == 1
    assert len(records(grove)) == 1
    page.close()
    again = opened(context, "#/farmer/outbox/index")
    expect(again.get_by_text("已送达")).to_have_count(1, timeout=20_000)
    assert len(records(grove)) == 1


def test_a_batch_begun_without_signal_takes_its_records_along(context: BrowserContext, grove: Farm) -> None:
    page = enter(context, grove)
    context.set_offline(True)
    page.get_by_role("button", name="新开一批").click()
    page.get_by_role("button", name="红富士苹果").last.click()
    page.get_by_role("button", name="东塬果园").click()
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("heading", name="红富士苹果")).to_have_count(2)
    note(page)
    context.set_offline(False)
    expect(page.get_by_text("都已送达")).to_be_visible(timeout=20_000)
    listed = grove.api.get(f"/api/v1/farming/batches?producer_id={grove.producer_id}", as_=grove.token).json["items"]
    assert len(listed) == 2


def test_a_banned_input_is_stopped_on_the_phone(context: BrowserContext, grove: Farm) -> None:
    page = enter(context, grove)
    context.set_offline(True)
    begin(page, "用药")
    page.get_by_label("名称、登记证号或拼音").fill("3%克百威颗粒剂")
    page.get_by_role("button", name="没有登记证号").click()
    expect(page.get_by_text("不许用在这里")).to_be_visible()
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text("请填写“治什么”")).to_be_visible()
    assert records(grove) == []


BAN = """{substance: '土药', measure: 'banned', crop_classes: ['*'], effective_from: '2020-01-01',
  announcement: '公告第一号'}"""


def test_a_deed_that_is_repeated_brings_no_forbidden_input_along(context: BrowserContext, grove: Farm) -> None:
    page = enter(context, grove)
    context.set_offline(True)
    begin(page, "用药")
    page.get_by_label("名称、登记证号或拼音").fill("自配土药")
    page.get_by_role("button", name="没有登记证号").click()
    page.get_by_label("生产企业").fill("自配")
    against_aphids(page)
    really_used(page)
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("heading", name="我的地")).to_be_visible()
    change_kept(page, "rulebook", f"rules => [...rules, {BAN}]")
    page.reload()
    page.get_by_role("button", name="记一笔").first.click()
    page.get_by_role("button", name="和上次一样：用药").click()
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text("不许用在这里")).to_be_visible()


def test_a_use_still_on_the_phone_already_moves_the_lawful_harvest(context: BrowserContext, grove: Farm) -> None:
    page = enter(context, grove)
    begin(page, "用药")
    page.get_by_label("名称、登记证号或拼音").fill("示例-0001")
    page.get_by_role("button", name="示例-0001").first.click()
    expect(page.get_by_text("用后要等 14 天才能采收")).to_be_visible()
    against_aphids(page)
    context.set_offline(True)
    page.get_by_role("button", name="保存").click()
    lawful = (datetime.now(UTC) + timedelta(hours=8, days=14)).date().isoformat()
    expect(page.get_by_text(f"{lawful} 起可以采收")).to_be_visible()
    context.set_offline(False)
    expect(page.get_by_text("都已送达")).to_be_visible(timeout=20_000)
    expect(page.get_by_text(f"{lawful} 起可以采收")).to_be_visible()
    assert records(grove)[0]["inputs"][0]["registration_no"] == "示例-0001"


def test_a_rejected_record_opens_for_correction_with_its_reason(context: BrowserContext, grove: Farm) -> None:
    page = enter(context, grove)
    begin(page, "除草")
    page.get_by_label("哪一天").fill("2026-01-01")  # before the batch began: only the server knows
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text("1 条需要修改")).to_be_visible(timeout=20_000)
    page.get_by_role("button", name="上传情况").click()
    page.get_by_role("button", name="修改", exact=True).click()
    page.get_by_label("哪一天").last.fill("2026-06-02")
    page.get_by_role("button", name="保存").last.click()
    expect(page.get_by_text("已送达", exact=True)).to_be_visible(timeout=20_000)
    assert [one["happened_on"] for one in records(grove)] == ["2026-06-02"]


def test_a_spent_login_is_renewed_in_the_middle_and_logging_out_loses_nothing(
    context: BrowserContext, grove: Farm
) -> None:
    page = enter(context, grove)
    change_kept(page, "session", "known => ({...known, accessToken: 'spoilt'})")
    page.close()
    page = opened(context, "#/farmer/farm/index")
    expect(page.get_by_role("heading", name="红富士苹果")).to_be_visible()
    note(page)
    expect(page.get_by_text("都已送达")).to_be_visible(timeout=20_000)
    assert len(records(grove)) == 1
    context.set_offline(True)
    note(page, "灌溉")
    log_out(page)
    page.goto("/app/#/farmer/outbox/index")
    expect(page.get_by_text("未上传")).to_have_count(1)


def test_a_wrong_clock_is_noticed_and_told(context: BrowserContext, grove: Farm) -> None:
    page = context.new_page()
    page.clock.install(time=datetime.now(UTC) + timedelta(days=3))
    page.close()
    context.clock.install(time=datetime.now(UTC) + timedelta(days=3))
    page = enter(context, grove)
    expect(page.get_by_text("手机的时间差了约 43")).to_be_visible()
