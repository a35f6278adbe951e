"""The officers' pages in a browser: on a phone and on a desk nothing overflows, nothing is faint, axe is content."""

import io
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, Page

from backend.base import store
from backend.base.actor import system
from backend.domains.accounts import service as accounts
from backend.domains.certificates import service as certificates
from backend.domains.inputs import service as inputs
from backend.domains.tracing import service as tracing
from scripts import phone
from tests.e2e.phoning import AXE
from tests.e2e.test_pages import FAINT, OVERFLOW
from tests.factories.certificates import API, orchard
from tests.factories.http import Api
from tests.factories.rulebooks import ban, substances, walked

pytestmark = pytest.mark.e2e
PASSWORD = "correct horse battery"
NEXT = "2027-01-01.1"


@pytest.fixture
def recall_id(api: Api, login: Callable[..., str], travel: Callable[[datetime], None]) -> str:
    """Something of everything to look at: a flag of either kind, a version under review, a recall."""
    travel(datetime(2026, 10, 1, 2, tzinfo=UTC))
    grove = orchard(api, login)
    grove.farm.write(**grove.farm.spray("2026-08-01"))
    store.collection("production_batches").update_one({"_id": grove.farm.batch_id}, {"$set": {"area_mu": "0.1"}})
    code, moment = grove.issued(amount="5")["code"], datetime(2026, 10, 1, 2, tzinfo=UTC)
    tracing.count_scans({code: 2}, moment)
    tracing.count_places({f"{code}@620602": 1, f"{code}@440103": 1}, moment)
    tracing.refresh_scan_summaries()
    form = {"version": NEXT, "title": "禁限用规则新版", "effective_from": "2027-01-01", "source": "测试公告"}
    tables = {"substances": (io.BytesIO(substances(ban("吡虫啉"))), "substances.csv")}
    who = login("operator", region="620000")
    path = f"{API}/rulebook/versions"
    assert api.send("POST", path, as_=who, data=form | tables, content_type="multipart/form-data").status_code == 201
    inputs.copy_products()
    certificates.start_impact(system("test"), NEXT)
    walked(NEXT)
    order = {"client_id": "recall-000001", "target": "lot", "target_id": grove.lot_id, "reason": "test_failed"}
    made = api.post(f"{API}/recalls", order, as_=grove.officer).json
    tracing.spread_recalls()
    travel(datetime.now(UTC))
    roles = [
        {"role": role, "region": region} for role, region in (("county_officer", "620602"), ("operator", "620000"))
    ]
    accounts.new_staff(system("test"), login="desk", password=PASSWORD, name="监管员", roles=roles)
    return str(made["id"])


def judge(page: Page) -> None:
    assert page.evaluate(OVERFLOW) <= 0
    assert page.evaluate(FAINT) == []
    page.evaluate((phone.MODULES / "axe-core" / "axe.min.js").read_text("utf-8"))
    assert page.evaluate(AXE) == []


@pytest.mark.parametrize("width", [360, 1280])
def test_flags_versions_and_a_recall_are_in_order_and_a_recall_is_taken_back(
    browser: Browser, site: str, recall_id: str, width: int
) -> None:
    context = browser.new_context(
        base_url=site,
        viewport={"width": width, "height": 800},
        locale="zh-CN",
        java_script_enabled=True,
        bypass_csp=True,
    )
    page = context.new_page()
    page.goto("/desk")
    page.fill("#login", "desk")
    page.fill("#password", PASSWORD)
    page.click("button")
    for path in ("/desk/flags", "/desk/flags?kind=clones&lang=en", "/desk/rulebooks", f"/desk/rulebooks/{NEXT}"):
        page.goto(path)
        judge(page)
    page.goto(f"/desk/recalls/{recall_id}")
    page.click("summary")
    judge(page)
    page.fill("#word", "批次号看错一位")
    page.check("input[name=sure]")
    page.get_by_role("button", name="撤销召回").click()
    assert "已撤销，正在恢复" in page.inner_text("main")
    tracing.spread_recalls()
    page.reload()
    assert page.locator(".chip.system").all_inner_texts() == ["已解除"]
    context.close()
