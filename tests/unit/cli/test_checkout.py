"""What the commands for developers hand to their tools."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from webapp.cli import _checkout, _peers, main
from webapp.cli._checkout import cache_folder, made_absolute, own_environ, require


def test_paths_hold_in_the_checkout_and_all_else_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "test_x.py").touch()
    arguments = made_absolute(["-k", "name", "test_x.py::test_a[1]", "tests/unit", "-x"])
    assert arguments == ["-k", "name", f"{tmp_path}/test_x.py::test_a[1]", "tests/unit", "-x"]


def test_the_callers_platform_is_kept_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PENSTOCK_DATA_DIR", "/precious")
    monkeypatch.setenv("DATABASE_URL", "postgresql://precious")
    monkeypatch.setenv("PENSTOCK_TEST_DATABASE_URL", "postgresql://meant")
    environ = own_environ(MORE="1")
    assert "PENSTOCK_DATA_DIR" not in environ
    assert "DATABASE_URL" not in environ
    assert (environ["PENSTOCK_TEST_DATABASE_URL"], environ["MORE"]) == ("postgresql://meant", "1")


def test_the_cache_follows_xdg() -> None:
    assert cache_folder({"XDG_CACHE_HOME": "/c", "HOME": "/h"}) == Path("/c/penstock")
    assert cache_folder({"XDG_CACHE_HOME": "relative", "HOME": "/h"}) == Path("/h/.cache/penstock")


def test_a_missing_tool_is_said_with_the_way_to_get_it() -> None:
    with pytest.raises(Exception, match=r"no_such_tool is not installed here; `\./penstock check`"):
        require("no_such_tool", "check")


def test_benchmarks_are_found_by_where_they_lie() -> None:
    found = {path.stem.removeprefix("bench_") for path in (_checkout.CHECKOUT / "tests/benchmarks").glob("bench_*.py")}
    assert set(CliRunner().invoke(main, ["bench"]).stdout.split()) == found


PROGRAM = """import sys
print("ran", *sys.argv[1:])
sys.exit({code})
"""


def test_all_benchmarks_make_one_page_that_tells_which_missed_a_target(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    for name, code, knows in (("first", 0, ""), ("second", 1, "# --quick"), ("third", 0, "")):
        (tmp_path / f"bench_{name}.py").write_text(PROGRAM.format(code=code) + knows)
    monkeypatch.setattr(_peers, "FOLDER", tmp_path)
    with pytest.raises(SystemExit) as ended:
        main(["bench", "all", "--quick"])
    said = " ".join(capfd.readouterr().out.split())
    assert ended.value.code == 1
    assert "## first ran ## second ran --quick ## third ran" in said
    assert said.endswith("With a figure that misses its target, or not measured: second.")
