"""What Python signs, packs, codes and hashes is checked by Node, with the page's module and with Node's own crypto."""

import base64
import copy
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import rfc8785

from backend.base import register
from backend.domains.certificates import rules
from backend.gateways.keys import jws
from tests.factories.proofs import ISSUED, House, house, tree_root
from tests.factories.second import ask

NOW = int(ISSUED.timestamp() * 1000) + 1000
CODE = "7K3MPX9Q2RTV"
OTHERS = [f"7K3MPX9Q{number:04}" for number in range(500)]
# RFC 8785 section 3.2.2 and 3.2.3, and numbers of appendix B.
VECTORS: list[tuple[Any, str]] = [
    (
        {
            "numbers": [333333333.33333329, 1e30, 4.50, 2e-3, 0.000000000000000000000000001],
            "string": '€$\u000f\nA\'B"\\\\"/',
            "literals": [None, True, False],
        },
        '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],'
        '"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    ),
    (
        {"€": "Euro Sign", "\r": "CR", "\ufb33": "Hebrew", "1": "One", "😀": "Smiley", "\u0080": "Control", "ö": "o"},
        '{"\\r":"CR","1":"One","\u0080":"Control","ö":"o","€":"Euro Sign","😀":"Smiley","\ufb33":"Hebrew"}',
    ),
    (
        [5e-324, 1.7976931348623157e308, 9007199254740991, 1e23, -0.0],
        "[5e-324,1.7976931348623157e+308,9007199254740991,1e+23,0]",
    ),
]


@pytest.fixture
def home(tmp_path: Path) -> House:
    return house(tmp_path / "keys")


def proof(text: str, home: House, codes: list[str] | None = None) -> tuple[str, Any]:
    listed = None if codes is None else home.revocations(codes)
    return ("proof", {"text": text, "keys": home.key_list, "list": listed, "now": NOW})


def test_both_write_the_canonical_json_of_rfc_8785() -> None:
    assert [rfc8785.dumps(value).decode() for value, _ in VECTORS] == [wanted for _, wanted in VECTORS]
    assert ask(*(("canonical", value) for value, _ in VECTORS)) == [wanted for _, wanted in VECTORS]


@pytest.mark.parametrize("alg", ["ES256", "EdDSA"])
def test_node_itself_verifies_what_was_signed_and_refuses_what_was_changed(tmp_path: Path, alg: str) -> None:
    home = house(tmp_path / "keys", certificate=alg)
    token = home.bundle()["signature"]
    head, payload, signature = token.split(".")
    changed = f"{head}.{payload[:-1]}{'A' if payload[-1] != 'A' else 'Q'}.{signature}"
    said = {"jwk": dict(home.made["certificate"].jwk), "alg": alg}
    assert ask(("signature", {**said, "token": token}), ("signature", {**said, "token": changed})) == [True, False]


@pytest.mark.parametrize("alg", ["ES256", "EdDSA"])
def test_the_page_reads_a_proof_as_text_as_an_address_and_as_a_bundle(tmp_path: Path, alg: str) -> None:
    home = house(tmp_path / "keys", certificate=alg)
    bundle = home.bundle()
    token = bundle["signature"]
    digits = jws.to_digits(token)
    assert jws.from_digits(digits) == token
    forms = [token, digits, f"https://t.test/verify#{digits}", f" {token[:90]}\n{token[90:]} "]
    answers = ask(*(proof(form, home, OTHERS) for form in forms), proof(json.dumps(bundle), home, OTHERS))
    told = {"verdict": "good", "document": None, "revocation": "not_listed", "expired": False}
    assert answers == [told] * 4 + [told | {"document": True}]


def test_every_changed_character_of_the_document_is_seen(home: House) -> None:
    bundle = home.bundle()
    changed = []
    for path in (
        ("lead",),
        ("commitments", 0),
        ("fields", 1, "value"),
        ("bases", 0, "checked"),
        ("amount",),
        ("code",),
    ):
        one = copy.deepcopy(bundle)
        spot: Any = one["certificate"]
        for step in path[:-1]:
            spot = spot[step]
        spot[path[-1]] = not spot[path[-1]] if isinstance(spot[path[-1]], bool) else spot[path[-1]] + "1"
        changed.append(proof(json.dumps(one), home))
    more = copy.deepcopy(bundle)
    more["certificate"]["extra"] = 1
    answers = ask(*changed, proof(json.dumps(more), home))
    assert [(one["verdict"], one["document"]) for one in answers] == [("altered", False)] * 7


def test_unknown_revoked_misused_and_outdated_keys_are_told_apart(home: House, tmp_path: Path) -> None:
    token = home.bundle()["signature"]
    (good,) = ask(proof(token, home))
    assert (good["verdict"], good["revocation"]) == ("good", "no_list")
    stranger = house(tmp_path / "other")
    other = copy.deepcopy(home)
    other.listed = copy.deepcopy(home.listed)
    verdicts = []
    for change in (
        {"state": "revoked"},
        {"purpose": "revocations"},
        {"until": "2026-10-01T00:00:00+08:00"},
        {"alg": "EdDSA"},
    ):
        other.listed[0] = {**home.listed[0], **change}
        verdicts.append(ask(proof(token, other))[0]["verdict"])
    assert verdicts == ["revoked_key", "wrong_purpose", "out_of_time", "altered"]
    assert ask(proof(token, stranger))[0]["verdict"] == "unknown_key"
    assert ask(("proof", {"text": token, "keys": None, "list": None, "now": NOW}))[0]["verdict"] == "no_keys"


def test_a_certificate_past_its_time_and_one_taken_back_are_told(home: House) -> None:
    old = home.bundle(days=0)["signature"]
    late = ("proof", {"text": old, "keys": home.key_list, "list": None, "now": NOW + 1})
    (told,) = ask(late)
    assert told["expired"] is True
    (listed,) = ask(proof(home.bundle()["signature"], home, [*OTHERS, CODE]))
    assert (listed["verdict"], listed["revocation"]) == ("good", "listed")


def test_a_list_is_green_for_a_week_and_only_when_it_is_not_older_than_the_certificate(home: House) -> None:
    token, week = home.bundle()["signature"], 7 * 86_400_000
    at = int(ISSUED.timestamp() * 1000)
    before = home.revocations(OTHERS, ISSUED - timedelta(seconds=1))
    cases = {
        "good_not_listed": (home.revocations(OTHERS), at + week, "good"),
        "good_stale": (home.revocations(OTHERS), at + week + 1, "unsure"),
        "good_older": (before, at, "unsure"),
        "good_older ": (before, at + 2 * week, "unsure"),
        "good_listed": (home.revocations([CODE]), at + 40 * week, "bad"),
        "good_expired": (home.revocations(OTHERS), at + 150 * week, "unsure"),
        "good_no_list": (None, at, "unsure"),
    }
    asked = [{"text": token, "keys": home.key_list, "list": listed, "now": now} for listed, now, _ in cases.values()]
    answers = ask(*(("headline", one) for one in asked))
    assert answers == [[word.strip(), grave] for word, (_, _, grave) in cases.items()]


def test_a_certificate_of_another_code_than_was_asked_for_is_not_believed(home: House) -> None:
    bundle = {"text": json.dumps(home.bundle()), "list": home.revocations([]), "now": NOW}
    known = {**bundle, "keys": home.key_list}
    asked = [{**known, "code": CODE}, {**known, "code": OTHERS[0]}, {**bundle, "keys": None, "code": OTHERS[0]}]
    answers = ask(*(("headline", one) for one in asked))
    assert answers == [["good_not_listed", "good"], ["other_code", "bad"], ["other_code", "bad"]]


def test_a_revocation_list_that_was_changed_is_not_used(home: House) -> None:
    body = bytearray(base64.b64decode(home.revocations(OTHERS)))
    body[-2] ^= 1
    changed = base64.b64encode(bytes(body)).decode()
    question = {"keys": home.key_list, "codes": [CODE]}
    line, _, data = base64.b64decode(home.revocations([])).partition(b"\n")
    longer = base64.b64encode(line + b".AAAA\n" + data).decode()
    headline = {"text": home.bundle()["signature"], "keys": home.key_list, "list": longer, "now": NOW}
    with pytest.raises(AssertionError, match="not three parts"):
        ask(("headline", headline))
    answers = ask(("revoked", {**question, "bytes": changed}), ("revoked", {**question, "bytes": home.revocations([])}))
    assert answers[0]["verdict"] == "altered"
    assert answers[1] == {"verdict": "good", "count": 0, "has": [False]}


def test_the_page_finds_in_the_list_exactly_what_python_put_there(home: House) -> None:
    absent = [f"0000ABCD{number:04}" for number in range(500)]
    known = {rules.hashed(code) for code in OTHERS}
    (answer,) = ask(("revoked", {"bytes": home.revocations(OTHERS), "keys": home.key_list, "codes": OTHERS + absent}))
    assert answer["has"] == [True] * 500 + [rules.hashed(code) in known for code in absent]


def test_every_place_in_every_small_tree_leads_to_the_signed_root(home: House) -> None:
    bundle = home.bundle()
    places = [(index, size) for size in range(1, 18) for index in range(size)] + [(69_999, 70_000)]
    sealed = [home.sealed(bundle, index, size) for index, size in places]
    answers = ask(*(("inclusion", {"bundle": one, "keys": home.key_list}) for one in sealed))
    assert {one["verdict"] for one in answers} == {"good"}
    assert [one["steps"] for one in answers] == [len(one["inclusion"]["path"]) + 1 for one in sealed]


def test_node_and_python_agree_on_the_root_of_a_tree() -> None:
    trees = [[bytes([number]) * 32 for number in range(size)] for size in (1, 2, 3, 7, 8, 33)]
    answers = ask(*(("root", [one.hex() for one in tree]) for tree in trees))
    assert answers == [tree_root(tree).hex() for tree in trees]


def test_anything_wrong_on_the_way_to_the_root_is_named(home: House, tmp_path: Path) -> None:
    good = home.sealed(home.bundle(), 5, 11)
    place = good["inclusion"]
    flipped = base64.b64encode(bytes(32)).decode()
    note = place["checkpoint"]
    cases: dict[str, dict[str, Any]] = {
        "wrong_root": {"path": [place["path"][0], flipped, *place["path"][2:]]},
        "other_record": {"salt": "00" * 16},
        "other_record ": {"body": {**place["body"], "said": {"proof": "another"}}},
        "not_linked": {"salt": None},
        "malformed": {"path": place["path"][:-1]},
        "unknown_key": {"checkpoint": house(tmp_path / "stranger").checkpoint(11, b"\0" * 32)},
        "altered": {"checkpoint": note[:-6] + ("AAAA" if note[-6:-2] != "AAAA" else "BBBB") + note[-2:]},
    }
    cases["unknown_key"]["checkpoint"] = note.split("\n\n")[0] + "\n\n— else AAAAAAAA\n"
    questions = [
        ("inclusion", {"bundle": {**good, "inclusion": {**place, **said}}, "keys": home.key_list})
        for said in cases.values()
    ]
    assert [one["verdict"] for one in ask(*questions)] == [word.strip() for word in cases]
    for index in (-1, 11, 1.5, "5"):
        (answer,) = ask(
            ("inclusion", {"bundle": {**good, "inclusion": {**place, "index": index}}, "keys": home.key_list})
        )
        assert answer["verdict"] == "malformed"


def test_a_checkpoint_counts_only_at_a_time_when_its_key_was_in_use(home: House) -> None:
    bundle = home.sealed(home.bundle(), 5, 11)
    record = home.placed({"kind": "farming.record", "form": 1, "said": {"note": "行间"}}, 2, 7)
    timeless = {**record["inclusion"], "size": 1, "index": 0, "path": []}
    root = tree_root([base64.b64decode(timeless["leaf"])])
    changes: dict[str, dict[str, Any]] = {
        "good": {"state": "retired", "until": "2026-10-08T01:56:00Z"},
        "revoked_key": {"state": "revoked"},
        "out_of_time": {"state": "retired", "until": "2026-10-08T01:54:00Z"},
        "out_of_time ": {"since": "2026-10-08T02:06:00Z"},
    }
    questions = []
    for change in changes.values():
        listed = {**home.key_list, "keys": [*home.listed[:2], {**home.listed[2], **change}]}
        questions.append(("inclusion", {"bundle": bundle, "keys": listed}))
        questions.append(("record", {"record": record, "keys": listed}))
    answers = ask(*questions)
    assert [one["verdict"] for one in answers[::2]] == [word.strip() for word in changes]
    assert answers[1::2] == ["good", *["misplaced"] * 3]
    for time, wanted in {
        "": "out_of_time",
        "time soon\n": "out_of_time",
        "time 2026-10-08T02:00:00Z\n": "good",
    }.items():
        place = {**timeless, "checkpoint": home.checkpoint(1, root, time=time)}
        bare = {"signature": "", "inclusion": place}
        (answer,) = ask(("inclusion", {"bundle": bare, "keys": home.key_list}))
        assert answer["verdict"] == ("not_linked" if wanted == "good" else wanted)


def test_of_a_record_only_what_is_bound_and_the_time_of_its_checkpoint_is_told(home: House) -> None:
    record = home.placed({"kind": "farming.record", "form": 1, "said": {"note": "行间"}}, 2, 7)
    forged = {**record, "registered_at": "2021-01-01T00:00:00Z", "sealed_at": "2021-01-01T00:00:00Z"}
    hidden = {name: value for name, value in forged.items() if name not in ("salt", "body")}
    asked = [forged, {**hidden, "kind": "visit"}, {**forged, "kind": "visit"}]
    answers = ask(*(("told", {"record": one, "keys": home.key_list}) for one in asked))
    by = int(ISSUED.timestamp() * 1000)
    assert answers == [
        {"verdict": "good", "kind": "farming.record", "by": by, "migrated": False, "others": {}},
        {"verdict": "hidden", "kind": None, "by": by, "migrated": False, "others": {}},
        {"verdict": "altered", "kind": None, "by": None, "migrated": None, "others": {}},
    ]


def test_a_leaf_that_a_migration_made_is_marked_by_what_it_binds(home: House) -> None:
    bundle = home.bundle()
    said = {"kind": "certificate.issue", "form": 1, "said": {"proof": bundle["signature"]}}
    made, plain = (home.placed(said | origin, 5, 11) for origin in ({"origin": register.MIGRATION}, {}))
    hidden = {name: value for name, value in made.items() if name not in ("salt", "body")}
    ways = [made, {**made, "origin": None}, {**plain, "origin": register.MIGRATION}, {**hidden, "origin": "migration"}]
    answers = ask(*(("told", {"record": one, "keys": home.key_list}) for one in ways))
    assert [(one["verdict"], one["migrated"]) for one in answers] == [
        ("good", True),
        ("good", True),
        ("good", False),
        ("hidden", True),
    ]
    taken = {**made, "body": said}
    (altered,) = ask(("told", {"record": taken, "keys": home.key_list}))
    assert altered["verdict"] == "altered"
    places = [{**one["inclusion"], "salt": one["salt"], "body": one["body"]} for one in (made, plain)]
    asked = [{"bundle": {**bundle, "inclusion": place}, "keys": home.key_list} for place in places]
    answers = ask(*(("inclusion", one) for one in asked))
    assert [(one["verdict"], one["migrated"]) for one in answers] == [("good", True), ("good", False)]


def test_garbage_is_called_garbage_and_never_breaks(home: House) -> None:
    token = home.bundle()["signature"]
    garbage = [
        "",
        "你好",
        "{",
        "{}",
        "[]",
        "null",
        "1" * 300,
        "9" * 3999,
        "a.b.c",
        token[:-40],
        token[:-40] + ".",
        "e30.e30.AA",
        "=" * 99,
    ]
    answers = ask(*(proof(text, home) for text in garbage))
    told = {text: one["verdict"] for text, one in zip(garbage, answers, strict=True)}
    assert told == dict.fromkeys(garbage, "garbage") | {token[:-40]: "altered"}
    four = [f"{token}.", f"{token}.AAAA", f"{token}.{token}"]
    bundles = [json.dumps({**home.bundle(), "signature": text}) for text in four]
    assert [one["verdict"] for one in ask(*(proof(text, home) for text in [*four, *bundles]))] == ["garbage"] * 6
    codes = ask(
        ("read", "https://t.test/t/7K3MPX9Q2RTV?lang=en"), ("read", "7k3m-px9q-2rtv"), ("read", "https://t.test/x")
    )
    assert codes == [{"code": CODE}, {"code": CODE}, None]


def test_a_record_of_the_register_is_checked_by_itself_and_beside_its_certificate(home: House) -> None:
    bundle = home.bundle()
    body = {"kind": "certificate.issue", "form": 1, "said": {"proof": bundle["signature"], "amount": "1500"}}
    record, other = home.placed(body, 3, 9), home.placed({**body, "said": {"proof": "x"}}, 0, 2)
    ways = {
        "good": record,
        "altered": {**record, "body": {**body, "said": {**body["said"], "amount": "9500"}}},
        "hidden": {name: value for name, value in record.items() if name not in ("salt", "body")},
        "unsealed": {**record, "inclusion": None},
        "misplaced": {**record, "inclusion": other["inclusion"]},
    }
    questions = [("record", {"record": one, "keys": home.key_list}) for one in ways.values()]
    beside = {"bundle": bundle, "records": [other, record], "keys": home.key_list}
    answers = ask(
        *questions, ("joined", beside), ("read", json.dumps({"items": [record, other]})), ("read", json.dumps(record))
    )
    assert answers[:6] == [*ways, "good"]
    assert [len(one["records"]) for one in answers[6:]] == [2, 1]
