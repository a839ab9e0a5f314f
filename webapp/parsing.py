"""Reading what clients send, strictly: bodies and query strings become values, or a problem that names the place."""

import json
import math
import re
from typing import Any

from flask import Request
from marshmallow import Schema, ValidationError

from core.errors import FieldError, Invalid, field_errors
from core.storage import TooLarge
from webapp.problems import BodyMalformed, MediaTypeUnsupported

MAX_DEPTH = 64
MAX_DIGITS = 1000
_DOUBTFUL_ESCAPE = re.compile(rb"\\u(?:0000|[dD][89a-fA-F])")
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


class FieldsInvalid(Invalid):
    """Fields of the request are wrong or unknown."""

    code = "fields_invalid"


def read_body(request: Request, *, limit: int) -> Any:
    """Return the body as JSON; None when there is no body.

    Refused are: another media type, bytes that are not UTF-8, NaN and infinities, whole numbers beyond `MAX_DIGITS`,
    names given twice, nesting beyond `MAX_DEPTH`, and strings that Postgres cannot keep (NUL, lone surrogates).
    """
    body = request.get_data(cache=False)
    if len(body) > limit:
        raise TooLarge(f"at most {limit} bytes are accepted")
    if not body:
        return None
    if not request.is_json:
        raise MediaTypeUnsupported
    return parse_json(body)


def parse_json(body: bytes) -> Any:
    """Parse strict JSON; raises `BodyMalformed`."""
    try:
        value = json.loads(
            body.decode(),
            object_pairs_hook=_unique_names,
            parse_constant=_refuse_constant,
            parse_float=_finite,
            parse_int=_bounded,
        )
    except RecursionError:
        raise BodyMalformed(f"more than {MAX_DEPTH} levels of nesting") from None
    except ValueError as error:
        raise BodyMalformed(f"not JSON: {error}") from None
    if isinstance(value, dict | list) and body.count(b"[") + body.count(b"{") > MAX_DEPTH:
        _check_depth(value)
    if _DOUBTFUL_ESCAPE.search(body):
        _check_text(value)
    return value


def load(schema: Schema, value: Any) -> Any:
    """Load a value through a schema; raises `FieldsInvalid` with a pointer to every wrong field."""
    try:
        return schema.load(value)
    except ValidationError as error:
        fields = list(field_errors(error.messages))
        raise FieldsInvalid(f"{len(fields)} problem(s) in the request", errors=fields) from None


def load_query(schema: Schema | None, request: Request) -> dict[str, Any]:
    """Load the query string; unknown and repeated parameters are refused by name."""
    arguments = request.args
    repeated = [name for name, values in arguments.lists() if len(values) > 1]
    if repeated:
        raise FieldsInvalid(errors=[FieldError(f"/{name}", "given more than once") for name in repeated])
    return dict(load(schema or Schema(unknown="raise"), arguments.to_dict()))


def query_defaults(schema: Schema | None) -> dict[str, Any] | None:
    """Return what an empty query string loads to; None when something is required."""
    try:
        return {} if schema is None else dict(schema.load({}))
    except ValidationError:
        return None


def _unique_names(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        names = [name for name, _ in pairs]
        raise ValueError(f"the name {next(name for name in names if names.count(name) > 1)!r} is given twice")
    return value


def _refuse_constant(name: str) -> float:
    raise ValueError(f"{name} is no JSON number")


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise ValueError(f"the number {digits[:40]} is too large")
    return number


def _bounded(digits: str) -> int:
    if len(digits) > MAX_DIGITS:
        raise ValueError(f"a whole number has more than {MAX_DIGITS} digits")
    return int(digits)


def _check_depth(value: Any) -> None:
    containers, depth = [value], 1
    while containers:
        if depth > MAX_DEPTH:
            raise BodyMalformed(f"more than {MAX_DEPTH} levels of nesting")
        below = (item.values() if isinstance(item, dict) else item for item in containers)
        containers = [child for children in below for child in children if isinstance(child, dict | list)]
        depth += 1


def _check_text(value: Any) -> None:
    """Refuse strings that JSON can write and Postgres cannot keep."""
    if isinstance(value, str):
        if _UNSTORABLE.search(value):
            raise BodyMalformed("a string holds a NUL character or half a surrogate pair")
    elif isinstance(value, dict):
        for name, below in value.items():
            _check_text(name)
            _check_text(below)
    elif isinstance(value, list):
        for below in value:
            _check_text(below)
