"""The officers' pages at the desk: what is worth a look, the rulebook's versions, ending a recall. No JavaScript."""

import io
import re
from collections.abc import Callable
from typing import Any

import pytest

from backend.base import store
from backend.domains.inputs import service as inputs
from backend.domains.tracing import service as tracing
from tests.api.test_recalls import ordered, page, shown
from tests.factories.certificates import Orchard
from tests.factories.http import Api
from tests.factories.rulebooks import ban, sprayed, substances, table, walked

NEXT = "2027-01-01.1"
PAGE = {"Accept": "text/html"}


def seen(api: Api, who: str | None, path: str, *, status: int = 200) -> str:
    """The page as this person's browser shows it; personal pages are never stored."""
    sit(api, who)
    answer = api.get(path, headers=PAGE)
    assert answer.status_code == status, answer.text
    assert answer.headers["Cache-Control"] == "no-store" and "<script" not in answer.text
    return str(answer.text)


def sit(api: Api, who: str | None) -> None:
    """Put this person at the desk, and nobody else."""
    api.client.delete_cookie("desk", path="/desk")
    if who:
        api.client.set_cookie("desk", who, path="/desk")


def press(api: Api, who: str | None, path: str, **form: Any) -> Any:
    sit(api, who)
    return api.client.post(path, data=form, headers=PAGE, content_type="multipart/form-data")


def test_notes_of_the_gate_and_copied_codes_are_shown_with_their_numbers_and_ways_on(
    grove: Orchard, api: Api, login: Callable[..., str]
) -> None:
    store.collection("production_batches").update_one({"_id": grove.farm.batch_id}, {"$set": {"area_mu": "0.1"}})
    made = grove.issued(amount="5")
    for place in ("620602", "440103"):
        api.get(f"/t/{made['code']}", headers={"X-Coarse-Place": place})
    web = api.client.application.extensions["longtrace.web"]
    web.counter.flush()
    web.places.flush()
    tracing.refresh_scan_summaries()
    text = seen(api, grove.officer, "/desk/flags")
    assert "10000.0" in text and "7000.0" in text, "what was said, and what is plausible"
    for way in (f"/t/{made['code']}", f"/app/#/officer/producer/index?id={grove.farm.producer_id}"):
        assert way in text
    assert "13812345678" not in text and "线索不是结论" in text
    copied = seen(api, grove.officer, "/desk/flags?kind=clones")
    assert made["code"] in copied and "凉州区" in copied and "↔" in copied
    assert "Copied codes" in seen(api, grove.officer, "/desk/flags?lang=en")
    village = seen(api, login("village_officer", region="620602"), "/desk/flags?kind=clones")
    assert "10000.0" in village and "疑似冒用" not in village, "what they may not read is not offered"


def test_the_desk_shows_each_officer_their_own_rooms_and_strangers_the_way_in(
    grove: Orchard, api: Api, login: Callable[..., str]
) -> None:
    doors = {
        grove.officer: ["recalls", "flags"],
        login("operator", region="620000"): ["rulebooks"],
        login("province_officer", region="620000"): ["recalls", "flags", "rulebooks"],
    }
    for who, wanted in doors.items():
        assert re.findall(r'href="/desk/(\w+)"', seen(api, who, "/desk")) == wanted
    for stranger in (None, grove.token, "forged"):
        for path in ("/desk/flags", "/desk/rulebooks", f"/desk/rulebooks/{inputs.active_version()}"):
            assert "密码" in seen(api, stranger, path, status=401)
        assert press(api, stranger, "/desk/rulebooks", version=NEXT).status_code == 401
    assert "密码" in seen(api, grove.officer, "/desk/rulebooks", status=401)
    far = login("county_officer", region="620723")
    assert "没有线索" in seen(api, far, "/desk/flags?region=620602"), "another's region is not shown"


def upload(api: Api, who: str, **changes: Any) -> Any:
    form = {"version": NEXT, "title": "新版", "effective_from": "2027-01-01", "source": "公告"} | changes
    form.setdefault("substances", (io.BytesIO(substances(ban("吡虫啉"))), "substances.csv"))
    return press(api, who, "/desk/rulebooks", **form)


def test_a_version_goes_from_upload_to_its_day_by_two_persons_on_the_pages_alone(
    grove: Orchard, api: Api, login: Callable[..., str]
) -> None:
    first, second = login("operator", region="620000"), login("operator", region="620000")
    grove.farm.write(**grove.farm.spray("2026-08-01"))
    here = f"/desk/rulebooks/{NEXT}"
    assert upload(api, first).headers["Location"] == here
    assert 'http-equiv="refresh"' in seen(api, first, here), "the catalogue is still being copied"
    inputs.copy_products()
    text = seen(api, second, here)
    assert "吡虫啉 · 禁止使用 · 所有作物和动物 · 2026-01-01" in text and "还没有查看" in text
    own = press(api, first, here, do="approve", note="没问题")
    assert own.status_code == 403 and 'role="alert"' in own.text
    assert press(api, second, here, do="approve", note="逐条核对过").status_code == 303
    early = press(api, first, here, do="activate", on="2026-10-01")
    assert early.status_code == 422 and 'role="alert"' in early.text
    assert press(api, second, here, do="impact").status_code == 303
    assert 'http-equiv="refresh"' in seen(api, second, here) and "正在查看" in seen(api, second, here)
    walked(NEXT)
    done = seen(api, second, here)
    assert "可以" in done and "→" in done and "苹果" in done and "：禁用" in re.sub("<[^>]+>", "", done)
    assert press(api, first, here, do="activate", on="2026-12-01").status_code == 303
    assert "定于 2026年12月1日 生效" in seen(api, first, here)
    assert press(api, first, here, do="activate", on="2026-10-01").status_code == 303
    assert inputs.active_version() == NEXT
    assert "逐条核对过" in seen(api, second, f"{here}?lang=en")


def test_a_page_tells_of_a_load_that_stands_still_and_of_substances_nobody_knows(
    grove: Orchard, api: Api, login: Callable[..., str]
) -> None:
    first, here = login("operator", region="620000"), f"/desk/rulebooks/{NEXT}"
    upload(api, first, products=(io.BytesIO(table([sprayed(actives="吡虫啉|克百葳")])), "p.csv"))
    assert re.search(r"请核对是否写错.*克百葳", seen(api, first, here), re.S)
    store.collection("rulebook_versions").update_one({"_id": NEXT}, {"$set": {"state": "loading"}})
    assert "正在装入登记产品，已有 1 个" in seen(api, first, here)
    assert "upload the same tables" in seen(api, first, f"{here}?lang=en")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"version": "新版"}, "版本号"),
        ({"version": "../../x y"}, "版本号"),
        ({"effective_from": "soon"}, "日期"),
        ({"substances": (io.BytesIO(b"a,b\n1,2\n"), "x.csv")}, "substance_zh"),
        ({"substances": (io.BytesIO(b""), "")}, "禁限用规则表"),
        ({"products": (io.BytesIO(table([sprayed(phi_days="often")])), "p.csv")}, "often"),
    ],
)
def test_what_is_wrong_with_an_upload_is_told_and_what_was_typed_stays(
    grove: Orchard, api: Api, login: Callable[..., str], changes: dict[str, Any], words: str
) -> None:
    answer = upload(api, login("operator", region="620000"), **changes)
    assert answer.status_code in (400, 422) and words in answer.text
    assert 'role="alert"' in answer.text and 'value="新版"' in answer.text
    assert store.collection("rulebook_versions").count_documents({"_id": NEXT}) == 0


def test_a_recall_is_closed_or_taken_back_on_its_page_and_not_by_a_slip(
    grove: Orchard, api: Api, login: Callable[..., str]
) -> None:
    made = grove.issued()
    recall = ordered(grove)
    tracing.spread_recalls()
    here = f"/desk/recalls/{recall['id']}"
    taken_back = {"do": "withdraw", "reason": "wrong_target", "note": "看错批次号"}
    assert "撤销召回" not in seen(api, login("township_officer", region="620602"), here)
    slip = press(api, grove.officer, here, **taken_back)
    assert slip.status_code == 422 and "勾选确认" in slip.text
    assert press(api, login("township_officer", region="620602"), here, sure="1", **taken_back).status_code == 404
    assert press(api, grove.officer, here, do="close", note="全部退回").status_code == 303
    assert shown(grove, recall).json["state"] == "closed"
    assert press(api, grove.officer, here, sure="1", **taken_back).status_code == 303
    assert 'http-equiv="refresh"' in seen(api, grove.officer, here), "under way"
    tracing.spread_recalls()
    text = seen(api, grove.officer, here)
    assert "看错批次号" in text and "恢复的合格证" in text and "已解除" in text
    assert page(grove, made["code"])["state"] == "valid"
