"""Settings: what is missing or malformed is said by name."""

import json
from pathlib import Path

import pytest

from backend import config

GOOD = {
    "MONGODB_URI": "mongodb://127.0.0.1/x",
    "JWT_KEYS": "k1:" + "ab" * 32,
    "HASH_SECRET": "cd" * 32,
    "LINK_SECRET": "ef" * 32,
}


def test_good_settings_are_read_and_typed() -> None:
    read = config.load(
        {
            **GOOD,
            "ACCESS_MINUTES": "5",
            "RATE_LIMITS": "off",
            "PUBLIC_BASE_URL": "https://a.example/",
            "TRACE_TTL_SECONDS": "0.5",
        }
    )
    assert read.access_minutes == 5
    assert read.rate_limits is False
    assert read.public_base_url == "https://a.example"
    assert read.trace_ttl_seconds == 0.5
    assert read.jwt_keys == (("k1", bytes.fromhex("ab" * 32)),)


def test_several_signing_keys_may_stand_side_by_side_for_rotation() -> None:
    read = config.load({**GOOD, "JWT_KEYS": f"k2:{'ab' * 32},k1:{'cd' * 32}"})
    assert [kid for kid, _ in read.jwt_keys] == ["k2", "k1"]


def test_secrets_may_come_from_a_file_and_the_environment_wins(tmp_path: Path) -> None:
    file = tmp_path / "secrets.json"
    file.write_text(json.dumps({**GOOD, "ACCESS_MINUTES": "7"}), "utf-8")
    read = config.load({"SECRETS_FILE": str(file), "MONGODB_URI": "mongodb://127.0.0.1/y"})
    assert read.mongodb_uri.endswith("/y")
    assert read.access_minutes == 7


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"MONGODB_URI": ""}, "MONGODB_URI"),
        ({"JWT_KEYS": "nonsense"}, "JWT_KEYS"),
        ({"JWT_KEYS": "k1:zz"}, "JWT_KEYS"),
        ({"JWT_KEYS": "k1:abcd"}, "JWT_KEYS"),
        ({"HASH_SECRET": "abcd"}, "HASH_SECRET"),
        ({"LINK_SECRET": "xyz"}, "LINK_SECRET"),
        ({"ACCESS_MINUTES": "soon"}, "ACCESS_MINUTES"),
        ({"PASSWORD_MEMORY_KIB": "1024"}, "PASSWORD_MEMORY_KIB"),
        ({"PASSWORD_PASSES": "1"}, "PASSWORD_PASSES"),
        ({"MAP_TILES_URL": "https://t.example/{z}/{x}.png", "MAP_CREDIT": "甲"}, "MAP_TILES_URL"),
        ({"MAP_TILES_URL": "https://t.example/{z}/{x}/{y}.png; script-src *", "MAP_CREDIT": "甲"}, "MAP_TILES_URL"),
        ({"MAP_TILES_URL": "http://t.example/{z}/{x}/{y}.png", "MAP_CREDIT": "甲"}, "https"),
        ({"MAP_TILES_URL": "https://t.example/{z}/{x}/{y}.png"}, "MAP_CREDIT"),
    ],
)
def test_a_bad_setting_is_named(change: dict[str, str], said: str) -> None:
    with pytest.raises(config.ConfigError, match=said):
        config.load({**GOOD, **change})


def test_a_tile_server_is_named_with_its_credit_and_may_stand_on_loopback() -> None:
    for url in ("https://t.example/{z}/{x}/{y}.png?key=1", "http://127.0.0.1:9000/{z}/{x}/{y}"):
        assert config.load({**GOOD, "MAP_TILES_URL": url, "MAP_CREDIT": "甲"}).map_tiles_url == url
    assert config.load(GOOD).map_tiles_url == ""
