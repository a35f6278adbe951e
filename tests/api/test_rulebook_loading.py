"""What is loaded is what was sent and what is signed: malformed tables, loads that break off, altered content."""

import io
import threading
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest

from backend import gateways
from backend.base import store
from backend.base.actor import system
from backend.base.errors import RuleBroken
from backend.domains.accounts import service as accounts
from backend.domains.inputs import rules
from backend.domains.inputs import service as inputs
from backend.domains.inputs.service import loading
from scripts import load_rulebook as command
from tests.factories.certificates import API, Orchard
from tests.factories.farming import RULEBOOK
from tests.factories.rulebooks import ban, sprayed, substances, table, walked

NEXT = "2027-01-01.1"
PASSWORD = "correct horse battery"


@pytest.fixture
def people(grove: Orchard, login: Callable[..., str]) -> tuple[str, str, str]:
    return login("operator", region="620000"), login("operator", region="620000"), login("operator", region="620000")


def upload(grove: Orchard, who: str, products: Any = None, *rows: Any, version: str = NEXT) -> Any:
    body: dict[str, Any] = {"version": version, "title": "新版", "effective_from": "2027-01-01", "source": "公告"}
    body["substances"] = (io.BytesIO(substances(*rows)), "substances.csv")
    if products is not None:
        body["products"] = (io.BytesIO(table(products)), "products.csv")
    path = f"{API}/rulebook/versions"
    return grove.api.send("POST", path, as_=who, data=body, content_type="multipart/form-data")


def step(grove: Orchard, who: str, name: str, **body: Any) -> Any:
    return grove.api.post(f"{API}/rulebook/versions/{NEXT}/{name}", body, as_=who)


def approve(grove: Orchard, who: str) -> Any:
    return step(grove, who, "review", verdict="approve", note="逐条核对过")


def approved(grove: Orchard, first: str, second: str) -> None:
    assert upload(grove, first, [sprayed()]).json["state"] == "draft"
    assert approve(grove, second).json["state"] == "approved"
    step(grove, second, "impact")
    walked(NEXT)


def stored(number: str = "示例-0001") -> Any:
    return store.collection("catalogue_products").find_one({"_id": f"{number}@{NEXT}"})


def kept() -> int:
    return store.collection("catalogue_products").count_documents({"version": NEXT})


def altered(days: int = 1) -> None:
    change = {"$set": {"labels.0.phi_days": days}}
    assert store.collection("catalogue_products").update_one({"_id": f"示例-0001@{NEXT}"}, change).modified_count == 1


@pytest.mark.parametrize("cell", ["克百威 | 吡虫啉", "\u3000克百威|\u200b吡虫啉\u3000", "\ufeff克百威\u00a0||吡虫啉"])
def test_a_banned_substance_is_found_among_others_whatever_stands_around_it(
    grove: Orchard, people: tuple[str, str, str], cell: str
) -> None:
    assert upload(grove, people[0], [sprayed(actives=cell)]).status_code == 201
    book = inputs.rulebook(["示例-0001"], version=NEXT)
    assert book.products["示例-0001"].actives == ("克百威", "吡虫啉")
    found = [rules.ban(name, "vegetable", date(2026, 8, 1), book) for name in book.products["示例-0001"].actives]
    assert found[0] is not None and found[1] is None


@pytest.mark.parametrize(
    "cell", ["克百威、吡虫啉", "克百威｜吡虫啉", "克百威;吡虫啉", "克百威,吡虫啉", "克百威 吡虫啉"]
)
def test_names_that_are_not_separated_are_refused_by_row_and_column(
    grove: Orchard, people: tuple[str, str, str], cell: str
) -> None:
    answer = upload(grove, people[0], [sprayed("甲-1"), sprayed(actives=cell)])
    assert (answer.status_code, answer.json["reason"]) == (422, "rulebook_names_unseparated")
    assert all(word in answer.json["message"] for word in ("3", "actives", cell, "|"))
    rule = upload(grove, people[0], None, ban(cell))
    assert rule.json["reason"] == "rulebook_names_unseparated" and "substance_zh" in rule.json["message"]
    assert kept() == 0 and store.collection("rulebook_versions").count_documents({"_id": NEXT}) == 0


def test_a_name_with_commas_of_its_own_is_kept_and_its_ban_found(grove: Orchard, people: tuple[str, str, str]) -> None:
    assert upload(grove, people[0], [sprayed(actives="2,4-滴丁酯 |吡虫啉")]).status_code == 201
    book = inputs.rulebook(["示例-0001"], version=NEXT)
    assert rules.ban(book.products["示例-0001"].actives[0], "fruit", date(2026, 8, 1), book) is not None


def test_rows_of_one_registration_that_differ_in_their_substances_are_refused(
    grove: Orchard, people: tuple[str, str, str]
) -> None:
    answer = upload(grove, people[0], [sprayed(), sprayed(crop="梨", actives="克百威")])
    assert (answer.status_code, answer.json["reason"]) == (422, "rulebook_rows_contradict")
    assert "actives" in answer.json["message"] and kept() == 0


@pytest.mark.parametrize("dose", ["15-20", "NaN", "Infinity", "-5", "0", "1e3", "约20", "20g"])
def test_a_dose_that_is_no_number_is_refused_before_any_decision_meets_it(
    grove: Orchard, people: tuple[str, str, str], dose: str
) -> None:
    answer = upload(grove, people[0], [sprayed(dose_max=dose)])
    assert (answer.status_code, answer.json["reason"]) == (422, "rulebook_row_malformed")
    assert "dose_max" in answer.json["message"] and dose in answer.json["message"]


def product(**more: Any) -> dict[str, Any]:
    return {"registration_no": "X-1", "name": "药", "kind": "pesticide", "actives": ["吡虫啉"]} | more


LABEL = {"crop": "苹果", "phi_days": 14}


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        (product(labels=[LABEL | {"dose_max": "15-20", "dose_unit": "g_per_mu"}]), "rulebook_row_malformed"),
        (product(labels=[LABEL | {"dose_max": 20, "dose_unit": "g_per_mu"}]), "rulebook_row_malformed"),
        (product(labels=[LABEL | {"phi_days": "14"}]), "rulebook_row_malformed"),
        (product(labels=[LABEL | {"phi_days": 7.5}]), "rulebook_row_malformed"),
        (product(labels=[LABEL | {"phi_days": True}]), "rulebook_row_malformed"),
        (product(labels=[LABEL | {"phi_days": 401}]), "rulebook_row_malformed"),
        (product(labels=[LABEL | {"days": 1}]), "rulebook_row_malformed"),
        (product(withdrawals=[{"animal": "鸡", "produce": "egg", "days": -1}]), "rulebook_row_malformed"),
        (product(withdrawals=[{"animal": "鸡", "produce": "hide", "days": 1}]), "rulebook_row_malformed"),
        (product(actives="吡虫啉|克百威"), "rulebook_row_malformed"),
        (product(actives=["吡虫啉/克百威"]), "rulebook_names_unseparated"),
        (product(active=["吡虫啉"]), "rulebook_row_malformed"),
        (product(restricted="no"), "rulebook_row_malformed"),
        (product(source="长" * 301), "rulebook_row_malformed"),
        ("X-1", "rulebook_row_malformed"),
    ],
)
def test_a_product_of_a_file_is_checked_whole_before_anything_is_kept(grove: Orchard, wrong: Any, reason: str) -> None:
    said = {"version": NEXT, "title": "新版", "effective_from": "2027-01-01", "source": "公告"}
    given = inputs.substance_rows(substances())
    with pytest.raises(RuleBroken, match=reason):
        inputs.load_rulebook(system("first"), manifest=said, substances=given, products=[product(name="好"), wrong])
    assert kept() == 0
    twice = [product(), product(actives=["克百威"])]
    with pytest.raises(RuleBroken, match="rulebook_rows_contradict"):
        inputs.load_rulebook(system("first"), manifest=said, substances=given, products=twice)


@pytest.mark.parametrize(("word", "value"), [("version", "新 版"), ("title", "长" * 121), ("effective_from", "soon")])
def test_words_on_a_version_are_checked_too(grove: Orchard, word: str, value: str) -> None:
    said = {"version": NEXT, "title": "新版", "effective_from": "2027-01-01", "source": "公告"} | {word: value}
    with pytest.raises(RuleBroken, match="rulebook_manifest_malformed") as raised:
        inputs.load_rulebook(system("first"), manifest=said, substances=[ban("甲")], products=[])
    assert raised.value.params["column"] == word


def test_a_load_that_was_refused_leaves_nothing_behind(grove: Orchard, people: tuple[str, str, str]) -> None:
    refused = upload(grove, people[0], [sprayed(phi_days=1)], ban("甲", note="长" * 301))
    assert (refused.status_code, refused.json["reason"]) == (422, "rulebook_row_malformed")
    assert "note" in refused.json["message"] and kept() == 0
    assert upload(grove, people[0], [sprayed(phi_days=14)], ban("甲")).json["state"] == "draft"
    assert stored()["labels"][0]["phi_days"] == 14


@pytest.mark.parametrize("whole", [True, False])
def test_products_that_an_earlier_release_left_behind_are_not_taken_for_new_ones(
    grove: Orchard, people: tuple[str, str, str], whole: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loading, "CHUNK", 2)
    left = store.collection("catalogue_products").find_one({"_id": f"示例-0001@{inputs.active_version()}"})
    assert left
    for number in ("示例-0001", "旧-1", "旧-2", "旧-3"):
        row = {**left, "_id": f"{number}@{NEXT}", "version": NEXT, "registration_no": number}
        store.collection("catalogue_products").insert_one(row | {"labels": [{"crop": "苹果", "phi_days": 1}]})
    upload(grove, people[0], [sprayed(phi_days=14)] if whole else None)
    inputs.copy_products()
    assert stored()["labels"][0]["phi_days"] == 14 and stored("旧-1") is None and stored("旧-3") is None
    assert approve(grove, people[1]).json["state"] == "approved"


def test_a_load_that_died_is_completed_by_the_same_file_alone(
    grove: Orchard, people: tuple[str, str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second, third = people
    catalogue, keep, turns = [sprayed(f"甲-{number}") for number in range(5)], loading._keep_products, []

    def dying(word: str, chunk: Any) -> bool:
        turns.append(word)
        if len(turns) == 2:
            raise KeyboardInterrupt
        return keep(word, chunk)

    with monkeypatch.context() as patched:
        patched.setattr(loading, "CHUNK", 2)
        patched.setattr(loading, "_keep_products", dying)
        with pytest.raises(KeyboardInterrupt):
            upload(grove, first, catalogue)
    assert kept() == 2 and inputs.version(NEXT).state == "loading"
    assert inputs.copy_products() == 0, "it is not the worker's"
    assert approve(grove, second).json["reason"] == "rulebook_not_reviewable"
    other = upload(grove, first, [sprayed("甲-1", phi_days=1)])
    assert (other.status_code, other.json["reason"], kept()) == (409, "rulebook_version_taken", 2)
    again = upload(grove, second, catalogue)
    assert (again.json["state"], again.json["products"], kept()) == ("draft", 5, 5)
    assert [approve(grove, who).json["reason"] for who in (first, second)] == ["rulebook_own_review"] * 2
    assert approve(grove, third).json["state"] == "approved"


def test_of_two_files_sent_under_one_word_at_once_one_is_kept_whole(
    grove: Orchard, people: tuple[str, str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loading, "CHUNK", 1)
    said = {"version": NEXT, "title": "新版", "effective_from": "2027-01-01", "source": "公告"}
    together, outcomes = threading.Barrier(3), []

    def send(days: int) -> None:
        products = [product(registration_no=f"P-{n}", labels=[LABEL | {"phi_days": days}]) for n in range(6)]
        together.wait()
        try:
            inputs.load_rulebook(system(f"of {days}"), manifest=said, substances=[ban("甲")], products=products)
            outcomes.append(days)
        except loading.Conflict:
            outcomes.append(0)

    threads = [threading.Thread(target=send, args=(days,)) for days in (1, 14, 14)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    won = max(outcomes)
    assert sorted(outcomes) in ([0, 0, 1], [0, 14, 14])
    rows = store.collection("catalogue_products").find({"version": NEXT})
    assert [row["labels"][0]["phi_days"] for row in rows] == [won] * 6
    assert approve(grove, people[0]).json["state"] == "approved"


def test_what_was_altered_in_the_store_is_not_approved(grove: Orchard, people: tuple[str, str, str]) -> None:
    first, second, _ = people
    upload(grove, first, [sprayed()])
    altered()
    answer = approve(grove, second)
    assert (answer.status_code, answer.json["reason"]) == (422, "rulebook_content_differs")
    assert inputs.version(NEXT).state == "draft"
    altered(14)
    assert approve(grove, second).json["state"] == "approved"


@pytest.mark.parametrize("change", [{"$set": {"substances.0.crop_classes": ["tea"]}}, {"$unset": {"content": 1}}])
def test_rules_on_substances_that_were_altered_or_cannot_be_checked_are_not_approved(
    grove: Orchard, people: tuple[str, str, str], change: dict[str, Any]
) -> None:
    upload(grove, people[0])
    inputs.copy_products()
    store.collection("rulebook_versions").update_one({"_id": NEXT}, change)
    assert approve(grove, people[1]).json["reason"] == "rulebook_content_differs"


def test_a_product_put_in_or_taken_out_after_loading_is_noticed(grove: Orchard, people: tuple[str, str, str]) -> None:
    upload(grove, people[0])
    inputs.copy_products()
    taken = stored("示例-0020")
    store.collection("catalogue_products").delete_one({"_id": taken["_id"]})
    assert approve(grove, people[1]).json["reason"] == "rulebook_content_differs"
    store.collection("catalogue_products").insert_one(taken)
    store.collection("catalogue_products").insert_one(taken | {"_id": f"新@{NEXT}", "registration_no": "新"})
    assert approve(grove, people[1]).json["reason"] == "rulebook_content_differs"


def test_what_was_altered_after_its_approval_does_not_come_into_force(
    grove: Orchard, people: tuple[str, str, str], travel: Callable[[datetime], None]
) -> None:
    first, second, _ = people
    before = inputs.active_version()
    approved(grove, first, second)
    altered()
    answer = step(grove, first, "activation", on="2026-10-01")
    assert (answer.status_code, answer.json["reason"]) == (422, "rulebook_content_differs")
    altered(14)
    assert step(grove, first, "activation", on="2026-10-05").json["state"] == "scheduled"
    altered()
    travel(datetime(2026, 10, 6, 2, tzinfo=UTC))
    assert inputs.activate_due() == 0
    assert inputs.version(NEXT).state == "approved" and inputs.active_version() == before


def test_nothing_is_changed_by_loading_after_the_approval(grove: Orchard, people: tuple[str, str, str]) -> None:
    first, second, _ = people
    approved(grove, first, second)
    assert upload(grove, first, [sprayed(phi_days=1)]).status_code == 409
    assert upload(grove, first).status_code == 409, "nor by taking over the products in force"
    assert upload(grove, first, [sprayed()]).json["state"] == "approved"
    assert inputs.copy_products() == 0 and stored()["labels"][0]["phi_days"] == 14 and kept() == 1
    assert step(grove, first, "activation", on="2026-10-01").json["state"] == "active"


def test_substances_that_nobody_knows_yet_are_shown_to_the_reviewer(
    grove: Orchard, people: tuple[str, str, str], login: Callable[..., str]
) -> None:
    upload(grove, people[0], [sprayed(actives="吡虫啉|克百葳"), sprayed("甲-1", actives="甲胺磷")])
    shown = grove.api.get(f"{API}/rulebook/versions/{NEXT}/diff", as_=people[1]).json
    assert shown["substances_unknown"] == ["克百葳"] and shown["counts"]["substances_unknown"] == 1


def account(grove: Orchard, role: str, name: str) -> tuple[str, str]:
    """Its id and a token."""
    roles = [{"role": role, "region": "620000" if role == "operator" else "620602"}]
    made = accounts.new_staff(system("test"), login=name, password=PASSWORD, name=name, roles=roles)
    return made["id"], accounts.log_in_staff(login=name, password=PASSWORD).access_token


def test_who_loads_from_the_shell_says_who_they_are_and_does_not_approve(
    grove: Orchard, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Any
) -> None:
    monkeypatch.setattr(command, "create_app", lambda _settings: None)
    monkeypatch.setattr(command.config, "load", lambda: gateways.current().settings)
    me, token = account(grove, "operator", "shell-operator")
    account(grove, "county_officer", "shell-officer")
    for name in ("substances.csv", "products.json", "manifest.json"):
        text = (RULEBOOK / name).read_text("utf-8").replace(inputs.active_version(), NEXT)
        (tmp_path / name).write_text(text, "utf-8")

    def run(*arguments: str, password: str = PASSWORD) -> int:
        monkeypatch.setattr("sys.stdin", io.StringIO(f"{password}\n"))
        return command.main([str(tmp_path), *arguments])

    with pytest.raises(SystemExit):
        run()
    assert "--by" in capsys.readouterr().err
    assert run("--by", "shell-operator", password="wrong") == 1 and run("--by", "nobody") == 1
    assert run("--by", "shell-officer") == 1
    assert store.collection("rulebook_versions").count_documents({"_id": NEXT}) == 0
    assert run("--by", "shell-operator") == 0 and f"draft: {NEXT}" in capsys.readouterr().out
    row = store.collection("rulebook_versions").find_one({"_id": NEXT})
    assert row and row["loaded_by"] == me
    assert approve(grove, token).json["reason"] == "rulebook_own_review"
