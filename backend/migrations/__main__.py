"""The command `python -m backend.migrations [--print-sharding]`."""

import argparse
import sys

from backend import app as _every_model  # noqa: F401 - importing the app declares every model
from backend import config, migrations
from backend.base import store


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--print-sharding", action="store_true", help="print the mongosh commands for a sharded cluster"
    )
    chosen = parser.parse_args(arguments)
    database = store.connect(config.load().mongodb_uri)
    if chosen.print_sharding:
        lines = migrations.sharding_commands(database.name)
    else:
        ran = migrations.run_all()
        lines = [f"indexes ensured; migrations run: {', '.join(ran) or 'none pending'}"]
    sys.stdout.write("\n".join(lines) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
