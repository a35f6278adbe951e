"""The scoped doors: every endpoint × every role × own, foreign and no scope, against one living world."""

import io
import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import pytest
from flask import Flask

from backend.base import vocab
from tests.factories.articles import content
from tests.factories.certificates import API, Orchard, orchard
from tests.factories.http import Api
from tests.factories.kept import Kept
from tests.factories.world import NOW, stamped_words

PUBLIC_ONES = {"public", "logged_in"}
numbers = itertools.count(1)


@dataclass(frozen=True)
class Door:
    """One endpoint with a request whose shape is right. `scoped` False: what it shows depends on nobody's land;
    `listing`: a stranger gets a list without the own things instead of a 404."""

    method: str
    path: str
    body: dict[str, Any] | None = None
    query: dict[str, str] = field(default_factory=dict)
    scoped: bool = True
    listing: bool = False
    upload: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return f"{self.method} {self.path}"


def get(path: str, **how: Any) -> Door:
    return Door("GET", path, **how)


def post(path: str, body: dict[str, Any] | None = None, **how: Any) -> Door:
    return Door("POST", path, {} if body is None else body, **how)


def patch(path: str, body: dict[str, Any], **how: Any) -> Door:
    return Door("PATCH", path, body, headers={"If-Match": '"v1"'}, **how)


ASKED = {"lot_id": "{lot_id}", "amount": "1", "unit": "kg", "bases": ["quality_control"]}
RECORD = {"batch_id": "{batch_id}", "client_id": "{fresh}", "kind": "weeding", "happened_on": "2026-06-01"}
PURCHASE = {"client_id": "{fresh}", "registration_no": "示例-0001", "amount": "1", "unit": "kg"}
PURCHASE |= {"bought_on": "2026-06-01", "dealer": "镇农资店"}
REPORT = {
    "lot_id": "{lot_id}",
    "client_id": "{fresh}",
    "kind": "rapid",
    "lab": "检测站",
    "report_no": "1",
    "sampled_on": "2026-09-30",
    "reported_on": "2026-09-30",
    "items": [{"analyte": "吡虫啉", "value": "0.01", "unit": "mg/kg", "limit": "0.5"}],
}
COMMITMENTS = list(vocab.get("declaration_commitments").codes)
POINT = {"type": "Point", "coordinates": [102.64, 37.93]}
OF = {"producer_id": "{producer_id}"}
NEW_STAFF = {"login": "{fresh}", "password": "correct horse 1", "name": "甲", "roles": []}
NEW_BATCH = {
    "client_id": "{fresh}",
    "product_id": "{product_id}",
    "site_ids": ["{site_id}"],
    "started_on": "2026-03-01",
}
NEW_BATCH |= OF
OVERRIDE = {"batch_id": "{batch_id}", "record_id": "{record_id}", "input_name": "x", "client_id": "{fresh}"}
OVERRIDE |= {"note": "看过"}
COMPLAINT = {"puzzle": "-", "kind": "lead", "category": "other", "identity": "anonymous", "text": "不对劲的事"}
COMPLAINT |= {"region": "620602"}
WITNESS = {"name": "{fresh}", "label": "凉州区农业农村局", "region": "620602", "public_key": "11" * 32}
PROOF = {"lot_id": "{lot_id}", "client_id": "{fresh}", "kind": "certificate", "number": "1", "issuer": "外省合作社"}
PROOF |= {"issued_on": "2026-09-30", "amount": "1", "unit": "kg"}
VERSION = {"version": "{fresh}", "title": "新版", "effective_from": "2026-10-01", "source": "公告"}
NEW_LAB = {"client_id": "{fresh}", "name": "检测中心", "region": "620602", "source": "名录"}
SCOPE = {"analyte": "吡虫啉", "matrix": "*", "certificate_no": "1", "valid_from": "2026-01-01"}
SCOPE |= {"valid_to": "2028-01-01"}
RECEIPT = {"receipt": "{receipt}"}
CASE = f"{API}/complaints/<complaint_id>"
LINE = {"lot_id": "{lot_id}", "amount": "1", "unit": "kg"}
PART = {"client_id": "{fresh}", "amount": "1", "unit": "kg"}
MOVE = OF | {"client_id": "{fresh}", "happened_on": "2026-09-30"}
DAYS = OF | {"since": "2026-09-01", "until": "2026-09-30"}
SHIPMENT = f"{API}/lots/shipments/<shipment_id>"
RECALL = f"{API}/recalls/<recall_id>"
NEW_RECALL = {"client_id": "{fresh}", "target": "lot", "target_id": "{lot_id}", "reason": "other", "drill": True}
CERTIFICATE, PRODUCER = f"{API}/certificates/<certificate_id>", f"{API}/producers/<producer_id>"
ARTICLE = f"{API}/articles/<article_id>"
CLIENT, WEBHOOK = f"{API}/clients/<api_client_id>", f"{API}/webhooks/<webhook_id>"
NEW_CLIENT = {"client_id": "{fresh}", "name": "ERP", "holder": "信息科", "permissions": ["webhook:manage"], "days": 30}
HOOK = {"client_id": "{fresh}", "api_client_id": "{api_client_id}", "url": "https://erp.example.org/hook"}
QUESTION = f"{API}/questions/<question_id>"
SAID = {"client_id": "{fresh}", "text": "问一句"}
ANSWER_PHOTO = {"client_id": "{fresh}", "answer_client_id": "{answer_client_id}"}
PICTURE = {"client_id": "{fresh}", "alt": "流水冲洗苹果", "credit": "示例绘制"}
DOORS = (
    post(
        f"{API}/accounts", {"login": "{fresh}", "password": "correct horse 1", "name": "甲", "roles": []}, scoped=False
    ),
    get(f"{API}/articles", scoped=False),
    post(f"{API}/articles", {"client_id": "{fresh}", **content()}, scoped=False),
    get(ARTICLE, scoped=False),
    patch(ARTICLE, {"title": "改题目"}, scoped=False),
    get(f"{ARTICLE}/pictures", scoped=False),
    post(f"{ARTICLE}/pictures", PICTURE, scoped=False, upload="picture"),
    Door("DELETE", f"{ARTICLE}/pictures/<picture_name>", scoped=False),
    post(f"{ARTICLE}/review", {"verdict": "publish"}, scoped=False),
    post(f"{ARTICLE}/submission", scoped=False),
    post(f"{ARTICLE}/withdrawal", {"reason": "过时"}, scoped=False),
    get(f"{API}/audit", query={"region": "620602"}),
    get(f"{API}/auth/devices", scoped=False),
    Door("DELETE", f"{API}/auth/devices/<device_id>"),
    post(f"{API}/auth/invitation", {"code": "ABCDEFGH"}, scoped=False),
    post(f"{API}/auth/logout", scoped=False),
    post(f"{API}/auth/refresh", {"refresh_token": "x" * 40}, scoped=False),
    post(f"{API}/auth/staff", {"login": "nobody", "password": "wrong"}, scoped=False),
    post(f"{API}/auth/totp", scoped=False),
    post(f"{API}/auth/totp/confirmation", {"code": "123456"}, scoped=False),
    post(f"{API}/auth/wechat", {"code": "{fresh}"}, scoped=False),
    get(f"{API}/certificates", query=OF),
    post(f"{API}/certificates", {**ASKED, "client_id": "{fresh}"}),
    get(CERTIFICATE),
    get(f"{CERTIFICATE}/certificate.pdf"),
    get(f"{CERTIFICATE}/label.tspl"),
    get(f"{CERTIFICATE}/labels.pdf", query={"count": "1"}),
    get(f"{CERTIFICATE}/proof"),
    get(f"{CERTIFICATE}/qr.png"),
    get(f"{CERTIFICATE}/qr.svg"),
    post(f"{CERTIFICATE}/void", {"reason": "not_sold"}),
    get(f"{API}/certificates/proofs", query=OF),
    post(f"{API}/certificates/proofs", PROOF),
    post(f"{API}/certificates:check", ASKED),
    get(f"{API}/clients", query=OF),
    post(f"{API}/clients", OF | NEW_CLIENT),
    get(CLIENT),
    post(f"{CLIENT}/rotation"),
    post(f"{CLIENT}/revocation", {"reason": "停用"}),
    get(f"{API}/complaints", listing=True),
    post(f"{API}/complaints", COMPLAINT, scoped=False, upload="photos"),
    get(f"{API}/complaints/puzzle", scoped=False),
    get(f"{API}/complaints/ended", listing=True),
    get(CASE),
    post(f"{CASE}/actions", {"action": "answer", "text": "在查"}),
    get(f"{CASE}/contact"),
    post(f"{CASE}/contact/erasure", {"reason": "person_asked", "note": "申请单 3 号"}),
    post(f"{API}/complaints/follow", RECEIPT, scoped=False),
    post(f"{API}/complaints/follow/messages", RECEIPT | {"text": "补充"}, scoped=False, upload="photos"),
    post(f"{API}/complaints/follow/rating", RECEIPT | {"stars": 4}, scoped=False),
    post(f"{API}/complaints/follow/reopening", RECEIPT | {"text": "再查"}, scoped=False),
    get(f"{API}/declarations", listing=True),
    get(f"{API}/declarations/<declaration_id>"),
    post(f"{API}/declarations/<declaration_id>/decision", {"verdict": "approve"}),
    get(f"{API}/evidence/bulletin", scoped=False),
    get(f"{API}/evidence/checkpoints", scoped=False),
    get(f"{API}/evidence/checkpoints/<int:number>", scoped=False),
    post(f"{API}/evidence/checkpoints/<int:number>/cosignatures", {"cosignature": "— nobody AAAAAAAA"}, scoped=False),
    get(f"{API}/evidence/checkpoints/<int:number>/timestamp", scoped=False),
    get(f"{API}/evidence/checkpoints/latest", scoped=False),
    get(f"{API}/evidence/consistency", query={"first": "1", "second": "1"}, scoped=False),
    get(f"{API}/evidence/inclusion", query={"position": "0"}, scoped=False),
    get(f"{API}/evidence/witnesses", scoped=False),
    post(f"{API}/evidence/witnesses", WITNESS),
    post(f"{API}/evidence/witnesses/retirement", {"name": "{witness}"}),
    get(f"{API}/exchange/epcis/events", query=OF),
    get(f"{API}/exchange/lots/<lot_id>/epcis.jsonld"),
    get(f"{API}/exchange/lots/<lot_id>/mapped/<mapping>"),
    get(f"{API}/exchange/lots/<lot_id>/sortable.xlsx"),
    get(f"{API}/exchange/mappings", scoped=False),
    get(f"{API}/exchange/mappings/<mapping>", scoped=False),
    get(f"{API}/exchange/dumps", scoped=False),
    get(f"{API}/exchange/dumps/<dataset>/<day>.csv", scoped=False),
    get(f"{API}/exchange/dumps/<dataset>/<day>.jsonl", scoped=False),
    get(f"{API}/farming/batches", query=OF),
    post(
        f"{API}/farming/batches",
        OF
        | {"client_id": "{fresh}", "product_id": "{product_id}", "site_ids": ["{site_id}"], "started_on": "2026-03-01"},
    ),
    get(f"{API}/farming/batches/<batch_id>"),
    get(f"{API}/farming/batches/<batch_id>/harvest-window"),
    get(f"{API}/farming/batches/<batch_id>/records"),
    post(f"{API}/farming/batches/<batch_id>/state", {"state": "closed"}),
    get(f"{API}/farming/overview", query=OF),
    post(f"{API}/farming/photos", OF | {"client_id": "{fresh}", "record_client_id": "{fresh}"}, upload="photo"),
    post(f"{API}/farming/records", RECORD),
    get(f"{API}/farming/records/<record_id>/proof"),
    post(f"{API}/farming/records/<record_id>/amendments", RECORD | {"amend_reason": "更正"}),
    post(f"{API}/farming/records:sync", {"items": [RECORD]}, listing=True),
    get(f"{API}/gate/decisions", query=OF),
    get(f"{API}/gate/decisions/<decision_id>"),
    get(f"{API}/gate/flagged", query={"region": "620602"}),
    get(f"{API}/gate/harvest", query={"batch_id": "{batch_id}", "on": "2026-10-01"}),
    get(f"{API}/gate/overrides", query=OF),
    post(
        f"{API}/gate/overrides",
        {
            "batch_id": "{batch_id}",
            "record_id": "{record_id}",
            "input_name": "x",
            "client_id": "{fresh}",
            "note": "看过",
        },
    ),
    get(f"{API}/inbox", scoped=False),
    post(f"{API}/inbox/consents", {"client_id": "{fresh}", "kinds": ["complaint_moved"]}, scoped=False),
    post(f"{API}/inbox/reading", {"ids": ["nobody.nothing"]}, scoped=False),
    get(f"{API}/inbox/summary", scoped=False),
    get(f"{API}/inputs", query={"q": "吡虫啉"}, scoped=False),
    get(f"{API}/inputs/<registration_no>", scoped=False),
    get(f"{API}/inputs/movements", query=OF),
    get(f"{API}/inputs/purchases", query=OF),
    post(f"{API}/inputs/purchases", OF | PURCHASE),
    post(f"{API}/inputs/purchases/<purchase_id>/cancellation", {"reason": "记错了"}),
    get(f"{API}/inputs/stock", query=OF),
    post(
        f"{API}/inputs/stock-counts",
        OF | {"client_id": "{fresh}", "item": "{item}", "amount": "1", "unit": "kg", "counted_on": "2026-06-01"},
    ),
    post(f"{API}/invitations/acceptance", {"code": "ABCDEFGH"}, scoped=False),
    get(f"{API}/keys", scoped=False),
    get(f"{API}/lots", query=OF),
    get(f"{API}/revocations", scoped=False),
    get(f"{API}/traces/<trace_code>/certificate", scoped=False),
    get(f"{API}/lots/<lot_id>"),
    post(f"{API}/lots/<lot_id>/hold", {"reason": "complaint"}),
    post(f"{API}/lots/<lot_id>/release", {"note": "查清"}),
    get(f"{API}/lots/<lot_id>/trace"),
    get(f"{API}/lots/<lot_id>/certificates"),
    post(f"{API}/lots/conversions", MOVE | {"kind": "split", "inputs": [LINE], "outputs": [PART]}),
    get(f"{API}/lots/events", query=OF),
    post(f"{API}/lots/intakes", MOVE | {"partner": "外省合作社", "lines": [PART | {"crop": "apple"}]}),
    post(f"{API}/lots/leavings", MOVE | {"kind": "retail", "lines": [LINE]}),
    get(f"{API}/lots/ledger", query=DAYS),
    get(f"{API}/lots/ledger.xlsx", query=DAYS),
    get(f"{API}/lots/recipients", query={"code": "{producer_id}"}, scoped=False),
    get(f"{API}/lots/shipments", query=OF),
    post(f"{API}/lots/shipments", MOVE | {"partner": "某超市", "lines": [LINE]}),
    get(SHIPMENT),
    get(f"{SHIPMENT}/certificates"),
    post(f"{SHIPMENT}/cancellation"),
    post(f"{SHIPMENT}/receipt", {"client_id": "{fresh}", "happened_on": "2026-09-30", "lines": [LINE | PART]}),
    post(f"{SHIPMENT}/refusal"),
    post(f"{SHIPMENT}/settlement"),
    get(f"{API}/market/checks", query={"region": "620602"}),
    post(f"{API}/market/checks", {"client_id": "{fresh}", "region": "620602", "market": "批发市场", "seen": "AAAA"}),
    get(f"{API}/me", scoped=False),
    post(f"{API}/me/deletion", {"confirm": True}, scoped=False),
    get(f"{API}/me/export", scoped=False),
    get(f"{API}/national/deliveries", scoped=False),
    post(f"{API}/national/replay", scoped=False),
    get(f"{API}/national/status", scoped=False),
    get(f"{API}/producers", listing=True),
    post(
        f"{API}/producers",
        {
            "client_id": "{fresh}",
            "name": "乙",
            "kind": "smallholder",
            "person_id": "000000000000000000",
            "region": "620602100",
            "contact_phone": "13800000000",
        },
        scoped=False,
    ),
    get(f"{API}/producers/import-template", scoped=False),
    get(PRODUCER),
    patch(PRODUCER, {"address": "一组"}),
    get(f"{PRODUCER}/contact"),
    get(f"{PRODUCER}/declarations"),
    post(
        f"{PRODUCER}/declarations",
        {"client_id": "{fresh}", "season": "2027", "product_ids": ["{product_id}"], "commitments": COMMITMENTS},
    ),
    post(f"{PRODUCER}/imports", {}, upload="file"),
    post(f"{PRODUCER}/invitations"),
    get(f"{PRODUCER}/products"),
    post(f"{PRODUCER}/products", {"client_id": "{fresh}", "crop": "pear", "name": "梨"}),
    get(f"{PRODUCER}/products/<product_id>"),
    patch(f"{PRODUCER}/products/<product_id>", {"variety": "甲"}),
    get(f"{PRODUCER}/questions"),
    post(f"{PRODUCER}/questions", SAID),
    post(f"{PRODUCER}/reinstatement", {"reason": "整改完成"}),
    get(f"{PRODUCER}/sites"),
    post(f"{PRODUCER}/sites", {"client_id": "{fresh}", "name": "西地", "geometry": POINT, "typed_area_mu": "3"}),
    get(f"{PRODUCER}/sites/<site_id>"),
    patch(f"{PRODUCER}/sites/<site_id>", {"name": "西地"}),
    post(f"{PRODUCER}/suspension", {"reason": "核查"}),
    get(f"{PRODUCER}/versions", query={"subject_id": "{producer_id}"}),
    get(f"{PRODUCER}/visits"),
    post(f"{PRODUCER}/visits", {"client_id": "{fresh}", "visited_on": "2026-09-30", "outcome": "as_declared"}),
    post(
        f"{PRODUCER}/visits/files",
        {"client_id": "{fresh}", "visit_client_id": "{fresh}", "role": "photo"},
        upload="file",
    ),
    get(f"{API}/questions", listing=True),
    get(QUESTION),
    post(f"{QUESTION}/answers", SAID),
    post(f"{QUESTION}/answers/photos", ANSWER_PHOTO, upload="file"),
    post(f"{QUESTION}/closing", {"client_id": "{fresh}"}),
    post(f"{QUESTION}/messages", SAID),
    get(f"{API}/reading", scoped=False),
    get(f"{API}/reading/<slug>", scoped=False),
    get(f"{API}/clone-flags", query={"region": "620602"}),
    get(f"{API}/recalls", query={"region": "620602"}),
    post(f"{API}/recalls", NEW_RECALL),
    get(RECALL),
    post(f"{RECALL}/closing", {"note": "结束"}),
    get(f"{RECALL}/lots"),
    get(f"{RECALL}/report.pdf"),
    get(f"{RECALL}/report.xlsx"),
    post(f"{RECALL}/withdrawal", {"reason": "wrong_target", "note": "批次号看错"}),
    get(f"{API}/map", scoped=False),
    get(f"{API}/regions", scoped=False),
    get(f"{API}/regions/<code>", scoped=False),
    get(f"{API}/rulebook", scoped=False),
    get(f"{API}/rulebook/versions", scoped=False),
    post(f"{API}/rulebook/versions", VERSION, scoped=False, upload="substances"),
    get(f"{API}/rulebook/versions/<version>", scoped=False),
    post(f"{API}/rulebook/versions/<version>/activation", {"on": "2026-10-01"}, scoped=False),
    get(f"{API}/rulebook/versions/<version>/diff", scoped=False),
    get(f"{API}/rulebook/versions/<version>/impact", scoped=False),
    post(f"{API}/rulebook/versions/<version>/impact", scoped=False),
    get(f"{API}/rulebook/versions/<version>/impact/changes", scoped=False),
    post(f"{API}/rulebook/versions/<version>/review", {"verdict": "reject", "note": "不对"}, scoped=False),
    get(f"{API}/testing/labs", scoped=False),
    post(f"{API}/testing/labs", NEW_LAB),
    get(f"{API}/testing/labs/<lab_id>/accreditations", scoped=False),
    post(f"{API}/testing/labs/<lab_id>/accreditations", {"items": [SCOPE]}),
    post(
        f"{API}/testing/labs/<lab_id>/accreditations/end",
        {"accreditation_id": "{accreditation_id}", "ended_on": "2026-10-01", "reason": "撤销"},
    ),
    get(f"{API}/testing/results", query={"lot_id": "{lot_id}"}),
    post(f"{API}/testing/results", REPORT),
    get(f"{API}/traces/<trace_code>/proof", scoped=False),
    get(f"{API}/webhooks", query={"api_client_id": "{api_client_id}"}),
    post(f"{API}/webhooks", HOOK | {"events": ["rulebook.activated"]}),
    get(WEBHOOK),
    get(f"{WEBHOOK}/deliveries"),
    post(f"{WEBHOOK}/ping"),
    post(f"{WEBHOOK}/replay"),
    post(f"{WEBHOOK}/rotation"),
    post(f"{WEBHOOK}/state", {"state": "disabled"}),
    get(f"{WEBHOOK}/status"),
)
ROLES = tuple(role.code for role in vocab.get("roles"))


@dataclass(frozen=True)
class World:
    """One admitted orchard with something behind every door, and who stands before it."""

    grove: Orchard
    words: dict[str, str]
    login: Callable[..., str]

    def knock(self, door: Door, token: str | None) -> Any:
        path = door.path.replace("<int:", "<").replace("<", "{").replace(">", "}").format_map(self.words)
        fresh = f"knock-{next(numbers):05}"
        body = _filled(door.body, self.words | {"fresh": fresh})
        sent: dict[str, Any] = {"query_string": _filled(door.query, self.words), "headers": door.headers}
        if door.upload:
            file = {door.upload: (io.BytesIO(b"nothing readable"), "a.bin")}
            sent |= {"data": {**body, **file}, "content_type": "multipart/form-data"}
        else:
            sent["body"] = body
        return self.grove.api.send(door.method, path, as_=token, **sent)

    def person(self, role: str, *, own: bool) -> str:
        """Someone in this role, in the orchard's own scope or in a foreign one."""
        if vocab.get("roles")[role]["scope"] == "producer":
            return self.login(role, producer_id=self.grove.farm.producer_id if own else "0000000000")
        return self.login(role, region="620602" if own else "620723")


def _filled(value: Any, words: dict[str, str]) -> Any:
    if isinstance(value, str):
        return value.format_map(words)
    if isinstance(value, dict):
        return {name: _filled(one, words) for name, one in value.items()}
    return [_filled(one, words) for one in value] if isinstance(value, list) else value


_kept: Kept[World] = Kept()


@pytest.fixture
def world(api: Api, login: Callable[..., str], travel: Callable[[datetime], None]) -> World:
    travel(NOW)
    return replace(_kept.get(lambda: build(api, login)), login=login)


def build(api: Api, login: Callable[..., str]) -> World:
    grove = orchard(api, login)
    return World(grove, {**stamped_words(grove, login), "device_id": "0000000000000000"}, login)


def needs_of(app: Flask) -> dict[str, str]:
    return {
        f"{method} {rule.rule}": app.view_functions[rule.endpoint].needs  # type: ignore[attr-defined]
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/v1/")
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }


def test_the_table_names_every_endpoint_and_no_other(app: Flask) -> None:
    assert sorted(door.name for door in DOORS) == sorted(needs_of(app))


def holds(role: str, needs: str) -> bool:
    everyone = bool(vocab.get("permissions").get(needs, {}).get("everyone"))
    return needs in PUBLIC_ONES or everyone or needs in vocab.get("roles")[role]["permissions"]


def test_without_a_login_only_public_doors_open(app: Flask, world: World) -> None:
    needs = needs_of(app)
    for door in DOORS:
        status = world.knock(door, None).status_code
        assert (status == 401) is (needs[door.name] != "public") or door.path.startswith(f"{API}/auth/"), door.name


def judged(door: Door, needs: str, role: str, *, own: bool, status: int) -> bool:
    """What may be answered: 403 for what the role cannot do anywhere, 404 for another's land, else not a closed door.
    A role that may do nothing to its own producer by region, or the reverse, stands before foreign land too."""
    if not holds(role, needs):
        return status == 403
    if door.scoped and not door.listing and not own:
        return status == 404
    return status not in (401, 403, 404, 500)


def table(world: World, needs: dict[str, str], role: str) -> Iterator[str]:
    for own in (False, True):
        token = world.person(role, own=own)
        for door in DOORS:
            if door.path.startswith((f"{API}/auth/", f"{API}/invitations/")) or door.path == f"{PRODUCER}/contact":
                continue  # one's own account; contact has two permissions and its own test
            if own and door.method == "DELETE" and not door.scoped:
                continue  # it is everyone's who holds the word, and is gone since the first round
            status = world.knock(door, token).status_code
            if not judged(door, needs[door.name], role, own=own, status=status):
                yield f"{role} {'own' if own else 'foreign'} {door.name} → {status}"


@pytest.mark.parametrize("role", ROLES)
def test_a_role_opens_its_own_doors_and_no_others(app: Flask, world: World, role: str) -> None:
    wrong = list(table(world, needs_of(app), role))
    assert not wrong, "\n".join(wrong)


def test_lists_show_a_stranger_nothing_of_others(world: World) -> None:
    stranger = world.person("county_officer", own=False)
    for door in (one for one in DOORS if one.listing and one.method == "GET"):
        assert world.knock(door, stranger).json["items"] == [], door.name
        assert world.knock(door, world.grove.officer).status_code == 200
    farmer = world.person("farmer", own=False)
    sync = next(one for one in DOORS if one.path.endswith("records:sync"))
    (item,) = world.knock(sync, farmer).json["items"]
    assert (item["outcome"], item["reason"]) == ("rejected", "batch_unknown")


def test_contact_opens_to_those_permitted_and_leaves_a_line(world: World) -> None:
    door = next(one for one in DOORS if one.path == f"{PRODUCER}/contact")
    assert world.knock(door, world.grove.officer).json["phone"]
    for role, own in (("county_officer", False), ("farmer", False), ("lab", True), ("operator", True)):
        assert world.knock(door, world.person(role, own=own)).status_code in (403, 404), role
