"""A stateful stand-in for the national platform on the loopback interface, for development and tests only."""

import threading

from werkzeug.serving import BaseWSGIServer, make_server

from backend.gateways.national_platform.sandbox.server import make_app
from backend.gateways.national_platform.sandbox.state import State

__all__ = ["Sandbox"]
HOST = "127.0.0.1"
SECRET = "sandbox-sandbox-sandbox-sandbox-"  # noqa: S105 - accepted nowhere else


class Sandbox:
    """Serves from the moment it is made until `stop`; `state` may be read and changed under its lock."""

    def __init__(self, *, port: int = 0, key_id: str = "sandbox", secret: str = SECRET) -> None:
        self.state = State(key_id, secret.encode())
        self._server: BaseWSGIServer = make_server(HOST, port, make_app(self.state), threaded=True)
        self.url = f"http://{HOST}:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, name="national-sandbox", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
