"""`code.run`, `.grade` and `.compare` on the native target, as their jobs compute them."""

from typing import Any
from uuid import UUID

import pytest

from core.config import SettingsInvalid, sandbox_without
from core.jobs.context import JobContext, MemoryRecorder
from core.jobs.kind import params_schema
from core.workloads.code import comparing, grading, kinds, running
from core.workloads.code.native import survey
from core.workloads.code.sandbox import remedies
from core.workloads.code.sandbox.asking import Sandbox
from core.workloads.code.targets import native
from core.workloads.code.targets.base import RunRequest

SUM = "a, b = map(int, input().split())\nprint(a + b)\n"
SUM_IN_C = """#include <stdio.h>
int main(void) { int a, b; scanf("%d %d", &a, &b); printf("%d\\n", a + b); return 0; }
"""


def context() -> JobContext:
    return JobContext(UUID(int=1), 1, 7, MemoryRecorder())


def compute(kind: Any, function: Any, params: dict[str, Any]) -> Any:
    result = function(params_schema(kind.params).load(params), context())
    assert kind.result().validate(result) == {}
    return result


@pytest.fixture(autouse=True)
def _working(sandbox: Sandbox) -> None:
    for language in ("c", "python"):
        found = survey.examine(sandbox, survey.find_toolchains()[language])
        if not found.available:
            pytest.skip(found.reason)


def test_a_program_runs_under_the_hosts_toolchain() -> None:
    params = {"language": "python", "source": SUM, "stdin": "40 2", "target": "native"}

    result = compute(kinds.RUN, running.compute, params)

    assert (result["verdict"], result["stdout"], result["exit_code"]) == ("ok", "42\n", 0)
    assert set(result["sandbox"]["layers"]) >= {"namespaces", "root", "seccomp", "rlimits"}


def test_a_crash_is_a_runtime_error_with_its_signal() -> None:
    params = {"language": "c", "source": "int main(void) { return *(int *)0; }", "target": "native"}

    result = compute(kinds.RUN, running.compute, params)

    assert (result["verdict"], result["trap"]["kind"]) == ("runtime_error", "SIGSEGV")
    assert "null pointer" in result["trap"]["message"]


def test_a_mistake_has_its_place() -> None:
    params = {"language": "c", "source": "int main(void) {\n    return y;\n}", "target": "native"}

    result = compute(kinds.RUN, running.compute, params)

    assert result["verdict"] == "compile_error"
    assert [(one["line"], one["column"]) for one in result["diagnostics"]] == [(2, 12)]


def test_output_is_limited_over_both_streams_together() -> None:
    source = "import sys\nprint('x' * 600)\nsys.stdout.flush()\nprint('y' * 600, file=sys.stderr)"
    params = {"language": "python", "source": source, "target": "native"}

    inside = compute(kinds.RUN, running.compute, {**params, "limits": {"output_bytes": 1202}})
    outside = compute(kinds.RUN, running.compute, {**params, "limits": {"output_bytes": 1201}})

    assert (inside["verdict"], outside["verdict"]) == ("ok", "output_limit")
    assert len(outside["stdout"]) + len(outside["stderr"]) == 1201


def test_grading_counts_points_natively() -> None:
    cases = [
        {"name": "small", "stdin": "1 2", "expected": "3"},
        {"name": "hidden", "stdin": "-5 5", "expected": "1", "hidden": True},
    ]
    params = {"language": "c", "source": SUM_IN_C, "target": "native", "cases": cases}

    result = compute(kinds.GRADE, grading.compute, params)

    assert result["verdict"] == "wrong_answer"
    assert [case["verdict"] for case in result["cases"]] == ["accepted", "wrong_answer"]
    assert "-5 5" not in str(result)


def test_two_languages_are_compared() -> None:
    first = {"language": "python", "source": SUM, "target": "native"}
    second = {"language": "c", "source": SUM_IN_C, "target": "native"}

    result = compute(kinds.COMPARE, comparing.compute, {"first": first, "second": second, "inputs": ["1 2", "7 8"]})

    assert result["same"]


def test_a_missing_wall_is_an_internal_error_that_names_it() -> None:
    with Sandbox(through=("/usr/bin/env",), python="/bin/false") as broken:
        outcome = native.Native(sandbox=broken).run(RunRequest("python", SUM), context())

    assert outcome.verdict == "internal_error"
    assert outcome.stderr.startswith("sandbox_unavailable:launcher")
    assert (outcome.stdout, outcome.exit_code) == ("", None)
    (told,) = outcome.diagnostics
    assert told.message.startswith("sandbox_unavailable:launcher")
    assert remedies.REMEDIES["launcher"] in told.hint


def test_grading_without_a_wall_fails_with_the_wall_and_its_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    params = {"language": "python", "source": SUM, "target": "native", "cases": [{"stdin": "1 2", "expected": "3"}]}
    with Sandbox(through=("/usr/bin/env",), python="/bin/false") as broken:
        monkeypatch.setattr(native, "TARGET", native.Native(sandbox=broken))
        with pytest.raises(running.RunFailed, match=r"sandbox_unavailable:launcher.*worker's log"):
            compute(kinds.GRADE, grading.compute, params)


def test_only_what_a_host_may_lack_can_be_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PENSTOCK_SANDBOX_WITHOUT", "cgroup,landlock")
    assert sandbox_without() == {"cgroup", "landlock"}
    monkeypatch.setenv("PENSTOCK_SANDBOX_WITHOUT", "seccomp")
    with pytest.raises(SettingsInvalid, match="PENSTOCK_SANDBOX_WITHOUT"):
        sandbox_without()
