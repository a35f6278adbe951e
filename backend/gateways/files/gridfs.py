"""Files in MongoDB itself: nothing more to run, and the backup of the database holds them."""

from typing import Any

import gridfs
from pymongo.database import Database

from backend.base.errors import NotFound
from backend.gateways.files.images import CONTENT_TYPE, clean
from backend.gateways.files.links import new_id
from backend.gateways.files.shape import RENDITIONS, StoredFile, StoredImage


class GridFSFiles:
    """`_id` in the bucket is `{file id}/{rendition}`."""

    def __init__(self, database: Database[dict[str, Any]]) -> None:
        self.bucket = gridfs.GridFSBucket(database, bucket_name="files")

    def keep_image(self, data: bytes, *, public: bool) -> StoredImage:
        image = clean(data)
        file_id = new_id(public=public)
        for rendition, content in zip(RENDITIONS, (image.full, image.thumb), strict=True):
            self.bucket.upload_from_stream_with_id(f"{file_id}/{rendition}", rendition, content)
        return StoredImage(file_id, image.width, image.height, len(image.full), image.sha256)

    def keep_bytes(self, file_id: str, data: bytes) -> None:
        self.bucket.upload_from_stream_with_id(f"{file_id}/full", "full", data)

    def read(self, file_id: str, rendition: str = "full") -> StoredFile:
        try:
            with self.bucket.open_download_stream(f"{file_id}/{rendition}") as stream:
                return StoredFile(stream.read(), CONTENT_TYPE, f'"{file_id}-{rendition}"')
        except gridfs.NoFile as error:
            raise NotFound from error

    def delete(self, file_id: str) -> None:
        for rendition in RENDITIONS:
            try:
                self.bucket.delete(f"{file_id}/{rendition}")
            except gridfs.NoFile:
                continue
