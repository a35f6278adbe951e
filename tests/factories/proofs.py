"""Keys, signed certificates, revocation lists and register paths made without a server, to be checked elsewhere."""

import base64
import hashlib
import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import rfc8785

from backend.base import clock
from backend.domains.certificates import rules
from backend.gateways import keys
from backend.gateways.keys import jws
from backend.gateways.keys.algorithms import decode

SINCE = datetime(2026, 9, 1, tzinfo=UTC)
ISSUED = datetime(2026, 10, 8, 2, tzinfo=UTC)
CARD: dict[str, Any] = {
    "title": "承诺达标合格证",
    "lead": "我承诺生产销售的食用农产品：",
    "commitments": ["未使用禁用农药、兽药及其他化合物；", "使用的常规农药、兽药残留不超标。"],
    "bases": [{"code": "quality_control", "zh": "质量安全控制符合要求", "checked": True}],
    "fields": [
        {"code": "product", "label": "产品名称", "value": "红富士苹果"},
        {"code": "quantity", "label": "重量或数量", "value": "1500 公斤"},
        {"code": "subject", "label": "承诺主体", "value": "张*"},
    ],
}
NAMED = {"template": "mara-2025-4-1", "amount": "1500", "unit": "kg", "place_region": "620602100"}


@dataclass
class House:
    """Three keys, one a purpose, and the list they are published in."""

    keeper: keys.FileKeys
    made: dict[str, keys.MadeKey] = field(default_factory=dict)
    listed: list[dict[str, Any]] = field(default_factory=list)

    def add(self, purpose: str, alg: str) -> keys.MadeKey:
        made = self.made[purpose] = self.keeper.make(alg)
        said = {"kid": made.kid, "alg": alg, "purpose": purpose, "state": "current", "since": SINCE.isoformat()}
        self.listed.append({**made.jwk, **said, "until": None, "revoked_at": None, "revoked_reason": None})
        return made

    @property
    def key_list(self) -> dict[str, Any]:
        return {"as_of": ISSUED.isoformat(), "keys": self.listed}

    def token(self, purpose: str, payload: bytes) -> str:
        made = self.made[purpose]
        message = jws.message_of({"alg": made.alg, "kid": made.kid}, payload)
        return jws.compact(message, self.keeper.sign(made.handle, made.alg, message))

    def bundle(self, code: str = "7K3MPX9Q2RTV", *, days: int = 730) -> dict[str, Any]:
        until = clock.local(ISSUED + timedelta(days=days))
        text = rules.document(
            CARD, issued_at=clock.local(ISSUED), valid_until=until, code=code, rulebook_version="2026-1", **NAMED
        )
        token = self.token("certificate", rules.claims(text))
        return {"format": "longtrace-proof/1", "certificate": json.loads(text), "signature": token, "inclusion": None}

    def revocations(self, codes: Sequence[str], at: datetime = ISSUED) -> str:
        """The list of that time, in base64."""
        count, rice, data = rules.coded(codes)
        shape: dict[str, Any] = {"format": "longtrace-revoked/1", "count": count, "bits": rules.BITS, "rice": rice}
        payload = rfc8785.dumps({**shape, "iat": int(at.timestamp()), "sha256": rules.digest(data)})
        return base64.b64encode(self.token("revocations", payload).encode() + b"\n" + data).decode()

    def checkpoint(
        self, size: int, root: bytes, origin: str = "t.test/evidence", time: str = "time 2026-10-08T02:00:00.000Z\n"
    ) -> str:
        """C2SP tlog-checkpoint: a note signed with Ed25519, with the register's own line of its time."""
        made = self.made["checkpoint"]
        body = f"{origin}\n{size}\n{base64.b64encode(root).decode()}\n{time}"
        number = hashlib.sha256(f"{origin}\n".encode() + b"\x01" + decode(made.jwk["x"])).digest()[:4]
        signature = base64.b64encode(number + self.keeper.sign(made.handle, "EdDSA", body.encode())).decode()
        return f"{body}\n— {origin} {signature}\n"

    def placed(self, body: dict[str, Any], index: int, size: int) -> dict[str, Any]:
        """The register's own bundle of a record in a tree of `size` records, all others random."""
        salt = secrets.token_bytes(16)
        records = [secrets.token_bytes(32) for _ in range(size)]
        records[index] = hashlib.sha256(salt + rfc8785.dumps(body)).digest()
        path = [base64.b64encode(one).decode() for one in path_of(index, records)]
        leaf, note = base64.b64encode(records[index]).decode(), self.checkpoint(size, tree_root(records))
        place = {"leaf": leaf, "index": index, "size": size, "path": path, "checkpoint": note}
        said = {"format": "longtrace-proof/1", "kind": body["kind"], "hash": records[index].hex(), "salt": salt.hex()}
        return {
            **said,
            "registered_at": ISSUED.isoformat(),
            "sealed_at": ISSUED.isoformat(),
            "body": body,
            "inclusion": place,
        }

    def sealed(self, bundle: dict[str, Any], index: int, size: int) -> dict[str, Any]:
        """A signed certificate with its way into a tree of `size` records."""
        body = {"kind": "certificate.issue", "form": 1, "said": {"proof": bundle["signature"]}}
        record = self.placed(body, index, size)
        return {**bundle, "inclusion": {**record["inclusion"], "salt": record["salt"], "body": body}}


def house(directory: Path, *, certificate: str = "ES256") -> House:
    made = House(keys.FileKeys(directory))
    for purpose, alg in (("certificate", certificate), ("revocations", "ES256"), ("checkpoint", "EdDSA")):
        made.add(purpose, alg)
    return made


def _split(count: int) -> int:
    """RFC 6962 section 2.1: the largest power of two smaller than the count."""
    return 1 << (count - 1).bit_length() - 1


def tree_root(records: Sequence[bytes]) -> bytes:
    if len(records) == 1:
        return hashlib.sha256(b"\0" + records[0]).digest()
    cut = _split(len(records))
    return hashlib.sha256(b"\1" + tree_root(records[:cut]) + tree_root(records[cut:])).digest()


def path_of(index: int, records: Sequence[bytes]) -> list[bytes]:
    """RFC 6962 section 2.1.1, the nearest sibling first."""
    if len(records) == 1:
        return []
    cut = _split(len(records))
    if index < cut:
        return [*path_of(index, records[:cut]), tree_root(records[cut:])]
    return [*path_of(index - cut, records[cut:]), tree_root(records[:cut])]
