"""The catalogue and the rulebook over HTTP, and loading a newer one."""

import csv
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from backend.base.actor import ANONYMOUS, system
from backend.base.errors import Conflict, Forbidden, RuleBroken, Unavailable
from backend.domains.inputs import service as inputs
from backend.domains.inputs.service import rulebooks
from scripts import load_rulebook
from tests.factories.farming import RULEBOOK, load_rules
from tests.factories.http import Api
from tests.factories.rulebooks import adopt

IN_FORCE = json.loads((RULEBOOK / "manifest.json").read_text("utf-8"))["version"]


@pytest.fixture
def rules(app: object) -> None:
    load_rules()


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(RULEBOOK, tmp_path / "rulebook"))


def change(directory: Path, **manifest: str) -> None:
    path = directory / "manifest.json"
    path.write_text(json.dumps({**json.loads(path.read_text("utf-8")), **manifest}), "utf-8")


@pytest.mark.parametrize(
    ("q", "first"), [("吡虫啉", "示例-0001"), ("bichong", "示例-0001"), ("0005", "示例-0005"), ("可湿性", "示例-0001")]
)
def test_a_farmer_finds_an_input_by_part_of_its_name(
    api: Api, rules: None, login: Callable[..., str], q: str, first: str
) -> None:
    found = api.get(f"/api/v1/inputs?q={q}", as_=login()).json["items"]
    assert found[0]["registration_no"] == first
    assert all(item["example"] for item in found)


def test_what_is_registered_for_the_crop_comes_first(api: Api, rules: None, login: Callable[..., str]) -> None:
    found = api.get("/api/v1/inputs?q=示例&crop=potato&kind=pesticide", as_=login()).json["items"]
    assert "马铃薯" in [label["crop"] for label in found[0]["labels"]]


def test_a_search_for_nothing_finds_nothing(api: Api, rules: None, login: Callable[..., str]) -> None:
    assert api.get("/api/v1/inputs?q=%E3%80%82", as_=login()).json["items"] == []
    assert api.get("/api/v1/inputs/unknown", as_=login()).status_code == 404


def test_one_input_shows_its_intervals_and_that_it_is_an_example(
    api: Api, rules: None, login: Callable[..., str]
) -> None:
    shown = api.get("/api/v1/inputs/示例-0001", as_=login()).json
    assert {label["crop"]: label["phi_days"] for label in shown["labels"]} == {"苹果": 14, "甘蓝": 7}
    assert shown["example"] is True
    assert shown["confidence"].startswith("example")


def test_the_rulebook_is_public_with_source_and_confidence_of_every_row(api: Api, rules: None) -> None:
    book = api.get("/api/v1/rulebook").json
    assert book["version"] == IN_FORCE
    assert len(book["substances"]) == 127
    assert all(row["confidence"] for row in book["substances"])
    assert api.get("/api/v1/rulebook?version=nope").status_code == 404


def test_without_a_rulebook_nothing_is_judged(app: object) -> None:
    rulebooks.forget()
    with pytest.raises(Unavailable, match="rulebook_missing"):
        inputs.rulebook([])


def test_a_newer_version_is_loaded_with_what_it_changes_and_the_old_one_can_still_be_asked_for(
    rules: None, copy: Path
) -> None:
    change(copy, version="2027-01-01.1")
    with (copy / "substances.csv").open("a", encoding="utf-8") as file:
        file.write("新禁药,newbad,,banned,*,2027-01-01,公告第999号,source,,\n")
    loaded = load_rulebook.load(copy, system("first"))
    assert loaded.previous == IN_FORCE
    assert loaded.added == ("新禁药 banned * 2027-01-01",) and loaded.state == "draft"
    assert inputs.active_version() == IN_FORCE, "a second person looks at it first"
    adopt("2027-01-01.1")
    assert inputs.active_version() == "2027-01-01.1"
    assert len(inputs.rulebook(["示例-0001"], version=IN_FORCE).substances) == 127
    assert inputs.rulebook(["示例-0001"]).products["示例-0001"].labels[0].phi_days == 14


def test_loading_the_same_again_changes_nothing_and_other_content_under_the_same_word_is_refused(
    rules: None, copy: Path
) -> None:
    assert load_rulebook.load(copy, system("first")).added == ()
    change(copy, title="另一个")
    with pytest.raises(Conflict, match="rulebook_version_taken"):
        load_rulebook.load(copy, system("first"))


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("甲,,,nonsense,*,2026-01-01,,source,,", "measure"),
        ("甲,,,banned,mars,2026-01-01,,source,,", "crop_classes"),
        ("甲,,,banned,*,soon,,source,,", "effective_from"),
        ("甲,,,banned,*,2026-01-01,,source,magic,", "exempt_methods"),
        (",,,banned,*,2026-01-01,,source,,", "substance_zh"),
    ],
)
def test_a_malformed_row_is_named_and_nothing_is_loaded(rules: None, copy: Path, row: str, column: str) -> None:
    change(copy, version="2027-01-01.1")
    with (copy / "substances.csv").open("a", encoding="utf-8") as file:
        file.write(row + "\n")
    with pytest.raises(RuleBroken) as raised:
        load_rulebook.load(copy, system("first"))
    assert raised.value.params["column"] == column
    assert raised.value.params["row"] == 129
    assert inputs.active_version() == IN_FORCE


@pytest.mark.parametrize(
    "product",
    [
        {},
        {"registration_no": "X", "name": "x", "kind": "?"},
        {"registration_no": "X", "name": "x", "kind": "feed", "labels": [{"crop": "苹果", "phi_days": -1}]},
    ],
)
def test_a_malformed_product_is_refused(rules: None, copy: Path, product: dict[str, object]) -> None:
    change(copy, version="2027-01-01.1")
    (copy / "products.json").write_text(json.dumps([product]), "utf-8")
    with pytest.raises(RuleBroken, match="rulebook_row_malformed"):
        load_rulebook.load(copy, system("first"))


def test_only_who_may_load_rules_loads_them(app: object) -> None:
    with pytest.raises(Forbidden):
        inputs.load_rulebook(ANONYMOUS, manifest={"version": "x"}, substances=[], products=[])


def test_the_table_has_the_columns_the_loader_reads() -> None:
    with (RULEBOOK / "substances.csv").open(encoding="utf-8", newline="") as file:
        header = next(csv.reader(file))
    assert header[:4] == ["substance_zh", "name_en", "cas", "measure"]
    assert "exempt_methods" in header


def test_the_code_on_a_pesticides_label_finds_its_registration(
    api: Api, rules: None, login: Callable[..., str], copy: Path
) -> None:
    """农业部公告第2579号: category, last six digits of the number, then what is not the register's."""
    products = json.loads((copy / "products.json").read_text("utf-8"))
    listed = products if isinstance(products, list) else products["products"]
    listed.append({**listed[0], "registration_no": "PD20990123"})
    (copy / "products.json").write_text(json.dumps(products), "utf-8")
    change(copy, version="2099.1")
    load_rulebook.load(copy, system("first"))
    adopt("2099.1")
    code = "1990123" + "1001" + "7" * 21
    found = api.get(f"/api/v1/inputs?q={code}", as_=login()).json["items"]
    assert [one["registration_no"] for one in found] == ["PD20990123"]
    assert api.get(f"/api/v1/inputs?q=2{code[1:]}", as_=login()).json["items"] == []
