import json
import multiprocessing
import os
import stat
from pathlib import Path

import pytest

from core.platform.servers.credentials import load_credentials
from core.platform.servers.folder import (
    DataFolder,
    FolderHeld,
    FolderUnusable,
    default_root,
    hold,
    is_held,
    open_folder,
    write_private,
)
from core.platform.supervisor.rotation import rotate, tail


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_the_default_follows_xdg_and_ignores_a_relative_setting() -> None:
    assert default_root({"XDG_STATE_HOME": "/state", "HOME": "/home/a"}) == Path("/state/penstock")
    assert default_root({"XDG_STATE_HOME": "state", "HOME": "/home/a"}) == Path("/home/a/.local/state/penstock")


def test_everything_made_is_closed_to_others(tmp_path: Path) -> None:
    folder = open_folder(tmp_path / "deep" / "data")
    secrets = load_credentials(folder)
    assert {mode(path) for path in (folder.root, folder.run, folder.logs, folder.artifacts)} == {0o700}
    assert mode(folder.credentials) == 0o600
    assert len({secrets.postgres_password, secrets.redis_password, secrets.secret_key, secrets.flower_password}) == 4


def test_secrets_are_made_once_and_only_the_missing_ones_later(tmp_path: Path) -> None:
    folder = open_folder(tmp_path)
    first = load_credentials(folder)
    content = json.loads(folder.credentials.read_text())
    del content["flower_password"]
    write_private(folder.credentials, json.dumps({**content, "of_a_later_version": "kept"}))
    second = load_credentials(folder)
    assert second.postgres_password == first.postgres_password
    assert second.flower_password != first.flower_password
    assert load_credentials(folder) == second
    assert json.loads(folder.credentials.read_text())["of_a_later_version"] == "kept"


def test_broken_secrets_are_an_error_not_new_passwords(tmp_path: Path) -> None:
    folder = open_folder(tmp_path)
    folder.credentials.write_text("{")
    with pytest.raises(FolderUnusable, match=r"secrets\.json cannot be read"):
        load_credentials(folder)


def test_a_full_disk_and_an_unwritable_place_are_told(tmp_path: Path) -> None:
    with pytest.raises(FolderUnusable, match="MiB are needed"):
        open_folder(tmp_path, smallest_free_bytes=1 << 60)
    (tmp_path / "file").touch()
    with pytest.raises(FolderUnusable, match="cannot be written"):
        open_folder(tmp_path / "file" / "data")


def test_the_folder_has_one_holder(tmp_path: Path) -> None:
    folder = open_folder(tmp_path)
    assert not is_held(folder)
    with hold(folder):
        assert is_held(folder)
        with pytest.raises(FolderHeld, match=str(os.getpid())), hold(folder):
            pass
    assert not is_held(folder)


def test_a_lock_whose_holder_died_is_waited_for(tmp_path: Path) -> None:
    # Given a process that shares the lock of a holder that is gone, as a killed supervisor's watcher does
    folder = open_folder(tmp_path)
    context = multiprocessing.get_context("spawn")
    held, release = context.Event(), context.Event()
    watcher = context.Process(target=hold_as_another, args=(folder, held, release))
    watcher.start()
    assert held.wait(60)
    # When a new holder comes with and without patience
    with pytest.raises(FolderHeld), hold(folder, patience_s=0.0):
        pass
    release.set()
    # Then it gets the lock as soon as the watcher is through
    with hold(folder, patience_s=60.0):
        assert folder.lock.read_text() == str(os.getpid())
    watcher.join()


def hold_as_another(
    folder: DataFolder, held: "multiprocessing.synchronize.Event", release: "multiprocessing.synchronize.Event"
) -> None:
    with hold(folder):
        folder.lock.write_text("0")
        held.set()
        release.wait(60)


def test_a_full_log_is_emptied_under_its_writer(tmp_path: Path) -> None:
    log = tmp_path / "web.log"
    with log.open("ab", buffering=0) as writer:
        writer.write(b"old\n" * 100)
        rotate(tmp_path, full_bytes=100)
        writer.write(b"new\n")
    assert log.read_text() == "new\n"
    assert (tmp_path / "web.log.1").read_text() == "old\n" * 100
    assert tail(log, 5) == ["new"]
    assert tail(tmp_path / "none.log", 5) == []
