"""Numbers in answers: those of the plan pass, however they are written; any other is refused."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.workloads.assistance import kinds
from core.workloads.assistance.figures import FigureUnknown, check_figures
from core.workloads.assistance.providers import plans

PLAN: dict[str, Any] = kinds.EXPLAIN_PLAN.example["plan"]


@pytest.mark.parametrize(
    "answer",
    [
        "It costs 412.37 EUR.",
        "It costs about 412 EUR, 58.1 EUR less than 470.50 EUR.",
        "It takes 6,120.5 kWh.",
        "Both pumps run at 01:00; P1 at 48.5 Hz for 2 steps.",
        "From 2026-01-10T00:00:00+02:00 on P1 runs.",
        "There is no number here.",
    ],
)
def test_what_the_plan_says_may_be_said(answer: str) -> None:
    assert check_figures(answer, PLAN) == answer


@pytest.mark.parametrize(
    "answer",
    [
        "It costs 413 EUR.",
        "It saves 58.2 EUR.",
        "P2 starts at 03:00.",
        "On 2026-01-11 all rest.",
        "It takes 61,205 kWh.",
    ],
)
def test_what_it_does_not_say_may_not(answer: str) -> None:
    with pytest.raises(FigureUnknown):
        check_figures(answer, PLAN)


def test_a_share_may_be_said_in_percent() -> None:
    assert check_figures("The gap is 1.25 %.", {"gap": 0.0125})


def test_rules_say_nothing_that_the_plan_does_not() -> None:
    said = plans.explain(PLAN)
    assert check_figures(said, PLAN) == said
    assert "412.37 EUR" in said
    assert "58.13 EUR less than the rule controller's 470.50 EUR" in said
    assert "P2 runs in the steps of 2026-01-10T01:00:00+02:00." in said
    assert "P2 starts at 2026-01-10T01:00:00+02:00: the hour is among the cheapest, which saves 3.20 EUR." in said


def test_what_is_wrong_with_a_plan_is_said() -> None:
    audit = [{"rule": "level", "limit": 8.0, "worst": 8.25, "unit": "m", "violations": 3}]
    broken = {"status": "infeasible", "infeasible_rule": "level", "audit": audit, "warnings": ["Prices are old."]}
    said = plans.explain(broken)
    assert "The rule that cannot be kept is level." in said
    assert "broken 3 times, 8.25 m where 8 is the limit" in said
    assert said.endswith("Prices are old.")


@given(st.floats(10, 1e6), st.integers(0, 3))
def test_a_number_rounded_to_any_digits_is_known_and_one_beside_it_is_not(value: float, digits: int) -> None:
    said = f"{value:.{digits}f}"
    assert check_figures(said, {"x": float(said)})
    with pytest.raises(FigureUnknown):
        check_figures(f"{float(said) + 10.0**-digits * 3:.{digits}f}", {"x": float(said)})
