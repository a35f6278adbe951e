"""Load a rulebook directory (manifest.json, substances.csv, products.json) in a person's own name. The first one is
active at once; a further one is a draft that a second person reviews (`/rulebook/versions`)."""

import argparse
import getpass
import json
import sys
from dataclasses import replace
from pathlib import Path

from backend import config
from backend.app import create_app
from backend.base.actor import Actor
from backend.base.errors import Problem
from backend.domains.accounts import service as accounts
from backend.domains.inputs import service as inputs
from backend.http.errors import words

DEFAULT = Path(__file__).resolve().parents[1] / "schemas" / "rulebook"


def load(directory: Path, actor: Actor) -> inputs.Loaded:
    """Raises Problem naming row and column of what is malformed."""
    substances = inputs.substance_rows((directory / "substances.csv").read_bytes())
    manifest = json.loads((directory / "manifest.json").read_text("utf-8"))
    products = json.loads((directory / "products.json").read_text("utf-8"))
    return inputs.load_rulebook(actor, manifest=manifest, substances=substances, products=products)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("directory", nargs="?", type=Path, default=DEFAULT)
    parser.add_argument(
        "--by",
        required=True,
        metavar="LOGIN",
        help="login of the staff account that loads it (operator); its password is asked for, or the first line of the "
        "input. This person cannot approve the version: somebody else does",
    )
    parser.add_argument("--totp", metavar="DIGITS", help="of that account's authenticator, where it has one")
    chosen = parser.parse_args(arguments)
    password = getpass.getpass("password: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
    create_app(replace(config.load(), rate_limits=False))
    try:
        loaded = _in_person(chosen.directory, chosen.by, password, chosen.totp)
    except Problem as problem:
        print(words(problem.reason, problem.params, "zh")[0], file=sys.stderr)
        return 1
    in_force = loaded.previous or loaded.version
    print(f"{loaded.state}: {loaded.version} (in force: {in_force}), {loaded.products} products")
    for sign, rows in (("+", loaded.added), ("-", loaded.removed)):
        for row in rows:
            print(f"  {sign} {row}")
    return 0


def _in_person(directory: Path, login: str, password: str, totp: str | None) -> inputs.Loaded:
    """Logged in for as long as it takes. Raises Problem."""
    tokens = accounts.log_in_staff(login=login, password=password, totp=totp, device_name="scripts.load_rulebook")
    actor = accounts.actor_from_token(tokens.access_token)
    try:
        return load(directory, actor)
    finally:
        accounts.log_out(actor)


if __name__ == "__main__":
    sys.exit(main())
