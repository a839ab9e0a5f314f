"""Signatures of webhooks, as a receiver checks them."""

import base64
import binascii
import hashlib
import hmac
import time
from collections.abc import Mapping

from penstock_client.errors import PenstockClientError

PREFIX = "whsec_"
TOLERANCE_S = 300.0
_HEADERS = ("webhook-id", "webhook-timestamp", "webhook-signature")


class SignatureInvalid(PenstockClientError):
    """The request is not a delivery of this platform's, or is too old to be one."""


def verify_signature(
    secret: str,
    headers: Mapping[str, str],
    body: bytes,
    *,
    tolerance_s: float = TOLERANCE_S,
    now: float | None = None,
) -> str:
    """Return the `webhook-id` of a delivery, the same at each attempt; raises `SignatureInvalid`.

    The body has to be the bytes as they came. `now` is in seconds since 1970, the present unless given.
    """
    lowered = {name.lower(): value for name, value in headers.items()}
    delivery_id, timestamp, signatures = (lowered.get(name, "") for name in _HEADERS)
    if not (timestamp.isascii() and timestamp.isdigit()):
        raise SignatureInvalid("the request is not signed")
    if abs((time.time() if now is None else now) - int(timestamp)) > tolerance_s:
        raise SignatureInvalid("the request was signed too long ago, or a clock is wrong")
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except binascii.Error as error:
        raise SignatureInvalid("the secret is not one of a webhook") from error
    digest = hmac.digest(key, f"{delivery_id}.{timestamp}.".encode() + body, hashlib.sha256)
    expected = b"v1," + base64.b64encode(digest)
    if not any(hmac.compare_digest(expected, each.encode()) for each in signatures.split()):
        raise SignatureInvalid("no signature fits")
    return delivery_id
