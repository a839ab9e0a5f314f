"""Examples made from JSON Schemas, and the curl line that sends one."""

import json
import shlex
from collections.abc import Mapping
from typing import Any

_BY_FORMAT = {
    "uuid": "0192d4e0-7f6a-7c3e-8a51-2b6f0c9d1e42",
    "date-time": "2026-03-01T06:30:00.000000Z",
    "uri": "https://example.org/hook",
    "url": "https://example.org/hook",
}
_BY_TYPE: Mapping[str, Any] = {"string": "…", "integer": 1, "number": 1.5, "boolean": True, "null": None}
_DEEPEST = 8


def example_of(schema: Mapping[str, Any], schemas: Mapping[str, Any], depth: int = 0) -> Any:
    """Make one value that looks like what a schema describes."""
    schema = resolve(schema, schemas)
    for given in ("example", "const", "default"):
        if given in schema:
            return schema[given]
    if schema.get("enum"):
        return schema["enum"][0]
    for choice in ("oneOf", "anyOf", "allOf"):
        if schema.get(choice):
            return example_of(schema[choice][0], schemas, depth)
    return _of_type(schema, schemas, depth)


def resolve(schema: Mapping[str, Any], schemas: Mapping[str, Any]) -> Mapping[str, Any]:
    """Follow a `$ref` into the components."""
    reference = schema.get("$ref")
    return schemas[reference.rsplit("/", 1)[1]] if reference else schema


def type_of(schema: Mapping[str, Any]) -> str:
    """Name a schema's type, the first one that is not null."""
    named = schema.get("type", "object" if "properties" in schema else "string")
    return named if isinstance(named, str) else next((name for name in named if name != "null"), "null")


def curl(method: str, url: str, *, public: bool, body: Any = None, headers: Mapping[str, str] | None = None) -> str:
    """Write the command that makes a request; the key comes from the environment."""
    words = ["curl"] if method == "GET" else ["curl", "-X", method]
    lines = [" ".join([*words, shlex.quote(url)])]
    if not public:
        lines.append('-H "Authorization: Bearer $PENSTOCK_API_KEY"')
    lines += [f"-H {shlex.quote(f'{name}: {value}')}" for name, value in (headers or {}).items()]
    if body is not None:
        lines += ["-H 'Content-Type: application/json'", f"-d {shlex.quote(json.dumps(body))}"]
    return " \\\n  ".join(lines)


def _of_type(schema: Mapping[str, Any], schemas: Mapping[str, Any], depth: int) -> Any:
    named = type_of(schema)
    if named == "object":
        properties = schema.get("properties", {}) if depth < _DEEPEST else {}
        return {name: example_of(below, schemas, depth + 1) for name, below in properties.items()}
    if named == "array":
        return [example_of(schema["items"], schemas, depth + 1)] if "items" in schema and depth < _DEEPEST else []
    if named == "string":
        return _BY_FORMAT.get(schema.get("format", ""), _BY_TYPE["string"])
    if named in {"integer", "number"} and "minimum" in schema:
        return schema["minimum"]
    return _BY_TYPE[named]
