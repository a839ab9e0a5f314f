"""A federation from the command line: members send files, one attacks, the round is aggregated, the model fetched."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

from tests.platforms import Platform
from webapp.cli import main


def test_a_round_from_members_files_to_a_model(platform: Platform, tmp_path: Path) -> None:
    def penstock(*words: str) -> Any:
        ended = CliRunner().invoke(main, ["federations", *words, "--data-dir", str(platform.data_dir), "--json"])
        assert ended.exit_code == 0, ended.output
        return json.loads(ended.stdout)

    def file(name: str, values: list[float]) -> str:
        np.savez(tmp_path / name, slope=np.array(values))
        return str(tmp_path / name)

    members = [word for place in range(5) for word in ("--member", f"site {place}")]
    penstock("add", "hospitals", "--strategy", "multi_krum", "--set", "faults=1", "--form", "change", *members)
    assert penstock("join", "hospitals", "site 5", "site 0") == {"joined": 1}
    penstock("publish", "hospitals", file("start.npz", [10.0, 20.0]))
    assert penstock("open", "hospitals")["status"] == "open"
    for place in range(5):
        sent = file(f"{place}.npz", [1.0, -1.0 + 0.01 * place])
        assert penstock("send", "hospitals", "1", f"site {place}", sent, "--weight", "30")["weight"] == 30
    penstock("send", "hospitals", "1", "site 5", file("bad.npz", [-40.0, 70.0]))
    assert penstock("aggregate", "hospitals", "1")["state"] == "succeeded"
    told = penstock("round", "hospitals", "1")
    assert (told["status"], told["outcome"]["suspected"]) == ("published", ["site 5"])
    assert [one["outcome"]["suspected"] for one in penstock("rounds", "hospitals")] == [["site 5"]]
    out = penstock("download", "hospitals", "2", "-o", str(tmp_path / "model.npz"))["file"]
    assert np.load(out)["slope"] == pytest.approx([11.0, 19.02])
    assert [one["name"] for one in penstock("list")] == ["hospitals"]
    data = tmp_path / "data.json"
    data.write_text(json.dumps({"inputs": [[0.0], [1.0]], "targets": [0.0, 1.0]}))
    assert penstock("place", "hospitals", "site 6", "--file", str(data))["data"]["targets"] == [0.0, 1.0]
    placed = penstock("place", "hospitals", "site 5", "--domain", "harbor", "--first", "0", "--last", "2")
    assert placed["data"] == {"domain_id": "harbor", "first": 0, "last": 2}
    told = {one["name"]: one["data"] for one in penstock("members", "hospitals")}
    assert (len(told), told["site 0"]) == (7, None)
    assert penstock("remove", "hospitals") == {"removed": "hospitals"}
    assert penstock("list") == []


def test_a_round_without_a_server_follows_the_connections_that_are_kept(platform: Platform, tmp_path: Path) -> None:
    def penstock(*words: str, json_too: bool = True) -> Any:
        more = ["--json"] if json_too else []
        ended = CliRunner().invoke(main, ["federations", *words, "--data-dir", str(platform.data_dir), *more])
        assert ended.exit_code == 0, ended.output
        return json.loads(ended.stdout) if json_too else ended.stdout

    names = ["east", "north", "south", "west"]
    penstock("add", "coast", *[word for name in names for word in ("--member", name)])
    assert "over the server; 4 members" in penstock("topology", "coast", json_too=False)
    assert penstock("topology", "coast", "ring", "--tolerance", "1e-9")["connections"] == 4
    penstock("disconnect", "coast", "west", "east")
    assert penstock("connect", "coast", "south", "east")["one"] == "east"
    penstock("disconnect", "coast", "south", "west")
    assert penstock("topology", "coast", json_too=False).rstrip().endswith("not reached: west")
    told = [(one["one"], one["other"]) for one in penstock("connections", "coast")]
    assert told == [("east", "north"), ("east", "south"), ("north", "south")]
    penstock("open", "coast")
    for place, name in enumerate(names):
        np.savez(tmp_path / f"{name}.npz", slope=np.array([float(place)]))
        penstock("send", "coast", "1", name, str(tmp_path / f"{name}.npz"))
    assert penstock("aggregate", "coast", "1")["state"] == "succeeded"
    shown = penstock("round", "coast", "1", json_too=False)
    assert "mixed along 3 connections: all agree after 1 rounds" in shown
    assert "west                 refused: No connection leads to east, north, south" in shown
    out = penstock("download", "coast", "1", "-o", str(tmp_path / "model.npz"))["file"]
    assert np.load(out)["slope"] == pytest.approx([1.0])
    assert penstock("topology", "coast", "server")["shape"] is None
    penstock("remove", "coast")
