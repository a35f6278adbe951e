"""When a message is sent again, what an answer means, and the signatures that go with it."""

import base64
import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.base.errors import RuleBroken
from backend.domains.exchange.rules import deliveries, national, webhooks
from backend.domains.exchange.rules.deliveries import Health, Verdict
from backend.gateways import national_platform
from backend.gateways.national_platform import signing
from backend.gateways.outgoing import is_open

NOW = datetime(2026, 10, 1, tzinfo=UTC)
CHANCE = st.floats(0, 0.999)
# The example of the Standard Webhooks reference libraries: https://github.com/standard-webhooks/standard-webhooks
SECRET, MESSAGE = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek"
STAMP, BODY = 1614265330, b'{"test": 2432232314}'
SIGNED = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@given(st.integers(1, 40), CHANCE)
def test_pauses_grow_and_are_bounded(attempts: int, chance: float) -> None:
    now, later = deliveries.pause(attempts, chance), deliveries.pause(attempts + 1, chance)
    assert timedelta(seconds=5) <= now <= later <= deliveries.LONGEST * 1.25
    if later < deliveries.LONGEST:
        assert deliveries.pause(attempts, 0.999) < deliveries.pause(attempts + 1, 0)


@given(st.lists(st.sampled_from(list(Verdict)), max_size=30))
def test_a_receiver_is_failing_since_the_first_failure_after_it_last_took_something(answers: list[Verdict]) -> None:
    health, since = Health(), None
    for step, verdict in enumerate(answers):
        moment = NOW + timedelta(hours=step)
        health = deliveries.after(health, verdict, moment)
        since = None if verdict is Verdict.TAKEN else since or moment
        assert health.failing_since == since
        assert deliveries.is_hopeless(health, moment + deliveries.PATIENCE) is (since is not None)
        assert health.failures == 0 or verdict in (Verdict.UNWELL, Verdict.GONE)


@pytest.mark.parametrize(
    ("status", "verdict"),
    [
        (200, Verdict.TAKEN),
        (204, Verdict.TAKEN),
        (301, Verdict.REFUSED),
        (400, Verdict.REFUSED),
        (404, Verdict.REFUSED),
        (410, Verdict.GONE),
        (429, Verdict.UNWELL),
        (503, Verdict.UNWELL),
        (None, Verdict.UNWELL),
    ],
)
def test_what_an_answer_means(status: int | None, verdict: Verdict) -> None:
    assert deliveries.judged(status) is verdict


def test_the_signature_is_that_of_the_published_example() -> None:
    assert webhooks.signature(SECRET, message_id=MESSAGE, timestamp=STAMP, body=BODY) == SIGNED


def test_two_secrets_give_two_signatures_and_either_verifies() -> None:
    other = webhooks.secret_of(b"x" * 32)
    sent = webhooks.headers([other, SECRET], message_id=MESSAGE, timestamp=STAMP, body=BODY)
    assert sent["webhook-signature"].split(" ")[1] == SIGNED
    assert webhooks.is_signed(SECRET, sent, BODY, now=STAMP + 299)
    assert webhooks.is_signed(other, sent, BODY, now=STAMP)
    assert not webhooks.is_signed(SECRET, sent, BODY, now=STAMP + 301)
    assert not webhooks.is_signed(webhooks.secret_of(b"y" * 32), sent, BODY, now=STAMP)


@given(st.binary(max_size=60), st.sampled_from(["body", "webhook-id", "webhook-timestamp", "webhook-signature"]))
def test_whatever_is_changed_the_signature_no_longer_fits(body: bytes, what: str) -> None:
    secret = webhooks.secret_of(b"k" * 32)
    sent = webhooks.headers([secret], message_id=MESSAGE, timestamp=STAMP, body=body)
    assert webhooks.is_signed(secret, sent, body, now=STAMP)
    if what == "body":
        assert not webhooks.is_signed(secret, sent, body + b" ", now=STAMP)
    else:
        changed = {"webhook-timestamp": str(STAMP + 1)}.get(what, sent[what][:-2] + "!=")
        assert not webhooks.is_signed(secret, {**sent, what: changed}, body, now=STAMP)


@given(st.text(max_size=40))
def test_what_a_stranger_writes_into_the_headers_is_answered_by_no(text: str) -> None:
    for name in ("webhook-timestamp", "webhook-signature"):
        sent = webhooks.headers([SECRET], message_id=MESSAGE, timestamp=STAMP, body=BODY) | {name: text}
        assert not webhooks.is_signed(SECRET, sent, BODY, now=STAMP)


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/hook",
        "ftp://example.org/",
        "https://",
        "https://user:pass@example.org/",
        "https://example.org/#part",
        "https://example.org:99999/",
        "https://[::1",
        "https://例子.cn/",
        "javascript:alert(1)",
    ],
)
def test_only_plain_https_addresses_are_taken(url: str) -> None:
    with pytest.raises(RuleBroken, match="webhook_url_wrong"):
        webhooks.check_url(url, private=False)


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1/",
        "https://10.1.2.3/",
        "https://169.254.169.254/latest/meta-data/",
        "https://[::1]/",
        "https://[fe80::1]/",
        "https://localhost/",
        "https://db.internal/",
        "https://printer/",
    ],
)
def test_addresses_at_home_are_refused_before_anything_is_sent(url: str) -> None:
    with pytest.raises(RuleBroken, match="webhook_url_private"):
        webhooks.check_url(url, private=False)
    webhooks.check_url(url, private=True)


def test_an_ordinary_address_is_taken() -> None:
    webhooks.check_url("https://erp.example.org:8443/hooks/longtrace?tenant=7", private=False)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "224.0.0.1",
        "255.255.255.255", "0.1.2.3", "::", "::1", "fe80::1%eth0", "fc00::1", "fec0::1", "ff02::1", "::ffff:10.0.0.1",
        "2002:7f00:1::", "64:ff9b::a9fe:a9fe",
    ],
)  # fmt: skip
def test_no_address_of_a_private_network_is_open_however_it_is_written(address: str) -> None:
    assert not is_open(address)


def test_addresses_of_the_internet_are_open() -> None:
    assert all(is_open(one) for one in ("1.1.1.1", "223.5.5.5", "2400:3200::1", "64:ff9b::101:101"))


MAPPING = national_platform.mapping("national-v2")
SPEC = MAPPING["signing"]
KEY = {"key_id": "k", "secret": b"s" * 32}


@given(st.binary(max_size=80), st.sampled_from(["path", "body", "secret", "clock", "none", *SPEC["headers"].values()]))
def test_a_signed_request_fits_until_anything_that_it_covers_is_changed(body: bytes, what: str) -> None:
    sent = signing.headers(SPEC, **KEY, path="/lots", timestamp=str(STAMP), body=body, message_id="m")
    seen = {"path": "/lots", "body": body, "now": STAMP + 1.5, **KEY}
    if what in sent:
        sent[what] = "1"
    seen |= {"path": {"path": "/batches"}, "body": {"body": body + b"x"}, "secret": {"secret": b"t" * 32}}.get(what, {})
    seen |= {"now": STAMP + 301.0} if what == "clock" else {}
    assert signing.fits(SPEC, sent, **seen) is (what == "none")


def test_what_the_national_platform_is_told_is_what_the_mapping_names() -> None:
    facts = {"producer_id": "P", "name": "甲合作社", "kind": "cooperative", "credit_code": None, "phone": "138"}
    assert national.mapped(MAPPING, "producer.admitted", facts) == {
        "subjectRef": "P",
        "subjectName": "甲合作社",
        "subjectKind": "cooperative",
    }


def test_a_subject_code_is_made_for_organisations_alone() -> None:
    code = "93620826MA7DEM0027"
    assert national.subject_code("credit_code", code, "cooperative") == f"0.{code}.00000"
    assert national.subject_code("credit_code", code, "buyer") == f"1.{code}.00000"
    assert national.subject_code("person_id", "6206********000012", "smallholder") is None


def test_every_field_of_the_mapping_says_whether_it_is_sure_and_from_where() -> None:
    fields = [one for message in MAPPING["messages"].values() for one in message["fields"]]
    assert len(fields) > 20
    assert all(isinstance(one["sure"], bool) and one["source"] for one in fields)
    assert "identity number of a person" in json.dumps(MAPPING["withheld"])


def test_a_secret_is_thirty_two_random_bytes_in_the_form_receivers_know() -> None:
    assert base64.b64decode(webhooks.secret_of(b"r" * 32).removeprefix("whsec_")) == b"r" * 32
