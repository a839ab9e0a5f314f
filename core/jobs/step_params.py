"""Params of a workflow's step: checked as far as they are known, and once more when its parents have filled them."""

import copy
from collections.abc import Iterator, Mapping
from typing import Any

from marshmallow import ValidationError

from core.errors import FieldError, escape, field_errors
from core.jobs.kind import JobKind, params_schema
from core.jobs.references import ReferenceMalformed, parse_pointer, put
from core.jobs.submission import ParamsInvalid, check_params


def check_given(kind: JobKind, params: Mapping[str, Any], params_from: Mapping[str, str]) -> None:
    """Check field by field what is given already; what only all fields together show is found when they are there.

    Raises `ParamsInvalid`, which points at params, or at what of `params_from` the kind does not know.
    """
    if not params_from:
        check_params(kind, params)
        return
    errors = [*_misplaced(params, params_from), *_wrong(kind, params, params_from)]
    if errors:
        raise ParamsInvalid(f"{len(errors)} problem(s) in params of {kind.name}", errors=errors)


def check_filled(kind: JobKind, params: Any, params_from: Mapping[str, str]) -> None:
    """Check params that are complete; raises `ParamsInvalid` whose details name where a wrong value came from."""
    try:
        check_params(kind, params)
    except ParamsInvalid as error:
        told = [FieldError(each.pointer, each.detail + _origin(each.pointer, params_from)) for each in error.errors]
        raise ParamsInvalid("; ".join(f"{each.pointer}: {each.detail}" for each in told), errors=told) from error


def _misplaced(params: Mapping[str, Any], params_from: Mapping[str, str]) -> Iterator[FieldError]:
    if params and "" in params_from:
        yield FieldError("/params", "They are replaced as a whole by params_from.")
    whole = copy.deepcopy(dict(params))
    for pointer in params_from:
        try:
            put(whole, pointer, None)
        except ReferenceMalformed as error:
            yield FieldError(f"/params_from/{escape(pointer)}", str(error))


def _wrong(kind: JobKind, params: Mapping[str, Any], params_from: Mapping[str, str]) -> Iterator[FieldError]:
    schema = params_schema(kind.params)
    fields = {field.data_key or name: field for name, field in schema.load_fields.items()}
    awaited = {path[0]: pointer for pointer in params_from if (path := parse_pointer(pointer))}
    if schema.unknown == "raise":
        yield from (FieldError(f"/params/{escape(name)}", "Unknown field.") for name in params if name not in fields)
        for name, pointer in awaited.items():
            if name not in fields:
                yield FieldError(f"/params_from/{escape(pointer)}", "Unknown field.")
    if "" in params_from:
        return
    for name, field in fields.items():
        if name in awaited:
            continue
        if name not in params:
            if field.required:
                yield FieldError(f"/params/{escape(name)}", str(field.error_messages["required"]))
            continue
        try:
            field.deserialize(params[name], name, params)
        except ValidationError as error:
            yield from field_errors(error.messages, f"/params/{escape(name)}")


def _origin(pointer: str, params_from: Mapping[str, str]) -> str:
    for target, source in params_from.items():
        place = f"/params{target}"
        if pointer == place or pointer.startswith(f"{place}/"):
            return f" (from {source})"
    return ""
