"""Every setting of the platform, read once from the environment; each default stands here with its reason."""

import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit


class ConfigError(Exception):
    """A setting is missing or malformed; the text says which and what to do."""


@dataclass(frozen=True)
class Settings:
    mongodb_uri: str
    jwt_keys: tuple[tuple[str, bytes], ...]  # (kid, secret): the first signs, all verify, so keys can be rotated
    hash_secret: bytes  # keyed hashes of identity numbers and openids, and the key of sealed contact data
    link_secret: bytes  # short signed links to private files
    public_base_url: str = "http://127.0.0.1:8000"  # what QR codes carry; a deployment sets its https host
    access_minutes: int = 15  # short: a stolen access token dies soon, revocation is immediate anyway
    refresh_days: int = 60  # a farmer may be without signal for weeks
    password_memory_kib: int = 65536  # argon2id, RFC 9106's second recommendation: 64 MiB, three passes
    password_passes: int = 3
    lockout_failures: int = 5
    lockout_minutes: int = 15
    max_body_bytes: int = 1024 * 1024  # 200 sync items are about 200 KB
    max_upload_bytes: int = 12 * 1024 * 1024  # one phone photo, 10 MB, and its form
    trusted_proxies: int = 0  # how many reverse proxies set X-Forwarded-*; 0 trusts none
    trace_ttl_seconds: float = 1.0  # another worker may lag a void by this much (promise: two seconds)
    trace_cache_entries: int = 5000  # about 100 MB at 20 KB a story
    rate_limits: bool = True
    files_backend: str = "gridfs"
    s3_endpoint: str = ""
    s3_bucket: str = "longtrace"
    s3_key: str = ""
    s3_secret: str = ""
    wechat_appid: str = "wx-sandbox"
    wechat_secret: str = "sandbox"  # noqa: S105 - the loopback sandbox accepts it, nobody else does
    wechat_base_url: str = ""  # empty: WeChat's own servers; scripts/serve sets the sandbox
    wechat_templates: str = ""  # kind=template_id,…: which notices go out as subscribe messages, and by which template
    wechat_push_token: str = ""  # of 消息推送; empty: photos are not shown to WeChat's content check
    wechat_verify_dir: str = ""  # WeChat's domain verification files, served under /t/
    keys_backend: str = "files"  # or transit: a Vault or OpenBao that holds the signing keys
    keys_dir: str = "var/keys"  # scripts/serve sets it; every process that signs must see the same
    transit_url: str = ""
    transit_token: str = ""
    transit_mount: str = "transit"
    metrics_token: str = ""  # empty: /metrics answers the loopback interface only
    worker_lag_seconds: int = 30  # /readyz turns red when the worker has been silent for longer
    log_origin: str = (
        ""  # name of the evidence log, settled at its first seal; empty: PUBLIC_BASE_URL's host + /evidence
    )
    seal_lag_seconds: int = 900  # /readyz tells (and stays green) when a leaf has waited longer for its seal
    timestamp_url: str = ""  # an RFC 3161 authority that stamps each day's last checkpoint; empty: nobody is asked
    timestamp_certs: str = ""  # PEM file of the roots that its tokens must lead to; needed with TIMESTAMP_URL
    log_format: str = "json"
    sync_max_items: int = 200
    webhook_private: bool = False  # receivers on loopback or private addresses, and plain http: development alone
    map_tiles_url: str = ""  # https://…/{z}/{x}/{y}.png in WGS 84 or CGCS2000; empty: a plain drawing stands for a map
    map_credit: str = ""  # whose map it is and its 审图号, as its licence wants it shown; needed with MAP_TILES_URL
    national_platform_url: str = ""  # empty: nothing is pushed to the national platform
    national_platform_key: str = ""
    national_platform_secret: str = ""
    national_platform_version: str = "national-v2"  # the mapping file in schemas/exchange/


def _keys(text: str) -> tuple[tuple[str, bytes], ...]:
    try:
        pairs = tuple(
            (kid, bytes.fromhex(secret)) for kid, _, secret in (part.partition(":") for part in text.split(","))
        )
    except ValueError as error:
        raise ConfigError("JWT_KEYS must read kid:hex[,kid:hex…]") from error
    if any(len(secret) < 32 or not kid for kid, secret in pairs):
        raise ConfigError("JWT_KEYS: every key needs a kid and at least 32 bytes (64 hex digits)")
    return pairs


def _secret(values: Mapping[str, str], name: str) -> bytes:
    try:
        secret = bytes.fromhex(values[name])
    except ValueError as error:
        raise ConfigError(f"{name} must be hexadecimal") from error
    if len(secret) < 32:
        raise ConfigError(f"{name} needs at least 32 bytes (64 hex digits)")
    return secret


def load(environ: Mapping[str, str] | None = None) -> Settings:
    """Settings from the environment, secrets also from the JSON file that SECRETS_FILE names. Raises ConfigError."""
    values = dict(os.environ if environ is None else environ)
    if path := values.get("SECRETS_FILE"):
        values = {**json.loads(Path(path).read_text("utf-8")), **values}
    missing = [name for name in ("MONGODB_URI", "JWT_KEYS", "HASH_SECRET", "LINK_SECRET") if not values.get(name)]
    if missing:
        raise ConfigError(
            f"not set: {', '.join(missing)} (scripts/serve sets them for development; see docs/guides/deploy.md)"
        )
    extra: dict[str, Any] = {
        name: _typed(values[name.upper()], kind, name.upper())
        for name, kind in Settings.__annotations__.items()
        if name.upper() in values and kind in (str, int, float, bool)
    }
    _refuse_weak_hashing(extra)
    _check_map(extra)
    extra["public_base_url"] = values.get("PUBLIC_BASE_URL", Settings.public_base_url).rstrip("/")
    extra["mongodb_uri"] = values["MONGODB_URI"]
    return Settings(
        jwt_keys=_keys(values["JWT_KEYS"]),
        hash_secret=_secret(values, "HASH_SECRET"),
        link_secret=_secret(values, "LINK_SECRET"),
        **extra,
    )


def _refuse_weak_hashing(extra: Mapping[str, Any]) -> None:
    """The least that OWASP's Password Storage Cheat Sheet lets pass for argon2id."""
    if extra.get("password_memory_kib", 65536) < 19456 or extra.get("password_passes", 3) < 2:
        raise ConfigError("PASSWORD_MEMORY_KIB must be at least 19456 and PASSWORD_PASSES at least 2")


MAP_TILES = re.compile(r"https?://[a-z0-9.-]+(:\d+)?/[^\s;,'\"]*", re.IGNORECASE)


def _check_map(extra: Mapping[str, Any]) -> None:
    """The address goes into a header and into every phone."""
    url = extra.get("map_tiles_url", "")
    if not url:
        return
    if not MAP_TILES.fullmatch(url) or not all(part in url for part in ("{z}", "{x}", "{y}")):
        raise ConfigError("MAP_TILES_URL must read https://…/{z}/{x}/{y}.png")
    if not url.startswith("https://") and urlsplit(url).hostname not in ("127.0.0.1", "localhost"):
        raise ConfigError("MAP_TILES_URL must be https")
    if not extra.get("map_credit"):
        raise ConfigError("MAP_CREDIT must say whose map it is, with its 审图号")


def _typed(text: str, kind: type, name: str) -> str | int | float | bool:
    try:
        return text.lower() in ("1", "true", "yes", "on") if kind is bool else kind(text)
    except ValueError as error:
        raise ConfigError(f"{name} must be a {kind.__name__}") from error
