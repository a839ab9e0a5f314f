from pathlib import Path

import pytest

from core.platform.supervisor.plan import stop_ranks
from core.platform.supervisor.procfile import Line, ProcfileInvalid, read_procfile, words


def write(folder: Path, text: str) -> Path:
    path = folder / "Procfile"
    path.write_text(text)
    return path


def test_lines_keep_their_order_and_comments_do_not_count(tmp_path: Path) -> None:
    path = write(tmp_path, "# the web\nweb: serve --port 1\n\nworker-science: work -q science\n")
    assert read_procfile(path) == (Line("web", "serve --port 1"), Line("worker-science", "work -q science"))


@pytest.mark.parametrize("text", ["web serve", "web:", "web: a\nweb: b", "postgres: mine", "1st: a"])
def test_a_wrong_line_is_named_by_its_number(tmp_path: Path, text: str) -> None:
    with pytest.raises(ProcfileInvalid, match=r"line \d"):
        read_procfile(write(tmp_path, text))


def test_a_missing_procfile_is_an_error_not_an_empty_platform(tmp_path: Path) -> None:
    with pytest.raises(ProcfileInvalid, match="cannot be read"):
        read_procfile(tmp_path / "Procfile")


def test_a_variable_is_put_in_after_the_split_so_its_blanks_split_nothing() -> None:
    line = Line("web", "serve 'a b' --port=$PORT ${NAME}")
    assert words(line, {"PORT": "80", "NAME": "x $PORT y"}) == ("serve", "a b", "--port=80", "x $PORT y")


def test_an_unset_variable_and_an_open_quote_are_refused() -> None:
    with pytest.raises(ProcfileInvalid, match="PORT is not set"):
        words(Line("web", "serve $PORT"), {})
    with pytest.raises(ProcfileInvalid, match="quotation"):
        words(Line("web", "serve 'open"), {})


def test_the_projects_own_procfile_can_be_expanded() -> None:
    path = Path(__file__).parents[3] / "Procfile"
    environ = {"PENSTOCK_FLOWER_PORT": "5555", "PENSTOCK_DATA_DIR": "/data", "PENSTOCK_STREAM_PORT": "8001"}
    expanded = {line.name: words(line, environ) for line in read_procfile(path)}
    assert {"web", "relay", "worker", "worker-science", "worker-sandbox", "beat", "flower"} <= set(expanded)
    assert "--port=5555" in expanded["flower"]


def test_those_who_make_work_stop_first_and_servers_last() -> None:
    names = ["postgres", "redis", "migrate", "web", "relay", "worker", "worker-science", "beat", "flower", "mailer"]
    assert stop_ranks(names) == [
        ["beat"],
        ["worker", "worker-science"],
        ["relay"],
        ["mailer"],
        ["web"],
        ["flower"],
        ["migrate"],
        ["redis"],
        ["postgres"],
    ]
