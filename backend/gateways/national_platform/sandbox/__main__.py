"""`python -m backend.gateways.national_platform.sandbox --port P`: serve until SIGTERM or SIGINT."""

import sys

from backend.gateways.national_platform.sandbox import Sandbox
from backend.gateways.standins import serve

if __name__ == "__main__":
    sys.exit(serve("National platform sandbox", lambda port: Sandbox(port=port)))
