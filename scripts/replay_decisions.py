"""Decide every kept decision of the gate again, by its own edition and rulebook version; prints what differs.

Exit code 1 when any did: either the store or the gate was changed.
"""

import sys

from backend import config
from backend.base import store
from backend.domains.certificates import service as certificates

STEP = 1000


def main() -> int:
    store.connect(config.load().mongodb_uri)
    seen, differing = 0, []
    for decision_id, same in certificates.replay_all():
        seen += 1
        if not same:
            differing.append(decision_id)
            print(f"  differs: {decision_id}", flush=True)
        if not seen % STEP:
            print(f"  {seen} decided again", file=sys.stderr, flush=True)
    print(f"{seen} decisions decided again, {len(differing)} otherwise")
    store.close()
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())
