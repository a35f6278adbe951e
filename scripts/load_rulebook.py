"""Load a rulebook directory (manifest.json, substances.csv, products.json). The first one is active at once; a further
one is a draft that a second person reviews (`/rulebook/versions`)."""

import argparse
import csv
import json
import sys
from pathlib import Path

from backend import config
from backend.base import store
from backend.base.actor import system
from backend.base.errors import Problem
from backend.domains.inputs import service as inputs
from backend.http.errors import words

DEFAULT = Path(__file__).resolve().parents[1] / "schemas" / "rulebook"


def load(directory: Path) -> inputs.Loaded:
    """Raises Problem naming row and column of what is malformed."""
    with (directory / "substances.csv").open(encoding="utf-8", newline="") as file:
        substances = list(csv.DictReader(file))
    manifest = json.loads((directory / "manifest.json").read_text("utf-8"))
    products = json.loads((directory / "products.json").read_text("utf-8"))
    return inputs.load_rulebook(system("load_rulebook"), manifest=manifest, substances=substances, products=products)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("directory", nargs="?", type=Path, default=DEFAULT)
    directory = parser.parse_args(arguments).directory
    store.connect(config.load().mongodb_uri)
    try:
        loaded = load(directory)
    except Problem as problem:
        print(words(problem.reason, problem.params, "zh")[0], file=sys.stderr)
        return 1
    in_force = loaded.previous or loaded.version
    print(f"{loaded.state}: {loaded.version} (in force: {in_force}), {loaded.products} products")
    for sign, rows in (("+", loaded.added), ("-", loaded.removed)):
        for row in rows:
            print(f"  {sign} {row}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
