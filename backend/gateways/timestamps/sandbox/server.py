"""The stand-in itself: one address that answers as its mood is."""

import hashlib
import threading
from collections.abc import Callable
from datetime import UTC, datetime

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from flask import Flask, Response, request
from werkzeug.serving import BaseWSGIServer, make_server

from backend.gateways.timestamps.sandbox import signing

HOST = "127.0.0.1"


class Sandbox:
    """Serves from the moment it is made until `stop`. `mood`: honest, down, silent, garbage, huge, refusing,
    forgetful (of the nonce) or elsewhere (it stamps another digest); `clock` is what it takes for the time, `signer`
    signs."""

    def __init__(self, *, port: int = 0, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self.signer = signing.new_signer()
        self.clock = clock
        self.mood = "honest"
        self.asked = 0
        app = Flask(__name__, static_folder=None)
        app.add_url_rule("/tsa", "tsa", self._answer, methods=["POST"])
        self._server: BaseWSGIServer = make_server(HOST, port, app, threaded=True)
        self.url = f"http://{HOST}:{self._server.server_port}/tsa"
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._server.serve_forever, name="tsa-sandbox", daemon=True)
        self._thread.start()

    @property
    def roots(self) -> list[x509.Certificate]:
        return [self.signer.root]

    @property
    def pem(self) -> bytes:
        return self.signer.root.public_bytes(Encoding.PEM)

    def stop(self) -> None:
        self._stopping.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def _answer(self) -> Response:
        self.asked += 1
        if self.mood == "silent":
            self._stopping.wait(30)
        if self.mood == "down":
            return Response("", 503)
        return Response(self._said(request.get_data()), content_type="application/timestamp-reply")

    def _said(self, body: bytes) -> bytes:
        plain = {"garbage": b"<html>not a token</html>", "huge": b"0" * 10_000_000, "refusing": signing.refusal()}
        if self.mood in plain:
            return plain[self.mood]
        query = signing.read(body)
        digest, nonce = query.imprint.digest, None if self.mood == "forgetful" else query.nonce
        if self.mood == "elsewhere":
            digest = hashlib.sha256(b"another").digest()
        return signing.reply(self.signer, digest, nonce, self.clock(), serial=self.asked)
