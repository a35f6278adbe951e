"""A county's witness: looks at the register from outside, keeps what it saw, and cosigns only what continues it.

Run it every few minutes on a machine of the county's own: `python -m scripts.witness --url https://… --name
liangzhou.example/witness --keys keys.json --home ~/witness`, or once with `--every 300`. It shares no code with the
platform. The first run makes a key and prints its public half, which the platform's operator appoints.
"""

import argparse
import base64
import json
import os
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from scripts.audit import hashing, keys, notes
from scripts.audit.sources import Web

DEMO = "liangzhou.demo/witness"  # the name under which the demonstration appoints one


class Refused(Exception):  # noqa: N818 - the text is what the witness says
    """What was shown does not continue what was seen before; nothing is signed."""


def key_at(home: Path) -> Ed25519PrivateKey:
    """The witness's own key; made on the first run, readable by its owner alone."""
    path = home / "witness.key"
    if not path.exists():
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(Ed25519PrivateKey.generate().private_bytes_raw())
    return Ed25519PrivateKey.from_private_bytes(path.read_bytes())


def seen_at(home: Path) -> notes.Note | None:
    path = home / "seen.txt"
    return notes.read(path.read_text("utf-8")) if path.exists() else None


def known_keys(web: Web, saved: Path) -> dict[bytes, keys.Key]:
    """The keys of the saved list, which is read anew at every look. Of the platform's own list only one thing is
    believed: that a key is over. A platform that says so falsely gets no signature, and gains nothing."""
    told = {key.public: key for key in keys.listed(web.rows("signing_keys"))}
    known = keys.listed(json.loads(saved.read_text("utf-8"))["keys"])
    return {key.public: _ended(key, told.get(key.public, key)) for key in known}


def _ended(key: keys.Key, told: keys.Key) -> keys.Key:
    if key.revoked or not (told.revoked or told.until):
        return key
    return replace(key, until=key.until or told.until, revoked_at=told.revoked_at, revoked=told.revoked)


def checked(web: Web, shown: notes.Note, before: notes.Note | None, known: Mapping[bytes, keys.Key]) -> None:
    """Raises Refused unless the log signed it, with a key that is believed, and it contains everything seen before."""
    signer = notes.signed_by(shown, list(known))
    if signer is None:
        raise Refused("the checkpoint is not signed by a key that this witness knows")
    if known[signer].revoked:
        raise Refused(f"{known[signer].standing}, and the checkpoint of {shown.at.isoformat()} is signed by no other")
    if wrong := known[signer].wrong(shown.at):
        raise Refused(f"the checkpoint says {shown.at.isoformat()}, but {wrong}")
    if before is None:
        return
    if shown.origin != before.origin or shown.size < before.size:
        raise Refused(f"the register went from {before.size} leaves to {shown.size}")
    told = json.loads(web.get(f"/api/v1/evidence/consistency?first={before.size}&second={shown.size}"))
    path = [base64.b64decode(one) for one in told["path"]]
    if not hashing.consistent(before.size, shown.size, before.root, shown.root, path):
        raise Refused(f"the register of {shown.size} leaves does not contain the one of {before.size}")


def line_of(name: str, key: Ed25519PrivateKey, note: notes.Note, second: int) -> str:
    """The cosignature line (C2SP tlog-cosignature)."""
    signed = key.sign(notes.cosigned_message(note.text, second))
    known = notes.key_id(name, notes.COSIGNED, key.public_key().public_bytes_raw())
    return f"\u2014 {name} {base64.b64encode(known + second.to_bytes(8) + signed).decode()}"


def send(base: str, number: int, line: str) -> None:
    body = json.dumps({"cosignature": line}).encode()
    address = f"{base.rstrip('/')}/api/v1/evidence/checkpoints/{number}/cosignatures"
    request = urllib.request.Request(address, body, {"Content-Type": "application/json"})  # noqa: S310 - see Web
    with urllib.request.urlopen(request, timeout=30):  # noqa: S310 - Web takes http(s) alone
        pass


def witness(base: str, name: str, home: Path, saved: Path) -> str:
    """Look once; `saved` is the key list that came with the witness. What was seen is kept before it is signed: a crash
    between costs a signature, never the memory."""
    web, key = Web(base), key_at(home)
    newest = json.loads(web.get("/api/v1/evidence/checkpoints/latest"))
    shown, before = notes.read(newest["note"]), seen_at(home)
    checked(web, shown, before, known_keys(web, saved))
    (home / "seen.new").write_text(newest["note"], "utf-8")
    (home / "seen.new").replace(home / "seen.txt")
    if name in newest["witnesses"]:
        return f"{shown.size} leaves, cosigned before"
    send(base, newest["number"], line_of(name, key, shown, int(time.time())))
    return f"{shown.size} leaves, cosigned"


def watch(look: Callable[[], str], seconds: float, rest: Callable[[float], None] = time.sleep) -> None:
    """Look for ever. A refusal is told each time and nothing is signed; an unreachable platform is looked at again."""
    while True:
        try:
            print(look(), flush=True)
        except Refused as refusal:
            print(f"REFUSED 拒签: {refusal}", file=sys.stderr, flush=True)
        except (OSError, ValueError, KeyError) as error:
            print(f"not seen: {error}", file=sys.stderr, flush=True)
            if isinstance(error, urllib.error.HTTPError):
                error.close()
        rest(seconds)


def main(arguments: list[str] | None = None) -> int:
    """Exit status 1 when the register does not continue what was seen: keep `home`, and tell the province."""
    parser = argparse.ArgumentParser(prog="python -m scripts.witness", description=__doc__)
    parser.add_argument("--url", required=True)
    parser.add_argument("--name", required=True, help="the name under which the operator appoints this key")
    parser.add_argument("--home", type=Path, required=True, help="where the key and the last checkpoint are kept")
    parser.add_argument("--keys", type=Path, help="the platform's key list, saved from /api/v1/keys")
    parser.add_argument("--public-key", action="store_true", help="print the public key and do nothing else")
    parser.add_argument("--every", type=float, metavar="SECONDS", help="go on looking until stopped")
    chosen = parser.parse_args(arguments)
    if chosen.public_key:
        print(key_at(chosen.home).public_key().public_bytes_raw().hex())
        return 0
    if not chosen.keys:
        parser.error("--keys is needed: a witness that asks the platform for its keys trusts it")
    look = partial(witness, chosen.url, chosen.name, chosen.home, chosen.keys)
    if chosen.every:
        watch(look, chosen.every)
    try:
        print(look())
    except Refused as refusal:
        print(f"REFUSED 拒签: {refusal}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
