"""What the platform signs the client's function accepts, and nothing else."""

import base64
from datetime import UTC, datetime
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from penstock_client import SignatureInvalid, verify_signature

from core.platform.webhooks.signing import PREFIX, secret_of, signed_headers

NOW = datetime(2026, 1, 1, tzinfo=UTC)
OWNER, DELIVERY = UUID(int=1), UUID(int=2)
BODY = b'{"type":"job.succeeded"}'
OLD, NEW = secret_of("key", OWNER, 1), secret_of("key", OWNER, 2)


def check(secret: str = NEW, body: bytes = BODY, *, later_s: float = 0.0, **changed: str) -> str:
    signed = signed_headers([NEW, OLD], DELIVERY, BODY, now=NOW)
    headers = {name.title(): value for name, value in signed.items()} | {
        name.replace("_", "-").title(): value for name, value in changed.items()
    }
    return verify_signature(secret, headers, body, now=NOW.timestamp() + later_s)


@pytest.mark.parametrize("secret", [NEW, OLD])
def test_either_secret_of_a_rotation_will_do(secret: str) -> None:
    assert check(secret) == str(DELIVERY)


@pytest.mark.parametrize("later_s", [-300.0, 300.0])
def test_a_clock_may_differ_a_little(later_s: float) -> None:
    assert check(later_s=later_s) == str(DELIVERY)


@pytest.mark.parametrize(
    "forged",
    [
        {"secret": secret_of("key", OWNER, 3)},
        {"secret": secret_of("key", DELIVERY, 2)},
        {"secret": secret_of("another key", OWNER, 2)},
        {"secret": "whsec_no base64"},
        {"body": BODY + b" "},
        {"later_s": 301.0},
        {"later_s": -301.0},
        {"webhook_id": str(OWNER)},
        {"webhook_timestamp": str(int(NOW.timestamp()) + 1)},
        {"webhook_timestamp": "soon"},
        {"webhook_signature": ""},
        {"webhook_signature": "v1,AAAA ü"},
    ],
)
def test_anything_else_is_refused(forged: dict[str, str]) -> None:
    with pytest.raises(SignatureInvalid):
        check(**forged)  # type: ignore[arg-type]  # later_s is a float


def test_secrets_are_derived_as_the_rfc_says() -> None:
    derivation = HKDF(SHA256(), 32, salt=b"penstock webhooks", info=OWNER.bytes + (1).to_bytes(4))
    assert base64.b64decode(OLD.removeprefix(PREFIX)) == derivation.derive(b"key")
