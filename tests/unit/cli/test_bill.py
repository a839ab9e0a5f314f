"""The bill of materials says all that is locked, and nothing that depends on when it was made."""

import json
import re
import tomllib
from pathlib import Path

import pytest
import yaml

from webapp.cli._bill import bill_of_materials, licence_list, read_lock

ROOT = Path(__file__).parents[3]
LOCK = (ROOT / "requirements.lock").read_text()


def test_every_pin_is_read_with_its_hashes() -> None:
    pins = read_lock(LOCK)
    assert len(pins) == len(re.findall(r"^[a-z0-9]\S*==", LOCK, re.MULTILINE)) > 80
    assert sum(len(pin.hashes) for pin in pins) == LOCK.count("--hash=sha256:")


def test_the_bill_hangs_together_and_is_the_same_each_time() -> None:
    bill = bill_of_materials(read_lock(LOCK))
    assert bill == bill_of_materials(read_lock(LOCK))
    references = {each["bom-ref"] for each in bill["components"]} | {"penstock"}
    assert len(references) == len(bill["components"]) + 1
    assert {each["ref"] for each in bill["dependencies"]} == references
    assert {needed for each in bill["dependencies"] for needed in each["dependsOn"]} <= references
    needs = {each["ref"]: each["dependsOn"] for each in bill["dependencies"]}
    assert any(needed.startswith("pkg:pypi/flask@") for needed in needs["penstock"])
    (flask,) = (each for each in bill["components"] if each["name"] == "flask")
    assert any(needed.startswith("pkg:pypi/werkzeug@") for needed in needs[flask["bom-ref"]])
    assert flask["licenses"] == [{"license": {"name": "BSD-3-Clause"}}]
    assert json.loads(json.dumps(bill)) == bill


def test_what_another_version_locks_is_another_bill() -> None:
    one, other = (bill_of_materials(read_lock(f"flask=={number} \\\n")) for number in ("3.1.0", "3.1.1"))
    assert one["serialNumber"] != other["serialNumber"]


def test_no_licence_among_them_binds_what_they_are_used_in() -> None:
    lines = licence_list(read_lock(LOCK)).splitlines()
    assert len(lines) == len(read_lock(LOCK))
    assert [line for line in lines if re.search(r"(?<!L)(?<!Lesser )\bA?GPL|Affero", line)] == []


@pytest.mark.parametrize("other", ["client", "cluster", "changelog"])
def test_there_is_one_version(other: str) -> None:
    ours = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    if other == "client":
        assert tomllib.loads((ROOT / "webapp/client/pyproject.toml").read_text())["project"]["version"] == ours
    elif other == "cluster":
        built = yaml.safe_load((ROOT / "deploy/kubernetes/kustomization.yaml").read_text())
        assert [image["newTag"] for image in built["images"]] == [ours]
    else:
        headings = re.findall(r"^## (\S+)", (ROOT / "docs/changelog.md").read_text(), re.MULTILINE)
        assert headings[0] in {"Unreleased", ours}
