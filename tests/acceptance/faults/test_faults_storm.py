"""Everything at once, at random, for a minute."""

import subprocess
import sys

import pytest

from webapp.cli._checkout import CHECKOUT, own_environ


@pytest.mark.deep
@pytest.mark.timeout(900)
def test_a_minute_of_random_faults_loses_doubles_and_blocks_no_job() -> None:
    """The report is what a failure shows."""
    words = [sys.executable, "-m", "webapp.cli", "bench", "chaos", "--minutes", "1", "--every", "2"]
    ended = subprocess.run(
        words, cwd=CHECKOUT, env=own_environ(), capture_output=True, text=True, timeout=800, check=False
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
