"""Secrets are made once, complete, and for their owner alone."""

import json
import stat
from pathlib import Path

from backend import config
from scripts import first_run


def test_the_secrets_file_is_readable_by_its_owner_alone_and_is_what_the_settings_read(tmp_path: Path) -> None:
    file = tmp_path / "var" / "secrets.json"
    assert first_run.ensure_secrets(file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    settings = config.load({"SECRETS_FILE": str(file), "MONGODB_URI": "mongodb://127.0.0.1/x"})
    assert len(settings.jwt_keys) == 1
    assert len({settings.hash_secret, settings.link_secret, settings.jwt_keys[0][1]}) == 3


def test_secrets_are_written_once_and_a_loose_mode_is_tightened(tmp_path: Path) -> None:
    file = tmp_path / "secrets.json"
    first_run.ensure_secrets(file)
    first = json.loads(file.read_text("utf-8"))
    file.chmod(0o644)
    assert not first_run.ensure_secrets(file)
    assert json.loads(file.read_text("utf-8")) == first
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_an_interrupted_write_leaves_nothing_that_is_taken_for_secrets(tmp_path: Path) -> None:
    file = tmp_path / "secrets.json"
    file.with_suffix(".new").write_text("{", "utf-8")
    assert first_run.ensure_secrets(file)
    assert set(json.loads(file.read_text("utf-8"))) == {"JWT_KEYS", "HASH_SECRET", "LINK_SECRET"}
