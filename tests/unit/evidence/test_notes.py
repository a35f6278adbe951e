"""Signed notes: what is written is read again, by us and by the auditor; Node's own crypto verifies both kinds of line
and a path to the root, as a second implementation."""

import base64
import json
import os
import shutil
import subprocess
from datetime import UTC, datetime
from hashlib import sha256

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.domains.evidence.rules import notes, tree
from scripts.audit import notes as auditors

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = KEY.public_key().public_bytes_raw()
AT = datetime(2026, 10, 1, 2, tzinfo=UTC)
NAME = "t.test/evidence"


def signed(checkpoint: notes.Checkpoint, key: Ed25519PrivateKey = KEY) -> str:
    public = key.public_key().public_bytes_raw()
    line = notes.Signature(
        checkpoint.origin, notes.key_id(checkpoint.origin, public), key.sign(checkpoint.text.encode())
    )
    return notes.note(checkpoint.text, [line.line])


def test_a_key_id_is_the_one_of_the_specification() -> None:
    """The example key of golang.org/x/mod/sumdb/note."""
    text = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
    name, known, held = text.split("+", 2)
    data = base64.b64decode(held)
    assert data[0] == notes.ED25519
    assert notes.key_id(name, data[1:]).hex() == auditors.key_id(name, 1, data[1:]).hex() == known


def test_the_published_note_verifies() -> None:
    """The example of golang.org/x/mod/sumdb/note: a text of one line, signed by PeterNeumann."""
    text = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
    held = "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM="
    line = f"\u2014 PeterNeumann {held}\n"
    public = base64.b64decode("ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")[1:]
    one = notes.signature(line)
    assert one.key_id == notes.key_id("PeterNeumann", public) and one.line == line
    assert auditors.fits(public, text.encode(), one.signature)
    assert not auditors.fits(public, text.encode() + b" ", one.signature)


@settings(deadline=None)
@given(st.integers(0, 2**50), st.binary(min_size=32, max_size=32), st.none() | st.binary(min_size=32, max_size=32))
def test_what_is_written_is_read_again(size: int, root: bytes, previous: bytes | None) -> None:
    made = notes.Checkpoint(NAME, size, root, AT, previous)
    read = auditors.read(signed(made))
    assert (read.text, read.origin, read.size, read.root) == (made.text, NAME, size, root)
    assert (read.at, read.previous, read.digest) == (AT, previous, notes.text_hash(made.text))
    assert auditors.signed_by(read, [PUBLIC]) == PUBLIC
    other = Ed25519PrivateKey.generate()
    assert auditors.signed_by(auditors.read(signed(made, other)), [PUBLIC]) is None
    text, (line,) = notes.split(signed(made))
    assert text == made.text and line.name == NAME


@pytest.mark.parametrize(
    "line",
    ["", "— name", "- name AAAAAAAA", "— na me AAAAAAAA", "— name !!!!", "— name AAAA", "— na+me AAAAAAAA"],
)
def test_what_is_no_signature_line_is_refused(line: str) -> None:
    with pytest.raises(ValueError, match=r"signature|base64|short"):
        notes.signature(line + "\n")


def test_what_is_no_signed_note_is_refused() -> None:
    for text in ("", "a\n", "a\n\n", "a\n\nb"):
        with pytest.raises(ValueError, match=r"note|signature"):
            notes.split(text)
    with pytest.raises(ValueError, match="72"):
        notes.cosignature_parts(b"x" * 71)


NODE = """
const { createHash, createPublicKey, verify } = require('node:crypto')
const asked = JSON.parse(require('node:fs').readFileSync(0, 'utf8'))
const sha = (...parts) => createHash('sha256').update(Buffer.concat(parts)).digest()
const der = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), Buffer.from(asked.key, 'hex')])
const key = createPublicKey({ key: der, format: 'der', type: 'spki' })
const cut = asked.note.indexOf('\\n\\n')
const text = asked.note.slice(0, cut + 1)
const lines = asked.note.slice(cut + 2).trimEnd().split('\\n').map((line) => line.split(' '))
const held = (line) => Buffer.from(line[2], 'base64')
const raw = Buffer.from(asked.key, 'hex')
const id = (name, kind) => sha(Buffer.from(name + '\\n'), Buffer.from([kind]), raw).subarray(0, 4)
const [log, witness] = lines
const second = held(witness).readBigUInt64BE(4)
const message = Buffer.from(`cosignature/v1\\ntime ${second}\\n${text}`)
let node = sha(Buffer.from([0]), Buffer.from(asked.leaf, 'base64'))
let [at, last] = [asked.index, asked.size - 1]
for (const one of asked.path.map((step) => Buffer.from(step, 'base64'))) {
  if (at % 2 === 1 || at === last) {
    node = sha(Buffer.from([1]), one, node)
    while (at % 2 === 0 && at !== 0) [at, last] = [Math.floor(at / 2), Math.floor(last / 2)]
  } else node = sha(Buffer.from([1]), node, one)
  ;[at, last] = [Math.floor(at / 2), Math.floor(last / 2)]
}
const said = text.split('\\n')
console.log(JSON.stringify({
  ids: held(log).subarray(0, 4).equals(id(log[1], 1)) && held(witness).subarray(0, 4).equals(id(witness[1], 4)),
  signed: verify(null, Buffer.from(text), key, held(log).subarray(4)),
  cosigned: verify(null, message, key, held(witness).subarray(12)),
  included: last === 0 && Number(said[1]) === asked.size && node.toString('base64') === said[2],
}))
"""


def asked_of_node(index: int, size: int) -> dict[str, object]:
    entries = [sha256(bytes([number])).digest() for number in range(size)]
    _, tiles = tree.grow(0, entries, lambda _level, _number: b"")
    nodes = tree.Nodes(lambda level, number: tiles.get((level, number), b""))
    made = notes.Checkpoint(NAME, size, tree.root_of(tree.peaks_at(size, nodes)), AT)
    second = int(AT.timestamp())
    line = notes.Signature(
        "w.test", notes.key_id("w.test", PUBLIC, notes.COSIGNATURE),
        second.to_bytes(8) + KEY.sign(notes.cosigned(made.text, second)),
    )  # fmt: skip
    path = [base64.b64encode(one).decode() for one in tree.inclusion(index, size, nodes)]
    leaf = base64.b64encode(entries[index]).decode()
    return {
        "note": signed(made) + line.line,
        "key": PUBLIC.hex(),
        "leaf": leaf,
        "index": index,
        "size": size,
        "path": path,
    }


def test_node_verifies_a_checkpoint_a_cosignature_and_a_proof() -> None:
    node = shutil.which("node")
    if node is None:
        if os.environ.get("CI"):
            pytest.fail("Node is needed to verify proofs by a second implementation")
        pytest.skip("NODE IS MISSING: proofs were not verified by a second implementation")
    good = {"ids": True, "signed": True, "cosigned": True, "included": True}
    for index, size in ((0, 1), (3, 7), (6, 7), (100, 200)):
        asked = asked_of_node(index, size)
        answers = [
            json.loads(
                subprocess.run(
                    [node, "-e", NODE], input=json.dumps(one), capture_output=True, text=True, check=True
                ).stdout
            )
            for one in (asked, {**asked, "leaf": base64.b64encode(b"x" * 32).decode()})
        ]
        assert answers == [good, good | {"included": False}]
