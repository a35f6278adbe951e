"""`python -m backend.gateways.wechat.sandbox --port P`: serve until SIGTERM or SIGINT."""

import sys

from backend.gateways.standins import serve
from backend.gateways.wechat.sandbox import Sandbox

if __name__ == "__main__":
    sys.exit(serve("WeChat sandbox", lambda port: Sandbox(port=port)))
