"""The OpenAPI document as people read it: operations with their parameters, schemas, examples and curl lines."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from core.errors import PenstockError
from core.jobs.kind import JobKind
from webapp.examples import curl, example_of
from webapp.problems import status_of

JSON = "application/json"
METHODS = ("get", "post", "put", "patch", "delete")


@dataclass(frozen=True, slots=True)
class AnswerPage:
    """One documented answer of an operation."""

    status: int
    phrase: str
    description: str
    headers: Mapping[str, Any]
    schema: Mapping[str, Any] | None
    content_types: tuple[str, ...]
    example: str | None


@dataclass(frozen=True, slots=True)
class OperationEntry:
    """One operation in a list of all."""

    id: str
    tag: str
    method: str
    path: str
    summary: str
    permission: str | None


@dataclass(frozen=True, slots=True)
class OperationPage(OperationEntry):
    """One operation, ready to be drawn."""

    description: str
    parameters: tuple[Mapping[str, Any], ...]
    body: Mapping[str, Any] | None
    body_type: str | None
    answers: tuple[AnswerPage, ...]
    problems: tuple[tuple[int, str], ...]
    curl: str


@dataclass(frozen=True, slots=True)
class ProblemPage:
    """One sort of error."""

    code: str
    status: int
    title: str


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads pages out of one OpenAPI document."""

    document: Mapping[str, Any]
    base_url: str
    schemas: Mapping[str, Any] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "schemas", self.document["components"]["schemas"])

    def entries(self) -> Iterator[OperationEntry]:
        """Yield every operation's line in a list, in the order of the document."""
        for path, method, told in self._told():
            yield OperationEntry(**_line(path, method, told))

    def operations(self) -> Iterator[OperationPage]:
        """Yield every operation, in the order of the document."""
        for path, method, told in self._told():
            yield self._operation(path, method, told)

    def operation(self, operation_id: str) -> OperationPage | None:
        """Return the operation of that name, if there is one."""
        for path, method, told in self._told():
            if told["operationId"] == operation_id:
                return self._operation(path, method, told)
        return None

    def submission_curl(self, kind: JobKind) -> str:
        """Write the command that submits a kind's example."""
        body = {"kind": kind.name, "params": dict(kind.example)}
        return curl("POST", f"{self.base_url}/api/v1/jobs", public=False, body=body)

    def _told(self) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
        for path, methods in self.document["paths"].items():
            yield from ((path, method, methods[method]) for method in METHODS if method in methods)

    def _operation(self, path: str, method: str, told: Mapping[str, Any]) -> OperationPage:
        shared = self.document["paths"][path].get("parameters", [])
        parameters = tuple(sorted([*shared, *told.get("parameters", [])], key=lambda each: each["in"] != "path"))
        body_type, body = next(iter(told.get("requestBody", {}).get("content", {}).items()), (None, None))
        answers = {int(status): answer for status, answer in told["responses"].items()}
        return OperationPage(
            **_line(path, method, told),
            description=told.get("description", ""),
            parameters=parameters,
            body=body and body["schema"],
            body_type=body_type,
            answers=tuple(
                self._answer(status, answer) for status, answer in sorted(answers.items()) if "$ref" not in answer
            ),
            problems=tuple(
                (status, HTTPStatus(status).phrase) for status, told in sorted(answers.items()) if "$ref" in told
            ),
            curl=self._curl(path, method, told, parameters, body_type, body),
        )

    def _answer(self, status: int, told: Mapping[str, Any]) -> AnswerPage:
        content = told.get("content", {})
        schema = next((each["schema"] for each in content.values()), None)
        example = None
        if JSON in content:
            example = json.dumps(example_of(content[JSON]["schema"], self.schemas), indent=2, ensure_ascii=False)
        return AnswerPage(
            status=status,
            phrase=HTTPStatus(status).phrase,
            description=told["description"],
            headers=told.get("headers", {}),
            schema=schema if JSON in content else None,
            content_types=tuple(content),
            example=example,
        )

    def _curl(
        self,
        path: str,
        method: str,
        told: Mapping[str, Any],
        parameters: tuple[Mapping[str, Any], ...],
        body_type: str | None,
        body: Mapping[str, Any] | None,
    ) -> str:
        for parameter in parameters:
            if parameter["in"] == "path":
                path = path.replace(f"{{{parameter['name']}}}", str(example_of(parameter["schema"], self.schemas)))
        required = [each for each in parameters if each["in"] == "query" and each.get("required")]
        query = "&".join(f"{each['name']}=measurements.csv" for each in required)
        url = f"{self.base_url}{path}{'?' if query else ''}{query}"
        public = "x-permission" not in told
        if body_type not in {None, JSON}:
            return curl(method.upper(), url, public=public) + " \\\n  --data-binary @measurements.csv"
        wanted = body is not None and told["requestBody"].get("required", False)
        sent = example_of(body["schema"], self.schemas) if body is not None and wanted else None
        return curl(method.upper(), url, public=public, body=sent)


def _line(path: str, method: str, told: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": told["operationId"],
        "tag": told["tags"][0],
        "method": method.upper(),
        "path": path,
        "summary": told.get("summary", ""),
        "permission": told.get("x-permission"),
    }


def problem_pages() -> list[ProblemPage]:
    """List every sort of error that this process can answer, by code."""
    pages = {error.code: ProblemPage(error.code, int(status_of(error)), error.title()) for error in _all_errors()}
    return [pages[code] for code in sorted(pages)]


def problem_example() -> str:
    """Write one problem document."""
    return json.dumps(
        {
            "type": "/api/v1/docs/problems#params_invalid",
            "title": "The params do not fit the kind's schema.",
            "status": 422,
            "detail": "1 problem(s) in params of platform.sleep",
            "code": "params_invalid",
            "request_id": "0192d4e07f6a7c3e8a512b6f0c9d1e42",
            "errors": [{"pointer": "/params/seconds", "detail": "Not a valid number."}],
        },
        indent=2,
    )


def _all_errors(family: type[PenstockError] = PenstockError) -> Iterator[type[PenstockError]]:
    yield family
    for error in family.__subclasses__():
        yield from _all_errors(error)
