"""The desk of articles over HTTP, and what readers find of it."""

from collections.abc import Callable
from typing import Any

import pytest

from backend.base import store
from tests.factories.articles import content
from tests.factories.counting import counted
from tests.factories.http import Api

API = "/api/v1"
Desk = tuple[Api, str, str]


@pytest.fixture
def desk(api: Api, login: Callable[..., str]) -> Desk:
    return api, login("editor", region="620000"), login("editor", region="620000")


def write(desk: Desk, client_id: str = "article-0001", **changes: Any) -> dict[str, Any]:
    answer = desk[0].post(f"{API}/articles", {"client_id": client_id, **content(**changes)}, as_=desk[1])
    assert answer.status_code == 201, answer.text
    return dict(answer.json)


def submit(desk: Desk, article_id: str, **body: Any) -> Any:
    return desk[0].post(f"{API}/articles/{article_id}/submission", body, as_=desk[1])


def review(desk: Desk, article_id: str, *, by: int = 2, **body: Any) -> Any:
    return desk[0].post(f"{API}/articles/{article_id}/review", {"verdict": "publish", **body}, as_=desk[by])


def publish(desk: Desk, client_id: str = "article-0001", **changes: Any) -> dict[str, Any]:
    made = write(desk, client_id, **changes)
    assert submit(desk, made["id"]).status_code == 200
    answer = review(desk, made["id"])
    assert answer.status_code == 200, answer.text
    return dict(answer.json)


def titles(desk: Desk, **query: str) -> list[str]:
    answer = desk[0].get(f"{API}/reading", query_string=query)
    assert answer.status_code == 200, answer.text
    return [one["title"] for one in answer.json["items"]]


def test_written_reviewed_by_another_published_and_read(desk: Desk) -> None:
    made = write(desk)
    assert made["state"] == "draft" and desk[0].get(f"{API}/reading/{made['slug']}").status_code == 404
    assert submit(desk, made["id"]).json["state"] == "submitted"
    own = review(desk, made["id"], by=1)
    assert (own.status_code, own.json["reason"]) == (422, "review_by_another")
    assert review(desk, made["id"]).json["state"] == "published"
    read = desk[0].get(f"{API}/reading/{made['slug'].lower()}").json
    assert read["title"] == "苹果怎么洗最干净" and "<h2>先冲再泡</h2>" in read["html"]
    assert read["sources"] == content()["sources"] and read["corrections"] == []


def test_a_retry_of_a_draft_makes_no_second(desk: Desk) -> None:
    assert write(desk)["id"] == write(desk)["id"]
    assert store.collection("articles").count_documents({}) == 1


def test_returned_with_a_reason_and_tried_again(desk: Desk) -> None:
    made = write(desk)
    submit(desk, made["id"])
    bare = review(desk, made["id"], verdict="return")
    assert bare.json["reason"] == "review_reason_missing"
    back = review(desk, made["id"], verdict="return", reason="出处要写标准号").json
    assert (back["state"], back["note"]) == ("draft", "出处要写标准号")
    twice = review(desk, made["id"])
    assert twice.json["reason"] == "article_state_wrong" and "草稿" in twice.json["message"]


def test_readers_keep_what_was_published_until_a_correction_is(desk: Desk) -> None:
    made = publish(desk)
    path = f"{API}/articles/{made['id']}"
    changed = desk[0].patch(
        path, {"title": "苹果连皮怎么洗"}, as_=desk[1], headers={"If-Match": f'"v{made["version"]}"'}
    )
    assert changed.status_code == 200, changed.text
    assert titles(desk) == ["苹果怎么洗最干净"]
    assert submit(desk, made["id"]).json["reason"] == "correction_missing"
    submit(desk, made["id"], correction="标题说清是连皮吃")
    assert review(desk, made["id"]).json["published_version"] == 2
    read = desk[0].get(f"{API}/reading/{made['slug']}").json
    assert read["title"] == "苹果连皮怎么洗"
    assert [one["what"] for one in read["corrections"]] == ["标题说清是连皮吃"]
    versions = list(store.collection("article_versions").find({}))
    assert {one["content"]["title"] for one in versions} == {"苹果怎么洗最干净", "苹果连皮怎么洗"}
    assert titles(desk, q="连皮") == ["苹果连皮怎么洗"]


def test_two_who_edit_at_once_do_not_overwrite_each_other(desk: Desk) -> None:
    made = write(desk)
    path, seen = f"{API}/articles/{made['id']}", {"If-Match": f'"v{made["version"]}"'}
    assert desk[0].patch(path, {"title": "甲的标题"}, as_=desk[1], headers=seen).status_code == 200
    late = desk[0].patch(path, {"title": "乙的标题"}, as_=desk[2], headers=seen)
    assert (late.status_code, late.json["reason"]) == (412, "version_stale")


def test_withdrawn_it_is_gone_for_readers_and_stays_for_the_desk(desk: Desk) -> None:
    made = publish(desk)
    gone = desk[0].post(f"{API}/articles/{made['id']}/withdrawal", {"reason": "标准更新了"}, as_=desk[2])
    assert gone.json["state"] == "withdrawn"
    assert desk[0].get(f"{API}/reading/{made['slug']}").json["reason"] == "article_not_found"
    assert titles(desk) == [] and titles(desk, q="苹果") == []
    assert all(row["count"] == 0 for row in store.collection("reading_tokens").find({}))
    listed = desk[0].get(f"{API}/articles?state=withdrawn", as_=desk[1]).json["items"]
    assert [one["id"] for one in listed] == [made["id"]]


def test_a_rumour_says_claim_verdict_and_evidence(desk: Desk) -> None:
    bare = write(desk, kind="rumour", title="苹果打蜡有毒吗")
    assert submit(desk, bare["id"]).json["reason"] == "claim_missing"
    said = {"claim": "苹果打的蜡都有毒", "verdict": "misleading", "evidence": "食用蜡可以按标准使用。"}
    made = publish(desk, "article-0002", kind="rumour", title="苹果打蜡有毒吗", **said)
    read = desk[0].get(f"{API}/reading/{made['slug']}").json
    assert {name: read[name] for name in said} == said


def test_found_by_kind_by_crop_by_words_and_never_by_nonsense(desk: Desk) -> None:
    publish(desk)
    phi = {"title": "什么是安全间隔期", "crops": ["potato"], "kind": "policy", "body": "打药以后要等够天数。" * 4}
    publish(desk, "article-0002", **phi)
    assert titles(desk, kind="policy") == titles(desk, crop="potato") == ["什么是安全间隔期"]
    assert titles(desk, q="间隔期") == titles(desk, q="打药以后等几天") == ["什么是安全间隔期"]
    assert titles(desk, q="苹果", kind="policy") == []
    assert titles(desk, q="，。！") == titles(desk, q="航天飞机") == []
    assert titles(desk) == ["什么是安全间隔期", "苹果怎么洗最干净"]
    assert desk[0].get(f"{API}/reading?kind=unheard").status_code == 422


def test_a_query_is_two_reads_however_much_there_is(desk: Desk) -> None:
    publish(desk)
    with counted() as commands:
        titles(desk, q="苹果怎么洗")
    assert commands == ["find", "find"]


def test_what_was_written_and_reviewed_is_on_the_audit_trail(desk: Desk) -> None:
    publish(desk)
    actions = [row["action"] for row in store.collection("audit_lines").find({"action": {"$regex": "^article"}})]
    assert sorted(actions) == ["article.publish", "article.submit", "article.write"]
