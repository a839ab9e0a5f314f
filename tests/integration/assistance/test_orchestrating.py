"""Orchestrations: steps as shards, findings that mend the draft, forms that are repaired once, sums that are exact."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from core.jobs.context import JobContext, MemoryRecorder
from core.jobs.kind import params_schema
from core.workloads.assistance import kinds, orchestrating, setup
from core.workloads.assistance.chain import Chain
from tests.integration.assistance.conftest import Server

TEXT = "The level is 3.2 m. The tunnel is full. One pump ran."


class Bench:
    """Orchestrates in this process, and keeps every step and every verdict."""

    def __init__(self) -> None:
        self.asked: list[Mapping[str, Any]] = []
        self.recorder = MemoryRecorder(compute_shard=self.compute)

    def compute(self, kind: str, params: Mapping[str, Any]) -> dict[str, Any]:
        assert kind == kinds.STEP.name
        self.asked.append(params)
        loaded = params_schema(kinds.STEP.params).load(params)
        return orchestrating.compute_step(loaded, JobContext(UUID(int=2), 1, 1, self.recorder))

    def run(self, **params: Any) -> dict[str, Any]:
        asked = {"instruction": "How high is the level?", "text": TEXT, **params}
        loaded = params_schema(kinds.ORCHESTRATE.params).load(asked)
        told = orchestrating.orchestrate(loaded, JobContext(UUID(int=1), 1, 1, self.recorder))
        assert kinds.ORCHESTRATE.result().validate(told) == {}
        return told

    def verdicts(self) -> list[tuple[str, str]]:
        return [
            (fields["hook"], fields["verdict"]) for _, message, fields in self.recorder.lines if message == "governance"
        ]


@pytest.fixture
def by(make_chain: Callable[..., Chain], monkeypatch: pytest.MonkeyPatch) -> Callable[..., Bench]:
    """Set the chain up, with models or with none, and return a bench."""

    def choose(*, models: bool = True) -> Bench:
        whole = make_chain()
        chain = whole if models else Chain([], whole.budget, whole.breakers)
        monkeypatch.setattr(setup, "chain", lambda: chain)
        return Bench()

    return choose


def test_rules_alone_draft_look_and_agree(by: Callable[..., Bench]) -> None:
    bench = by(models=False)
    told = bench.run()
    assert [one["persona"] for one in told["steps"]] == ["drafter", "critic"]
    assert (told["text"], told["agreed"], told["cost_usd"]) == ("The level is 3.2 m.", True, "0")


def test_a_draft_that_says_too_much_is_mended_by_what_all_reviewers_found(
    by: Callable[..., Bench], server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = by()
    server.text = "The level is 3.2 m. It is old."
    told = bench.run(reviewers=["facts", "clarity"])
    assert [one["persona"] for one in told["steps"]] == ["drafter", "facts", "clarity", "merger"]
    assert all(one["repaired"] for one in told["steps"] if one["persona"] in {"facts", "clarity"})
    assert told["steps"][1]["findings"] == ["The text does not say: It is old."]
    assert not told["agreed"]
    merged = bench.asked[-1]["material"]
    assert merged["findings"] == ["The text does not say: It is old."]


def test_a_form_that_is_wrong_twice_is_paid_for_twice_and_rules_answer(
    by: Callable[..., Bench], server: Server
) -> None:
    bench = by()
    server.text = "Nothing is wrong."
    step = {"persona": "critic", "instruction": "How high?", "material": {"text": TEXT, "draft": "It is old."}}
    told = bench.compute(kinds.STEP.name, step)
    outcomes = [one["outcome"] for one in told["tried"]]
    assert outcomes.count("answer_misshapen") == 2
    assert (told["source"], told["repaired"], told["findings"]) == (
        "rules",
        True,
        ["The text does not say: It is old."],
    )
    assert Decimal(told["cost_usd"]) == sum(Decimal(one["cost_usd"]) for one in told["tried"]) > 0
    assert ("form", "deny") in bench.verdicts()


def test_a_figure_that_nobody_gave_is_denied_and_the_log_says_so(by: Callable[..., Bench], server: Server) -> None:
    bench = by()
    server.text = "The level is 99.7 m."
    told = bench.run(rounds=0)
    assert (told["steps"][0]["source"], told["text"]) == ("rules", "The level is 3.2 m.")
    assert bench.verdicts()[:2] == [("tools", "allow"), ("material", "allow")]
    assert ("figures", "deny") in bench.verdicts()


def test_a_budget_is_divided_and_never_passed(by: Callable[..., Bench], server: Server) -> None:
    bench = by()
    server.text = "The level is 3.2 m."
    told = bench.run(budget_usd="0.02", rounds=2, reviewers=["facts", "clarity"])
    shares = {one["budget_usd"] for one in bench.asked}
    assert shares == {"0.0028571428"}
    assert Decimal(told["cost_usd"]) <= Decimal("0.02")
    assert Decimal(told["cost_usd"]) == sum(Decimal(one["cost_usd"]) for one in told["steps"])


def test_reviews_that_jobs_of_a_workflow_hand_on_are_merged_as_shards_are(by: Callable[..., Bench]) -> None:
    bench = by(models=False)
    unsaid = ["The text does not say: It is old.", "The text does not say: It is blue."]
    material = {"text": TEXT, "draft": "The level is 3.2 m. It is old. It is blue.", "reviews": [unsaid[:1], unsaid]}
    step = {"persona": "merger", "instruction": "How high?", "material": material}
    assert bench.compute(kinds.STEP.name, step)["text"] == "The level is 3.2 m."
    assert bench.compute(kinds.STEP.name, {**step, "material": {**material, "reviews": [[], []]}})["text"].endswith(
        "It is blue."
    )
