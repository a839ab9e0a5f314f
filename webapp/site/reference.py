"""The reference pages as Markdown: whatever the code declares is read from it, so that no page can be out of date."""

import inspect
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from operator import attrgetter
from typing import Any

import click

from core.catalogue import Catalogue
from core.jobs.kind import JobKind
from core.jobs.states import FINAL, MOVES
from webapp.documentation import AnswerPage, OperationPage, Reader, problem_pages
from webapp.examples import resolve, type_of
from webapp.openapi import json_schema

BASE_URL = "$PENSTOCK_URL"
"""Stands where a reader's own platform is."""


def api_page(document: Mapping[str, Any]) -> str:
    """Write every operation of the HTTP API, by resource."""
    reader = Reader(document, BASE_URL)
    tags = {tag["name"]: tag.get("description", "") for tag in document.get("tags", [])}
    page = ["# HTTP API", document["info"]["description"]]
    operations = sorted(reader.operations(), key=attrgetter("tag"))
    for tag, members in groupby(operations, key=attrgetter("tag")):
        page += [f"## {tag.capitalize()}", tags.get(tag, "")]
        for operation in members:
            page += _operation(operation, reader.schemas)
    return _joined(page)


def kinds_page(catalogue: Catalogue) -> str:
    """Write every kind: params, result, limits, retries, example."""
    page = ["# Kinds of jobs", "What can be submitted; `./penstock kinds NAME` shows the same in a terminal."]
    for workload, kinds in groupby(sorted(catalogue, key=attrgetter("name")), key=_workload):
        page.append(f"## {workload.capitalize()}")
        for kind in kinds:
            page += _kind(kind)
    return _joined(page)


def commands_page(program: click.Group) -> str:
    """Write every command of the command line with its help."""
    page = [
        "# Command line",
        "`-h` behind any command prints the same; `penstock completion` makes a shell complete it.",
    ]
    context = click.Context(program, info_name="penstock")
    for name in program.list_commands(context):
        command = program.get_command(context, name)
        assert command is not None
        page.append(f"## penstock {name}")
        page += [_fenced(one, "text") for one in _helps(command, name, context)]
    return _joined(page)


def states_page() -> str:
    """Write the moves between the states of a job."""
    rows = [
        (f"`{move.event}`", ", ".join(f"`{source}`" for source in sorted(move.sources)), f"`{move.target}`")
        for move in MOVES
    ]
    final = ", ".join(f"`{state}`" for state in sorted(FINAL))
    return _joined(
        [
            "# States",
            f"A job is in one state at a time and changes it by one of these moves alone; {final} are final.",
            _table(("event", "from", "to"), rows),
        ]
    )


def problems_page() -> str:
    """Write every sort of error."""
    rows = [(f"`{problem.code}`", str(problem.status), problem.title) for problem in problem_pages()]
    return _joined(
        [
            "# Problems",
            "Every error is a problem document (RFC 9457) with one of these codes; `errors` in it point to the fields.",
            _table(("code", "status", "means"), rows),
        ]
    )


def _operation(operation: OperationPage, schemas: Mapping[str, Any]) -> Iterator[str]:
    yield f"### `{operation.method} {operation.path}`"
    yield operation.summary
    yield operation.description
    yield f"Permission: `{operation.permission}`." if operation.permission else "For everybody."
    if operation.parameters:
        rows = [(f"`{each['name']}`", each["in"], each.get("description", "")) for each in operation.parameters]
        yield _table(("parameter", "in", ""), rows)
    if operation.body is not None:
        yield f"Body: `{operation.body_type}`"
        yield _fields(operation.body, schemas)
    answers = [(str(answer.status), _told(answer)) for answer in operation.answers]
    problems = [(str(status), phrase) for status, phrase in operation.problems]
    yield _table(("answer", ""), sorted([*answers, *problems]))
    yield _fenced(operation.curl, "text")


def _told(answer: AnswerPage) -> str:
    return (
        f"{answer.description} (`{'`, `'.join(answer.content_types)}`)" if answer.content_types else answer.description
    )


def _kind(kind: JobKind) -> Iterator[str]:
    yield f"### `{kind.name}`"
    yield kind.summary
    yield "Params:"
    yield _fields(json_schema(kind.params), {})
    yield "Result:"
    yield _fields(json_schema(kind.result), {})
    limits, retry = kind.limits, kind.retry
    yield (
        f"Queue `{kind.queue}`, version {kind.version}. An attempt has {limits.soft_s:g} s, {limits.memory_mib} MiB of "
        f"memory and {limits.artifact_bytes >> 20} MiB of artifacts; there are up to {retry.max_attempts} attempts, "
        f"{retry.base_s:g} to {retry.cap_s:g} s apart."
    )
    yield _fenced(json.dumps({"kind": kind.name, "params": dict(kind.example)}, indent=2, ensure_ascii=False), "json")


def _workload(kind: JobKind) -> str:
    return kind.name.partition(".")[0]


def _fields(schema: Mapping[str, Any], schemas: Mapping[str, Any]) -> str:
    whole = resolve(schema, schemas)
    if whole.get("oneOf"):
        return "One of the kinds' submissions, see [](kinds.md)."
    required = set(whole.get("required", ()))
    rows = [
        (f"`{name}`", _type(below, schemas), "required" if name in required else "", _described(below, schemas))
        for name, below in whole.get("properties", {}).items()
    ]
    return _table(("field", "type", "", ""), rows) if rows else "Any JSON."


def _type(schema: Mapping[str, Any], schemas: Mapping[str, Any]) -> str:
    whole = resolve(schema, schemas)
    named = type_of(whole)
    return f"list of {_type(whole['items'], schemas)}" if named == "array" and "items" in whole else named


def _described(schema: Mapping[str, Any], schemas: Mapping[str, Any]) -> str:
    whole = {**resolve(schema, schemas), **schema}
    said = [str(whole.get("description", ""))]
    if whole.get("enum"):
        said.append("One of " + ", ".join(f"`{value}`" for value in whole["enum"]) + ".")
    low, high = whole.get("minimum"), whole.get("maximum")
    if low is not None or high is not None:
        said.append(
            " ".join(f"{word} {value}" for word, value in (("from", low), ("to", high)) if value is not None) + "."
        )
    return " ".join(word for word in said if word)


def _helps(command: click.Command, name: str, parent: click.Context) -> Iterator[str]:
    context = click.Context(command, info_name=name, parent=parent)
    yield command.get_help(context)
    if isinstance(command, click.Group):
        for below in command.list_commands(context):
            found = command.get_command(context, below)
            assert found is not None
            yield from _helps(found, below, context)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(_cell(cell) for cell in line) + " |" for line in lines)


def _cell(text: str) -> str:
    return inspect.cleandoc(text).replace("\n", " ").replace("|", "\\|")


def _fenced(text: str, language: str) -> str:
    return f"```{language}\n{text.rstrip()}\n```"


def _joined(parts: Iterable[str]) -> str:
    return "\n\n".join(part.strip() for part in parts if part.strip()) + "\n"
