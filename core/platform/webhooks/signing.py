"""Signatures by which receivers know that a delivery is ours: HMAC-SHA256 as Standard Webhooks has it."""

import base64
import hashlib
import hmac
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

PREFIX = "whsec_"
GRACE_H = 24
"""For so long after a rotation deliveries are signed with the older secret, too."""
_PURPOSE = b"penstock webhooks"


def secret_of(secret_key: str, owner: UUID, version: int = 1) -> str:
    """Derive the secret of a webhook, or of a tenant's callbacks, from the installation's key (HKDF, RFC 5869)."""
    extracted = hmac.digest(_PURPOSE, secret_key.encode(), hashlib.sha256)
    key = hmac.digest(extracted, owner.bytes + version.to_bytes(4) + b"\x01", hashlib.sha256)
    return PREFIX + base64.b64encode(key).decode()


def signed_headers(secrets: Sequence[str], delivery_id: UUID, body: bytes, *, now: datetime) -> dict[str, str]:
    """Return the headers of one attempt; each secret adds a signature, one of which has to fit."""
    timestamp = str(int(now.timestamp()))
    content = f"{delivery_id}.{timestamp}.".encode() + body
    return {
        "webhook-id": str(delivery_id),
        "webhook-timestamp": timestamp,
        "webhook-signature": " ".join(_signature(secret, content) for secret in secrets),
    }


def _signature(secret: str, content: bytes) -> str:
    key = base64.b64decode(secret.removeprefix(PREFIX))
    return "v1," + base64.b64encode(hmac.digest(key, content, hashlib.sha256)).decode()
