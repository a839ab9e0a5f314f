"""States of actions, and the bounds of what they change, tried on both sides."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.workloads.customers.autopilot import effects, limits, states
from core.workloads.customers.autopilot.limits import Bounds
from core.workloads.customers.trust import gate
from core.workloads.customers.trust.gate import ACTIONS, CEILINGS, Standing
from core.workloads.customers.trust.health import Health

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)


def walks(choices: list[int]) -> list[str]:
    """Go from state to state as chance chooses, to where nothing follows or choices end."""
    path = ["proposed"]
    for choice in choices:
        following = sorted(states.TRANSITIONS[path[-1]])
        if not following:
            break
        path.append(following[choice % len(following)])
    return path


@given(st.lists(st.integers(0, 99), max_size=40))
def test_nothing_is_applied_that_was_not_gated_and_approved(choices: list[int]) -> None:
    path = walks(choices)
    for reached in ("applying", "applied", "verified", "rolling_back", "rolled_back"):
        if reached in path:
            before = path[: path.index(reached)]
            assert before.index("gated") < before.index("approved")
    if "verified" in path:
        assert path[path.index("verified") - 1] == "applied"
    if path[-1] in {"blocked", "rejected", "expired", "rolled_back"}:
        assert states.TRANSITIONS[path[-1]] == frozenset()


@given(st.sampled_from(states.STATES), st.sampled_from(states.STATES))
def test_a_state_follows_another_or_is_refused(before: str, after: str) -> None:
    if after in states.TRANSITIONS[before]:
        states.check(before, after)
    else:
        with pytest.raises(states.ActionStateWrong):
            states.check(before, after)


def test_everything_ends_somewhere() -> None:
    ends = {state for state, following in states.TRANSITIONS.items() if not following}
    reaching = set(ends)
    for _ in states.STATES:
        reaching |= {state for state, following in states.TRANSITIONS.items() if following & reaching}
    assert reaching == set(states.STATES)


@pytest.mark.parametrize(
    ("action", "before", "after", "error"),
    [
        ("increase_budget", 100.0, 120.0, None),
        ("increase_budget", 100.0, 120.01, limits.BudgetStepTooLarge),
        ("increase_budget", 100.0, 100.0, limits.BudgetDirectionWrong),
        ("reduce_budget", 100.0, 80.0, None),
        ("reduce_budget", 100.0, 79.99, limits.BudgetStepTooLarge),
        ("reduce_budget", 100.0, 101.0, limits.BudgetDirectionWrong),
        ("reduce_budget", 100.0, 100.0, limits.BudgetDirectionWrong),
        ("update_budget", 100.0, 100.0, None),
        ("update_budget", 100.0, 100.01, limits.BudgetDirectionWrong),
        ("update_budget", None, 1.0, limits.BudgetStepTooLarge),
        ("update_budget", None, 0.0, None),
        ("increase_budget", 0.1, 0.12, None),
    ],
)
def test_a_budget_moves_by_one_step(
    action: str, before: float | None, after: float, error: type[Exception] | None
) -> None:
    if error is None:
        limits.check_step(Bounds(), action, before, after)
    else:
        with pytest.raises(error):
            limits.check_step(Bounds(), action, before, after)


@given(st.floats(0.01, 1e6), st.floats(0, 1), st.floats(0, 2))
def test_no_step_goes_further_than_its_share(before: float, share: float, factor: float) -> None:
    after, bounds = before * factor, Bounds(max_step=share)
    action = "increase_budget" if after > before else "update_budget"
    if abs(factor - 1) <= share * 0.999:
        limits.check_step(bounds, action, before, after)
    elif abs(factor - 1) > share * 1.001 + 1e-6:
        with pytest.raises(limits.BudgetStepTooLarge):
            limits.check_step(bounds, action, before, after)


def test_a_budget_rests_for_its_hours() -> None:
    limits.check_cadence(Bounds(), None, NOW)
    limits.check_cadence(Bounds(), NOW - timedelta(hours=24), NOW)
    with pytest.raises(limits.ChangedTooRecently):
        limits.check_cadence(Bounds(), NOW - timedelta(hours=24) + timedelta(seconds=1), NOW)


def test_so_many_actions_a_day_and_no_more() -> None:
    bounds, within = Bounds(max_per_day=3), NOW - timedelta(hours=23, minutes=59)
    limits.check_count(bounds, [within, within, NOW - timedelta(hours=24)], NOW)
    with pytest.raises(limits.ActionsTooMany):
        limits.check_count(bounds, [within, within, within], NOW)


@pytest.mark.parametrize("action", effects.EFFECTS)
def test_each_effect_is_an_action_of_the_gate_and_can_be_undone(action: str) -> None:
    assert action in ACTIONS
    assert effects.UNDONE_BY[action] in effects.EFFECTS


@given(st.sampled_from(sorted(ACTIONS)), st.integers(0, 4), st.sampled_from(sorted(CEILINGS)))
def test_a_ceiling_only_ever_takes_and_is_replayed(action: str, level: int, ceiling: str) -> None:
    standing = Standing(level)
    healths: list[Health] = []
    free, held = (gate.decide(action, standing, healths, ceiling=one) for one in ("normal", ceiling))
    order = ("block", "hold", "pass")
    assert order.index(held.verdict) <= order.index(free.verdict)
    assert held.level <= CEILINGS[ceiling]
    inputs = gate.inputs_of(standing, (), killed=False, ceiling=ceiling)
    assert gate.replay(action, inputs) == held
