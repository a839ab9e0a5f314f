"""An analyst in five commands: a messy file is refused with a clear report, mended, read, and its causes shown."""

import json
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from tests.messy_files import MENDED, MESSY, write
from tests.platforms import Platform
from webapp.cli import main

TRUE = {("flow", "level", 1), ("level", "heat", 2)}
FILES = {"graph.json", "graph.graphml", "graph.svg", "effects.svg", "distributions.svg", "distributions.json"}


def test_from_a_messy_file_to_a_graph_in_five_commands(platform: Platform, tmp_path: Path) -> None:
    file, found = tmp_path / "readings.csv", tmp_path / "found"
    named = [word for name in ("flow", "level", "heat") for word in ("--variable", name)]

    def penstock(*words: str, ends_with: int = 0) -> Any:
        ended = CliRunner().invoke(main, [*words, "--data-dir", str(platform.data_dir), "--json"])
        assert ended.exit_code == ends_with, ended.output
        return json.loads(ended.stdout) if ends_with == 0 else ended.output

    penstock("domains", "add", "plant", *named, "--window-size", "100")

    write(file, MESSY)
    report = penstock("domains", "upload", "plant", str(file), "--drop", "time,spare", ends_with=1)
    assert "line 1, column 4: the column has no name" in report
    assert "line 1, column 6 (level): the name 'level' is given twice" in report

    write(file, MENDED)
    read = penstock("domains", "upload", "plant", str(file), "--drop", "time,spare", "--constant", "drop")["result"]
    assert (read["rows"], read["variables"], read["ready"]) == (500, ["flow", "level", "heat"], True)
    assert [column["missing"] for column in read["columns"]] == [6, 6, 6]

    series = {"domain_id": "plant", "first": read["first_index"], "last": read["last_index"]}
    params = json.dumps({"series": series, "max_lag": 3, "seed": 1})
    job = penstock("jobs", "submit", "causal.discover", params, "--wait")
    accepted = [edge for edge in job["result"]["edges"] if edge["verdict"] == "accepted"]
    assert {(edge["source"], edge["target"], edge["lag"]) for edge in accepted} == TRUE

    paths = [Path(path) for path in penstock("jobs", "download", job["id"], "-o", str(found))]
    assert {path.name for path in paths} == FILES
    assert all(b"</svg>" in path.read_bytes() for path in paths if path.suffix == ".svg")
