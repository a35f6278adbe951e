"""Write schemas/openapi.json from the app, or with --check fail when it has drifted."""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from flask import Flask

from backend import app as application
from backend.http import api

TARGET = Path(__file__).resolve().parents[1] / "schemas" / "openapi.json"


def current() -> str:
    """The contract of the routes as they stand; needs no database and no gateway."""
    app = Flask("contract")
    edge = api.install(app, application.VERSION)
    for feature in application.ROUTES:
        edge.register_blueprint(feature.blueprint)
    spec: dict[str, Any] = edge.spec.to_dict()
    return json.dumps(spec, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare only; exit 1 when the committed file differs")
    if not parser.parse_args(arguments).check:
        TARGET.write_text(current(), "utf-8")
        print(f"written: {TARGET.name}")
        return 0
    if TARGET.exists() and TARGET.read_text("utf-8") == current():
        print("contract: schemas/openapi.json matches the app")
        return 0
    print(
        "contract: schemas/openapi.json has drifted; run python -m scripts.write_contract and commit it",
        file=sys.stderr,
    )
    return 1


if __name__ == "__main__":
    sys.exit(main())
