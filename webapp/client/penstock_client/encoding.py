"""What the client sends: JSON, with instants and ids written as text, and files."""

import json
import uuid
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, BinaryIO

CHUNK_BYTES = 1 << 18


def submission(kind: str, params: Mapping[str, Any], options: Mapping[str, Any]) -> dict[str, Any]:
    """Write a submission; options that are None are left out."""
    given = {name: plain(value) for name, value in options.items() if value is not None}
    return {"kind": kind, "params": params, **given}


def plain(value: Any) -> Any:
    """Write instants and ids as text, wherever they are."""
    match value:
        case datetime():
            return value.isoformat()
        case uuid.UUID():
            return str(value)
        case list() | tuple():
            return [plain(item) for item in value]
        case dict():
            return {name: plain(item) for name, item in value.items()}
        case _:
            return value


def encode(document: Any) -> bytes:
    """Write JSON."""
    return json.dumps(document, separators=(",", ":"), allow_nan=False).encode()


def chunked(stream: BinaryIO) -> Iterator[bytes]:
    """Read a file bit by bit, and close it."""
    with stream:
        while chunk := stream.read(CHUNK_BYTES):
            yield chunk
