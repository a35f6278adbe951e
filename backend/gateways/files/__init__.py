"""Photos: cleaned, kept in GridFS or an S3-compatible store behind one shape, reached by ids nobody can guess.

An id tells by its first letter whether the file is public (`p`), private (`s`, opened by a short signed link only)
or an article's picture (`i`, public, in the renditions pages need).
"""

from typing import Any

from pymongo.database import Database

from backend.config import ConfigError, Settings
from backend.gateways.files.gridfs import GridFSFiles
from backend.gateways.files.images import CleanImage, clean
from backend.gateways.files.keeping import keep_with_row
from backend.gateways.files.links import is_picture, is_public, link_opens, new_id, picture_path, signed_query
from backend.gateways.files.shape import PICTURE_RENDITIONS, RENDITIONS, Files, StoredFile, StoredImage

__all__ = [
    "PICTURE_RENDITIONS",
    "RENDITIONS",
    "CleanImage",
    "Files",
    "GridFSFiles",
    "StoredFile",
    "StoredImage",
    "clean",
    "connect",
    "is_picture",
    "is_public",
    "keep_with_row",
    "link_opens",
    "new_id",
    "picture_path",
    "signed_query",
]


def connect(settings: Settings, database: Database[dict[str, Any]]) -> Files:
    """The store the settings name. Raises ConfigError."""
    if settings.files_backend == "gridfs":
        return GridFSFiles(database)
    if settings.files_backend == "s3":
        from backend.gateways.files.s3 import S3Files  # noqa: PLC0415 - boto3 is an optional extra

        return S3Files(settings.s3_endpoint, settings.s3_bucket, settings.s3_key, settings.s3_secret)
    raise ConfigError("FILES_BACKEND must be gridfs or s3")
