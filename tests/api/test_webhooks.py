"""Webhooks over real loopback HTTP: signed, in order of each subject, at least once, and to nobody who may not know."""

import itertools
import json
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from backend.base import clock, store
from backend.domains.exchange import service as exchange
from backend.domains.exchange.rules.deliveries import MAX_ATTEMPTS, Verdict
from backend.domains.exchange.service import deliveries, deliveries_serving, webhooks_sending
from backend.domains.exchange.service.deliveries import Message
from backend.domains.tracing import service as tracing
from tests.api.test_recalls import ordered
from tests.factories.certificates import orchard
from tests.factories.exchange import Receiver, deliver_all, new_client, receiver, subscribe
from tests.factories.http import Api
from tests.factories.lots import buyer, holder, line

API = "/api/v1"
NOW = datetime(2026, 10, 1, 2, tzinfo=UTC)
numbers = itertools.count(1)
Login = Callable[..., str]
Travel = Callable[[datetime], None]


@pytest.fixture
def there() -> Iterator[Receiver]:
    with receiver() as running:
        yield running


@pytest.fixture
def province(api: Api, login: Login, travel: Travel, with_settings: Callable[..., None]) -> str:
    with_settings(webhook_private=True, access_minutes=366 * 24 * 60)
    travel(NOW)
    return login("province_officer", region="620000")


@pytest.fixture
def key(api: Api, province: str) -> str:
    return str(new_client(api, province).json["key"])


def queue(target: str, subject: str, number: int) -> str:
    """A message as news would make it; returns its id."""
    body = json.dumps({"type": "lot.held", "data": {"lot_id": subject}})
    message = Message(f"msg_{subject}_{number}", "lot.held", subject, body)
    store.transaction(lambda: deliveries.put(target, message))
    return message.id


def log(api: Api, key: str, hook: str, **query: str) -> list[dict[str, Any]]:
    answer = api.get(f"{API}/webhooks/{hook}/deliveries", as_=key, query_string=query)
    assert answer.status_code == 200, answer.text
    return list(answer.json["items"])


def test_a_subscriber_hears_in_order_what_it_may_know_signed_and_without_personal_data(
    api: Api, login: Login, province: str, there: Receiver
) -> None:
    grove = orchard(api, login)
    here, elsewhere = new_client(api, province).json["key"], new_client(api, province, region="620723").json["key"]
    wanted = ("certificate.issued", "certificate.voided", "lot.held", "lot.released")
    _, secret = subscribe(api, here, there.url, *wanted)
    subscribe(api, elsewhere, there.url, *wanted)
    certificate = grove.issued()
    grove.void(certificate["id"])
    api.post(f"{API}/lots/{grove.lot_id}/hold", {"reason": "complaint"}, as_=grove.officer)
    api.post(f"{API}/lots/{grove.lot_id}/release", {"note": "查清"}, as_=grove.officer)
    deliver_all()
    assert there.types == list(wanted)
    assert there.all_signed(secret, NOW.timestamp())
    first = there.got[0]["said"]
    assert first == {
        "type": "certificate.issued",
        "timestamp": "2026-10-01T02:00:00+00:00",
        "data": {
            "code": certificate["code"],
            "certificate_id": certificate["id"],
            "lot_id": grove.lot_id,
            "producer_id": grove.farm.producer_id,
            "url": f"http://t.test/t/{certificate['code']}",
        },
    }


def test_a_subscription_is_asked_for_only_by_those_who_may_see(
    api: Api, province: str, key: str, there: Receiver, with_settings: Callable[..., None]
) -> None:
    wanted = {"client_id": "webhook-00001", "api_client_id": key[4:16], "url": there.url, "events": ["lot.held"]}
    other = new_client(api, province).json["key"]
    assert api.post(f"{API}/webhooks", wanted, as_=other).status_code == 404
    hidden = api.post(f"{API}/webhooks", wanted | {"events": ["recall.ordered"]}, as_=key)
    assert hidden.json["reason"] == "webhook_permission_missing"
    made, again = (api.post(f"{API}/webhooks", wanted, as_=key).json for _ in range(2))
    assert made["webhook"] == again["webhook"] and made["secret"].startswith("whsec_") and again["secret"] is None
    listed = api.get(f"{API}/webhooks?api_client_id={key[4:16]}", as_=province)
    assert len(listed.json["items"]) == 1 and made["secret"] not in listed.text
    with_settings(webhook_private=False)
    for url, reason in (
        (there.url, "webhook_url_wrong"),
        ("https://127.0.0.1/hook", "webhook_url_private"),
        ("https://169.254.169.254/", "webhook_url_private"),
    ):
        refused = api.post(f"{API}/webhooks", wanted | {"client_id": "webhook-00002", "url": url}, as_=key)
        assert refused.json["reason"] == reason


def test_a_name_that_leads_home_is_refused_when_it_is_sent_to_and_no_redirect_is_followed(
    api: Api, key: str, there: Receiver, with_settings: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    there.redirect = "http://127.0.0.1:9/"
    there.answers = [302]
    hook, _ = subscribe(api, key, there.url, "lot.held")
    queue(hook, "A", 1)
    deliver_all()
    (one,) = log(api, key, hook)
    assert (one["state"], one["tries"][0]["status"], len(there.got)) == ("waiting", 302, 1)
    with_settings(webhook_private=False)
    innocent = {"url": f"https://hooks.example.org:{there.url.split(':')[2].split('/')[0]}/hook"}
    store.collection("webhooks").update_one({"_id": hook}, {"$set": innocent})
    monkeypatch.setattr("socket.getaddrinfo", lambda *_a, **_k: [(2, 1, 6, "", ("127.0.0.1", 1))])
    found = deliveries.delivery(hook, one["id"])
    assert webhooks_sending.send(found).reason == "address_refused"
    assert len(there.got) == 1


def test_what_failed_is_sent_again_later_with_the_same_id_and_what_is_behind_it_waits(
    api: Api, key: str, there: Receiver, travel: Travel
) -> None:
    hook, _ = subscribe(api, key, there.url, "lot.held")
    first, second, other = queue(hook, "A", 1), queue(hook, "A", 2), queue(hook, "B", 1)
    there.refuse = {"A"}
    deliver_all()
    assert [message for _, message in there.taken] == [other]
    there.refuse = set()
    deliver_all()
    assert len(there.taken) == 1, "its pause is not over"
    travel(NOW + timedelta(seconds=7))
    deliver_all()
    assert [message for _, message in there.taken] == [other, first, second]
    assert len(there.got) == 4


def test_a_receiver_that_is_down_is_left_alone_for_a_while_and_loses_nothing(
    api: Api, key: str, there: Receiver, travel: Travel
) -> None:
    hook, _ = subscribe(api, key, there.url, "lot.held")
    messages = [queue(hook, f"L{number}", 1) for number in range(5)]
    there.answers = [503]
    deliver_all()
    assert len(there.got) == 1, "one look is enough to see that it is down"
    queue(hook, "L9", 1)
    deliver_all()
    assert len(there.got) == 1, "nor does a new message knock before the pause is over"
    travel(NOW + timedelta(seconds=30))
    deliver_all()
    assert sorted(message for _, message in there.taken) == sorted([*messages, "msg_L9_1"])


def test_a_slow_receiver_holds_up_nobody_else(api: Api, key: str, there: Receiver) -> None:
    with receiver() as slow:
        slow.hold = threading.Event()
        stuck, _ = subscribe(api, key, slow.url, "lot.held")
        quick, _ = subscribe(api, key, there.url, "lot.held")
        queue(stuck, "A", 1)
        exchange.deliver(patience=0.01)  # begins on the slow one
        queue(quick, "A", 1)
        for _ in range(200):
            exchange.deliver(patience=0.1)
            if there.got:
                break
        assert there.types == ["lot.held"] and slow.got == []
        slow.hold.set()
        deliver_all()
        assert slow.types == ["lot.held"]


def test_a_message_nobody_takes_waits_for_a_person_who_sends_it_again_or_lets_it_go(
    api: Api, key: str, province: str, there: Receiver, travel: Travel
) -> None:
    hook, _ = subscribe(api, key, there.url, "lot.held")
    first, second = queue(hook, "A", 1), queue(hook, "A", 2)
    there.refuse = {"A"}
    store.collection("delivery_lanes").update_one({}, {"$set": {"attempts": MAX_ATTEMPTS - 1}})
    deliver_all()
    (dead,) = log(api, key, hook, state="dead")
    assert dead["message_id"] == first
    assert api.get(f"{API}/webhooks/{hook}/status", as_=province).json["dead"] == 1
    travel(NOW + timedelta(days=2))
    deliver_all()
    assert there.taken == [], "what is behind a dead one waits with it"
    replay = f"{API}/webhooks/{hook}/replay"
    there.refuse = set()
    assert api.post(replay, {}, as_=key).json == {"count": 1}
    deliver_all()
    assert [message for _, message in there.taken] == [first, second]
    assert api.post(replay, {"delivery_id": dead["id"]}, as_=key).json == {"count": 1}
    deliver_all()
    assert [message for _, message in there.taken] == [first, second, first], "taken ones can be sent again too"
    third, fourth = queue(hook, "A", 3), queue(hook, "A", 4)
    there.refuse = {"A"}
    store.collection("delivery_lanes").update_one({}, {"$set": {"attempts": MAX_ATTEMPTS - 1}})
    deliver_all()
    there.refuse = set()
    gone = {"action": "give_up", "delivery_id": f"{hook}.{third}"}
    assert api.post(replay, gone, as_=key).json == {"count": 1}
    assert api.post(replay, gone, as_=key).json["reason"] == "delivery_not_dead"
    deliver_all()
    assert there.taken[-1][1] == fourth
    travel(NOW + timedelta(days=40))
    assert exchange.tidy_deliveries() == 5 and log(api, key, hook) == []


def test_a_receiver_that_fails_for_days_or_wants_no_more_is_disabled_and_its_maker_is_told(
    api: Api, key: str, province: str, there: Receiver, travel: Travel
) -> None:
    gone, _ = subscribe(api, key, there.url, "lot.held")
    there.answers = [410]
    queue(gone, "A", 1)
    deliver_all()
    assert api.get(f"{API}/webhooks/{gone}", as_=key).json["why"] == "gone"
    there.answers = [503, 503]
    failing, _ = subscribe(api, key, there.url, "lot.held")
    queue(failing, "A", 1)
    deliver_all()
    travel(NOW + timedelta(days=3))
    deliver_all()
    found = api.get(f"{API}/webhooks/{failing}", as_=key).json
    assert (found["state"], found["why"]) == ("disabled", "failing")
    notices = api.get(f"{API}/inbox", as_=province).json["items"]
    assert [one["kind"] for one in notices] == ["webhook_disabled"] * 2
    assert "127.0.0.1" in notices[0]["text"]["zh"] and "/hook" not in notices[0]["text"]["zh"]
    assert api.post(f"{API}/webhooks/{failing}/state", {"state": "active"}, as_=key).json["state"] == "active"
    travel(NOW + timedelta(days=3, minutes=1))
    deliver_all()
    assert there.types == ["lot.held"], "what waited is sent when it is enabled again"


def test_one_that_is_ended_is_spoken_to_no_more_makes_room_and_is_gone_with_all_that_waited(
    api: Api, key: str, there: Receiver, travel: Travel
) -> None:
    hooks = [subscribe(api, key, there.url, "lot.held")[0] for _ in range(10)]
    wanted = {"client_id": "webhook-eleven", "api_client_id": key[4:16], "url": there.url, "events": ["lot.held"]}
    assert api.post(f"{API}/webhooks", wanted, as_=key).json["reason"] == "too_many_webhooks"
    for number in range(3):
        queue(hooks[0], "A", number)
    end = {"state": "ended"}
    first, again = (api.post(f"{API}/webhooks/{hooks[0]}/state", end, as_=key) for _ in range(2))
    assert first.json["state"] == "ended" and first.json == again.json
    deliver_all()
    assert there.got == []
    for path, said in (("state", {"state": "active"}), ("rotation", {}), ("ping", {})):
        refused = api.post(f"{API}/webhooks/{hooks[0]}/{path}", said, as_=key)
        assert (refused.status_code, refused.json["reason"]) == (422, "webhook_ended")
    assert api.post(f"{API}/webhooks", wanted, as_=key).status_code == 201
    assert exchange.sweep_webhooks() == 0, "a message may be on its way into its queue yet"
    travel(NOW + timedelta(hours=2))
    while exchange.sweep_webhooks():
        pass
    assert api.get(f"{API}/webhooks/{hooks[0]}", as_=key).status_code == 404
    for kind in ("deliveries", "delivery_lanes"):
        assert store.collection(kind).count_documents({"target": hooks[0]}) == 0
    assert store.collection("delivery_lines").count_documents({"channel": "webhook"}) == 10


def test_what_nobody_took_and_nobody_decided_on_is_given_up_after_a_month_and_what_is_behind_it_goes(
    api: Api, key: str, there: Receiver, travel: Travel
) -> None:
    hook, _ = subscribe(api, key, there.url, "lot.held")
    for number in range(2):
        queue(hook, "A", number)
    there.answers = [422]
    store.collection("delivery_lanes").update_many({}, {"$set": {"attempts": MAX_ATTEMPTS - 1}})
    deliver_all()
    assert [one["state"] for one in log(api, key, hook)] == ["waiting", "dead"]
    travel(NOW + timedelta(days=29))
    assert exchange.tidy_deliveries() == 0
    travel(NOW + timedelta(days=31))
    assert exchange.tidy_deliveries() == 1
    deliver_all()
    assert [one["state"] for one in log(api, key, hook)] == ["taken", "given_up"]


def test_who_heard_of_a_recall_hears_that_it_was_taken_back_and_what_stands_again(
    api: Api, login: Login, province: str, there: Receiver
) -> None:
    grove = orchard(api, login)
    key = new_client(api, province, permissions=["certificate:read", "recall:read", "webhook:manage"]).json["key"]
    words = ("certificate.voided", "certificate.restored", "recall.ordered", "recall.withdrawn")
    subscribe(api, key, there.url, *words)
    made, recall = grove.issued(), ordered(grove)
    tracing.spread_recalls()
    said = {"reason": "wrong_target", "note": "批次号看错一位"}
    assert api.post(f"{API}/recalls/{recall['id']}/withdrawal", said, as_=grove.officer).status_code == 200
    tracing.spread_recalls()
    deliver_all()
    told = [(one["said"]["type"], one["said"]["data"]) for one in there.got]
    assert [kind for kind, _ in told if kind.startswith("recall.")] == ["recall.ordered", "recall.withdrawn"]
    papers = [(kind, data["code"]) for kind, data in told if kind.startswith("certificate.")]
    assert papers == [("certificate.voided", made["code"]), ("certificate.restored", made["code"])]


def test_holders_and_their_counties_hear_of_each_recalled_lot_and_of_its_end(
    api: Api, login: Login, province: str, there: Receiver
) -> None:
    """Neither the buyer's own client nor that of its county could hear of the order."""
    grove = orchard(api, login)
    me, far = holder(grove.farm), buyer(api, login, 8, region="620102001")
    (theirs,) = me.passed_on(far, line(grove.lot_id, "100"))
    words = ("lot.recalled", "lot.recall_withdrawn")
    for more in ({"region": "620102"}, {"region": None, "producer_id": far.producer_id}):
        made = new_client(api, province, permissions=["lot:read", "webhook:manage"], **more)
        subscribe(api, made.json["key"], there.url, *words)
    recall = ordered(grove)
    tracing.spread_recalls()
    deliver_all()
    said = {"lot_id": theirs, "producer_id": far.producer_id, "recall_id": recall["id"], "reason": "test_failed"}
    assert [(one["said"]["type"], one["said"]["data"]) for one in there.got] == [("lot.recalled", said)] * 2
    taken_back = {"reason": "wrong_target", "note": "批次号看错一位"}
    assert api.post(f"{API}/recalls/{recall['id']}/withdrawal", taken_back, as_=grove.officer).status_code == 200
    tracing.spread_recalls()
    deliver_all()
    assert there.types == ["lot.recalled"] * 2 + ["lot.recall_withdrawn"] * 2


def test_nobody_sends_themselves_what_they_may_not_see(api: Api, key: str, login: Login, there: Receiver) -> None:
    operator = login("operator", region="620000")
    asked = {"client_id": "operators-hook-1", "api_client_id": key[4:16], "url": there.url}
    refused = api.post(f"{API}/webhooks", {**asked, "events": ["result.recorded"]}, as_=operator)
    assert (refused.status_code, refused.json["reason"]) == (422, "client_permissions_wide")
    public = api.post(f"{API}/webhooks", {**asked, "events": ["rulebook.activated"]}, as_=operator)
    assert public.status_code == 201, "what is everyone's is theirs too"


def test_one_turn_forgets_all_that_is_old_however_much_it_is(app: Any, travel: Travel) -> None:
    travel(NOW)
    queue("nobody", "A", 1)
    row = store.collection("deliveries").find_one_and_update({}, {"$set": {"state": "taken", "ended_at": NOW}})
    copies = [{**(row or {}), "_id": f"old-{number}", "state": "taken", "ended_at": NOW} for number in range(250)]
    store.collection("deliveries").insert_many(copies)
    travel(NOW + timedelta(days=31))
    assert exchange.tidy_deliveries() == 251
    assert store.collection("deliveries").find_one({}) is None


def test_nothing_goes_to_a_client_that_was_shut_out(api: Api, key: str, province: str, there: Receiver) -> None:
    hook, _ = subscribe(api, key, there.url, "lot.held")
    queue(hook, "A", 1)
    api.post(f"{API}/clients/{key[4:16]}/revocation", {"reason": "停用"}, as_=province)
    deliver_all()
    assert there.got == []
    assert api.get(f"{API}/webhooks/{hook}", as_=province).json["why"] == "client_ended"


def test_a_ping_arrives_and_while_a_secret_is_changed_both_verify(api: Api, key: str, there: Receiver) -> None:
    hook, old = subscribe(api, key, there.url, "lot.held")
    new = api.post(f"{API}/webhooks/{hook}/rotation", {"overlap_hours": 1}, as_=key).json["secret"]
    sent = api.post(f"{API}/webhooks/{hook}/ping", as_=key)
    assert (sent.status_code, sent.json["type"]) == (202, "webhook.ping")
    deliver_all()
    assert there.types == ["webhook.ping"]
    assert there.all_signed(old, NOW.timestamp()) and there.all_signed(new, NOW.timestamp())
    (one,) = log(api, key, hook)
    assert (one["state"], one["attempts"], one["payload"]) == ("taken", 1, there.got[0]["body"].decode())


def test_a_worker_killed_after_sending_sends_again_and_breaks_no_order(api: Api, key: str, there: Receiver) -> None:
    hook, _ = subscribe(api, key, there.url, "lot.held")
    first, second = queue(hook, "A", 1), queue(hook, "A", 2)

    class Killed(BaseException):
        """As SIGKILL: nothing after it is run."""

    def send_and_die(found: Any) -> Any:
        webhooks_sending.send(found)
        raise Killed

    with pytest.raises(Killed):
        deliveries_serving.serve(hook, send_and_die, seconds=5)
    deliveries.open_line(hook, "webhook")  # its lease and its claim have run out
    deliver_all()
    assert [message for _, message in there.taken] == [first, first, second]


def test_telling_the_same_news_twice_queues_it_once(api: Api, key: str, there: Receiver) -> None:
    hook, _ = subscribe(api, key, there.url, "lot.held")
    assert [store.transaction(lambda: deliveries.put(hook, Message("m1", "lot.held", "A", "{}"))) for _ in "ab"] == [
        True,
        False,
    ]


OUTCOMES = st.lists(
    st.one_of(
        st.tuples(st.just("queue"), st.sampled_from("AB")),
        st.tuples(st.just("turn"), st.sampled_from([Verdict.TAKEN, Verdict.REFUSED, Verdict.UNWELL])),
        st.tuples(st.just("crash"), st.just("after sending")),
    ),
    min_size=4,
    max_size=14,
)


@settings(max_examples=12, deadline=None, phases=(Phase.generate,), suppress_health_check=list(HealthCheck))
@given(steps=OUTCOMES)
def test_whatever_fails_or_dies_nothing_is_lost_and_no_subject_is_told_out_of_order(
    app: Any, steps: list[tuple[str, Any]]
) -> None:
    target, moment = f"receiver-{next(numbers)}", [NOW]
    queued: dict[str, int] = {"A": 0, "B": 0}
    heard: dict[str, list[int]] = {"A": [], "B": []}
    old, clock.source = clock.source, lambda: moment[0]
    deliveries.open_line(target, "webhook")

    class Killed(BaseException):
        """As SIGKILL."""

    def sender(outcome: Any) -> Any:
        def send(found: Any) -> deliveries_serving.Attempt:
            if outcome in (Verdict.TAKEN, "after sending"):
                heard[found.subject].append(int(found.message_id.rpartition("_")[2]))
            if outcome == "after sending":
                raise Killed
            return deliveries_serving.Attempt(outcome)

        return send

    try:
        for what, which in [*steps, *[("turn", Verdict.TAKEN)] * 3]:
            moment[0] += timedelta(hours=8)
            if what == "queue":
                queued[which] += 1
                queue(target, which, queued[which])
                continue
            try:
                deliveries_serving.serve(target, sender(which), seconds=5)
            except Killed:
                continue
    finally:
        clock.source = old
    for subject, count in queued.items():
        firsts = list(dict.fromkeys(heard[subject]))
        assert firsts == list(range(1, count + 1)), "each was told, the first time in order"
        assert heard[subject] == sorted(heard[subject]), "and what was told twice was told twice in a row"
