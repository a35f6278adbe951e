"""The proofs that the phone's own check is tried with are still what the platform signs, word for word."""

import hashlib
import json
from typing import Any

import pytest
import rfc8785

from backend.gateways.keys import jws
from backend.gateways.keys.algorithms import decode, encode
from scripts.audit import notes
from tests.factories.phone_proofs import FILE, all_of
from tests.factories.second import ask


@pytest.fixture(scope="module")
def kept() -> dict[str, Any]:
    return json.loads(FILE.read_text("utf-8"))  # type: ignore[no-any-return]


def test_the_written_proofs_have_the_shape_of_those_made_today(kept: dict[str, Any], tmp_path: Any) -> None:
    def shape(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: shape(inner) for name, inner in value.items()}
        return [shape(inner) for inner in value] if isinstance(value, list) else type(value).__name__

    assert shape(kept) == shape(all_of(tmp_path))


def test_the_written_proof_packs_and_says_the_same(kept: dict[str, Any]) -> None:
    token = kept["bundle"]["signature"]
    assert jws.from_digits(kept["digits"]) == token
    told = jws.parse(token)
    document = hashlib.sha256(rfc8785.dumps(kept["bundle"]["certificate"])).digest()
    [verdict] = ask(("proof", {"text": json.dumps(kept["bundle"]), "keys": kept["keys"], "now": kept["now"]}))
    assert verdict == {"verdict": "good", "document": True, "revocation": "no_list", "expired": False}
    assert json.loads(told.payload)["doc"] == encode(document)


def test_an_auditor_believes_the_written_head_and_its_witness(kept: dict[str, Any]) -> None:
    note = notes.read(kept["bundle"]["inclusion"]["checkpoint"])
    [checkpoint] = [decode(key["x"]) for key in kept["keys"]["keys"] if key["purpose"] == "checkpoint"]
    [witness] = kept["witnesses"]
    assert notes.signed_by(note, [checkpoint]) == checkpoint
    assert notes.cosigners(note, {witness["name"]: bytes.fromhex(witness["public_key"])}) == ([witness["name"]], [])
