"""Story: an editor writes, another reviews, people find — in the demonstration's own articles and in 20,000."""

import random
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pymongo
import pytest
from flask import Flask

from backend import migrations
from backend.base import store, vocab
from backend.domains.articles import rules
from backend.domains.articles import service as articles
from backend.domains.articles.models import Reading, TokenCount
from scripts.demo import reading as demo
from tests.factories.articles import editor
from tests.factories.counting import counted
from tests.factories.http import Api
from tests.factories.kept import Kept
from tests.factories.servers import embedded_database

API = "/api/v1"
# A query as people type it, and the article that must come first.
EXPECTED = {
    "苹果怎么洗": "01",
    "农药残留": "01",
    "去农残神器有用吗": "01",
    "打完药几天能摘": "02",
    "安全间隔期": "02",
    "间隔期怎么算": "02",
    "瘦肉精": "03",
    "克仑特罗": "03",
    "地理标志": "04",
    "静宁苹果": "04",
    "兰州百合": "04",
    "合格证怎么看": "05",
    "承诺达标合格证": "05",
    "合格证真假": "05",
    "怎么举报": "06",
    "匿名举报会被知道吗": "06",
    "回执丢了怎么办": "06",
    "有机码": "07",
    "绿色食品标志": "07",
    "三品一标": "08",
    "无公害": "08",
    "批发市场查验": "09",
    "进场要查什么": "09",
    "农事记录": "10",
    "记录保存几年": "10",
    "休药期": "11",
    "鸡蛋 兽药": "11",
    "克百威": "12",
    "限用农药": "12",
    "避孕药黄瓜": "13",
    "虫眼": "14",
    "苹果打蜡": "15",
}


@pytest.fixture
def library(api: Api, travel: Callable[[datetime], None]) -> Api:
    travel(datetime(2026, 11, 20, 4, tzinfo=UTC))
    _kept.get(publish)
    return api


_kept: Kept[None] = Kept()


@pytest.fixture
def shelf_apart(app: Flask, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """The articles on a server of their own, which is thrown away as a whole: emptying it would take a minute."""
    with embedded_database(tmp_path) as uri, pymongo.MongoClient[dict[str, Any]](uri, tz_aware=True) as client:
        monkeypatch.setattr(store, "_database", client.get_default_database())
        migrations.ensure_indexes()
        publish()
        yield
        monkeypatch.undo()


def publish() -> None:
    desk = editor(), editor()
    for _ in "twice":  # said again it stays what it is
        assert len(list(demo.publish(*desk, date(2026, 11, 20)))) == 15


def test_thirty_queries_find_what_people_mean(library: Api) -> None:
    titles = {file.stem[:2]: demo.read(file)["title"] for file in demo.FOLDER.glob("*.md")}
    wrong = {}
    for query, number in EXPECTED.items():
        found = library.get(f"{API}/reading", query_string={"q": query}).json["items"]
        if not found or found[0]["title"] != titles[number]:
            wrong[query] = found[0]["title"] if found else None
    assert not wrong


def test_every_demonstrated_article_is_complete(library: Api) -> None:
    every = library.get(f"{API}/reading", query_string={"size": 50}).json["items"]
    kinds = [one["kind"] for one in every]
    assert (kinds.count("rumour"), len(every)) == (3, 15)
    assert all(one["sources"] and one["summary"] for one in every)
    corrected = [one for one in every if one["corrections"]]
    assert [one["corrections"][0]["what"] for one in corrected] == [demo.CORRECTION]


def invented(chance: random.Random, words: list[str], number: int) -> dict[str, Any]:
    """A reading as publishing would store it, without the two persons: twenty thousand of them."""
    title, body = ("".join(chance.choices(words, k=count)) for count in (2, 2))
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    return {
        "_id": f"G{number:07}",
        "article_id": f"a.{number}",
        "kind": "science",
        "title": title,
        "summary": body,
        "html": "<p>…</p>",
        "content": {"title": title, "crops": [], "sources": []},
        "marks": ["all", "kind:science", *rules.tokens(title + body)],
        "first_at": moment,
        "created_at": moment,
        "corrections": [],
    }


@pytest.mark.slow
@pytest.mark.usefixtures("shelf_apart")
def test_among_twenty_thousand_a_query_is_two_indexed_reads() -> None:
    chance = random.Random(7)
    words = sorted({term.zh for name in ("crops", "regions", "record_kinds") for term in vocab.get(name)})
    counts: dict[str, int] = {}
    for start in range(0, 20_000, 500):
        batch = [invented(chance, words, number) for number in range(start, start + 500)]
        Reading.insert_rows(batch)
        for one in batch:
            for token in one["marks"]:
                counts[token] = counts.get(token, 0) + 1
    known = {row["_id"]: row["count"] for row in store.collection("reading_tokens").find({})}
    TokenCount.delete_many({})
    total = {token: counts.get(token, 0) + known.get(token, 0) for token in counts | known}
    TokenCount.insert_rows([{"_id": token, "count": count} for token, count in total.items()])

    with counted() as commands:
        found = articles.find(q="安全间隔期怎么算").items
    assert commands == ["find", "find"] and found[0].title.startswith("安全间隔期")
    wanted = batch[17]
    assert wanted["_id"] in [one.slug for one in articles.find(q=wanted["title"]).items]
    plan = store.database().command(
        "explain", {"find": "readings", "filter": {"marks": {"$in": ["间隔", "隔期"]}}}, verbosity="queryPlanner"
    )
    assert "COLLSCAN" not in str(plan)
