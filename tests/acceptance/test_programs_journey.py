"""Programs over HTTP on a whole platform: run, checked, graded, compared, and run again when their worker is killed."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import psutil
import pytest

from core.workloads.code.availability import NO_WORKER
from core.workloads.code.sandbox.launcher import cgroups
from tests.platforms import START_WITHIN_S, Platform
from tests.waiting import eventually

HELLO = "        PRN #42\n        HLT #0\n"
LONG = """
        LD A, #0
        LD B, #30000000
loop:   ADD A, A, B
        DJN B, loop
        PRN A
        HLT #0
"""
SUM = """#include <stdio.h>
int main(void) {
    int a, b;
    if (scanf("%d %d", &a, &b) != 2) return 1;
    printf("%d\\n", a + b);
    return 0;
}
"""
SLOW = '#include <stdio.h>\n#include <unistd.h>\nint main(void) { sleep(15); puts("done"); return 3; }\n'


@pytest.fixture
def http(platform: Platform) -> Iterator[httpx2.Client]:
    key = {"Authorization": f"Bearer {platform.api_key}"}
    with httpx2.Client(base_url=platform.url, headers=key, timeout=40) as http:
        yield http


def executed(http: httpx2.Client, *, in_one_request: bool = False, **params: Any) -> dict[str, Any]:
    """Return a program's result; a busy machine may take longer than a request is held open."""
    answer = http.post("/api/v1/execute", json=params)
    assert answer.status_code == 200 or (answer.status_code == 202 and not in_one_request), answer.text
    job = answer.json()
    while job["state"] in {"queued", "running"}:
        job = http.get(job["links"]["self"], params={"wait": 30}).json()
    assert job["state"] == "succeeded", job
    result: dict[str, Any] = job["result"] or http.get(job["result_url"]).json()
    return result


def told(http: httpx2.Client) -> dict[str, Any]:
    """Return what each language's native target is, once the worker has told."""
    targets = {one["name"]: one["targets"] for one in http.get("/api/v1/languages").json()["items"]}
    return targets if targets["c"]["native"]["reason"] != NO_WORKER else {}


def test_a_program_is_run_in_one_request(http: httpx2.Client) -> None:
    result = executed(http, in_one_request=True, language="assembly", source=HELLO)
    assert (result["verdict"], result["stdout"], result["engine_seconds"]) == ("ok", "42", 2)
    result = executed(
        http, in_one_request=True, language="c", source=SUM, stdin="40 2", emit=["tokens", "ast", "ir", "assembly"]
    )
    assert (result["verdict"], result["stdout"], result["exit_code"]) == ("ok", "42\n", 0)
    assert all(result[phase] for phase in ("tokens", "ast", "ir", "assembly"))


def test_languages_tell_what_can_be_run_and_why_not(http: httpx2.Client) -> None:
    targets = eventually(lambda: told(http))
    assert targets["assembly"]["engine"]["available"]
    assert targets["c"]["engine"]["available"]
    assert all(one["available"] or one["reason"] for both in targets.values() for one in both.values())


def test_what_is_offered_natively_runs_and_what_is_not_says_so(http: httpx2.Client, platform: Platform) -> None:
    targets = eventually(lambda: told(http))
    for language, source in (("c", SUM), ("python", "print(sum(map(int, input().split())))")):
        params: dict[str, Any] = {"language": language, "source": source, "stdin": "40 2", "target": "native"}
        if targets[language]["native"]["available"]:
            for _ in range(3):  # a worker's child that has run one runs the next
                result = executed(http, **params)
                assert (result["verdict"], result["stdout"], len(result["sandbox"]["layers"])) == ("ok", "42\n", 8)
    refused = platform.client.submit("code.run", {"language": "idris", "source": "main = 1", "target": "native"})
    document = eventually(lambda: one if (one := refused.read().document)["state"] == "failed" else None)
    assert document["error"]["code"] == "target_unavailable"


def test_a_wrong_program_is_a_result_with_the_place(http: httpx2.Client, platform: Platform) -> None:
    wrong = "int main(void) {\n    int total = 1;\n    return totl;\n}\n"
    result = executed(http, language="c", source=wrong)
    assert (result["verdict"], result["phase"], result["stdout"]) == ("compile_error", "semantic", "")
    [first] = [one for one in result["diagnostics"] if one["severity"] == "error"]
    assert (first["line"], first["column"], "total" in first["hint"]) == (3, 12, True)
    checked = platform.client.submit("code.check", {"language": "c", "source": wrong}).result(timeout=60)
    assert checked["diagnostics"] == result["diagnostics"]
    result = executed(http, language="c", source="int zero;\nint main(void) {\n    return 7 / zero;\n}\n")
    assert (result["verdict"], result["trap"]["kind"], result["trap"]["line"]) == ("runtime_error", "div_zero", 3)


def test_a_solution_is_graded_and_hidden_cases_stay_hidden(platform: Platform) -> None:
    cases = [
        {"name": "small", "stdin": "1 2", "expected": "3", "points": 1},
        {"name": "secret", "stdin": "-5 -8765", "expected": "-8770", "points": 3, "hidden": True},
    ]
    right = {"language": "c", "source": SUM, "cases": cases}
    graded = platform.client.submit("code.grade", right).result(timeout=60)
    assert (graded["verdict"], graded["points"], graded["points_possible"]) == ("accepted", 4, 4)
    wrong = {**right, "source": SUM.replace("a + b", "a + (b < 0 ? -b : b)")}
    graded = platform.client.submit("code.grade", wrong).result(timeout=60)
    assert (graded["verdict"], graded["points"]) == ("wrong_answer", 1)
    assert [case["verdict"] for case in graded["cases"]] == ["accepted", "wrong_answer"]
    assert "8765" not in json.dumps(graded)
    assert "8770" not in json.dumps(graded)


def test_two_programs_are_compared_where_they_first_differ(platform: Platform) -> None:
    sides = {"first": {"language": "c", "source": SUM}, "inputs": ["1 2", "3 0", "-1 1"]}
    same = {**sides, "second": {"language": "c", "source": SUM.replace("a + b", "b + a")}}
    assert platform.client.submit("code.compare", same).result(timeout=60)["same"]
    other = {**sides, "second": {"language": "c", "source": SUM.replace("a + b", "a | b")}}
    compared = platform.client.submit("code.compare", other).result(timeout=60)
    assert [run["same"] for run in compared["runs"]] == [True, True, False]


@pytest.mark.timeout(400)
def test_a_killed_worker_costs_a_program_an_attempt_and_never_its_answer(harmed_platform: Platform) -> None:
    """Given a program in the middle of its run, kill -9 of its process has it run again from its beginning."""
    limits = {"steps": 200_000_000, "wall_s": 60}
    job = harmed_platform.client.submit("code.run", {"language": "assembly", "source": LONG, "limits": limits})
    eventually(lambda: (job.read().document["progress"] or {}).get("fraction", 0) > 0)
    worker = psutil.Process(harmed_platform.pids()["worker-sandbox"])
    for child in worker.children(recursive=True):
        child.kill()
    result = job.result(timeout=200)
    assert (result["verdict"], result["stdout"]) == ("ok", str(30_000_000 * 30_000_001 // 2))
    assert job.read().attempt == 2


@pytest.mark.timeout(400)
def test_a_worker_killed_whole_leaves_nothing_of_a_native_program(harmed_platform: Platform) -> None:
    """Given a program in its box, kill -9 of the worker and its children ends it, its launcher and its groups too."""
    key = {"Authorization": f"Bearer {harmed_platform.api_key}"}
    with httpx2.Client(base_url=harmed_platform.url, headers=key, timeout=40) as http:
        found = eventually(lambda: told(http), START_WITHIN_S)["c"]["native"]
    if not found["available"]:
        pytest.skip(found["reason"])
    params = {"language": "c", "source": SLOW, "target": "native", "limits": {"wall_s": 60}}
    job = harmed_platform.client.submit("code.run", params)
    worker = psutil.Process(harmed_platform.pids()["worker-sandbox"])
    programs = eventually(lambda: _programs(worker))
    launchers = {pid for program in programs for pid in _above(program, worker)}
    pool = worker.children()
    for process in (worker, *pool):
        process.kill()
    eventually(lambda: not any(process.is_running() for process in programs))
    eventually(lambda: not any(psutil.pid_exists(pid) for pid in launchers))
    eventually(lambda: not [group for pid in launchers for group in _groups(pid)])
    assert "penstock-box" not in Path("/proc/self/mountinfo").read_text()

    result = job.result(timeout=200)
    assert (result["verdict"], result["stdout"], result["exit_code"]) == ("ok", "done\n", 3)
    assert job.read().attempt == 2


def _programs(worker: psutil.Process) -> list[psutil.Process]:
    return [one for one in worker.children(recursive=True) if _command(one)[:1] == ["./program"]]


def _command(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.Error:  # it has just ended
        return []


def _above(program: psutil.Process, worker: psutil.Process) -> list[int]:
    """Return the launcher and keepers between a program and the worker's child that asked for it."""
    chain = [one.pid for one in program.parents()]
    return chain[: chain.index(worker.pid) - 1]


def _groups(launcher: int) -> list[Path]:
    return [path for one in cgroups.find() for path in one.folder.glob(f"{cgroups.PREFIX}{launcher}-*")]
