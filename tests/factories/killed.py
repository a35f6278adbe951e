"""A platform of real processes that can be killed: a durable database on its directory, and the app as it is served.

Run as a program it makes an admitted orchard in the database of MONGODB_URI and prints who and what as JSON.
"""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from scripts.database import RunningDatabase, free_port, start_embedded
from tests.factories.servers import SECRETS

ROOT = Path(__file__).resolve().parents[2]


class Platform:
    """Database and app; `kill` either at once, `start` whichever is not running."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.ports = {"database": free_port(), "app": free_port()}
        self.database: RunningDatabase | None = None
        self.app: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.ports['app']}"

    @property
    def environ(self) -> dict[str, str]:
        assert self.database is not None
        own = {"MONGODB_URI": self.database.uri, "PUBLIC_BASE_URL": self.url, "WECHAT_BASE_URL": "http://127.0.0.1:9"}
        own["KEYS_DIR"] = str(self.directory / "keys")
        return {**os.environ, **SECRETS, **own, "RATE_LIMITS": "0", "PYTHONPATH": str(ROOT)}

    def start_database(self) -> None:
        self.database = start_embedded(self.directory, self.ports["database"], durable=True)

    def start_app(self) -> None:
        command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--port", str(self.ports["app"])]
        with (self.directory / "app.log").open("ab") as log:
            self.app = subprocess.Popen(
                [*command, "--workers", "1", "--blocking-threads", "4", "wsgi:app"],
                cwd=ROOT,
                env=self.environ,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self._wait()

    def _wait(self) -> None:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            status, _ = self.send("/t/000000000000")
            if status == 404:  # looked for in the database, and not found
                return
            time.sleep(0.1)
        raise RuntimeError((self.directory / "app.log").read_text("utf-8", "replace")[-2000:])

    def kill(self, part: str) -> None:
        """SIGKILL, as a power cut would."""
        if part == "database" and self.database:
            self.database.kill()
        elif part == "app" and self.app:
            os.killpg(self.app.pid, signal.SIGKILL)
            self.app.wait()

    def restart(self, part: str) -> None:
        if part == "database":
            self.start_database()
            self._wait()
        else:
            self.start_app()

    def stop(self) -> None:
        self.kill("app")
        self.kill("database")

    def orchard(self) -> dict[str, Any]:
        """An admitted orchard, made by a program of its own."""
        command = [sys.executable, "-m", "tests.factories.killed"]
        made = subprocess.run(command, cwd=ROOT, env=self.environ, capture_output=True, text=True, check=False)
        if made.returncode:
            raise RuntimeError(made.stderr[-2000:])
        found: dict[str, Any] = json.loads(made.stdout.splitlines()[-1])
        return found

    def send(self, path: str, body: Mapping[str, Any] | None = None, *, token: str = "") -> tuple[int, Any]:
        """(status, JSON); status 0 when no answer came."""
        headers = {"Accept": "application/json", "Content-Type": "application/json"}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        data = json.dumps(body).encode() if body is not None else None
        request = urllib.request.Request(self.url + path, data, headers)  # noqa: S310 - our own loopback URL
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310 - as above
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            with error:
                return error.code, json.loads(error.read() or b"{}")
        except (OSError, ValueError):
            return 0, None

    def send_again(self, path: str, body: Mapping[str, Any] | None = None, *, token: str = "") -> tuple[int, Any]:
        """As a phone does: until there is an answer. What a killed app had begun is given up by the database after a
        minute, and until then its documents are locked. Raises RuntimeError with the app's log."""
        deadline = time.monotonic() + 180
        while time.monotonic() < deadline:
            status, answer = self.send(path, body, token=token)
            if status and status < 500:
                return status, answer
            time.sleep(0.5)
        raise RuntimeError((self.directory / "app.log").read_text("utf-8", "replace")[-2000:])


def main() -> None:
    from backend import config
    from backend.app import create_app
    from backend.base import store
    from backend.base.actor import system
    from backend.domains.accounts import service as accounts
    from tests.factories.certificates import orchard
    from tests.factories.http import Api

    app = create_app(replace(config.load(), rate_limits=False))

    def login(role: str | None = None, *, region: str | None = None) -> str:
        roles = [{"role": role, "region": region}] if role else []
        name = f"user-{role or 'farmer'}"
        accounts.new_staff(system("test"), login=name, password="correct horse battery", name=name, roles=roles)
        return accounts.log_in_staff(login=name, password="correct horse battery").access_token

    grove = orchard(Api(app.test_client()), login)
    world = {"token": grove.token, "producer_id": grove.farm.producer_id, "batch_id": grove.farm.batch_id}
    sys.stdout.write(json.dumps(world) + "\n")
    store.close()


if __name__ == "__main__":
    main()
