"""What the phone's own check of signatures is tried with: proofs made here, read there by another implementation.

`python -m tests.factories.phone_proofs` writes them anew, with new keys; `tests/unit/verify/test_phone_proofs.py` sees
that the written ones are still what the platform signs."""

import base64
import hashlib
import json
import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import rfc8785
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from backend.base import register
from backend.domains.evidence.rules import notes
from backend.gateways.keys import jws
from backend.gateways.keys.algorithms import decode
from tests.factories.proofs import ISSUED, House, house, path_of, tree_root
from tests.factories.witnesses import AWitness

FILE = Path(__file__).parents[2] / "miniapp_stub" / "tests" / "vectors" / "proofs.json"
CODE, LISTED = "7K3MPX9Q2RTV", "7K3MPX9Q0007"
ORIGIN = "t.test/evidence"
COSIGNED = ISSUED + timedelta(minutes=9)
TREES = [(index, size) for size in (1, 2, 3, 5, 8, 13) for index in range(size)]
JSON = [
    {"numbers": [333333333.33333329, 1e30, 4.5, 2e-3, 1e-27, -0.0], "string": '€$\u000f\nA\'B"\\\\"/'},
    {"€": "Euro Sign", "\r": "CR", "דּ": "Hebrew", "1": "One", "😀": "Smiley", "\u0080": "Control", "ö": "o"},
]


def all_of(directory: Path) -> dict[str, Any]:
    home = house(directory)
    witness = AWitness("county.test/witness", Ed25519PrivateKey.generate())
    whole = _sealed(home, home.bundle(CODE), witness)
    certificates = home.listed[0]
    edwards = house(directory / "edwards", certificate="EdDSA")
    return {
        "now": int(ISSUED.timestamp() * 1000) + 60_000,
        "keys": home.key_list,
        "other_keys": edwards.key_list,
        "revoked_keys": {**home.key_list, "keys": [_revoked(certificates), *home.listed[1:]]},
        "bundle": whole,
        "digits": jws.to_digits(whole["signature"]),
        "edwards": edwards.bundle(CODE),
        "listed": home.bundle(LISTED)["signature"],
        "wrong_purpose": home.token("revocations", _claims(whole["signature"])),
        "revocations": home.revocations([f"7K3MPX9Q{number:04}" for number in range(300)]),
        "revocations_before": home.revocations([], ISSUED - timedelta(minutes=15)),
        "record": _recorded(home, witness),
        "migrated": _migrated(home, whole["signature"]),
        "witnesses": [_witness(witness)],
        "json": [{"value": value, "said": rfc8785.dumps(value).decode()} for value in JSON],
        "trees": [_tree(index, size) for index, size in TREES],
    }


def _revoked(key: dict[str, Any]) -> dict[str, Any]:
    return {**key, "state": "revoked", "revoked_at": ISSUED.isoformat(), "revoked_reason": "compromised"}


def _claims(token: str) -> bytes:
    return decode(token.split(".")[1])


def _witness(witness: AWitness) -> dict[str, Any]:
    return {"name": witness.name, "label": "凉州区农业农村局", "public_key": witness.public.hex(), "retired_at": None}


def _sealed(home: House, bundle: dict[str, Any], witness: AWitness) -> dict[str, Any]:
    body = {"kind": "certificate.issue", "form": 1, "said": {"proof": bundle["signature"]}}
    record = home.placed(body, 5, 11)
    place = {**record["inclusion"], "checkpoint": _cosigned(home, record["inclusion"], witness)}
    return {**bundle, "inclusion": {**place, "salt": record["salt"], "body": body}}


def _recorded(home: House, witness: AWitness) -> dict[str, Any]:
    said = {"kind": "weeding", "happened_on": "2026-05-01", "note": "行间"}
    record = home.placed({"kind": "farming.record", "form": 1, "said": said}, 2, 7)
    return {**record, "inclusion": {**record["inclusion"], "checkpoint": _cosigned(home, record["inclusion"], witness)}}


def _migrated(home: House, token: str) -> dict[str, Any]:
    """The certificate's entry as an upgrade of the register would have made it."""
    body = {"kind": "certificate.issue", "form": 1, "said": {"proof": token}, "origin": register.MIGRATION}
    return {**home.placed(body, 3, 4), "origin": register.MIGRATION}


def _cosigned(home: House, place: dict[str, Any], witness: AWitness) -> str:
    """The same head as the register words it, with its time, and under it a county's line."""
    root = base64.b64decode(place["checkpoint"].split("\n")[2])
    previous = hashlib.sha256(b"").digest()
    text = notes.Checkpoint(ORIGIN, place["size"], root, ISSUED + timedelta(minutes=5), previous).text
    made = home.made["checkpoint"]
    signed = home.keeper.sign(made.handle, "EdDSA", text.encode())
    own = notes.Signature(ORIGIN, notes.key_id(ORIGIN, decode(made.jwk["x"])), signed).line
    line = witness.line(notes.note(text, [own]), int(COSIGNED.timestamp()))
    return notes.note(text, [own, f"{line}\n"])


def _tree(index: int, size: int) -> dict[str, Any]:
    leaves = [hashlib.sha256(bytes([number])).digest() for number in range(size)]
    path = [one.hex() for one in path_of(index, leaves)]
    return {"index": index, "size": size, "leaf": leaves[index].hex(), "path": path, "root": tree_root(leaves).hex()}


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as directory:
        written = json.dumps(all_of(Path(directory)), ensure_ascii=False, indent=1)
    FILE.parent.mkdir(exist_ok=True)
    FILE.write_text(written + "\n", "utf-8")
