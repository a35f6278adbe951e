"""Guards on the whole house: what one forgotten line would break silently is looked for here."""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from flask import Flask

from backend.base import documents, vocab
from backend.http import errors
from backend.migrations.runner import indexes_of
from scripts import write_contract

ROOT = Path(__file__).resolve().parents[2]
PYTHON = sorted((ROOT / "backend").rglob("*.py"))
PROBLEMS = {
    "Problem", "BadRequest", "Unauthenticated", "Forbidden", "NotFound", "Conflict", "StaleVersion", "TooLarge",
    "UnsupportedMedia", "RuleBroken", "TooMany", "GatewayFailed", "Unavailable", "VersionRequired",
}  # fmt: skip
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def api_rules(app: Flask) -> Iterator[Any]:
    return (rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/api/v1/"))


def test_every_route_of_the_api_declares_who_may_call_it(app: Flask) -> None:
    known = {"public", "logged_in", *vocab.get("permissions").codes}
    rules = list(api_rules(app))
    assert len(rules) > 40
    for rule in rules:
        assert getattr(app.view_functions[rule.endpoint], "needs", None) in known, rule.rule


def test_every_permission_a_route_needs_is_held_by_some_role(app: Flask) -> None:
    held = {word for role in vocab.get("roles") for word in role["permissions"]}
    held |= {term.code for term in vocab.get("permissions") if term.get("everyone")}
    for rule in api_rules(app):
        needs = app.view_functions[rule.endpoint].needs  # type: ignore[attr-defined]
        assert needs in held | {"public", "logged_in"}, rule.rule


def test_roles_use_known_permissions_only() -> None:
    for role in vocab.get("roles"):
        assert set(role["permissions"]) <= set(vocab.get("permissions").codes), role.code


def test_the_committed_contract_is_the_one_the_app_speaks() -> None:
    assert write_contract.TARGET.read_text("utf-8") == write_contract.current()


def test_every_operation_has_a_summary_and_documents_its_errors() -> None:
    spec = json.loads(write_contract.current())
    for path, operations in spec["paths"].items():
        for method, operation in operations.items():
            if method in ("get", "post", "patch", "put", "delete"):
                assert operation.get("summary"), (method, path)
                assert "default" in operation["responses"], (method, path)


def reasons_raised() -> Iterator[tuple[str, str]]:
    for path in PYTHON:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute):
                name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
                if name in PROBLEMS and node.args and isinstance(node.args[0], ast.Constant):
                    yield path.name, str(node.args[0].value)


def test_every_reason_that_can_be_raised_has_its_words() -> None:
    known = errors._reasons()
    missing = sorted({(file, reason) for file, reason in reasons_raised() if reason not in known})
    assert missing == []


def test_no_reason_is_defined_twice() -> None:
    seen: dict[str, str] = {}
    for path in vocab.DIRECTORY.glob("reasons_*.json"):
        for term in vocab.get(path.stem):
            assert term.code not in seen, (term.code, path.stem, seen[term.code])
            seen[term.code] = path.stem


@pytest.mark.parametrize("path", sorted(vocab.DIRECTORY.glob("*.json")), ids=lambda path: path.stem)
def test_every_vocabulary_has_labels_in_both_languages_and_a_source(path: Path) -> None:
    data = json.loads(path.read_text("utf-8"))
    assert data["name"] == path.stem
    assert data["source"] and data["confidence"]
    assert data["title"]["zh"] and data["title"]["en"]
    codes = [term["code"] for term in data["terms"]]
    assert codes and len(codes) == len(set(codes))
    for term in data["terms"]:
        assert CHINESE.search(term["zh"]) or term["zh"].isascii(), term
        assert term["en"] and not CHINESE.search(term["en"]), term


def test_every_vocabulary_a_schema_names_exists() -> None:
    spec = write_contract.current()
    for name in set(re.findall(r'"x-vocabulary": "([a-z_]+)"', spec)):
        assert (vocab.DIRECTORY / f"{name}.json").exists(), name


def models() -> list[type[documents.Document]]:
    return [model for model in documents.registry() if not model.__module__.startswith("tests")]


def test_every_collection_declares_its_shard_key_and_its_unique_indexes_are_compatible_with_it(app: Flask) -> None:
    assert len(models()) > 20
    for model in models():
        shard_key = tuple("_id" if field == "id" else field for field in model._meta["shard_key"])
        assert shard_key, model
        for keys, options in indexes_of(model):
            fields = tuple(field for field, _ in keys)
            if options.get("unique"):
                assert fields[: len(shard_key)] == shard_key, (model, fields)


def test_no_index_is_of_a_kind_that_small_servers_or_clusters_do_not_share(app: Flask) -> None:
    for model in models():
        specs = indexes_of(model)
        assert len(specs) <= 20, model
        for keys, _options in specs:
            assert all(direction in (1, -1) for _, direction in keys), (model, keys)


def test_the_declared_indexes_are_in_the_database(app: Flask) -> None:
    for model in models():
        there = {tuple(index["key"].items()) for index in model.collection().list_indexes()}
        for keys, _options in indexes_of(model):
            assert tuple(keys) in there, (model, keys)


FORBIDDEN = {
    "$where": "server-side JavaScript",
    "$text": "text indexes",
    "$regex": "scans",
    ".skip(": "offsets",
    "count_documents": "counting collections",
    "estimated_document_count": "counting collections",
    "ReferenceField": "links between features are ids",
}


def test_no_query_of_a_shape_that_reads_a_whole_collection() -> None:
    for path in PYTHON:
        source = path.read_text("utf-8")
        for word, why in FORBIDDEN.items():
            assert f'"{word}"' not in source and (word.startswith("$") or word not in source), (path, word, why)


def test_no_file_of_the_project_is_named_after_nothing_in_particular() -> None:
    vague = {"utils", "helpers", "common", "manager", "misc"}
    assert [path for path in PYTHON if path.stem in vague or path.parent.name in vague] == []


def test_every_module_says_what_it_is() -> None:
    for path in [*PYTHON, *sorted((ROOT / "scripts").glob("*.py"))]:
        assert ast.get_docstring(ast.parse(path.read_text("utf-8"))), path


def test_every_feature_has_only_the_files_of_a_feature_and_a_readme() -> None:
    allowed = {"rules", "models", "service", "schemas", "routes", "README.md", "__init__", "__pycache__"}
    for feature in (ROOT / "backend" / "domains").iterdir():
        if feature.is_dir() and feature.name != "__pycache__":
            assert {path.stem if path.suffix == ".py" else path.name for path in feature.iterdir()} <= allowed, feature
            assert (feature / "README.md").exists(), feature


def example_files() -> list[Path]:
    return sorted((ROOT / "schemas" / "examples").glob("*.json"))


@pytest.mark.parametrize("path", example_files(), ids=lambda path: path.name)
def test_every_example_validates_against_its_published_schema(path: Path) -> None:
    example = json.loads(path.read_text("utf-8"))
    name = re.sub(r"(\.\w+)?\.json$", "", path.name)
    schema = json.loads((ROOT / "schemas" / "payloads" / f"{name}.schema.json").read_text("utf-8"))
    jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker()).validate(example)
