"""Signed certificates over HTTP: the proof, the second code on paper, the list of what was taken back."""

import base64
import hashlib
import io
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pypdfium2
import rfc8785
import zxingcpp

from backend import gateways
from backend.base import store
from backend.base.actor import system
from backend.domains.certificates import rules
from backend.domains.certificates import service as certificates
from backend.domains.signing import service as signing
from backend.domains.tracing import service as tracing
from backend.gateways import keys
from backend.gateways.keys import jws
from tests.factories.certificates import API, Orchard
from tests.factories.second import ask

NOW = datetime(2026, 10, 1, 2, tzinfo=UTC)
MINE = "13812345678"


def proof(grove: Orchard, code: str) -> Any:
    answer = grove.api.get(f"{API}/traces/{code}/certificate")
    assert answer.status_code == 200, answer.text
    return answer.json


def revocations(grove: Orchard) -> tuple[dict[str, Any], set[int], Any]:
    """(what the signed head says, the hashes, the answer)"""
    answer = grove.api.get(f"{API}/revocations")
    assert answer.status_code == 200, answer.text
    token, _, data = answer.data.partition(b"\n")
    head = json.loads(jws.parse(token.decode()).payload)
    assert signing.verify_jws(token.decode(), "revocations", datetime.fromtimestamp(head["iat"], UTC)).verdict == "good"
    assert head["sha256"] == rules.digest(data)
    return head, set(rules.decoded(head["count"], head["rice"], data)), answer


def pages_codes(grove: Orchard, certificate_id: str) -> set[str]:
    answer = grove.api.get(f"{API}/certificates/{certificate_id}/certificate.pdf", as_=grove.token)
    document = pypdfium2.PdfDocument(io.BytesIO(answer.data))
    found = {one.text for one in zxingcpp.read_barcodes(document[0].render(scale=3).to_pil())}
    document.close()
    return found


def test_a_certificate_is_signed_when_it_is_issued_and_the_proof_says_who_what_how_much_when(grove: Orchard) -> None:
    made = grove.issued()
    bundle = proof(grove, made["code"])
    assert bundle["format"] == "longtrace-proof/1" and bundle["inclusion"] is None
    assert bundle["signature"] == made["proof"]
    told = signing.verify_jws(bundle["signature"], "certificate", NOW)
    assert told.verdict == "good"
    claims = json.loads(told.payload)
    digest = hashlib.sha256(rfc8785.dumps(bundle["certificate"])).digest()
    assert claims.pop("doc") == base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    said = {"jti": made["code"], "sub": "张*", "what": "红富士苹果", "much": "400 公斤"}
    until = NOW + timedelta(days=730)
    assert claims == {**said, "iat": int(NOW.timestamp()), "exp": int(until.timestamp())}
    assert bundle["certificate"]["issued_at"] == "2026-10-01T10:00:00+08:00"


def test_the_proof_holds_no_more_than_the_public_page(grove: Orchard) -> None:
    made = grove.issued()
    bundle = proof(grove, made["code"].lower())
    said = json.dumps(bundle, ensure_ascii=False)
    for private in ("张三", MINE, made["id"], made["producer_id"], made["lot_id"], made["decision_id"]):
        assert private not in said
    card = bundle["certificate"]
    assert card["fields"] == made["card"]["fields"] and card["commitments"] == made["card"]["commitments"]


def test_node_verifies_what_the_platform_issued(grove: Orchard) -> None:
    made = grove.issued()
    certificates.publish_revocations()
    listed = base64.b64encode(grove.api.get(f"{API}/revocations").data).decode()
    keyring = grove.api.get(f"{API}/keys").json
    text = json.dumps(proof(grove, made["code"]))
    question = {"text": text, "keys": keyring, "list": listed, "now": int(NOW.timestamp() * 1000)}
    (key,) = (one for one in keyring["keys"] if one["kid"] == jws.parse(made["proof"]).header["kid"])
    jwk = {name: key[name] for name in ("kty", "crv", "x", "y")}
    answers = ask(("proof", question), ("signature", {"token": made["proof"], "jwk": jwk, "alg": key["alg"]}))
    assert answers == [{"verdict": "good", "document": True, "revocation": "not_listed", "expired": False}, True]


def test_the_page_on_paper_carries_a_second_code_that_is_enough_without_a_network(grove: Orchard) -> None:
    made = grove.issued()
    (address,) = pages_codes(grove, made["id"]) - {made["url"]}
    before, _, digits = address.partition("#")
    assert before == "http://t.test/verify" and jws.from_digits(digits) == made["proof"]


def test_the_trace_says_that_it_is_signed_and_where_to_check(grove: Orchard) -> None:
    made = grove.issued()
    story = grove.api.get(f"/t/{made['code']}", headers={"Accept": "application/json"}).json
    assert story["certificate"]["signed_by"] == signing.current("certificate").kid
    page = grove.api.get(f"/t/{made['code']}", headers={"Accept": "text/html"}).text
    assert f'href="/verify#{made["code"]}"' in page


def unsigned(grove: Orchard) -> Any:
    """A certificate as they were before there were signatures."""
    made = grove.issued()
    store.collection("certificates").update_one({"_id": made["id"]}, {"$unset": {"proof": "", "statement": ""}})
    tracing.rebuild([made["code"]])
    return made


def test_a_certificate_from_before_is_readable_and_shown_as_unsigned(grove: Orchard) -> None:
    made = unsigned(grove)
    assert grove.api.get(f"{API}/certificates/{made['id']}", as_=grove.token).json["proof"] is None
    answer = grove.api.get(f"{API}/traces/{made['code']}/certificate")
    assert (answer.status_code, answer.json["reason"]) == (422, "certificate_unsigned")
    assert pages_codes(grove, made["id"]) == {made["url"]}
    page = grove.api.get(f"/t/{made['code']}", headers={"Accept": "text/html"}).text
    assert "没有电子签名" in page and "/verify#" not in page
    assert grove.void(made["id"]).status_code == 200
    assert store.collection("revocations").find_one({}) is None


def test_a_proof_is_asked_for_by_trace_code_alone(grove: Orchard) -> None:
    made = grove.issued()
    for code in ("7K3MPX9Q2RTV", made["id"], "%00", "x" * 300):
        assert grove.api.get(f"{API}/traces/{code}/certificate").status_code == 404


def test_what_is_taken_back_is_on_the_next_list_and_nothing_else(grove: Orchard) -> None:
    kept, gone = grove.issued(amount="1"), grove.issued(amount="2")
    assert grove.api.get(f"{API}/revocations").json["reason"] == "revocation_list_not_made"
    assert certificates.publish_revocations() == 1
    assert revocations(grove)[0]["count"] == 0
    grove.void(gone["id"])
    assert certificates.publish_revocations() == 1
    head, hashes, _ = revocations(grove)
    assert head["count"] == 1 and hashes == {rules.hashed(gone["code"])} and rules.hashed(kept["code"]) not in hashes
    assert pages_codes(grove, gone["id"]) == {gone["url"]}, "a void page carries no proof"


def test_a_list_without_news_is_signed_again_after_a_while_and_not_before(
    grove: Orchard, travel: Callable[[datetime], None]
) -> None:
    assert certificates.publish_revocations() == 1
    assert certificates.publish_revocations() == 0
    travel(NOW + timedelta(minutes=16))
    assert certificates.publish_revocations() == 1
    assert revocations(grove)[0]["iat"] == int((NOW + timedelta(minutes=16)).timestamp())


def test_a_void_that_was_committed_late_is_not_lost(grove: Orchard, travel: Callable[[datetime], None]) -> None:
    made = grove.issued()
    grove.void(made["id"])
    travel(NOW + timedelta(minutes=1))
    store.collection("revocations").update_one({}, {"$set": {"at": NOW - timedelta(days=1)}})
    certificates.publish_revocations()
    assert revocations(grove)[0]["count"] == 1
    assert store.collection("revocations").find_one({})["listed"] is True


def test_a_code_leaves_the_list_after_the_last_month_of_its_certificate(
    grove: Orchard, travel: Callable[[datetime], None]
) -> None:
    grove.void(grove.issued()["id"])
    for month, count in ((datetime(2028, 9, 30, tzinfo=UTC), 1), (datetime(2028, 10, 2, tzinfo=UTC), 0)):
        travel(month)
        certificates.publish_revocations()
        assert revocations(grove)[0]["count"] == count


def test_the_list_is_sent_once_and_then_known_by_its_etag(grove: Orchard) -> None:
    certificates.publish_revocations()
    first = revocations(grove)[2]
    assert first.headers["Cache-Control"] == "public, max-age=60"
    again = grove.api.get(f"{API}/revocations", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304 and not again.data


def test_without_its_private_key_nothing_is_issued_and_nothing_is_taken(grove: Orchard, tmp_path: Path) -> None:
    signing.current("certificate")
    gateways.install(replace(gateways.current(), keys=keys.FileKeys(tmp_path)))
    answer = grove.issue()
    assert (answer.status_code, answer.json["reason"]) == (503, "signing_key_missing")
    assert grove.api.get(f"{API}/lots/{grove.lot_id}", as_=grove.token).json["left"] == "1000"
    signing.rotate(system("test"), "certificate")
    assert grove.issue().status_code == 201


def test_after_a_rotation_older_certificates_still_verify(grove: Orchard, travel: Callable[[datetime], None]) -> None:
    old = grove.issued(amount="1")
    travel(NOW + timedelta(minutes=10))
    signing.rotate(system("test"), "certificate", "EdDSA")
    new = grove.issued(amount="1")
    for made, at in ((old, NOW), (new, NOW + timedelta(minutes=10))):
        assert signing.verify_jws(proof(grove, made["code"])["signature"], "certificate", at).verdict == "good"
