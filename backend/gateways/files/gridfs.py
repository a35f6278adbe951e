"""Files in MongoDB itself: nothing more to run, and the backup of the database holds them."""

from typing import Any

import gridfs
from pymongo.database import Database

from backend.base.errors import NotFound
from backend.gateways.files.images import clean, clean_picture, content_type
from backend.gateways.files.links import new_id, new_picture_id, renditions_of
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

    def keep_picture(self, data: bytes) -> StoredImage:
        picture = clean_picture(data)
        file_id = new_picture_id()
        for rendition, content in picture.renditions.items():
            self.bucket.upload_from_stream_with_id(f"{file_id}/{rendition}", rendition, content)
        size = sum(map(len, picture.renditions.values()))
        return StoredImage(file_id, picture.width, picture.height, size, picture.sha256)

    def read(self, file_id: str, rendition: str = "full") -> StoredFile:
        try:
            with self.bucket.open_download_stream(f"{file_id}/{rendition}") as stream:
                return StoredFile(stream.read(), content_type(rendition), f'"{file_id}-{rendition}"')
        except gridfs.NoFile as error:
            raise NotFound from error

    def delete(self, file_id: str) -> None:
        for rendition in renditions_of(file_id):
            try:
                self.bucket.delete(f"{file_id}/{rendition}")
            except gridfs.NoFile:
                continue
