"""Fixtures: one embedded database server a run, one database a worker, the real app on it, and people to log in as."""

import itertools
import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from flask import Flask
from pymongo.database import Database

from backend import config, gateways
from backend.app import create_app
from backend.base import clock, store
from backend.base.actor import system
from backend.domains.accounts import service as accounts
from backend.gateways.wechat.sandbox import Sandbox
from backend.http import limits
from tests.factories import commands  # registers its listener before the first client is made
from tests.factories.http import Api
from tests.factories.servers import embedded_database, serving

os.environ.setdefault("MPLBACKEND", "agg")
# What a test may take depends on the machine: no property fails for being slow.
hypothesis.settings.register_profile("unhurried", deadline=None)
hypothesis.settings.load_profile("unhurried")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The long ones first: side by side, the last minute is then full of short ones."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)


@pytest.fixture(scope="session")
def server_uri(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A MongoDB server of this test worker; TEST_MONGODB_URI names another (without a database name)."""
    if given := os.environ.get("TEST_MONGODB_URI"):
        yield given
        return
    with embedded_database(tmp_path_factory.mktemp("db")) as uri:
        yield uri


@pytest.fixture(scope="session")
def wechat_sandbox() -> Iterator[Sandbox]:
    """WeChat's stand-in."""
    running = Sandbox()
    yield running
    running.stop()


@pytest.fixture(scope="session")
def settings(server_uri: str, wechat_sandbox: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> config.Settings:
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    return config.Settings(
        mongodb_uri=server_uri.replace("/longtrace", f"/t_{worker}"),
        jwt_keys=(("k1", b"1" * 32), ("k0", b"0" * 32)),
        hash_secret=b"h" * 32,
        link_secret=b"l" * 32,
        public_base_url="http://t.test",
        wechat_base_url=wechat_sandbox.url,
        rate_limits=False,
        password_memory_kib=64,  # hundreds of logins: what hashing costs is not what they are about
        password_passes=1,
        log_format="json",
        keys_dir=str(tmp_path_factory.mktemp("keys")),
    )


@pytest.fixture(scope="session")
def _app(settings: config.Settings) -> Iterator[Flask]:
    app = create_app(settings)
    app.testing = True
    yield app
    gateways.current().wechat.close()
    store.close()


@pytest.fixture
def database(_app: Flask) -> Iterator[Database[dict[str, Any]]]:
    """The connected database, clean."""
    yield store.database()
    commands.COMMANDS.clean(store.database())


@pytest.fixture
def app(_app: Flask, database: Database[dict[str, Any]]) -> Iterator[Flask]:
    installed = gateways.current()
    limits.limiter.enabled = False
    yield _app
    gateways.install(installed)


@pytest.fixture
def api(app: Flask) -> Api:
    """HTTP against the app: `api.post("/api/v1/…", {...}, as_=token)`."""
    return Api(app.test_client())


@pytest.fixture
def login(app: Flask) -> Callable[..., str]:
    """A new account with one role, logged in: `login("county_officer", region="620602")` is its access token."""
    numbers = itertools.count(1)

    def make(role: str | None = None, *, region: str | None = None, producer_id: str | None = None) -> str:
        number = next(numbers)
        made = accounts.new_staff(
            system("test"),
            login=f"user{number}-{os.urandom(4).hex()}",
            password="correct horse battery",
            name=f"测试{number}",
            roles=[],
        )
        if role:
            accounts.grant(system("test"), account_id=made["id"], role=role, region=region, producer_id=producer_id)
        return accounts.log_in_staff(login=made["login"], password="correct horse battery").access_token

    return make


@pytest.fixture
def travel(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """Set the platform's clock: `travel(datetime(2026, 5, 1, tzinfo=UTC))`."""
    return lambda instant: monkeypatch.setattr(clock, "source", lambda: instant)


@pytest.fixture
def with_settings(app: Flask) -> Callable[..., None]:
    """Change settings for one test: `with_settings(lockout_failures=2)`."""
    return lambda **changes: gateways.install(
        replace(gateways.current(), settings=replace(gateways.current().settings, **changes))
    )


@pytest.fixture
def site(app: Flask) -> Iterator[str]:
    """The address of the running site."""
    with serving(app.wsgi_app) as address:
        yield address


@pytest.fixture(scope="session")
def root() -> Path:
    return Path(__file__).resolve().parents[1]
