"""The libraries that pages load are the files that their documentation names, with their licences."""

import hashlib
import re
from pathlib import Path

DASHBOARD = Path(__file__).parents[2] / "webapp" / "dashboard"
VENDOR = DASHBOARD / "static" / "vendor"


def test_every_library_is_as_it_was_published() -> None:
    told = dict(re.findall(r"\| `([^`]+)` \|.*\| `([0-9a-f]{64})` \|", (DASHBOARD / "README.md").read_text()))
    there = {each.name for each in VENDOR.iterdir() if each.suffix in {".js", ".css"}}
    assert told == {name: hashlib.sha256((VENDOR / name).read_bytes()).hexdigest() for name in there}


def test_every_library_has_its_licence() -> None:
    assert {"htmx.LICENSE", "idiomorph.LICENSE", "uPlot.LICENSE", "echarts.LICENSE"} <= {
        each.name for each in VENDOR.iterdir()
    }
