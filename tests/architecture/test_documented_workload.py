"""The workload that the documentation adds is found, bound and computed exactly as it stands there."""

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
PROGRAM = """
import core.workloads, tasks.workloads
core.workloads.__path__.append("core/workloads")
tasks.workloads.__path__.append("tasks/workloads")

from types import SimpleNamespace
from core.catalogue import discover
from tasks.binding import load_bindings

bound = {one.kind.name: one for one in load_bindings(discover(), queues=["default"])}["greeting.hello"]
params = bound.kind.params().load(bound.kind.example)
print(bound.compute(params, SimpleNamespace(progress=lambda fraction, step: None)))
"""


def test_the_documented_workload_is_found_and_computes(tmp_path: Path) -> None:
    block = next(
        block
        for block in re.findall(r"```python\n(.*?)```", (ROOT / "docs" / "adding-a-kind.md").read_text(), re.DOTALL)
        if "JobKind(" in block
    )
    _, *rest = re.split(r"^# (\S+\.py)\n", block, flags=re.MULTILINE)
    for name, text in zip(rest[::2], rest[1::2], strict=True):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    # Without an `__init__.py`, so that forgetting it is seen to be harmless.
    said = subprocess.run(
        [sys.executable, "-c", PROGRAM], cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
    )
    assert said.stdout == "{'text': 'Hello, Ada'}\n"
