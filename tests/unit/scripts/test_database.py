"""Which database is chosen, and that the embedded one keeps what it acknowledged."""

from pathlib import Path

import pymongo
import pytest

from scripts import database


def _program(directory: Path, name: str) -> str:
    file = directory / name
    file.write_text("#!/bin/sh\n", "utf-8")
    file.chmod(0o755)
    return str(file)


def test_a_named_mongodb_goes_before_everything_on_the_machine(tmp_path: Path) -> None:
    _program(tmp_path, "mongod")
    assert database.choose({"MONGODB_URI": "mongodb://db/x"}, str(tmp_path)) == ("given", "mongodb://db/x")


def test_mongod_goes_before_the_rust_server_and_that_before_the_embedded_one(tmp_path: Path) -> None:
    assert database.choose({}, str(tmp_path)) == ("embedded", "")
    rust = _program(tmp_path, "secantusd-rs")
    assert database.choose({}, str(tmp_path)) == ("secantusd-rs", rust)
    mongod = _program(tmp_path, "mongod")
    assert database.choose({}, str(tmp_path)) == ("mongod", mongod)


def test_an_empty_uri_is_no_choice(tmp_path: Path) -> None:
    assert database.choose({"MONGODB_URI": ""}, str(tmp_path)) == ("embedded", "")


def test_a_server_that_dies_at_once_is_told_with_its_last_words_and_no_password(tmp_path: Path) -> None:
    program = tmp_path / "secantusd-rs"
    program.write_text("#!/bin/sh\necho no room left\nexit 3\n", "utf-8")
    program.chmod(0o755)
    with pytest.raises(RuntimeError, match="no room left"):
        database.start_rust(str(program), tmp_path / "data")


@pytest.mark.slow
def test_the_embedded_server_keeps_acknowledged_writes_through_a_kill_and_a_second_start(tmp_path: Path) -> None:
    running = database.start_embedded(tmp_path / "db")
    with pymongo.MongoClient[dict[str, object]](running.uri) as client:
        client.get_default_database()["things"].insert_one({"_id": "kept"})
    running.kill()
    again = database.start_embedded(tmp_path / "db")
    try:
        with pymongo.MongoClient[dict[str, object]](again.uri) as client:
            assert client.get_default_database()["things"].find_one({"_id": "kept"}) == {"_id": "kept"}
    finally:
        again.stop()
    assert again.process.returncode is not None
