"""Commands without a platform: what they load, how they end, what they complete."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from webapp.cli import main

SERVER_SIDE = ("core.", "flask", "celery", "sqlalchemy", "numpy", "marshmallow", "redis", "psycopg2")


def loaded_by(module: str) -> set[str]:
    code = f"import sys; import {module}; print(*sys.modules)"
    return set(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split())


@pytest.mark.parametrize("name", ["jobs", "kinds", "workflows", "completion"])
def test_a_command_about_jobs_loads_nothing_of_the_server_and_no_tables(name: str) -> None:
    loaded = loaded_by(f"webapp.cli.{name}")
    assert [module for module in loaded if module.startswith((*SERVER_SIDE, "rich"))] == []


def test_the_demo_loads_nothing_numeric_and_no_framework() -> None:
    loaded = loaded_by("webapp.cli.demo")
    assert not loaded & {"numpy", "scipy", "matplotlib", "flask", "celery", "sqlalchemy"}


def test_without_a_platform_the_exit_code_is_4_and_the_way_out_is_said(tmp_path: Path) -> None:
    ended = CliRunner().invoke(main, ["jobs", "list", "--data-dir", str(tmp_path)])
    assert (ended.exit_code, ended.stdout) == (4, "")
    assert "penstock up" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_errors_are_json_too_where_json_is_wanted_and_never_on_standard_output(tmp_path: Path) -> None:
    ended = CliRunner().invoke(main, ["kinds", "--json", "--data-dir", str(tmp_path)])
    assert (ended.exit_code, ended.stdout) == (4, "")
    assert json.loads(ended.stderr)["code"] == "unreachable"


@pytest.mark.parametrize(
    "arguments",
    [
        ["jobs", "submit"],
        ["jobs", "submit", "platform.echo", "{"],
        ["jobs", "submit", "platform.echo", "{}", "--example"],
        ["jobs", "submit", "platform.echo", "--priority", "10"],
        ["jobs", "submit", "platform.echo", "--run-at", "soon"],
        ["jobs", "submit", "platform.echo", "-f", "/nowhere/params.json"],
        ["jobs", "list", "--state", "done"],
        ["jobs", "cancel"],
        ["completion", "tcsh"],
        ["workflows", "submit"],
        ["workflows", "submit", "/nowhere/graph.json", "--within", "soon"],
        ["workflows", "cancel"],
        ["bench", "nothing"],
        ["bench", "all", "--quickly"],
    ],
)
def test_wrong_usage_ends_with_2(arguments: list[str]) -> None:
    ended = CliRunner().invoke(main, arguments)
    assert (ended.exit_code, ended.stdout) == (2, "")


@pytest.mark.parametrize("words", [["jobs"], ["jobs", "submit"], ["jobs", "result"], ["kinds"], ["demo"]])
def test_help_documents_the_exit_codes(words: list[str]) -> None:
    said = CliRunner().invoke(main, [*words, "--help"]).stdout
    assert "5    the job was not final in time" in said


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_a_completion_script_asks_this_command(shell: str) -> None:
    said = CliRunner().invoke(main, ["completion", shell]).stdout
    assert f"_PENSTOCK_COMPLETE={shell}_complete" in said


def test_completion_knows_commands_and_options() -> None:
    environ = {"_PENSTOCK_COMPLETE": "fish_complete", "COMP_WORDS": "penstock jobs sub", "COMP_CWORD": "sub"}
    ended = subprocess.run(
        [sys.executable, "-c", "from webapp.cli import main; main(prog_name='penstock')"],
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "submit" in ended.stdout
