"""Proofs as the running app gives them, checked by Node: by own code from the RFC's definitions, and by the page's."""

import base64
from collections.abc import Iterator
from itertools import combinations
from typing import Any

import pytest

from backend.base import store
from backend.domains.evidence import service as evidence
from tests.factories.http import Api
from tests.factories.second import ask

API = "/api/v1"
SIZES = (1, 2, 3, 5, 7, 8, 13, 64, 100, 255, 256, 257, 300)


def grow(size: int) -> None:
    """Seal statements until the register has this size."""
    more = size - (evidence.latest().size if store.collection("evidence_log").find_one({}) else 0)
    said = [evidence.Leaf("lot.hold", "P000000001.lot-1", "P000000001", {"reason": f"r{one}"}) for one in range(more)]
    store.transaction(lambda: evidence.append(said))
    assert evidence.seal() == more


def places(size: int) -> list[int]:
    """Every place of a small tree; of a larger one the edges of its tiles and subtrees."""
    return list(range(size)) if size < 14 else sorted({0, 1, 63, 64, size // 2, size - 2, size - 1} & set(range(size)))


@pytest.fixture
def given(api: Api) -> dict[str, Any]:
    """Proofs of a register that grew: `places` to the root of every size, `notes` by size, the public `keys`."""
    found = []
    for size in SIZES:
        grow(size)
        found += [api.get(f"{API}/evidence/inclusion?position={at}").json for at in places(size)]
    listed = api.get(f"{API}/evidence/checkpoints?size=100").json["items"]
    return {
        "places": found,
        "notes": {one["size"]: one["note"] for one in listed},
        "keys": api.get(f"{API}/keys").json,
    }


def bent(path: list[str]) -> Iterator[list[str]]:
    """The path with one bit of one hash turned, one hash too few, one too many, and two of them changed about."""
    for at, one in enumerate(path):
        turned = bytearray(base64.b64decode(one))
        turned[at % 32] ^= 1 << at % 8
        yield [*path[:at], base64.b64encode(turned).decode(), *path[at + 1 :]]
    yield [*path, base64.b64encode(bytes(32)).decode()]
    if path:
        yield path[1:]
        yield path[:-1]
    if len(path) > 1:
        yield [path[1], path[0], *path[2:]]


def test_every_inclusion_the_app_gives_leads_to_a_signed_root(given: dict[str, Any]) -> None:
    keys = given["keys"]
    answers = ask(*(("place", {"inclusion": one, "keys": keys}) for one in given["places"]))
    assert {one["size"] for one in given["places"]} == set(SIZES)
    assert answers == [{"node": True, "page": "hidden"}] * len(given["places"]), "hidden: its content is not shown"


def test_no_inclusion_that_was_changed_does(given: dict[str, Any]) -> None:
    changed: list[dict[str, Any]] = []
    for one in given["places"]:
        changed += ({**one, "path": path} for path in bent(one["path"]))
        changed.append({**one, "leaf": base64.b64encode(bytes(32)).decode()})
        changed.append({**one, "index": one["index"] ^ 1 if one["size"] > 1 else 1})
        other = next(note for size, note in given["notes"].items() if size != one["size"])
        changed.append({**one, "checkpoint": other})
    answers = ask(*(("place", {"inclusion": one, "keys": given["keys"]}) for one in changed))
    assert len(answers) > 400
    assert [
        one for one, said in zip(changed, answers, strict=True) if said != {"node": False, "page": "misplaced"}
    ] == []


def test_every_consistency_the_app_gives_joins_two_signed_roots_and_no_changed_one_does(
    api: Api, given: dict[str, Any]
) -> None:
    notes, keys = given["notes"], given["keys"]
    good, wrong = [], []
    for first, second in combinations(SIZES, 2):
        proof = api.get(f"{API}/evidence/consistency?first={first}&second={second}").json
        question = {"before": notes[first], "proof": proof, "keys": keys}
        good.append(("consistency", question))
        wrong += [("consistency", {**question, "proof": {**proof, "path": path}}) for path in bent(proof["path"])]
        other = next(size for size in SIZES if size not in {first, second})
        wrong.append(("consistency", {**question, "before": notes[other], "proof": {**proof, "first": other}}))
    assert ask(*good) == [True] * len(good) and len(good) == 78
    assert ask(*wrong) == [False] * len(wrong) and len(wrong) > 400


def test_a_kept_root_that_the_log_did_not_sign_is_joined_to_nothing(api: Api, given: dict[str, Any]) -> None:
    grow(310)
    proof = api.get(f"{API}/evidence/consistency?first=300&second=310").json
    forged = given["notes"][300].split("\n")
    forged[2] = base64.b64encode(b"f" * 32).decode()
    question = {"before": given["notes"][300], "proof": proof, "keys": given["keys"]}
    unsigned = {**question, "before": "\n".join(forged)}
    strangers = {"keys": [{**key, "x": "A" * 43} for key in given["keys"]["keys"]]}
    answers = ask(
        ("consistency", question), ("consistency", unsigned), ("consistency", {**question, "keys": strangers})
    )
    assert answers == [True, False, False]
