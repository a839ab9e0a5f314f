"""Where a client goes when it is told little."""

import json
from pathlib import Path

import pytest
from penstock_client import Endpoint, EndpointUnknown, find_endpoint


def write_endpoint(folder: Path, url: str = "http://127.0.0.1:8000") -> None:
    (folder / "run").mkdir(parents=True)
    (folder / "run" / "endpoint.json").write_text(json.dumps({"url": url, "api_key": "psk_local", "pids": {}}))


def test_arguments_come_before_the_environment_and_the_environment_before_the_local_platform(tmp_path: Path) -> None:
    write_endpoint(tmp_path / "penstock")
    state = {"XDG_STATE_HOME": str(tmp_path), "HOME": "/nowhere"}
    told = {**state, "PENSTOCK_URL": "http://elsewhere/", "PENSTOCK_API_KEY": "psk_env"}
    assert find_endpoint("http://given", "psk_given", environ=told) == Endpoint("http://given", "psk_given")
    assert find_endpoint(environ=told) == Endpoint("http://elsewhere", "psk_env")
    assert find_endpoint(environ=state) == Endpoint("http://127.0.0.1:8000", "psk_local")


def test_a_data_folder_that_is_named_wins_over_an_url_of_the_environment(tmp_path: Path) -> None:
    write_endpoint(tmp_path)
    found = find_endpoint(
        data_dir=tmp_path, environ={"PENSTOCK_URL": "http://elsewhere", "PENSTOCK_API_KEY": "psk_env"}
    )
    assert found == Endpoint("http://127.0.0.1:8000", "psk_local")


def test_the_local_key_is_never_sent_elsewhere(tmp_path: Path) -> None:
    write_endpoint(tmp_path)
    assert find_endpoint("http://elsewhere", environ={"PENSTOCK_DATA_DIR": str(tmp_path)}).api_key == ""


def test_the_data_folder_may_come_from_the_environment_or_the_home_folder(tmp_path: Path) -> None:
    write_endpoint(tmp_path / "named")
    write_endpoint(tmp_path / ".local" / "state" / "penstock", "http://127.0.0.1:9000")
    assert find_endpoint(environ={"PENSTOCK_DATA_DIR": str(tmp_path / "named")}).url == "http://127.0.0.1:8000"
    assert find_endpoint(environ={"HOME": str(tmp_path)}).url == "http://127.0.0.1:9000"


def test_without_a_platform_it_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(EndpointUnknown, match=rf"No platform runs on {tmp_path}.*penstock up.*PENSTOCK_URL"):
        find_endpoint(data_dir=tmp_path, environ={})


@pytest.mark.parametrize("content", ["", "[]", '{"url": "http://x"}'])
def test_an_unreadable_file_is_named(tmp_path: Path, content: str) -> None:
    write_endpoint(tmp_path)
    (tmp_path / "run" / "endpoint.json").write_text(content)
    with pytest.raises(EndpointUnknown, match=r"endpoint\.json cannot be read"):
        find_endpoint(data_dir=tmp_path, environ={})


def test_a_key_is_not_shown(tmp_path: Path) -> None:
    assert "psk_secret" not in repr(Endpoint("http://x", "psk_secret"))
