"""Photos are judged by content, stripped of everything but pixels, and kept in two real stores."""

import io
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from moto.server import ThreadedMotoServer
from PIL import Image
from pymongo.database import Database

from backend import config
from backend.base.errors import GatewayFailed, NotFound, RuleBroken, TooLarge, UnsupportedMedia
from backend.gateways import files
from backend.gateways.files import images
from backend.gateways.files.s3 import S3Files

NOW = datetime(2026, 5, 1, tzinfo=UTC)


def photo(kind: str = "JPEG", size: tuple[int, int] = (2400, 1200), **options: Any) -> bytes:
    out = io.BytesIO()
    Image.effect_noise(size, 40).convert("RGB").save(out, kind, **options)
    return out.getvalue()


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photo_is_resized_and_re_encoded(kind: str) -> None:
    clean = files.clean(photo(kind))
    assert opened(clean.full).format == opened(clean.thumb).format == "JPEG"
    assert (clean.width, clean.height) == (1600, 800)
    assert max(opened(clean.thumb).size) == 320


def test_position_and_phone_are_gone_and_the_photo_is_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned
    exif[0x010F] = "PhoneMaker"
    exif.get_ifd(0x8825)[1] = "N"
    clean = files.clean(photo(size=(400, 200), exif=exif))
    assert (clean.width, clean.height) == (200, 400)
    for data in (clean.full, clean.thumb):
        assert not opened(data).getexif()
        assert b"PhoneMaker" not in data and b"Exif" not in data


def test_transparency_becomes_white() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (50, 50), (0, 0, 0, 0)).save(out, "PNG")
    assert opened(files.clean(out.getvalue()).full).convert("RGB").getpixel((25, 25)) == (255, 255, 255)


@pytest.mark.parametrize(
    "tail",
    [
        b"%PDF-1.7 hidden",
        b"<script>alert(1)</script>",
        b"<?php system(0);",
        b"<html><body>",
        b"x" * 50 + b"PK\x05\x06" + b"\0" * 18,
        b"PK\x05\x06" + b"\0" * 16 + b"\x02\0hi",
    ],
)
def test_a_file_that_is_two_things_is_refused(tail: bytes) -> None:
    with pytest.raises(RuleBroken, match="image_polyglot"):
        files.clean(photo(size=(60, 40)) + tail)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"x",
        b"%PDF-1.7",
        b"<svg xmlns='x'/>",
        b"GIF89a" + b"\0" * 40,
        photo(size=(90, 90))[:200],
        b"BM" + b"\0" * 60,
    ],
)
def test_what_is_no_photo_is_refused(data: bytes) -> None:
    with pytest.raises(UnsupportedMedia, match="image_unreadable"):
        files.clean(data)


def test_heic_is_named_so_that_the_farmer_knows_what_to_change() -> None:
    with pytest.raises(UnsupportedMedia, match="image_heic"):
        files.clean(b"\0\0\0\x18ftypheic" + b"\0" * 40)


def test_too_many_bytes_or_pixels_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(TooLarge, match="image_too_large"):
        files.clean(b"\xff" * (images.MAX_BYTES + 1))
    monkeypatch.setattr(images, "MAX_PIXELS", 100)
    with pytest.raises(TooLarge, match="image_too_many_pixels"):
        files.clean(photo(size=(20, 20)))


@pytest.fixture(scope="module")
def s3() -> Iterator[S3Files]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    store = S3Files(f"http://{host}:{port}", "longtrace", "key", "secret")
    store.client.create_bucket(Bucket="longtrace")
    yield store
    server.stop()


@pytest.fixture(params=["gridfs", "s3"])
def store(request: pytest.FixtureRequest, database: Database[dict[str, Any]]) -> files.Files:
    return files.GridFSFiles(database) if request.param == "gridfs" else request.getfixturevalue("s3")


@pytest.mark.filterwarnings("default::ResourceWarning")
def test_both_stores_keep_read_and_delete(store: files.Files) -> None:
    kept = store.keep_image(photo(size=(400, 300)), public=True)
    full, thumb = store.read(kept.id), store.read(kept.id, "thumb")
    assert opened(full.data).size == (400, 300)
    assert len(thumb.data) < len(full.data)
    assert full.etag != thumb.etag
    store.delete(kept.id)
    store.delete(kept.id)
    with pytest.raises(NotFound):
        store.read(kept.id)


@pytest.mark.filterwarnings("default::ResourceWarning")
def test_both_stores_keep_what_the_platform_made_as_it_is(store: files.Files) -> None:
    file_id = files.new_id(public=False)
    store.keep_bytes(file_id, b"\x1f\x8b any bytes")
    assert store.read(file_id).data == b"\x1f\x8b any bytes" and not files.is_public(file_id)
    store.delete(file_id)
    with pytest.raises(NotFound):
        store.read(file_id)


@pytest.mark.filterwarnings("default::ResourceWarning")
def test_an_unreachable_object_store_is_a_gateway_failure() -> None:
    lost = S3Files("http://127.0.0.1:9", "longtrace", "key", "secret")
    with pytest.raises(GatewayFailed, match="files_unavailable"):
        lost.read("p" + "0" * 26)


def test_ids_tell_who_may_open_and_cannot_be_guessed(database: Database[dict[str, Any]]) -> None:
    store = files.GridFSFiles(database)
    public, private = (store.keep_image(photo(size=(20, 20)), public=flag).id for flag in (True, False))
    assert files.is_public(public) and not files.is_public(private)
    assert len(public) == 27


def test_a_signed_link_opens_its_file_for_its_time_only() -> None:
    secret = b"l" * 32
    query = files.signed_query("sABC", "full", expires_at=NOW + timedelta(minutes=5), secret=secret)
    expires, signature = (part.partition("=")[2] for part in query.split("&"))
    good = {"expires": expires, "signature": signature, "now": NOW, "secret": secret}
    assert files.link_opens("sABC", "full", **good)
    assert not files.link_opens("sABD", "full", **good)
    assert not files.link_opens("sABC", "thumb", **good)
    assert not files.link_opens("sABC", "full", **{**good, "now": NOW + timedelta(minutes=6)})
    assert not files.link_opens("sABC", "full", **{**good, "expires": str(int(expires) + 60)})
    assert not files.link_opens("sABC", "full", **{**good, "secret": b"x" * 32})
    for junk in ("", "x", "٣", "9" * 40, "-1"):
        assert not files.link_opens("sABC", "full", **{**good, "expires": junk})


def test_an_unknown_backend_is_a_configuration_error(
    settings: config.Settings, database: Database[dict[str, Any]]
) -> None:
    from dataclasses import replace

    with pytest.raises(config.ConfigError, match="FILES_BACKEND"):
        files.connect(replace(settings, files_backend="ftp"), database)
    assert isinstance(
        files.connect(replace(settings, files_backend="s3", s3_endpoint="http://127.0.0.1:9"), database), S3Files
    )
    assert threading.active_count() >= 1


def test_a_picture_of_an_article_is_kept_for_a_phone_and_a_sharper_screen_without_its_metadata() -> None:
    exif = Image.Exif()
    exif[0x010F] = "PhoneMaker"
    picture = images.clean_picture(photo(size=(1600, 1200), exif=exif))
    assert sorted(picture.renditions) == sorted(files.PICTURE_RENDITIONS)
    assert (picture.width, picture.height) == (960, 720)
    for name, data in picture.renditions.items():
        width, _, kind = name.partition(".")
        assert opened(data).format == images.FORMATS[kind] and not opened(data).getexif()
        assert opened(data).width == {"thumb": 240}.get(width, 960 if width == "960" else 480)
    with pytest.raises(RuleBroken, match="picture_too_small"):
        images.clean_picture(photo(size=(479, 400)))
