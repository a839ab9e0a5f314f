"""`penstock doctor` tries the sandbox's walls, and names the one that is missing and what to do."""

from core.workloads.code.sandbox.asking import Sandbox
from core.workloads.code.sandbox.remedies import REMEDIES
from webapp.cli.doctor import walls


def test_walls_that_hold_are_listed(sandbox: Sandbox) -> None:
    found = walls(sandbox)

    assert (found.subject, found.verdict) == ("sandbox", "ok")
    assert found.detail.startswith("holds by cgroup, namespaces, root")


def test_a_wall_that_is_missing_is_worth_a_note() -> None:
    with Sandbox(through=("/usr/bin/env",), python="/bin/false") as broken:
        found = walls(broken)

    assert found.verdict == "note"
    assert "sandbox_unavailable:launcher" in found.detail
    assert REMEDIES["launcher"] in found.detail
