"""A stateful stand-in for WeChat's API server on the loopback interface, for development and tests only."""

import threading

from werkzeug.serving import BaseWSGIServer, make_server

from backend.gateways.wechat.sandbox.server import make_app
from backend.gateways.wechat.sandbox.state import State, openid

__all__ = ["Sandbox", "openid"]
HOST = "127.0.0.1"


class Sandbox:
    """Serves from the moment it is made until `stop`; `state` may be read and changed under its lock."""

    def __init__(self, *, port: int = 0, appid: str = "wx-sandbox", secret: str = "sandbox") -> None:  # noqa: S107 - accepted nowhere else
        self.state = State(appid, secret)
        self._server: BaseWSGIServer = make_server(HOST, port, make_app(self.state), threaded=True)
        self.url = f"http://{HOST}:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, name="wechat-sandbox", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
