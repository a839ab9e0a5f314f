"""What the documentation tells a reader to type runs as it stands there, page by page, on a real platform."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.platforms import Platform
from webapp.cli._checkout import CHECKOUT, own_environ

PAGES = {
    page.relative_to(CHECKOUT).as_posix(): page.read_text()
    for page in (CHECKOUT / "README.md", *sorted((CHECKOUT / "docs").glob("*.md")))
}
SHELL = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)
PYTHON = re.compile(r"^```python\n(?!# \S+\.py$)(.*?)^```", re.MULTILINE | re.DOTALL)
"""But for what opens with a file's name: that is to be written there, and has a test of its own."""
WITHIN_S = 120


def having(snippet: re.Pattern[str]) -> list[str]:
    return [page for page, text in PAGES.items() if snippet.search(text)]


def run(platform: Platform, folder: Path, argv: list[str]) -> None:
    (folder / "penstock").symlink_to(CHECKOUT / "penstock")
    environ = own_environ(
        PENSTOCK_URL=platform.url, PENSTOCK_API_KEY=platform.api_key, PENSTOCK_DATA_DIR=str(platform.data_dir)
    )
    ended = subprocess.run(argv, cwd=folder, env=environ, capture_output=True, text=True, timeout=WITHIN_S, check=False)
    assert ended.returncode == 0, f"{ended.stdout}\n{ended.stderr}"


@pytest.mark.parametrize("name", having(SHELL))
def test_what_a_page_has_for_the_shell_runs(platform: Platform, tmp_path: Path, name: str) -> None:
    script = "".join(SHELL.findall(PAGES[name]))
    run(platform, tmp_path, ["bash", "-euo", "pipefail", "-c", script])


@pytest.mark.parametrize("name", having(PYTHON))
def test_what_a_page_has_in_python_runs(platform: Platform, tmp_path: Path, name: str) -> None:
    program = "\n".join(PYTHON.findall(PAGES[name]))
    run(platform, tmp_path, [sys.executable, "-c", program])
