"""Make the first account of an installation: a platform operator, who makes all others through the API."""

import argparse
import getpass
import sys
from dataclasses import replace

from backend import config
from backend.app import create_app
from backend.base.actor import system
from backend.base.errors import Problem
from backend.domains.accounts import service as accounts
from backend.http.errors import words


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("login")
    parser.add_argument("--name", default="平台运维员", help="as others see it in the audit trail")
    parser.add_argument("--region", default="620000", help="division code the operator answers for (620000 is Gansu)")
    chosen = parser.parse_args(arguments)
    password = getpass.getpass("password: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
    create_app(replace(config.load(), rate_limits=False))
    roles = [{"role": "operator", "region": chosen.region}]
    try:
        made = accounts.new_staff(
            system("create_operator"), login=chosen.login, password=password, name=chosen.name, roles=roles
        )
    except Problem as problem:
        print(words(problem.reason, problem.params, "zh")[0], file=sys.stderr)
        return 1
    print(f"operator {chosen.login} made: {made['id']}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
