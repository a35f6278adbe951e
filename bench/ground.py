"""What the measurements stand on: farms made through the API as farmers make them, and one certified, tested lot whose
finished trace is copied under many codes."""

import json
import logging
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import structlog
from flask import Flask

from backend import config
from backend.app import create_app
from backend.base import clock, store, vocab
from backend.base.actor import system
from backend.domains.accounts import service as accounts
from backend.domains.producers.rules.identity import person_id_check
from scripts import load_rulebook
from scripts.environment import ROOT

API = "/api/v1"
ME = system("bench")
PASSWORD = "a measured password"  # noqa: S105 - of a database that is thrown away
STORY_RECORDS = 12
SPRAYS = 2  # a season, says the label
FIELD = {
    "type": "Polygon",
    "coordinates": [
        [[102.6400, 37.9300], [102.6431, 37.9300], [102.6431, 37.9321], [102.6400, 37.9321], [102.6400, 37.9300]]
    ],
}


def environment(uri: str) -> dict[str, str]:
    """The settings of a production app with throw-away secrets."""
    keys = {name: secrets.token_hex(32) for name in ("HASH_SECRET", "LINK_SECRET")}
    return {
        "MONGODB_URI": uri,
        "JWT_KEYS": f"k1:{secrets.token_hex(32)}",
        "PUBLIC_BASE_URL": "https://bench.test",
    } | keys


def connect(environ: Mapping[str, str]) -> Flask:
    """The app in this process, to fill the database before the servers start; the rulebook is loaded."""
    app = create_app(replace(config.load(environ), rate_limits=False, access_minutes=24 * 60))
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    load_rulebook.load(ROOT / "schemas" / "rulebook", ME)
    return app


@dataclass(frozen=True)
class Farm:
    """An admitted farm with one site and one product; `token` is its farmer's."""

    app: Flask
    token: str
    producer_id: str

    @property
    def site_id(self) -> str:
        return f"{self.producer_id}.site-0001"

    def post(self, path: str, body: Any) -> Any:
        return post(self.app, path, body, self.token)

    def batch(self, client_id: str) -> str:
        """A new batch, begun 150 days ago."""
        body = {
            "producer_id": self.producer_id,
            "client_id": client_id,
            "product_id": f"{self.producer_id}.product-0001",
            "site_ids": [self.site_id],
            "started_on": day(150),
        }
        return str(self.post("/farming/batches", body)["id"])

    def lot(self, batch: str, records: int) -> str:
        """A lot harvested yesterday from a new batch with this many records (the harvest among them)."""
        batch_id = self.batch(batch)
        items = [self.record(batch_id, number) for number in range(records - 1)]
        harvest = {
            "client_id": f"{batch}-harvest",
            "kind": "harvest",
            "happened_on": day(1),
            "amount": "9000",
            "unit": "t",
        }
        sent = self.post("/farming/records:sync", {"items": [*items, harvest | {"batch_id": batch_id}]})
        wrong = [one for one in sent["items"] if one["outcome"] != "created"]
        assert not wrong, wrong
        return f"{self.producer_id}.{batch}-harvest"

    def record(self, batch_id: str, number: int) -> dict[str, Any]:
        """The n-th record of a batch: work of different kinds; sprays well before the harvest, as often as may be."""
        batch = batch_id.partition(".")[2]
        sprayed = "pesticide" if number < SPRAYS * 6 else "pruning"
        kind = ("weeding", "irrigation", "fertilising", sprayed, "pest_observed", "irrigation")[number % 6]
        body = {
            "client_id": f"{batch}-r{number:04}",
            "batch_id": batch_id,
            "kind": kind,
            "happened_on": day(149 - number % 80),
            "site_ids": [self.site_id],
            "note": f"第{number + 1}次作业，天气晴，人工{number % 7 + 1}人",
        }
        if kind in ("pesticide", "pest_observed"):
            body["target"] = "蚜虫"
        if kind in ("pesticide", "fertilising"):
            body["inputs"] = [_input(kind)]
        return body


def _input(kind: str) -> dict[str, str]:
    if kind == "pesticide":
        used = {"registration_no": "示例-0001", "method": "foliar_spray", "amount": "20", "unit": "g_per_mu"}
    else:
        used = {"registration_no": "示例-0040", "method": "base_dressing", "amount": "30", "unit": "kg_per_mu"}
    return used | {"source": "镇农资店"}


def day(ago: int) -> str:
    return (clock.today() - timedelta(days=ago)).isoformat()


def post(app: Flask, path: str, body: Any, token: str) -> Any:
    answer = app.test_client().post(API + path, json=body, headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code in (200, 201), f"{path}: {answer.status_code} {answer.text}"
    return answer.json


def person(login: str, role: str | None = None, **scope: str) -> str:
    """The access token of a new account."""
    made = accounts.new_staff(ME, login=login, password=PASSWORD, name="测量", roles=[])
    if role:
        accounts.grant(ME, account_id=made["id"], role=role, **{"region": None, "producer_id": None, **scope})
    return accounts.log_in_staff(login=login, password=PASSWORD).access_token


def farms(app: Flask, count: int) -> list[Farm]:
    """Admitted farms, each with a farmer of its own."""
    officer = person("officer", "county_officer", region="620602")
    return [_farm(app, number, officer) for number in range(count)]


def _farm(app: Flask, number: int, officer: str) -> Farm:
    token, identity = person(f"farmer-{number}"), f"62060219800101{number:03d}"
    registration = {
        "client_id": f"producer-{number:04}",
        "name": f"示范农户{number}",
        "kind": "smallholder",
        "person_id": identity + person_id_check(identity),
        "region": "620602100",
        "contact_name": "张三",
        "contact_phone": "13812345678",
    }
    farm = Farm(app, token, post(app, "/producers", registration, token)["id"])
    place = f"/producers/{farm.producer_id}"
    farm.post(
        f"{place}/sites", {"client_id": "site-0001", "name": "东塬果园", "geometry": FIELD, "typed_area_mu": "94"}
    )
    farm.post(
        f"{place}/products", {"client_id": "product-0001", "crop": "apple", "name": "红富士苹果", "variety": "长富2号"}
    )
    declaration = {
        "client_id": "declaration-0001",
        "season": str(clock.today().year),
        "site_ids": [farm.site_id],
        "product_ids": [f"{farm.producer_id}.product-0001"],
        "commitments": [term.code for term in vocab.get("declaration_commitments")],
    }
    sent = farm.post(f"{place}/declarations", declaration)
    post(app, f"/declarations/{sent['id']}/decision", {"verdict": "approve"}, officer)
    return farm


def certificate(lot_id: str, client_id: str, amount: str = "1") -> dict[str, Any]:
    """The body of a certificate on a lot."""
    bases = {"bases": ["quality_control"], "unit": "kg"}
    return {"client_id": client_id, "lot_id": lot_id, "amount": amount} | bases


def traces(farm: Farm, copies: int) -> list[str]:
    """One real trace, of a lot with STORY_RECORDS records and a laboratory's report, and its copies; their codes."""
    lot_id = farm.lot("batch-story", STORY_RECORDS)
    report = {
        "lot_id": lot_id,
        "client_id": "report-0001",
        "kind": "commissioned",
        "lab": "凉州区农产品质量检测站(示例)",
        "report_no": "SL-0001",
        "sampled_on": day(1),
        "reported_on": day(0),
        "items": [{"analyte": name, "value": "0.01", "limit": "0.5"} for name in ("吡虫啉", "毒死蜱", "多菌灵")],
    }
    post(farm.app, "/testing/results", report, person("lab", "lab", region="620602"))
    code = farm.post("/certificates", certificate(lot_id, "certificate-story", "1500"))["code"]
    collection = store.collection("public_traces")
    original = collection.find_one({"_id": code})
    assert original is not None
    codes = [f"BENCH{number:07d}" for number in range(copies)]
    for start in range(0, copies, 100):
        collection.insert_many([original | {"_id": one} for one in codes[start : start + 100]])
    return codes


def story(code: str) -> dict[str, Any]:
    """The story behind a stored trace."""
    row = store.collection("public_traces").find_one({"_id": code}, {"json": 1})
    assert row is not None
    told: dict[str, Any] = json.loads(row["json"])
    return told
