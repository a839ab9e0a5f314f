"""Bytes as objects of any S3-compatible store: `s3://bucket/prefix?endpoint=https://host:9000&region=eu-north-1`.

Credentials come from where AWS's own tools find them: `AWS_ACCESS_KEY_ID` and its like, a profile, the machine's role.
"""

import contextlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from io import BufferedReader
from itertools import chain
from typing import Any, BinaryIO
from urllib.parse import SplitResult, parse_qs, unquote
from uuid import uuid4

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from core.storage.base import Incoming, StorageUnavailable, StorageUnknown, Stored, is_name
from core.storage.s3_reading import ObjectReader

PART_BYTES = 8 << 20
LARGEST_BYTES = 5 << 30
"""S3 copies no larger object in one go."""
PAGE_KEYS = 1000
_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
_ABSENT = {"404", "NoSuchKey"}
_BOUNDED = Config(
    connect_timeout=3,
    read_timeout=20,
    retries={"mode": "standard", "total_max_attempts": 3},
    max_pool_connections=32,
    # Checksums beyond those that S3 has always had are refused by some compatible stores.
    request_checksum_calculation="when_required",
    response_checksum_validation="when_required",
)


@dataclass(frozen=True)
class S3Storage:
    """Objects below a prefix of one bucket."""

    bucket: str
    prefix: str = ""
    """Empty, or ends with a slash."""
    endpoint: str | None = None
    region: str | None = None

    def put(self, stream: BinaryIO, *, limit: int) -> Stored:
        """Store what fits one part at once; more goes to a key of its own, and is copied when its name is known."""
        incoming = Incoming(stream, min(limit, LARGEST_BYTES))
        chunks = incoming.chunks(PART_BYTES)
        first = next(chunks, b"")
        if len(first) < PART_BYTES:
            self.ask("put_object", Key=self._key(incoming.stored.sha256), Body=first)
            return incoming.stored
        arrived = f"{self.prefix}incoming/{uuid4().hex}"
        try:
            self._send(arrived, chain([first], chunks))
            source = {"Bucket": self.bucket, "Key": arrived}
            self.ask("copy_object", Key=self._key(incoming.stored.sha256), CopySource=source)
        finally:
            with contextlib.suppress(StorageUnavailable):
                self.ask("delete_object", Key=arrived)
        return incoming.stored

    def open(self, sha256: str) -> BinaryIO:
        """Learn the size; the bytes are fetched as they are read."""
        if not is_name(sha256):
            raise FileNotFoundError(sha256)
        key = self._key(sha256)
        size: int = self.ask("head_object", Key=key)["ContentLength"]

        def fetch(start: int, stop: int) -> Any:
            return self.ask("get_object", Key=key, Range=f"bytes={start}-{stop - 1}")["Body"]

        return BufferedReader(ObjectReader(fetch, size), 1 << 16)

    def holds(self, sha256: str) -> bool:
        """Ask for the object's head."""
        with contextlib.suppress(FileNotFoundError):
            return is_name(sha256) and bool(self.ask("head_object", Key=self._key(sha256)))
        return False

    def delete(self, sha256: str) -> None:
        """Delete the object of that name."""
        if is_name(sha256):
            self.ask("delete_object", Key=self._key(sha256))

    def names(self) -> Iterator[tuple[str, float]]:
        """Walk over the objects, page by page."""
        for each in self._listed(self.prefix):
            name = each["Key"].rpartition("/")[2]
            if is_name(name) and each["Key"] == self._key(name):
                yield name, each["LastModified"].timestamp()

    def sweep(self, *, before: float) -> int:
        """Delete old incoming objects, and abort old uploads in parts, which cost money though nobody sees them."""
        old = [each["Key"] for each in self._listed(f"{self.prefix}incoming/") if _at(each["LastModified"]) < before]
        for key in old:
            self.ask("delete_object", Key=key)
        uploads = self.ask("list_multipart_uploads", Prefix=f"{self.prefix}incoming/").get("Uploads", [])
        cut = [each for each in uploads if _at(each["Initiated"]) < before]
        for each in cut:
            self._abort(each["Key"], each["UploadId"])
        return len(old) + len(cut)

    def ask(self, operation: str, **params: Any) -> Any:
        """Call one operation on the bucket; raises `FileNotFoundError` or `StorageUnavailable`."""
        try:
            return getattr(self._client, operation)(Bucket=self.bucket, **params)
        except ClientError as error:
            if error.response["Error"]["Code"] in _ABSENT:
                raise FileNotFoundError(params.get("Key")) from error
            raise StorageUnavailable(str(error)) from error
        except BotoCoreError as error:
            raise StorageUnavailable(str(error)) from error

    @cached_property
    def _client(self) -> Any:
        # A session of its own: boto3's default one is not for threads.
        return boto3.session.Session().client(
            "s3", endpoint_url=self.endpoint, region_name=self.region, config=_BOUNDED
        )

    def _send(self, key: str, chunks: Iterator[bytes]) -> None:
        upload = self.ask("create_multipart_upload", Key=key)["UploadId"]
        try:
            parts = [
                {"PartNumber": number, "ETag": self._send_part(key, upload, number, chunk)}
                for number, chunk in enumerate(chunks, 1)
            ]
            self.ask("complete_multipart_upload", Key=key, UploadId=upload, MultipartUpload={"Parts": parts})
        except BaseException:
            self._abort(key, upload)
            raise

    def _send_part(self, key: str, upload: str, number: int, chunk: bytes) -> str:
        sent = self.ask("upload_part", Key=key, UploadId=upload, PartNumber=number, Body=chunk)
        return str(sent["ETag"])

    def _abort(self, key: str, upload: str) -> None:
        with contextlib.suppress(StorageUnavailable):
            self.ask("abort_multipart_upload", Key=key, UploadId=upload)

    def _listed(self, prefix: str) -> Iterator[dict[str, Any]]:
        more: dict[str, str] = {}
        while True:
            page = self.ask("list_objects_v2", Prefix=prefix, MaxKeys=PAGE_KEYS, **more)
            yield from page.get("Contents", [])
            if not page["IsTruncated"]:
                return
            more = {"ContinuationToken": page["NextContinuationToken"]}

    def _key(self, sha256: str) -> str:
        return f"{self.prefix}{sha256[:2]}/{sha256}"


def open_url(url: SplitResult) -> S3Storage:
    """Make the storage in the bucket that a URL names; raises `StorageUnknown`."""
    try:
        given = {name: values[-1] for name, values in parse_qs(url.query, strict_parsing=bool(url.query)).items()}
        storage = S3Storage(url.netloc, _prefix(url), given.pop("endpoint", None), given.pop("region", None))
    except ValueError as error:
        raise StorageUnknown(f"PENSTOCK_STORAGE_URL: {error}") from error
    endpoint = storage.endpoint or "https://"
    if given or url.fragment or not _BUCKET.fullmatch(storage.bucket) or not re.match(r"https?://", endpoint):
        raise StorageUnknown("PENSTOCK_STORAGE_URL must be s3://bucket/prefix?endpoint=https://host:port&region=name")
    return storage


def _prefix(url: SplitResult) -> str:
    prefix = unquote(url.path).strip("/")
    return f"{prefix}/" if prefix else ""


def _at(instant: Any) -> float:
    return float(instant.timestamp())
