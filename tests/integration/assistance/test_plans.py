"""Plans in words by a model that invents numbers, and by one that does not."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from core.jobs.context import JobContext, MemoryRecorder
from core.jobs.kind import params_schema
from core.workloads.assistance import answering, kinds, setup
from core.workloads.assistance.chain import Chain
from tests.integration.assistance.conftest import Server


@pytest.fixture
def explain(make_chain: Callable[..., Chain], monkeypatch: pytest.MonkeyPatch) -> Callable[[], dict[str, Any]]:
    """Have the example's plan said in words by one model, behind which are rules."""

    def ask() -> dict[str, Any]:
        chain = make_chain(cheaper=False)
        monkeypatch.setattr(setup, "chain", lambda: chain)
        params = params_schema(kinds.EXPLAIN_PLAN.params).load(kinds.EXPLAIN_PLAN.example)
        return answering.explain_plan(params, JobContext(job_id=_JOB, attempt=1, seed=1, recorder=MemoryRecorder()))

    return ask


def test_a_number_that_the_plan_does_not_have_is_not_said(
    explain: Callable[[], dict[str, Any]], server: Server
) -> None:
    server.text = "The plan costs 399.99 EUR."
    told = explain()
    assert (told["source"], told["tried"][0]["outcome"]) == ("rules", "figure_unknown")
    assert "399.99" not in told["text"]
    assert float(told["cost_usd"]) > 0, "it was paid for all the same"


def test_numbers_of_the_plan_are(explain: Callable[[], dict[str, Any]], server: Server) -> None:
    server.text = "The plan costs 412.37 EUR, which is 58.13 EUR less than without it."
    told = explain()
    assert told["source"] == "model"
    assert told["text"].strip() == server.text


_JOB = UUID(int=1)
