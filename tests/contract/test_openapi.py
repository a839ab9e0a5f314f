"""The OpenAPI document: valid, complete, and what the app really answers."""

import json
import re
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from flask import Flask
from schemathesis.specs.openapi.definitions import OPENAPI_31_VALIDATOR

from core.catalogue import Catalogue
from webapp.documentation import METHODS

SNAPSHOT = Path(__file__).parent / "operations.json"


def operations(document: dict[str, Any]) -> dict[str, str]:
    return {
        f"{method.upper()} {path}": told["operationId"]
        for path, methods in document["paths"].items()
        for method, told in methods.items()
        if method in METHODS
    }


def validator(document: dict[str, Any], schema: dict[str, Any]) -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator({**schema, "components": document["components"]})


def test_the_document_is_valid_openapi(document: dict[str, Any]) -> None:
    assert document["openapi"] == "3.1.0"
    OPENAPI_31_VALIDATOR.validate(document)


def test_paths_and_operation_ids_are_kept(document: dict[str, Any]) -> None:
    assert operations(document) == json.loads(SNAPSHOT.read_text())


def test_every_route_is_documented_and_declares_its_permission(app: Flask, document: dict[str, Any]) -> None:
    documented = operations(document)
    for rule in app.url_map.iter_rules():
        view: Any = app.view_functions[rule.endpoint]
        assert hasattr(view, "permission"), rule
        if rule.rule.startswith("/api/"):
            path = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule)
            for method in (rule.methods or set()) - {"HEAD"}:
                told = document["paths"][path][method.lower()]
                assert f"{method} {path}" in documented
                assert told.get("x-permission") == view.permission
                assert (told.get("security") == []) is (view.permission is None)


def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    for reference in set(re.findall(r'"\$ref": "#/([^"]+)"', json.dumps(document))):
        found: Any = document
        for step in reference.split("/"):
            found = found[step]


def test_every_schema_is_a_json_schema(document: dict[str, Any]) -> None:
    for name, schema in document["components"]["schemas"].items():
        assert jsonschema_rs.meta.is_valid(schema), name


def test_every_kinds_example_fits_the_documented_submission(document: dict[str, Any], catalogue: Catalogue) -> None:
    submission = validator(document, {"$ref": "#/components/schemas/JobSubmission"})
    for kind in catalogue:
        submission.validate({"kind": kind.name, "params": dict(kind.example)})
    assert not submission.is_valid({"kind": "no.such", "params": {}})
    assert not submission.is_valid({"kind": "platform.echo", "colour": "red"})


@pytest.mark.parametrize("schema", ["params_schema", "result_schema"])
def test_a_kinds_own_schemas_stand_alone(app: Flask, key: str, schema: str) -> None:
    kinds = app.test_client().get("/api/v1/kinds", headers={"Authorization": f"Bearer {key}"}).get_json()["items"]
    for kind in kinds:
        alone = jsonschema_rs.Draft202012Validator(kind[schema])
        if schema == "params_schema":
            alone.validate(kind["example"])


def test_the_job_is_what_its_schema_says(app: Flask, key: str, document: dict[str, Any]) -> None:
    client, headers = app.test_client(), {"Authorization": f"Bearer {key}"}
    job = client.post("/api/v1/jobs", json={"kind": "platform.echo", "tags": ["a"]}, headers=headers).get_json()
    schema = document["components"]["schemas"]["JobDocument"]
    validator(document, schema).validate(job)
    assert set(job) == set(schema["required"])
    assert set(schema["properties"]) - set(job) == {"unique"}
