"""The house itself: sizes, docstrings, reasons, and what may lie at the root."""

import ast
import re
import subprocess
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("core", "tasks", "webapp", "migrations", "tests")
LONGEST_FILE, LONGEST_FUNCTION = 300, 40
TOP_LEVEL = {
    ".ci",
    ".gitignore",
    ".pre-commit-config.yaml",
    "Procfile",
    "README.md",
    "celerybeat-schedule",
    "core",
    "deploy",
    "docs",
    "migrations",
    "penstock",
    "pyproject.toml",
    "requirements-bootstrap.lock",
    "requirements-dev.lock",
    "requirements.lock",
    "tasks",
    "tests",
    "webapp",
}
VAGUE = {"utils", "util", "helpers", "helper", "common", "manager", "service", "misc"}
FOLDERS_WITH_README = ("core", "tasks", "webapp", "migrations", "celerybeat-schedule", "deploy", "tests")


def tracked() -> list[str]:
    """List the files under version control; of an unpacked archive, all that are there."""
    listed = subprocess.run(["git", "-C", ROOT, "ls-files"], capture_output=True, text=True, check=False)
    if listed.returncode == 0:
        return [name for name in listed.stdout.splitlines() if (ROOT / name).exists()]
    return [str(path.relative_to(ROOT)) for top in TOP_LEVEL for path in (ROOT / top).rglob("*") if path.is_file()]


FILES = tracked()
SOURCES = [name for name in FILES if name.endswith(".py") and name.startswith(PACKAGES)]


def read(name: str) -> str:
    return (ROOT / name).read_text()


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Count a function's lines from `def` on, without its docstring."""
    first = node.body[0]
    docstring = first.end_lineno - first.lineno + 1 if ast.get_docstring(node) and first.end_lineno else 0
    return (node.end_lineno or node.lineno) - node.lineno + 1 - docstring


def test_there_is_something_to_look_at() -> None:
    assert len(SOURCES) > 100


def test_nothing_new_lies_at_the_root() -> None:
    assert {name.split("/")[0] for name in FILES} <= TOP_LEVEL


@pytest.mark.parametrize("folder", FOLDERS_WITH_README)
def test_each_top_folder_opens_with_a_readme(folder: str) -> None:
    assert f"{folder}/README.md" in FILES


def test_every_module_says_what_it_is_about() -> None:
    product = [name for name in SOURCES if not name.startswith("tests/")]
    assert [name for name in product if not ast.get_docstring(ast.parse(read(name)))] == []


def test_no_file_is_too_long() -> None:
    assert {name: lines for name in SOURCES if (lines := read(name).count("\n")) > LONGEST_FILE} == {}


def test_no_function_is_too_long() -> None:
    # A migration's `upgrade` is a list of tables.
    checked = [name for name in SOURCES if not name.startswith("migrations/versions/")]
    found = {
        f"{name}:{node.name}": length(node)
        for name in checked
        for node in functions(ast.parse(read(name)))
        if length(node) > LONGEST_FUNCTION
    }
    assert found == {}


def test_every_exception_to_a_rule_carries_its_reason() -> None:
    exception = re.compile(r"#\s*(?:noqa|type:\s*ignore)\b")
    reasoned = re.compile(r"#\s*(?:noqa: [A-Z]+\d+(?:, [A-Z]+\d+)*|type: ignore\[[\w, -]+\])\s+(?:-|#) \S+")
    found = [
        f"{name}:{number}"
        for name in SOURCES
        if name != "tests/architecture/test_house_style.py"
        for number, (above, line) in enumerate(pairwise(["", *read(name).splitlines()]), 1)
        if exception.search(line) and not reasoned.search(line) and not above.strip().startswith("# ")
    ]
    assert found == []


def test_no_module_has_a_name_that_says_nothing() -> None:
    assert [name for name in SOURCES if VAGUE & set(Path(name).with_suffix("").parts)] == []


def test_nothing_is_left_to_do() -> None:
    left = re.compile(r"#.*\b(?:TODO|FIXME|XXX|HACK)\b")
    found = [name for name in SOURCES if name != "tests/architecture/test_house_style.py" and left.search(read(name))]
    assert found == []


def test_every_function_is_annotated() -> None:
    found = [
        f"{name}:{node.lineno} {node.name}"
        for name in SOURCES
        for node in functions(ast.parse(read(name)))
        if node.returns is None
    ]
    assert found == []
