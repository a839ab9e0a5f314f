"""Whatever station, weather and state: a plan keeps every hard rule, or says that none does and which rule."""

from typing import Any

import pytest
from hypothesis import given, settings

from core.workloads.pumping import audit, kinds, optimization, plant
from tests.conformance.stations_of_chance import requests

RULE_OF = {"emptying": "emptying", "flow_band": "smoothness", "hold": "hold"}


def judge(raw: dict[str, Any]) -> None:
    """Plan, have the independent audit look at the schedule alone, and compare with what the result says of itself."""
    params: Any = kinds.OPTIMIZE.params().load(raw)
    result = optimization.recommend(params)
    findings = audit.audit(plant.from_document(raw["plant"]), params, result["schedule"])
    broken = {finding["rule"] for finding in findings if finding["violations"]}
    hard = {finding["rule"] for finding in findings if finding["hard"]} & broken
    if result["status"] == "infeasible":
        assert result["infeasible_rule"] in hard
        assert result["warnings"]
        return
    assert hard == set()
    assert result["infeasible_rule"] is None
    if result["status"] != "fallback":
        assert {RULE_OF[rule] for rule in broken - {"level_alarm"}} <= set(result["relaxed"])


@settings(max_examples=30, deadline=None)
@given(raw=requests())
def test_a_plan_keeps_every_hard_rule_or_names_the_one_it_cannot(raw: dict[str, Any]) -> None:
    judge(raw)


@pytest.mark.deep
@pytest.mark.timeout(1800)
@settings(max_examples=1500, deadline=None)
@given(raw=requests())
def test_many_plans_keep_every_hard_rule_or_name_the_one_they_cannot(raw: dict[str, Any]) -> None:
    judge(raw)
