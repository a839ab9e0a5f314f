"""The OpenAPI 3.1 document: made from what operations, schemas and kinds declare."""

import functools
import importlib
import json
import pkgutil
from collections.abc import Iterable
from importlib.metadata import version
from types import ModuleType
from typing import Any, cast

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from apispec.ext.marshmallow.common import resolve_schema_cls
from flask import Flask
from flask_smorest import Api, Blueprint
from marshmallow import Schema, fields

from core.catalogue import Catalogue
from core.jobs.kind import JobKind
from webapp.operations import problem_name
from webapp.problems import CONTENT_TYPE
from webapp.schemas.jobs import SUBMISSION, Submission
from webapp.schemas.values import Instant, Seconds

TITLE = "Penstock"
PROBLEM_STATUSES = (400, 401, 403, 404, 405, 409, 413, 415, 416, 422, 429, 500, 503)
DESCRIPTION = """\
Penstock runs heavy work as durable jobs. Submit a job, and its `202` is a promise: the job will reach a final state.

Send your API key, or the access token of a login, as `Authorization: Bearer …`. Errors are problem documents (RFC
9457) with a stable `code` and the `request_id` under which the log knows more. Every list answers
`{items, next_cursor}`.
"""


class Problem(Schema):
    """An error as HTTP sees it (RFC 9457)."""

    type = fields.String(required=True, metadata={"description": "Address of the page that explains it"})
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String(required=True)
    code = fields.String(required=True, metadata={"description": "Stable name of this sort of error"})
    request_id = fields.String(required=True, allow_none=True)
    errors = fields.List(fields.Nested("FieldProblem"))


class FieldProblem(Schema):
    """One wrong field."""

    pointer = fields.String(required=True, metadata={"description": "Where (RFC 6901), or /name of a parameter"})
    detail = fields.String(required=True)


class DescribedApi(Api):  # type: ignore[misc]  # flask-smorest has no annotations
    """The API whose operations document every answer themselves."""

    DEFAULT_ERROR_RESPONSE_NAME = None
    ERROR_SCHEMA = Problem

    @functools.cached_property
    def document(self) -> dict[str, Any]:
        """The OpenAPI document; complete once every blueprint is registered."""
        return dict(self.spec.to_dict())

    @functools.cached_property
    def document_bytes(self) -> bytes:
        """The same as JSON."""
        return json.dumps(self.document).encode()


def described(app: Flask) -> DescribedApi:
    """Return the described API of an app."""
    return cast("DescribedApi", app.extensions["flask-smorest"]["apis"][""]["ext_obj"])


def register_api(app: Flask, catalogue: Catalogue, version_package: ModuleType) -> DescribedApi:
    """Register the blueprint of each module in a package (`webapp/api/v1`) and describe them with all kinds."""
    plugin = MarshmallowPlugin(schema_name_resolver=_component_name)
    api = DescribedApi(
        app,
        spec_kwargs={
            "title": TITLE,
            "version": version("penstock"),
            "openapi_version": "3.1.0",
            "marshmallow_plugin": plugin,
            "info": {"description": DESCRIPTION},
            "servers": [{"url": "/"}],
            "security": [{"key": []}],
        },
    )
    api.register_field(Instant, "string", "date-time")
    api.register_field(Seconds, "number", None)
    api.spec.components.security_scheme(
        "key", {"type": "http", "scheme": "bearer", "description": "An API key or access token."}
    )
    _describe_problems(api)
    _describe_kinds(api, catalogue)
    for blueprint in find_blueprints(version_package):
        api.register_blueprint(blueprint, url_prefix="/api/v1")
    return api


def find_blueprints(package: ModuleType) -> Iterable[Blueprint]:
    """Find the blueprint of every module in a package."""
    for module in pkgutil.iter_modules(package.__path__):
        yield importlib.import_module(f"{package.__name__}.{module.name}").blueprint


@functools.cache
def json_schema(schema: type[Schema]) -> dict[str, Any]:
    """Write a schema as one self-contained JSON Schema."""
    plugin = MarshmallowPlugin(schema_name_resolver=lambda _schema: "")
    APISpec("", "", "3.1.0", plugins=[plugin])
    converter: Any = plugin.converter
    written: dict[str, Any] = converter.schema2jsonschema(schema())
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **written}


def _describe_problems(api: DescribedApi) -> None:
    for status in PROBLEM_STATUSES:
        name = problem_name(status)
        headers = {401: "WWW-Authenticate", 405: "Allow", 429: "Retry-After", 503: "Retry-After"}
        documented: dict[str, Any] = {"description": name, "content": {CONTENT_TYPE: {"schema": Problem}}}
        if status in headers:
            documented["headers"] = {headers[status]: {"schema": {"type": "string"}}}
        api.spec.components.response(name, documented)


def _describe_kinds(api: DescribedApi, catalogue: Catalogue) -> None:
    """Describe a submission as one of the kinds: the same options for all, each with its own params."""
    converter = api.ma_plugin.converter
    options = converter.schema2jsonschema(Submission())
    names = {kind.name: _describe_kind(api, kind, options) for kind in catalogue}
    references = {kind: f"#/components/schemas/{name}" for kind, name in names.items()}
    api.spec.components.schema(
        SUBMISSION,
        {
            "oneOf": [{"$ref": reference} for reference in references.values()],
            "discriminator": {"propertyName": "kind", "mapping": references},
        },
    )


def _describe_kind(api: DescribedApi, kind: JobKind, options: dict[str, Any]) -> str:
    converter = api.ma_plugin.converter
    params = converter.resolve_nested_schema(kind.params)
    converter.resolve_nested_schema(kind.result)
    name = f"{SUBMISSION}.{kind.name}"
    properties = {**options["properties"], "kind": {"const": kind.name, "type": "string"}, "params": params}
    described = {
        "type": "object",
        "description": kind.summary,
        "properties": properties,
        "required": ["kind"],
        "additionalProperties": False,
        "example": {"kind": kind.name, "params": dict(kind.example)},
    }
    api.spec.components.schema(name, described)
    return name


def _component_name(schema: type[Schema] | Schema | str) -> str:
    """Name a schema; a workload's own carry its name, since two workloads may use the same words."""
    declared = resolve_schema_cls(schema)
    found = declared[0] if isinstance(declared, list) else declared
    package = found.__module__.split(".")
    return f"{package[2]}.{found.__name__}" if package[:2] == ["core", "workloads"] else found.__name__
