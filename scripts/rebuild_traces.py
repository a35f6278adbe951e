"""Tell every public trace anew (after a change of the page, say), or with --check compare stored with true.

Runs on the database of the environment, beside a running platform: every rebuild is guarded by the trace's version.
"""

import argparse
import sys
import time

from backend.app import create_app
from backend.domains.tracing import service as tracing

EVERY = 50


def main() -> int:
    """Exit status 1 when --check finds a difference."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing, list the codes that differ")
    parser.add_argument("codes", nargs="*", help="only these trace codes")
    wanted = parser.parse_args()
    create_app()
    began, seen, found = time.monotonic(), 0, 0
    for code in wanted.codes or tracing.all_codes():
        seen += 1
        if wanted.check:
            different = tracing.differs(code)
            found += different
            if different:
                print(code)
        else:
            found += tracing.rebuild([code])
        if seen % EVERY == 0:
            print(f"{seen} …", file=sys.stderr, flush=True)
    word = "differ" if wanted.check else "rebuilt"
    print(f"{seen} traces, {found} {word}, {time.monotonic() - began:.1f} s")
    return 1 if wanted.check and found else 0


if __name__ == "__main__":
    sys.exit(main())
