"""Programs over HTTP on a whole platform: run in one request, and run again when their worker is killed."""

import httpx2
import psutil
import pytest

from tests.acceptance.conftest import Platform
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


def test_a_program_is_run_in_one_request(platform: Platform) -> None:
    key = {"Authorization": f"Bearer {platform.api_key}"}
    with httpx2.Client(base_url=platform.url, headers=key, timeout=40) as http:
        answer = http.post("/api/v1/execute", json={"language": "assembly", "source": HELLO})
        assert answer.status_code == 200, answer.text
        result = answer.json()["result"]
        assert (result["verdict"], result["stdout"], result["engine_seconds"]) == ("ok", "42", 2)
        languages = {one["name"]: one for one in http.get("/api/v1/languages").json()["items"]}
        assert languages["assembly"]["targets"]["engine"]["available"]
        assert all(one["targets"]["engine"]["reason"] for one in languages.values() if not one["available"])


@pytest.mark.timeout(400)
def test_a_killed_worker_costs_a_program_an_attempt_and_never_its_answer(own_platform: Platform) -> None:
    """Given a program in the middle of its run, kill -9 of its process has it run again from its beginning."""
    limits = {"steps": 200_000_000, "wall_s": 60}
    job = own_platform.client.submit("code.run", {"language": "assembly", "source": LONG, "limits": limits})
    eventually(lambda: (job.read().document["progress"] or {}).get("fraction", 0) > 0)
    worker = psutil.Process(own_platform.pids()["worker-sandbox"])
    for child in worker.children(recursive=True):
        child.kill()
    result = job.result(timeout=200)
    assert (result["verdict"], result["stdout"]) == ("ok", str(30_000_000 * 30_000_001 // 2))
    assert job.read().attempt == 2
