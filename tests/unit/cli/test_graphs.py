"""Graphs of jobs as people see them, and the files they are submitted from."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from penstock_client import Workflow
from rich.console import Console

from webapp.cli import main
from webapp.cli._graphs import show, workflow_table, workflows_table


def step(state: str, *after: str, **more: Any) -> dict[str, Any]:
    document = {"id": f"id of {state}", "kind": "platform.echo", "state": state, "after": after}
    return {**document, "progress": None, "error": None, **more}


def workflow(state: str = "running", **jobs: dict[str, Any]) -> Workflow:
    return Workflow.read(
        {
            "id": "01a1",
            "state": state,
            "created_at": "2026-01-01T00:00:00Z",
            "progress": {"fraction": 0.5, "finished": 1, "total": 2},
            "counts": {"running": 1, "succeeded": 1},
            "jobs": jobs,
        }
    )


def printed(table: Any) -> list[str]:
    console = Console(file=io.StringIO(), width=160)
    console.print(table)
    assert isinstance(console.file, io.StringIO)
    return [line.rstrip() for line in console.file.getvalue().splitlines()]


def test_a_job_stands_further_in_than_those_it_comes_after() -> None:
    error = {"code": "dependency_failed", "message": "the job b failed"}
    lines = printed(
        workflow_table(
            workflow(
                a=step("succeeded"),
                b=step("running", "a", progress={"fraction": 0.25, "step": "half", "message": ""}),
                c=step("failed", "a", "b", error=error),
            )
        )
    )
    rows = [line for line in lines if "platform.echo" in line]
    assert [line.index(name) for line, name in zip(rows, "abc", strict=True)] == [1, 3, 5]
    assert "25% half" in rows[1]
    assert rows[2].endswith("dependency_failed: the job b failed")


def test_a_list_tells_how_far_each_is() -> None:
    assert "50%" in "".join(printed(workflows_table([workflow()])))


def test_through_a_pipe_each_change_of_a_job_is_one_line() -> None:
    stream = io.StringIO()
    changes = [workflow(a=step("queued"), b=step("waiting")), workflow(a=step("succeeded"), b=step("waiting"))]
    show(changes, stream)
    assert [line.split() for line in stream.getvalue().splitlines()] == [
        ["a", "queued"],
        ["b", "waiting"],
        ["a", "succeeded"],
    ]


@pytest.mark.parametrize("text", ["{", "[]", '{"a": 1}', '{"jobs": []}'])
def test_a_file_without_a_graph_is_wrong_usage(tmp_path: Path, text: str) -> None:
    file = tmp_path / "graph.json"
    file.write_text(text)
    ended = CliRunner().invoke(main, ["workflows", "submit", str(file)])
    assert (ended.exit_code, ended.stdout) == (2, "")


def test_a_graph_from_a_file_needs_a_platform(tmp_path: Path) -> None:
    file = tmp_path / "graph.json"
    file.write_text(json.dumps({"a": {"kind": "platform.echo"}}))
    assert CliRunner().invoke(main, ["workflows", "submit", str(file), "--data-dir", str(tmp_path)]).exit_code == 4
