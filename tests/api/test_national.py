"""The push to the national platform against its stand-in: signed, in order, again until taken, and off by default."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests

from backend import gateways
from backend.base import store
from backend.config import ConfigError, Settings
from backend.domains.exchange.rules.deliveries import MAX_ATTEMPTS
from backend.domains.exchange.service import deliveries
from backend.domains.tracing import service as tracing
from backend.gateways import national_platform, outgoing
from backend.gateways.national_platform.sandbox import SECRET, Sandbox
from tests.api.test_recalls import ordered
from tests.factories.certificates import orchard
from tests.factories.exchange import deliver_all
from tests.factories.http import Api

API = "/api/v1"
Login = Callable[..., str]
Travel = Callable[[datetime], None]


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    running = Sandbox()
    yield running
    running.stop()


def pushed_to(sandbox: Sandbox, secret: str = SECRET) -> national_platform.NationalPlatform:
    mapping = national_platform.mapping("national-v2")
    return national_platform.NationalPlatform(sandbox.url, "sandbox", secret.encode(), mapping)


@pytest.fixture
def on(api: Api, sandbox: Sandbox) -> None:
    """The push is set to the stand-in. Its clock is the real one, so the platform's is left alone too."""
    gateways.install(replace(gateways.current(), national=pushed_to(sandbox)))


@pytest.fixture
def operator(api: Api, login: Login) -> str:
    return login("operator", region="620000")


def taken(sandbox: Sandbox) -> list[tuple[str, dict[str, Any]]]:
    return [(one["path"], one["body"]) for one in sandbox.state.taken.values()]


def order(sandbox: Sandbox, control: str, **said: Any) -> None:
    requests.post(f"{sandbox.url}/__sandbox/{control}", json=said, timeout=5)


def test_it_is_off_until_it_is_set(api: Api, operator: str, settings: Settings) -> None:
    status = api.get(f"{API}/national/status", as_=operator).json
    assert (status["enabled"], status["version"], status["state"]) == (False, None, "closed")
    assert api.post(f"{API}/national/replay", {}, as_=operator).json["reason"] == "national_off"
    assert national_platform.connect(settings) is None
    with pytest.raises(ConfigError, match="NATIONAL_PLATFORM_SECRET"):
        national_platform.connect(replace(settings, national_platform_url="http://127.0.0.1:1"))
    complete = {"national_platform_url": "http://127.0.0.1:1", "national_platform_key": "k"}
    complete |= {"national_platform_secret": "s" * 32, "national_platform_version": "../../vocab/roles"}
    with pytest.raises(ConfigError, match="NATIONAL_PLATFORM_VERSION"):
        national_platform.connect(replace(settings, **complete))


@pytest.mark.usefixtures("on")
def test_producers_batches_lots_and_certificates_arrive_in_the_platforms_words_and_no_persons_number_among_them(
    api: Api, login: Login, travel: Travel, sandbox: Sandbox, operator: str
) -> None:
    travel(datetime(2026, 10, 1, 2, tzinfo=UTC))
    grove = orchard(api, login)
    certificate = grove.issued()
    grove.void(certificate["id"])
    travel(datetime.now(UTC))
    deliver_all()
    found = taken(sandbox)
    by_path = {path: [body for one, body in found if one == path] for path, _ in found}
    assert by_path.keys() == {"/subjects", "/batches", "/lots", "/certificates", "/certificates/void"}
    assert by_path["/certificates"][0]["certificateCode"] == certificate["code"]
    assert by_path["/certificates/void"][0]["reason"] == "wrong_entry"
    assert by_path["/lots"][0]["lotRef"] == grove.lot_id
    assert [path for path, body in found if "certificateCode" in body] == ["/certificates", "/certificates/void"]
    producer = store.collection("producers").find_one({"_id": grove.farm.producer_id})
    assert producer is not None
    subject = by_path["/subjects"][0]
    if producer["identity_kind"] == "person_id":
        assert "creditCode" not in subject and "subjectCode" not in subject
        assert producer["name"] not in json.dumps(found, ensure_ascii=False)
    status = api.get(f"{API}/national/status", as_=operator).json
    assert (status["enabled"], status["version"], status["lag_seconds"], status["dead"]) == (True, "national-v2", 0, 0)
    assert len(api.get(f"{API}/national/deliveries?state=taken", as_=operator).json["items"]) == len(found)


@pytest.mark.usefixtures("on")
def test_it_hears_of_a_certificate_that_stands_again_after_it_heard_that_it_was_void(
    api: Api, login: Login, travel: Travel, sandbox: Sandbox
) -> None:
    travel(datetime(2026, 10, 1, 2, tzinfo=UTC))
    grove = orchard(api, login)
    code, recall = grove.issued()["code"], ordered(grove)
    tracing.spread_recalls()
    said = {"reason": "wrong_target", "note": "批次号看错一位"}
    assert api.post(f"{API}/recalls/{recall['id']}/withdrawal", said, as_=grove.officer).status_code == 200
    tracing.spread_recalls()
    travel(datetime.now(UTC))
    deliver_all()
    told = [path for path, body in taken(sandbox) if body.get("certificateCode") == code]
    assert told == ["/certificates", "/certificates/void", "/certificates/restore"]


@pytest.mark.usefixtures("on")
def test_it_hears_that_a_harvest_was_corrected_and_that_a_lot_is_recalled(
    api: Api, login: Login, travel: Travel, sandbox: Sandbox
) -> None:
    travel(datetime(2026, 10, 1, 2, tzinfo=UTC))
    grove = orchard(api, login)
    better = {"batch_id": grove.farm.batch_id, "client_id": "amended-0001", "amend_reason": "称错了", "kind": "harvest"}
    better |= {"happened_on": "2026-09-29", "amount": "900", "unit": "kg"}
    answer = api.post(f"{API}/farming/records/{grove.lot_id}/amendments", better, as_=grove.token)
    assert answer.status_code == 201, answer.text
    ordered(grove)
    tracing.spread_recalls()
    travel(datetime.now(UTC))
    deliver_all()
    told = [(path, body) for path, body in taken(sandbox) if body.get("lotRef") == grove.lot_id]
    assert [path for path, _ in told] == ["/lots", "/lots/amend", "/lots/recall"]
    assert (told[1][1]["amount"], told[1][1]["harvestedOn"]) == ("900", "2026-09-29")
    assert told[2][1]["reason"] == "test_failed"


def begun(number: int) -> None:
    """News of a batch, as farming publishes it."""
    body = json.dumps({"batchRef": f"P.batch-{number}"})
    message = deliveries.Message(f"msg_{number}", "batch.begun", f"P.batch-{number % 2}", body)
    store.transaction(lambda: deliveries.put(deliveries.NATIONAL, message))


def test_whatever_the_platform_does_each_message_is_taken_once_and_in_the_order_of_its_subject(
    api: Api, travel: Travel, sandbox: Sandbox, on: None
) -> None:
    start = datetime.now(UTC)
    travel(start)
    for number in range(6):
        begun(number)
    order(sandbox, "swallow", times=1)  # takes it and says 500: it is sent again and known again
    deliver_all()
    order(sandbox, "fail", status=503, times=2)
    for seconds in (20, 60, 120, 200):  # inside the clocks' tolerance of the signature
        travel(start + timedelta(seconds=seconds))
        deliver_all()
    assert len(sandbox.state.taken) == 6
    for parity in (0, 1):
        mine = [name for name in sandbox.state.taken if int(name[4:]) % 2 == parity]
        assert mine == sorted(mine)
    statuses = [one["status"] for one in sandbox.state.calls]
    assert statuses.count(500) == 1 and statuses.count(503) == 2 and statuses.count(200) == 1


def test_a_subject_that_is_refused_holds_up_no_other_and_waits_for_a_person(
    api: Api, travel: Travel, sandbox: Sandbox, on: None, operator: str
) -> None:
    start = datetime.now(UTC)
    travel(start)
    for number in range(4):
        begun(number)
    order(sandbox, "refuse", subjects=["P.batch-0"])
    store.collection("delivery_lanes").update_many({}, {"$set": {"attempts": MAX_ATTEMPTS - 1}})
    deliver_all()
    assert list(sandbox.state.taken) == ["msg_1", "msg_3"]
    (dead,) = api.get(f"{API}/national/deliveries?state=dead", as_=operator).json["items"]
    assert (dead["message_id"], dead["tries"][-1]["status"]) == ("msg_0", 422)
    status = api.get(f"{API}/national/status", as_=operator).json
    assert (status["dead"], status["state"]) == (1, "open")
    assert api.get("/readyz").json["parts"]["national"] == {"ok": True, "enabled": True, "lag_seconds": 0, "dead": 1}
    order(sandbox, "refuse", subjects=[])
    assert api.post(f"{API}/national/replay", {}, as_=operator).json == {"count": 1}
    deliver_all()
    assert list(sandbox.state.taken) == ["msg_1", "msg_3", "msg_0", "msg_2"]
    assert store.collection("audit_lines").find_one({"action": "national.send_again"}) is not None


def test_a_request_that_is_not_signed_with_the_secret_is_not_taken(api: Api, sandbox: Sandbox) -> None:
    stranger = pushed_to(sandbox, secret="x" * 32)
    assert stranger.send("/lots", b"{}", message_id="m").status == 401
    assert pushed_to(sandbox).send("/lots", b"{}", message_id="m").status == 201
    assert requests.post(f"{sandbox.url}/lots", json={}, timeout=5).status_code == 401
    assert list(sandbox.state.taken) == ["m"]


def test_a_platform_that_answers_too_slowly_or_not_at_all_is_given_up_in_time(api: Api, sandbox: Sandbox) -> None:
    order(sandbox, "delay", seconds=1.5)
    with pytest.raises(outgoing.Unreachable, match="timed_out"):
        pushed_to(sandbox).send("/lots", b"{}", message_id="m", seconds=0.2)
    nowhere = national_platform.NationalPlatform(
        "http://127.0.0.1:9", "k", b"s" * 32, national_platform.mapping("national-v2")
    )
    with pytest.raises(outgoing.Unreachable, match="connection_failed"):
        nowhere.send("/lots", b"{}", message_id="m")
