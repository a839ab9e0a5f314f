"""Lines of the platform and records of libraries look alike, and a log that cannot be written harms nobody."""

import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from core.logs import Lines, configure_logs


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    structlog.contextvars.clear_contextvars()
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


def entries(capfd: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capfd.readouterr().err.splitlines()]


def test_our_lines_and_records_of_libraries_look_alike(capfd: pytest.CaptureFixture[str]) -> None:
    configure_logs()
    with structlog.contextvars.bound_contextvars(job_id="7"):
        structlog.get_logger().warning("said")
        logging.getLogger("library").warning("said")
    first, second = entries(capfd)
    assert first.pop("at") <= second.pop("at")
    assert first == second == {"event": "said", "level": "warning", "job_id": "7"}


def test_lines_below_the_level_are_not_written(capfd: pytest.CaptureFixture[str]) -> None:
    configure_logs(level="WARNING")
    structlog.get_logger().info("little")
    logging.getLogger("library").info("little")
    assert entries(capfd) == []


def test_an_error_comes_with_its_traceback(capfd: pytest.CaptureFixture[str]) -> None:
    configure_logs()
    try:
        int("wrong")
    except ValueError:
        structlog.get_logger().exception("crashed")
    (entry,) = entries(capfd)
    assert (entry["level"], entry["exception"].splitlines()[-1][:11]) == ("error", "ValueError:")


def test_a_full_disk_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    with open("/dev/full", "wb", buffering=0) as full:  # noqa: PTH123 - a device is opened, not a path of ours
        monkeypatch.setattr("core.logs.STANDARD_ERROR", full.fileno())
        Lines().msg("lost")
