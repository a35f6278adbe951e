"""Fill in the demonstration: invented farms of the four pilot counties, two seasons, certificates, tests and pictures.

May be run again: what is there stays as it is. Writes `demo.json` into LONGTRACE_VAR (default `var`) when all is done.
"""

import json
import math
import os
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from backend import config, gateways
from backend.app import create_app
from backend.base import clock, store, vocab
from backend.base.actor import Actor, system
from backend.base.errors import Conflict
from backend.domains.accounts import service as accounts
from backend.domains.exchange import service as exchange
from backend.domains.producers import service as producers
from backend.domains.signing import service as signing
from backend.domains.testing import service as testing
from backend.domains.tracing import service as tracing
from scripts import load_rulebook
from scripts.demo import moves, reading, seasons, stores, talks, voices, watch, witnesses
from scripts.demo.seasons import Farm
from scripts.environment import ROOT

PLAN = Path(__file__).parent / "demo" / "farms.json"
ME = system("demo")
METRES_A_DEGREE = 111_320.0
MU = 666.67  # m²
STAFF = (
    ("county_officer", "county", "监管员（演示）"),
    ("lab", "lab", "检测员（演示）"),
)
WIDE = (
    ("province_officer", "province", "省级监管员（演示）", "620000"),
    ("operator", "operator", "平台运维员（演示）", "620000"),
    ("township_officer", "township-620602100", "黄羊镇监管员（演示）", "620602100"),
)


def main() -> int:
    began, out = time.monotonic(), Path(os.environ.get("LONGTRACE_VAR") or ROOT / "var") / "demo.json"
    create_app(replace(config.load(), rate_limits=False))
    plan = json.loads(PLAN.read_text("utf-8"))
    with seasons.on(date(clock.today().year - 2, 1, 1)):
        signing.current("certificate")  # older than all that it will sign in these made-up years
    people = People()
    for role, login, name, region in WIDE:
        people.staff(role, login, name, region)
    load_rulebook.load(ROOT / "schemas" / "rulebook", people.again("operator"))
    traces: list[dict[str, Any]] = []
    bought: list[dict[str, Any]] = []
    watched: list[dict[str, str]] = []
    for number, row in enumerate(plan["farms"], start=1):
        farm = settle(people, row)
        for year in (clock.today().year - 1, clock.today().year):
            stores.fill(farm, plan["seasons"][row["season"]], year, clock.today())
            traces += seasons.live(farm, plan["seasons"][row["season"]], year, clock.today())
            if row.get("example") and year < clock.today().year:
                stores.take_stock(farm, year)
        talks.talk(farm, clock.today())
        print(f"  [{number:2}/{len(plan['farms'])}] {row['name']} · {row['product']}", flush=True)
        if row.get("example"):
            seen, anew = _move(people, farm, plan["buyer"])
            watched += seen
            bought += anew
        if row.get("watched"):
            watched += watch.watch(farm, clock.today())
    _offer_example(traces)
    witnesses.appoint(ME, out.parent / "witness")
    voices_heard = _live_in_public(people, traces)
    while exchange.build_dumps():
        pass  # the open data are there before anybody looks
    report = _report(traces + bought, people.listed) | {
        "complaints": voices_heard,
        "officers": _officers(watched, people.listed),
    }
    _print_table(report)
    out.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(out, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        json.dump(report, file, ensure_ascii=False, indent=1)
    store.close()
    print(f"demo: {len(plan['farms'])} producers, {len(traces)} certificates, {time.monotonic() - began:.0f} s → {out}")
    return 0


def _move(people: "People", farm: Farm, row: Mapping[str, Any]) -> tuple[list[dict[str, str]], list[dict[str, Any]]]:
    """The farm's apples go to a buyer, and the county tries whether it would find them again; returns what officers
    may look at, and what the buyer certified anew."""
    newcomer, today = people.farmer(row["key"], row["contact"], row["region"]), clock.today()
    with seasons.on(date(today.year - 1, 1, 5)):
        made = _registered(newcomer, row)
    buyer = people.again(row["key"])
    _admit_buyer(farm, buyer, made.id, date(today.year - 1, 1, 5))
    drill = moves.move(farm, buyer, made.id, today)
    seen: list[dict[str, str]] = []
    if drill:
        print(f"  recall drill: {drill['lots']} lots at {drill['holders']} holders in {drill['ms']} ms", flush=True)
        seen.append({"what": "召回演练", "page": f"/desk/recalls/{drill['id']}"})
    anew = moves.certified_anew(buyer, made.id, today)
    moves.from_outside(buyer, made.id, today)
    if moves.under_way(farm, buyer, made.id, today):
        print(f"  a load waits for {row['key']} to receive it", flush=True)
    return seen, [{"code": anew.code, "state": anew.state, "product": "红富士苹果（礼盒） · 样式二"}] if anew else []


def _admit_buyer(farm: Farm, buyer: Actor, buyer_id: str, spring: date) -> None:
    """A buyer declares what it sells and no land."""
    with seasons.on(spring):
        apples = producers.new_product(
            buyer, buyer_id, client_id="product-0001", crop="apple", name="红富士苹果", variety="", gtin=None
        )
        sent = producers.submit(
            buyer,
            buyer_id,
            client_id="declaration-01",
            season=str(spring.year),
            site_ids=[],
            product_ids=[apples.id],
            commitments=vocab.get("declaration_commitments").codes,
        )
    with seasons.on(spring + timedelta(days=2)):
        producers.decide(farm.officer, sent.id, verdict="approve")


def _registered(newcomer: Actor, row: Mapping[str, Any]) -> Any:
    return producers.register(
        newcomer,
        client_id="demo-producer",
        name=row["name"],
        kind=row["kind"],
        region=row["region"],
        contact_name=row["contact"],
        contact_phone=row["phone"],
        credit_code=row.get("credit_code"),
        person_id=row.get("person_id"),
        public_contact=row.get("public_contact", False),
    )


def _live_in_public(people: "People", traces: list[dict[str, Any]]) -> list[dict[str, str]]:
    """Articles, reports and market checks; returns the reports with their receipts."""
    today = clock.today()
    writer, reviewer = (people.staff("editor", f"editor-{one}", f"编辑{one}（演示）", "620000") for one in "ab")
    print(f"  articles: {sum(1 for _ in reading.publish(writer, reviewer, today))}", flush=True)
    heard = list(voices.report(lambda county: people.again(f"county-{county}"), today))
    checker = people.staff("market_checker", "market-620602", "市场查验员（演示）", "620602")
    print(f"  reports: {len(heard)}, market checks: {voices.check(checker, traces, today)}", flush=True)
    return heard


class People:
    """The accounts of the demonstration. Passwords follow from this installation's own secret, so that a second run
    knows them and another installation has others."""

    def __init__(self) -> None:
        self.listed: list[dict[str, str]] = []

    def staff(self, role: str, login: str, name: str, region: str) -> Actor:
        """An account with a role in a region, logged in."""
        return self._entered(role, login, name, region, [{"role": role, "region": region}])

    def farmer(self, login: str, name: str, region: str) -> Actor:
        """An account that will register a producer and so become its farmer."""
        return self._entered("farmer", login, name, region, [])

    def again(self, login: str) -> Actor:
        """The actor as it is now, with what it was granted since; logged in by the real clock."""
        tokens = accounts.log_in_staff(login=login, password=password(login))
        return accounts.actor_from_token(tokens.access_token)

    def _entered(self, role: str, login: str, name: str, region: str, roles: list[dict[str, str]]) -> Actor:
        with suppress(Conflict):  # made by an earlier run
            accounts.new_staff(ME, login=login, password=password(login), name=name, roles=roles)
        shown = {"role": role, "login": login, "password": password(login), "region": region}
        if shown not in self.listed:
            self.listed.append(shown)
        return self.again(login)


def password(login: str) -> str:
    return "lt-" + gateways.current().secrets.keyed_hash("demo-password", login)[:12]


def settle(people: People, row: Mapping[str, Any]) -> Farm:
    """The farm's people, its producer with land and product, admitted by the county two springs ago."""
    county = row["region"][:6]
    officer, lab = (
        people.staff(role, f"{login}-{county}", vocab.label("regions", county) + name, county)
        for role, login, name in STAFF
    )
    lab_id = laboratory(county)
    newcomer = people.farmer(row["key"], row["contact"], row["region"])
    spring = date(clock.today().year - 1, 1, 5)
    with seasons.on(spring):
        producer = _registered(newcomer, row)
    farmer = people.again(row["key"])
    with seasons.on(spring):
        site = producers.new_site(
            farmer,
            producer.id,
            client_id="site-0001",
            name=row["site"],
            geometry=field(row["lon"], row["lat"], row["mu"]),
            typed_area_mu=Decimal(row["mu"]),
        )
        product = producers.new_product(
            farmer,
            producer.id,
            client_id="product-0001",
            crop=row["crop"],
            name=row["product"],
            variety=row["variety"],
            gtin=row.get("gtin"),
        )
    farm = Farm(row, producer.id, site.id, product.id, farmer, officer, lab, lab_id)
    _declare(farm, spring)
    return farm


def laboratory(county: str) -> str:
    """The county's invented laboratory, accredited for what the demonstration uses on everything it grows; its id."""
    name = f"{vocab.label('regions', county)}农产品质量检测站（演示）"
    with seasons.on(date(clock.today().year - 1, 1, 4)):
        made = testing.new_lab(ME, client_id=f"demo-lab-{county}", name=name, region=county, source="演示，虚构")
        days = {"valid_from": date(clock.today().year - 2, 1, 1), "valid_to": date(clock.today().year + 4, 12, 31)}
        scope = {"matrix": "*", "certificate_no": f"演示-CATL-{county}"} | days
        testing.accredit(ME, str(made.id), items=[{"analyte": one, **scope} for one in seasons.SOUGHT])
    return str(made.id)


def _declare(farm: Farm, spring: date) -> None:
    with seasons.on(spring):
        sent = producers.submit(
            farm.farmer,
            farm.producer_id,
            client_id="declaration-01",
            season=str(spring.year),
            site_ids=[farm.site_id],
            product_ids=[farm.product_id],
            commitments=vocab.get("declaration_commitments").codes,
        )
    with seasons.on(spring + timedelta(days=2)):
        producers.decide(farm.officer, sent.id, verdict="approve")


def field(lon: float, lat: float, mu: float) -> dict[str, Any]:
    """A square of that many mu, as GeoJSON."""
    side = math.sqrt(mu * MU)
    dx, dy = side / (METRES_A_DEGREE * math.cos(math.radians(lat))), side / METRES_A_DEGREE
    corners = [(lon, lat), (lon + dx, lat), (lon + dx, lat + dy), (lon, lat + dy), (lon, lat)]
    return {"type": "Polygon", "coordinates": [[[round(x, 6), round(y, 6)] for x, y in corners]]}


def _offer_example(traces: list[dict[str, Any]]) -> None:
    """The home page offers the newest valid trace of the farm that was chosen for it."""
    offered = [trace for trace in traces if trace.pop("example") and trace["state"] == "valid"]
    if offered:
        tracing.show_as_example(offered[-1]["code"], product=offered[-1]["product"])
        traces.remove(offered[-1])
        traces.insert(0, offered[-1])


def _report(traces: list[dict[str, Any]], people: list[dict[str, str]]) -> dict[str, Any]:
    return {"base_url": gateways.current().settings.public_base_url, "traces": traces, "accounts": people}


def _officers(watched: list[dict[str, str]], people: list[dict[str, str]]) -> list[dict[str, str]]:
    """What there is for officers, with who may look at it: log in at `/desk` first."""
    logins = {one["login"]: one for one in people}
    rulebook = [{"what": "规则库版本：上传、差别、影响、第二人审核", "page": "/desk/rulebooks", "login": "operator"}]
    seen = [{"login": "county-620602", **one} for one in watched] + rulebook
    return [{**one, "password": logins[one["login"]]["password"]} for one in seen]


def _print_table(report: Mapping[str, Any]) -> None:
    print("\n  trace code     state   product")
    for trace in report["traces"]:
        print(f"  {trace['code']}   {trace['state']:<7} {trace['product']}")
    print("\n  role              login                password          region")
    for one in report["accounts"]:
        print(f"  {one['role']:<17} {one['login']:<20} {one['password']:<17} {one['region']}")
    print("\n  at /desk          login                what")
    for one in report["officers"]:
        print(f"  {one['page'][:48]:<48} {one['login']:<14} {one['what']}")
    print(flush=True)


if __name__ == "__main__":
    sys.exit(main())
