"""From a submission's body to the request that the core records, for one job and for many."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from core.catalogue import Catalogue
from core.errors import FieldError, Invalid
from core.jobs.idempotency import IdempotentRequest
from core.jobs.kind import JobKind
from core.jobs.secret_params import has_secrets
from core.jobs.submission import JobRequest

_KEY = re.compile(r"[\x21-\x7e]{1,255}")


class IdempotencyKeyInvalid(Invalid):
    """An idempotency key is 1 to 255 visible ASCII characters."""

    code = "idempotency_key_invalid"


def job_request(catalogue: Catalogue, asked: Mapping[str, Any], *, request_id: str) -> JobRequest:
    """Make the core's request of a loaded submission; raises `KindUnknown`."""
    options = {name: value for name, value in asked.items() if name != "kind"}
    return JobRequest(kind=catalogue.find(asked["kind"]), request_id=request_id, **options)


def idempotency(key: str | None, sent: Any, kinds: Iterable[JobKind]) -> IdempotentRequest | None:
    """Read the `Idempotency-Key` header; the key stands for the body as it was sent."""
    if key is None:
        return None
    if not _KEY.fullmatch(key):
        raise IdempotencyKeyInvalid
    return IdempotentRequest(key, sent, any(map(has_secrets, kinds)))


def at_item(item: int | str, error: Invalid) -> Invalid:
    """Return the same error with its pointers leading into one of many submissions."""
    fields = [FieldError(f"/jobs/{item}{field.pointer}", field.detail) for field in error.errors]
    return type(error)(f"job {item}: {error.detail}", errors=fields)
