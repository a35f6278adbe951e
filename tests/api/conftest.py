"""Whom many of these tests are about: an orchard with a harvest to certify on the first of October, and its buyer."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from backend.domains.inputs.service import rulebooks
from tests.factories.certificates import Orchard, orchard
from tests.factories.http import Api
from tests.factories.kept import Kept
from tests.factories.lots import Holder, buyer, holder

NOW = datetime(2026, 10, 1, 2, tzinfo=UTC)

# Made at NOW, which stands still: its logins never run out.
_kept: Kept[Orchard] = Kept()


@pytest.fixture
def grove(api: Api, login: Callable[..., str], travel: Callable[[datetime], None]) -> Orchard:
    travel(NOW)
    rulebooks.forget()  # the process may remember another test's
    return _kept.get(lambda: orchard(api, login))


@pytest.fixture
def me(grove: Orchard) -> Holder:
    return holder(grove.farm)


@pytest.fixture
def other(grove: Orchard, login: Callable[..., str]) -> Holder:
    return buyer(grove.api, login)
