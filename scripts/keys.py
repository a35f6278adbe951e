"""The signing keys: list them, make a new current one, revoke one that may have leaked. Revoking cannot be undone."""

import argparse
import sys
from dataclasses import replace

from backend import config
from backend.app import create_app
from backend.base import clock, vocab
from backend.base.actor import system
from backend.base.errors import Problem
from backend.domains.signing import service as signing
from backend.gateways.keys import ALGORITHMS
from backend.http.errors import words

ACTOR = system("keys")


def parse(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m scripts.keys", description=__doc__)
    verbs = parser.add_subparsers(dest="verb", required=True)
    verbs.add_parser("list", help="every key that ever was")
    rotate = verbs.add_parser("rotate", help="a new current key; the one before stays listed as retired")
    rotate.add_argument("purpose", choices=vocab.get("key_purposes").codes)
    rotate.add_argument(
        "--alg", choices=sorted(ALGORITHMS), help="the first of the purpose's in key_purposes, by default"
    )
    revoke = verbs.add_parser("revoke", help="believe nothing the key signed; a new one takes its place")
    revoke.add_argument("kid")
    revoke.add_argument("--reason", required=True, choices=vocab.get("key_revocations").codes)
    return parser.parse_args(arguments)


def main(arguments: list[str] | None = None) -> int:
    chosen = parse(arguments)
    create_app(replace(config.load(), rate_limits=False))
    try:
        if chosen.verb == "rotate":
            signing.rotate(ACTOR, chosen.purpose, chosen.alg)
        elif chosen.verb == "revoke":
            signing.revoke(ACTOR, chosen.kid, chosen.reason)
    except Problem as problem:
        print(words(problem.reason, problem.params, "zh")[0], file=sys.stderr)
        return 1
    for key in signing.listed():
        print(line(key))
    return 0


def line(key: signing.KeyFacts) -> str:
    times = [clock.local(key.since).strftime("since %Y-%m-%d %H:%M")]
    times += [clock.local(key.until).strftime("until %Y-%m-%d %H:%M")] if key.until else []
    why = f"  ({key.revoked_reason})" if key.revoked_reason else ""
    return f"{key.kid}  {key.purpose:<12} {key.alg:<6} {key.state:<8} {', '.join(times)}{why}"


if __name__ == "__main__":
    sys.exit(main())
