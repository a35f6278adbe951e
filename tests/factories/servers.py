"""Starting and stopping the servers that tests need, and what a program of the project needs to know of them."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from werkzeug.serving import make_server

from backend import config
from scripts.database import start_embedded

SECRETS = {"JWT_KEYS": f"k1:{'1' * 64}", "HASH_SECRET": "2" * 64, "LINK_SECRET": "3" * 64}


@contextmanager
def embedded_database(directory: Path) -> Iterator[str]:
    """The URI of an embedded server on its own directory; killed at the end, nothing in it is worth keeping."""
    running = start_embedded(directory, durable=False)
    try:
        yield running.uri
    finally:
        running.kill()


@contextmanager
def serving(application: Any) -> Iterator[str]:
    """The address of a WSGI application while it runs, on loopback."""
    server = make_server("127.0.0.1", 0, application, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join(10)
        server.server_close()


def environ_of(settings: config.Settings) -> dict[str, str]:
    """The environment of a program that works on the test's database, with secrets of its own."""
    own = {"MONGODB_URI": settings.mongodb_uri, "PUBLIC_BASE_URL": settings.public_base_url}
    own |= {"KEYS_DIR": settings.keys_dir, "WECHAT_BASE_URL": "http://127.0.0.1:9", "PATH": "/usr/bin:/bin"}
    return {**SECRETS, **own}
