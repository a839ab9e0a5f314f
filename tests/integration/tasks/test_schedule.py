"""Beat's entries as they are read from TOML."""

from pathlib import Path

import pytest
from celery.schedules import crontab

from tasks.schedule import read_schedule


def test_entries_are_read_from_every_file(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text('[tick]\ntask = "maintenance.tick"\nevery_s = 5\n')
    (tmp_path / "b.toml").write_text('[plan]\ntask = "pumping.plan"\ncron = "5 4 3 2 1"\n')
    entries = read_schedule("maintenance", tmp_path)
    assert entries["tick"]["schedule"] == 5.0
    assert entries["tick"]["options"] == {"queue": "maintenance", "expires": 5.0}
    assert entries["plan"]["schedule"] == crontab(
        minute="5", hour="4", day_of_month="3", month_of_year="2", day_of_week="1"
    )


def test_an_entry_without_a_time_stops_the_start(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text('[tick]\ntask = "maintenance.tick"\n')
    with pytest.raises(KeyError, match="cron"):
        read_schedule("maintenance", tmp_path)
