"""Whatever a hostile client sends to any endpoint: no server error, no status and no shape that is not documented."""

import json
from collections.abc import Callable
from datetime import datetime
from itertools import groupby
from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from backend.base import vocab
from backend.base.actor import system
from backend.domains.accounts import service as accounts
from scripts import write_contract
from tests.factories.certificates import orchard
from tests.factories.http import Api
from tests.factories.kept import Kept
from tests.factories.world import NOW, stamped_words

CHECKS = [not_a_server_error, status_code_conformance, response_schema_conformance, content_type_conformance]
METHODS = ("get", "post", "patch", "delete")
EXAMPLES = 10  # drawn anew in every run, so that runs add up
PAPERS, FEW = (".pdf", ".xlsx"), 5  # drawing one costs half a second
ENDS_THE_LOGIN = "/auth/logout"


def operations() -> list[tuple[str, ...]]:
    """Every write by itself, for it may leave nothing as it was; reads of one domain after each other."""
    paths = json.loads(write_contract.TARGET.read_text("utf-8"))["paths"]
    every = [f"{method} {path}" for path, found in paths.items() for method in METHODS if method in found]
    reads = groupby((name for name in every if name.startswith("get")), lambda name: name.split("/")[3])
    writes = [(name,) for name in every if not name.startswith("get")]
    return [tuple(names) for _, names in reads] + writes


_kept: Kept[dict[str, str]] = Kept()


@pytest.fixture
def world(api: Api, login: Callable[..., str], travel: Callable[[datetime], None]) -> dict[str, str]:
    """Ids that exist and the token of somebody who may do everything to them."""
    travel(NOW)
    return dict(_kept.get(lambda: build(api, login)))


def build(api: Api, login: Callable[..., str]) -> dict[str, str]:
    grove = orchard(api, login)
    everything = accounts.new_staff(
        system("test"), login="everything", password="correct horse battery", name="甲", roles=[]
    )
    for role in vocab.get("roles"):
        scope = {"producer_id": grove.farm.producer_id} if role["scope"] == "producer" else {"region": "620602"}
        accounts.grant(system("test"), account_id=everything["id"], role=role.code, **scope)
    token = accounts.log_in_staff(login="everything", password="correct horse battery").access_token
    return {**stamped_words(grove, login), "token": token, "region": "620602"}


def aimed(value: Any, words: dict[str, str]) -> Any:
    """The same with ids that exist, so that what lies behind the doors is reached too."""
    if isinstance(value, dict):
        return {
            name: words[name] if name in words and isinstance(one, str) else aimed(one, words)
            for name, one in value.items()
        }
    return [aimed(one, words) for one in value] if isinstance(value, list) else value


@pytest.mark.parametrize("names", operations(), ids=lambda names: f"{names[0]} and on" if len(names) > 1 else names[0])
def test_no_request_breaks_an_endpoint_or_its_contract(
    app: Flask, world: dict[str, str], names: tuple[str, ...], subtests: pytest.Subtests
) -> None:
    schema = schemathesis.openapi.from_wsgi("/api/openapi.json", app)
    token = world.pop("token")
    for name in names:
        with subtests.test(name):
            invented(schema, world, token, name)


def invented(schema: Any, world: dict[str, str], token: str, name: str) -> None:
    method, _, path = name.partition(" ")
    words = {key: value for key, value in world.items() if key != "code" or "/regions/" in path}

    @given(case=schema[path][method].as_strategy(), aim=st.booleans())
    @settings(
        max_examples=FEW if path.endswith(PAPERS) else EXAMPLES,
        deadline=None,
        database=None,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    def send(case: schemathesis.Case, aim: bool) -> None:
        if aim:
            case.path_parameters = aimed(case.path_parameters, words)
            case.query = aimed(case.query, words)
            case.body = aimed(case.body, words)
        headers = {} if path.endswith(ENDS_THE_LOGIN) else {"Authorization": f"Bearer {token}"}
        case.validate_response(case.call(headers=headers), checks=CHECKS)

    send()
