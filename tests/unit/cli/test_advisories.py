"""What is asked of advisories: every pin of the lock, with its marker."""

from pathlib import Path

from webapp.cli._advisories import pinned

LOCK = """\
# a comment
alembic==1.20.1 \\
    --hash=sha256:8349 \\
    --hash=sha256:9970
    # via penstock (pyproject.toml)
anyio==4.16.0 ; sys_platform != 'emscripten' \\
    --hash=sha256:9362
"""


def test_pins_come_without_hashes_and_with_markers() -> None:
    assert pinned(LOCK) == ["alembic==1.20.1", "anyio==4.16.0 ; sys_platform != 'emscripten'"]


def test_every_dependency_of_the_lock_is_found() -> None:
    lock = (Path(__file__).parents[3] / "requirements.lock").read_text()
    assert len(pinned(lock)) == sum("==" in line and not line.startswith((" ", "#")) for line in lock.splitlines())
