"""The documents keep up with the house: the stack, the settings, the models and the links between them."""

import re
import tomllib
from dataclasses import fields
from pathlib import Path

from backend.config import Settings

LINK = re.compile(r"\]\((?!https?:|#|name\))([^)#\s]+)")


def test_the_house_names_every_feature_in_its_declared_order(root: Path) -> None:
    declared = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    (stack,) = (one["layers"] for one in declared if one["name"] == "The features are stacked")
    house = (root / "docs/model/house.md").read_text("utf-8")
    assert re.findall(r"^ (\w+)  ", house, re.MULTILINE) == stack


def test_the_house_leads_to_every_model(root: Path) -> None:
    house = (root / "docs/model/house.md").read_text("utf-8")
    there = {path.name for path in (root / "docs/model").glob("*.md")} - {"house.md"}
    assert there - set(LINK.findall(house)) == set()


def test_every_setting_is_told_to_who_deploys(root: Path) -> None:
    guide = (root / "docs/guides/deploy.md").read_text("utf-8")
    told = set(re.findall(r"\b[A-Z][A-Z0-9_]+\b", guide))
    assert {one.name.upper() for one in fields(Settings)} - told == set()


def test_every_link_in_the_documents_leads_somewhere(root: Path) -> None:
    dead = [
        f"{page.relative_to(root)}: {link}"
        for page in [*(root / "docs").rglob("*.md"), *(root / "backend").rglob("README.md"), root / "CHANGELOG.md"]
        for link in LINK.findall(page.read_text("utf-8"))
        if not (page.parent / link).exists()
    ]
    assert dead == []


def test_a_features_readme_names_its_collections(root: Path) -> None:
    untold = []
    for readme in (root / "backend/domains").glob("*/README.md"):
        told = readme.read_text("utf-8")
        models = [*readme.parent.glob("models.py"), *readme.parent.glob("models/*.py")]
        declared = re.findall(r'"collection": "(\w+)"', "".join(file.read_text("utf-8") for file in models))
        untold += [name for name in declared if f"`{name}`" not in told]
    assert untold == []
