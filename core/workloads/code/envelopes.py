"""This file is about results that others of the tenant must not read: enclosed with a key that the asker keeps."""

import base64
import binascii
import json
from collections.abc import Mapping
from typing import Any

from core.crypto import CiphertextRefused, decrypt, encrypt

ENCLOSED = ("cases", "diagnostics", "notes")
_PLACE = b"code.grade"


def enclose(result: Mapping[str, Any], key: str) -> dict[str, Any]:
    """Return the result with what it tells case by case encrypted as `sealed`."""
    told = json.dumps({name: result[name] for name in ENCLOSED}).encode()
    sealed = base64.b64encode(encrypt(bytes.fromhex(key), told, _PLACE)).decode()
    return {**result, "cases": [], "diagnostics": [], "notes": None, "sealed": sealed}


def disclose(result: Mapping[str, Any], key: str) -> dict[str, Any]:
    """Return the result as it was before; raises `CiphertextRefused` where the key is another."""
    try:
        sealed = base64.b64decode(result["sealed"] or "")
    except binascii.Error:
        raise CiphertextRefused from None
    told: dict[str, Any] = json.loads(decrypt(bytes.fromhex(key), sealed, _PLACE))
    return {**result, **told, "sealed": None}
