"""Indexes ensured from the models, and dated migrations, each run once and harmless to run again.

`python -m backend.migrations` brings a database up to date; `--print-sharding` prints the commands for a cluster.
"""

from backend.migrations.runner import ensure_indexes, pending, run_all, sharding_commands

__all__ = ["ensure_indexes", "pending", "run_all", "sharding_commands"]
