"""Open data over HTTP: what leaves, what does not, and that a killed worker neither loses nor repeats a row."""

import csv
import gzip
import hashlib
import io
import itertools
import json
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from backend.base import store
from backend.domains.evidence import service as evidence
from backend.domains.exchange import service as exchange
from backend.domains.exchange.models import Dump, DumpCell
from backend.domains.exchange.service import dumps_building, dumps_sources
from backend.gateways.files import GridFSFiles
from tests.factories.articles import editor, published
from tests.factories.certificates import Orchard, orchard
from tests.factories.complaints import filed
from tests.factories.dumps import LIST, built, files, newest, rows
from tests.factories.farming import load_rules
from tests.factories.http import Api
from tests.factories.labs import report

NOW = datetime(2026, 10, 1, 2, tzinfo=UTC)
LATER = datetime(2026, 11, 4, 2, tzinfo=UTC)  # a Wednesday
WHERE = {"month": "2026-10", "region": "620602", "region_name": "凉州区"}
Travel = Callable[[datetime], None]


@dataclass(frozen=True)
class County:
    groves: list[Orchard]
    certificates: list[dict[str, Any]]


@pytest.fixture
def county(api: Api, login: Callable[..., str], travel: Travel) -> County:
    """Three orchards with two certificates each, of which one is void; five tests, five complaints, an article."""
    travel(NOW)
    groves = [orchard(api, login, number=number) for number in (1, 2, 3)]
    made = [grove.issued(amount="10") for grove in groves for _ in range(2)]
    assert groves[0].void(made[0]["id"]).status_code == 200
    lab = login("lab", region="620602")
    for number, grove in zip(range(5), itertools.cycle(groves), strict=False):
        report(api, lab, grove.lot_id, report_no=f"SECRET-{number}", lab="测试站")
    for _ in range(5):
        filed(api, identity="hidden", contact="王女士 13900001111", place="某村三组", text="张三昨天打药。")
    published(editor(), editor())
    evidence.seal()
    travel(LATER)
    return County(groves, made)


def secrets_of(county: County) -> Iterator[str]:
    """What would tell who: every name, number and id that the seeded world holds."""
    yield from ("张三", "王女士", "某村三组", "测试站", "SECRET-", "东塬果园", "昨天打药")
    for name, fields in (
        ("producers", ("_id", "contact_name", "phone_masked", "identity_shown")),
        ("accounts", ("_id", "login")),
        ("certificates", ("_id", "code", "lot_id", "issued_by")),
        ("lots", ("_id",)),
        ("test_results", ("_id", "lot_id")),
        ("complaints", ("_id",)),
    ):
        for row in store.collection(name).find({}):
            yield from (str(row[field]) for field in fields if row.get(field))
    yield from (one["number"] for one in county.certificates)


def leaks(text: str, county: County) -> list[str]:
    found = [secret for secret in secrets_of(county) if secret in text]
    return found + re.findall(r"(?<!\d)1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?!\d)|(?<!\d)\d{17}[\dX](?!\d)", text)


def nobody_is_named(api: Api, county: County) -> None:
    for term in dumps_sources.SOURCES:
        for form, text in files(api, term).items():
            clean = re.sub(r"[0-9a-f]{64}", "", text)  # roots of the tree
            assert leaks(clean, county) == [], (term, form)
    assert len(set(secrets_of(county))) > 40
    assert leaks(f"x{county.certificates[0]['code']}x,139 0000 1111", county), "the search itself finds what is there"


def test_numbers_of_enough_people_leave_and_no_file_names_a_person_a_producer_a_lot_or_a_code(
    api: Api, county: County
) -> None:
    built()
    apple = WHERE | {"product": "apple", "product_name": "苹果"}
    assert rows(api, "certificates") == [apple | {"issued": 6, "voided": 1}]
    assert rows(api, "testing") == [apple | {"kind": "commissioned", "tested": 5, "failed": 0}]
    (said,) = rows(api, "certificate-contents")
    assert (said["product_class"], said["bases"], said["certificates"]) == ("fruit", ["quality_control"], 6)
    (told,) = rows(api, "complaints")
    assert (told["category"], told["received"], told["closed"]) == ("early_harvest", 5, 0)
    book = rows(api, "substances")
    assert len(book) > 50 and all(row["confidence"] and row["rulebook_source"] for row in book)
    (day,) = rows(api, "register-days")
    assert (day["day"], day["root"]) == ("2026-10-01", evidence.latest().root)
    (article,) = rows(api, "articles")
    assert article["url"].endswith(f"/read/{article['slug']}") and "<h2>" in article["html"]
    nobody_is_named(api, county)


def copied(collection: str, key: str, number: int, **changes: Any) -> str:
    """A record like the one under this key; answers its id."""
    row = store.collection(collection).find_one({"_id": key})
    assert row is not None
    made = f"{row['producer_id']}.a-copy-{number:04}"
    store.collection(collection).insert_one({**row, "_id": made, **changes})
    return made


def test_no_small_number_of_a_county_comes_back_by_taking_one_data_set_from_another(api: Api, county: County) -> None:
    lot_id = copied("lots", county.groves[1].lot_id, 1, crop="pear")
    for number in (1, 2):
        copied("certificates", county.certificates[2]["id"], number, code=f"C{number:011}", lot_id=lot_id)
    built("certificates")
    built("certificate-contents")
    assert [(row["region"], row["issued"]) for row in rows(api, "certificates")] == [("620602", 6)], "two are too few"
    told = [(row["region"], row["certificates"]) for row in rows(api, "certificate-contents")]
    assert told == [("620000", 8)], "8 - 6 would tell them, if it were the same county"


def heard(*months: str) -> None:
    """Complaints as they are stored, of one county and category; the fourth of each month."""
    rows = [
        {
            "_id": f"case-{number:03}",
            "category": "residue",
            "region": "620602100",
            "open": bool(number % 2),
            "created_at": datetime.fromisoformat(f"{month}-04T02:00:00+00:00"),
        }
        for number, month in enumerate(months)
    ]
    store.collection("complaints").insert_many(rows)


@pytest.mark.usefixtures("app")
def test_only_whole_months_leave_and_numbers_too_small_stay_here(api: Api, travel: Travel) -> None:
    heard(*["2026-09"] * 6, *["2026-10"] * 4, *["2026-11"] * 3)
    travel(LATER)
    built("complaints")
    assert [(row["month"], row["received"], row["closed"]) for row in rows(api, "complaints")] == [("2026-09", 6, 3)]
    store.collection("complaints").insert_one(
        {"_id": "late", "category": "residue", "region": "620602", "open": True, "created_at": LATER}
    )
    travel(datetime(2026, 12, 2, 2, tzinfo=UTC))
    built("complaints")
    assert newest(api, "complaints")["day"] == "2026-12-01"
    assert [(row["month"], row["received"]) for row in rows(api, "complaints")] == [("2026-09", 6)]


class Died(BaseException):
    """As if the process had been killed here."""


KILLS: list[tuple[Any, str, tuple[int, ...]]] = [  # where, and at which of the calls
    (Dump, "insert", (1,)),
    (Dump, "update_one", (1, 4, 6)),
    (DumpCell, "upsert_many", (2,)),
    (GridFSFiles, "keep_bytes", (1, 3)),
    (DumpCell, "delete_many", (1,)),
]


def dying(monkeypatch: pytest.MonkeyPatch, place: Any, verb: str, *, turn: int, after: bool) -> None:
    """From the given call of this verb on, the process is dead; it dies before or after the call."""
    real, calls = getattr(place, verb), itertools.count(1)

    def call(*given: Any, **named: Any) -> Any:
        last = next(calls) >= turn
        result = None if last and not after else real(*given, **named)
        if last:
            raise Died
        return result

    monkeypatch.setattr(place, verb, call)


@pytest.mark.usefixtures("app")
def test_a_worker_killed_anywhere_goes_on_and_makes_the_same_files(
    api: Api, travel: Travel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dumps_sources, "CHUNK", 3)
    heard(*["2026-09"] * 7, *["2026-10"] * 5)
    travel(LATER)
    built("complaints")
    undisturbed = files(api, "complaints")
    assert undisturbed["csv"].count("\r\n") == 3
    deaths = [(place, verb, turn) for place, verb, turns in KILLS for turn in turns]
    for (place, verb, turn), after in itertools.product(deaths, (False, True)):
        for name in ("dumps", "dump_cells", "files.files", "files.chunks"):
            store.collection(name).delete_many({})
        with monkeypatch.context() as deadly:
            dying(deadly, place, verb, turn=turn, after=after)
            with suppress(Died):
                built("complaints")
        built("complaints")
        assert files(api, "complaints") == undisturbed, (place, verb, turn, after)
        parts = sum(len(row["parts"]) for row in store.collection("dumps").find({}))
        assert len(list(store.collection("files.files").find({}))) == parts, "nothing is left lying about"
        assert store.collection("dump_cells").find_one({}) is None


@pytest.mark.usefixtures("app")
def test_a_dump_begins_when_all_that_is_dated_before_its_day_was_written(api: Api, travel: Travel) -> None:
    """One data set may otherwise count a certificate of the last second that another passed by."""
    for minutes, begun in ((4, 0), (6, 1)):
        travel(datetime(2026, 10, 31, 16, tzinfo=UTC) + timedelta(minutes=minutes))
        exchange.build_dumps(["certificates"])
        assert store.collection("dumps").count_documents({"day": "2026-11-01"}) == begun


def test_a_walk_is_bounded_and_tells_how_far_it_is(api: Api, travel: Travel, monkeypatch: pytest.MonkeyPatch) -> None:
    heard(*["2026-10"] * 7)
    travel(LATER)
    monkeypatch.setattr(dumps_sources, "CHUNK", 2)
    monkeypatch.setattr(dumps_building, "TURN", 2)
    assert exchange.build_dumps(["complaints"]) == 2
    (one,) = [found for found in api.get(LIST).json["items"] if found["name"] == "complaints"]
    assert one["building"] == {"day": "2026-11-01", "state": "tallying", "seen": 4, "rows": 0}
    assert one["versions"] == []
    assert api.get(f"{LIST}/complaints/2026-11-01.csv").status_code == 404, "half a file is no file"


def test_a_file_is_dated_hashed_cached_and_packed_for_who_takes_it(app: Any, api: Api, travel: Travel) -> None:
    travel(LATER)
    load_rules()
    built("substances")
    told = newest(api, "substances")
    assert (told["day"], told["licence"], told["until"]) == ("2026-11-02", "CC-BY-4.0", "2026-11-02T00:00:00+08:00")
    for file in told["files"]:
        plain = api.get(file["url"])
        packed = api.get(file["url"], headers={"Accept-Encoding": "gzip"})
        assert hashlib.sha256(plain.data).hexdigest() == file["sha256"]
        assert (len(plain.data), len(packed.data)) == (file["size"], file["packed"])
        assert gzip.decompress(packed.data) == plain.data
        assert (plain.headers.get("Content-Encoding"), packed.headers["Content-Encoding"]) == (None, "gzip")
        assert packed.headers["ETag"] != plain.headers["ETag"] and plain.headers["Vary"] == "Accept-Encoding"
        assert plain.headers["Cache-Control"] == "public, max-age=31536000"
        again = api.get(file["url"], headers={"If-None-Match": plain.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")
    table = list(csv.reader(io.StringIO(files(api, "substances")["csv"].removeprefix("\ufeff"))))
    assert table[0] == [column["name"] for column in told["columns"]] and len(table) == told["rows"] + 1
    assert files(api, "substances")["csv"].startswith("\ufeff")


def test_a_finished_dump_never_changes_and_only_the_newest_are_kept(
    api: Api, travel: Travel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dumps_building, "KEPT", 2)
    load_rules()
    for day in (2, 9, 16, 23):
        travel(datetime(2026, 11, day, 2, tzinfo=UTC))
        built("substances")
        assert exchange.build_dumps(["substances"]) == 0
    (one,) = [found for found in api.get(LIST).json["items"] if found["name"] == "substances"]
    assert [dump["day"] for dump in one["versions"]] == ["2026-11-23", "2026-11-16"]
    assert api.get(f"{LIST}/substances/2026-11-02.csv").status_code == 404
    assert len(list(store.collection("files.files").find({}))) == 4


def test_without_a_rulebook_its_dump_waits_and_the_others_are_made(api: Api, travel: Travel) -> None:
    travel(LATER)
    built()
    made = {one["name"]: len(one["versions"]) for one in api.get(LIST).json["items"]}
    assert made == dict.fromkeys(made, 1) | {"substances": 0}
    assert files(api, "articles")["jsonl"] == ""
    assert files(api, "articles")["csv"].count("\r\n") == 1, "the names of the columns at least"


def test_the_page_shows_every_data_set_to_people_and_to_search_engines(api: Api, travel: Travel) -> None:
    travel(LATER)
    assert "正在制作" in api.get("/open").text
    load_rules()
    built()
    page = api.get("/open").text
    (data,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    catalogue = json.loads(data)
    assert [one["@id"].partition("#")[2] for one in catalogue["dataset"]] == list(dumps_sources.SOURCES)
    for one in catalogue["dataset"]:
        assert one["license"].startswith("https://creativecommons.org/") and one["variableMeasured"]
        for file in one["distribution"]:
            assert api.get(file["contentUrl"].removeprefix("http://t.test")).status_code == 200
    assert 'href="/open"' in api.get("/").text
    assert "Rulebook of banned" in api.get("/open?lang=en").text
