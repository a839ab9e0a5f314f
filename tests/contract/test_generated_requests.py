"""Requests made up from the OpenAPI document: nothing crashes, nothing is answered that is not documented."""

import contextlib
from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]


EVERY_ONE = slice(None)
MODES = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)


PARTS = 8
"""Into how many tests the many requests are divided, each with a share of the operations."""


def send(app: Flask, key: str, *, examples: int, part: slice = EVERY_ONE) -> dict[str, int]:
    """Send made-up requests, good and bad ones, to operations; return how many of each status were answered."""
    statuses: dict[str, int] = {}
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)
    for found in list(schema.get_all_operations())[part]:
        assert isinstance(found, Ok)
        for mode in MODES:
            strategy = found.ok().as_strategy(generation_mode=mode)

            @settings(
                max_examples=examples,
                deadline=None,
                derandomize=True,
                database=None,
                phases=[Phase.explicit, Phase.generate],
                suppress_health_check=list(HealthCheck),
            )
            @given(case=strategy)
            def check(case: schemathesis.Case[Any]) -> None:
                if case.query and "wait" in case.query:
                    case.query["wait"] = 0
                # The client asks for compressed answers by itself, but only opens those that came over a socket.
                answer = case.call(headers={"Authorization": f"Bearer {key}", "Accept-Encoding": "identity"})
                statuses[str(answer.status_code)] = statuses.get(str(answer.status_code), 0) + 1
                case.validate_response(answer, checks=CHECKS)

            # An operation without parameters cannot be asked wrongly.
            with contextlib.suppress(Unsatisfiable):
                check()
    return statuses


@pytest.mark.timeout(900)
def test_made_up_requests_are_answered_as_documented(app: Flask, key: str) -> None:
    statuses = send(app, key, examples=8)
    assert {"200", "202", "400", "422"} <= set(statuses)


@pytest.mark.deep
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("part", range(PARTS))
def test_many_made_up_requests_are_answered_as_documented(app: Flask, key: str, part: int) -> None:
    assert sum(send(app, key, examples=300, part=slice(part, None, PARTS)).values()) > 1_000
