"""The client's example scripts run as they stand there, on a real platform."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.platforms import Platform
from webapp.cli._checkout import CHECKOUT, own_environ

EXAMPLES = sorted((CHECKOUT / "webapp" / "client" / "examples").glob("*.py"))
WITHIN_S = 120


@pytest.mark.parametrize("program", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_runs(platform: Platform, program: Path) -> None:
    environ = own_environ(PENSTOCK_URL=platform.url, PENSTOCK_API_KEY=platform.api_key)
    ended = subprocess.run(
        [sys.executable, str(program)], env=environ, capture_output=True, text=True, timeout=WITHIN_S, check=False
    )
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout
