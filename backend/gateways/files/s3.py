"""Files in an S3-compatible object store (the extra `s3`): for more photos than a database should hold."""

from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from backend.base.errors import GatewayFailed, NotFound
from backend.gateways.files.images import CONTENT_TYPE, clean, clean_picture, content_type
from backend.gateways.files.links import new_id, new_picture_id, renditions_of
from backend.gateways.files.shape import RENDITIONS, StoredFile, StoredImage

TIMEOUTS = Config(connect_timeout=3, read_timeout=15, retries={"max_attempts": 3})
ABSENT = ("NoSuchKey", "404")


class S3Files:
    """Keys are `{file id}/{rendition}` in one private bucket; the platform serves them, the bucket is never public."""

    def __init__(self, endpoint: str, bucket: str, key: str, secret: str, region: str = "us-east-1") -> None:
        self.bucket = bucket
        self.client: Any = boto3.client(
            "s3",
            endpoint_url=endpoint or None,
            aws_access_key_id=key,
            aws_secret_access_key=secret,
            region_name=region,
            config=TIMEOUTS,
        )

    def keep_image(self, data: bytes, *, public: bool) -> StoredImage:
        image = clean(data)
        file_id = new_id(public=public)
        for rendition, content in zip(RENDITIONS, (image.full, image.thumb), strict=True):
            self._ask("put_object", Key=f"{file_id}/{rendition}", Body=content, ContentType=CONTENT_TYPE)
        return StoredImage(file_id, image.width, image.height, len(image.full), image.sha256)

    def keep_bytes(self, file_id: str, data: bytes) -> None:
        self._ask("put_object", Key=f"{file_id}/full", Body=data, ContentType="application/octet-stream")

    def keep_picture(self, data: bytes) -> StoredImage:
        picture = clean_picture(data)
        file_id = new_picture_id()
        for rendition, content in picture.renditions.items():
            self._ask("put_object", Key=f"{file_id}/{rendition}", Body=content, ContentType=content_type(rendition))
        size = sum(map(len, picture.renditions.values()))
        return StoredImage(file_id, picture.width, picture.height, size, picture.sha256)

    def read(self, file_id: str, rendition: str = "full") -> StoredFile:
        found = self._ask("get_object", Key=f"{file_id}/{rendition}")
        with found["Body"] as body:
            return StoredFile(body.read(), content_type(rendition), f'"{file_id}-{rendition}"')

    def delete(self, file_id: str) -> None:
        for rendition in renditions_of(file_id):
            self._ask("delete_object", Key=f"{file_id}/{rendition}")

    def _ask(self, verb: str, **arguments: Any) -> Any:
        try:
            return getattr(self.client, verb)(Bucket=self.bucket, **arguments)
        except ClientError as error:
            if error.response.get("Error", {}).get("Code") in ABSENT:
                raise NotFound from error
            raise GatewayFailed("files_unavailable") from error
        except BotoCoreError as error:
            raise GatewayFailed("files_unavailable") from error
