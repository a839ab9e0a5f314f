"""Trust: less evidence never scores higher, no evidence holds, standings never flap, decisions replay."""

import json
import random
from dataclasses import asdict, replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.workloads.customers.trust.evidence import HISTORY, MEASURES, Account, Evidence
from core.workloads.customers.trust.gate import (
    ACTIONS,
    ALWAYS,
    BAND,
    GOOD_WINDOWS,
    MODES,
    THRESHOLDS,
    Standing,
    decide,
    inputs_of,
    level_of,
    replay,
    step,
)
from core.workloads.customers.trust.health import WEIGHTS, Band, account_health, overall, wilson

GOOD = Evidence(
    events=10_000,
    matched=8_500,
    duplicates=50,
    rejected=20,
    age_h=0.5,
    conversions=410,
    conversions_seen=400,
    revenue=20_500,
    revenue_seen=20_000,
    spend=1_000,
    currency="EUR",
    calls=500,
    failures=2,
)
WELL = Account("meta", "EUR", GOOD, [GOOD] * HISTORY)
TRUSTED = Standing(4, (100.0,) * GOOD_WINDOWS)

counts = st.none() | st.integers(0, 100_000)
sums = st.none() | st.floats(0, 1e7, allow_subnormal=False)
evidence = st.builds(
    Evidence,
    **{name: counts for name in MEASURES if name not in {"age_h", "revenue", "revenue_seen", "spend", "currency"}},
    **dict.fromkeys(("revenue", "revenue_seen", "spend"), sums),
    age_h=st.none() | st.floats(0, 100),
    currency=st.sampled_from([None, "EUR", "SEK"]),
)
windows = evidence | st.sampled_from([GOOD, replace(GOOD, events=6_000, matched=5_000)])
accounts = st.builds(Account, st.just("a"), st.just("EUR"), st.none() | windows, st.lists(windows, max_size=HISTORY))


def test_a_healthy_account_scores_high_and_weights_add_up() -> None:
    assert account_health(WELL).band.low > 90
    assert account_health(WELL).reasons == []
    assert sum(WEIGHTS.values()) == pytest.approx(1.0)


@given(accounts, st.sets(st.sampled_from(MEASURES)))
def test_removing_any_measurement_never_raises_a_score(account: Account, removed: set[str]) -> None:
    if account.window is None:
        return
    less = replace(account, window=replace(account.window, **dict.fromkeys(removed, None)))
    before, after = account_health(account).band, account_health(less).band
    assert after.low <= before.low
    assert account_health(replace(account, window=None)).band.low <= after.low


@given(accounts, st.data())
def test_removing_any_earlier_window_never_raises_a_score(account: Account, data: st.DataObject) -> None:
    kept = [one for one in account.history if data.draw(st.booleans())]
    assert account_health(replace(account, history=kept)).band.low <= account_health(account).band.low


@given(st.integers(0, 1_000), st.integers(1, 1_000), st.integers(2, 50))
def test_fewer_events_at_the_same_rate_never_score_higher(part: int, rest: int, times: int) -> None:
    few = replace(GOOD, matched=part, events=part + rest)
    many = replace(GOOD, matched=part * times, events=(part + rest) * times)
    scores = [account_health(replace(WELL, window=one)).parts["match"].low for one in (few, many)]
    assert scores[0] <= scores[1]


@given(accounts)
def test_what_is_shown_is_never_more_than_what_is_not_ruled_out(account: Account) -> None:
    health = account_health(account)
    assert 0 <= health.band.low <= health.band.high <= 100
    assert all(0 <= part.low <= part.high <= 100 for part in health.parts.values())


def test_wilson_equals_the_closed_form() -> None:
    """Newcombe (1998), table I: 81 of 263 at 95 % is 0.2553 to 0.3662, 0 of 20 is 0 to 0.1611."""
    assert wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert wilson(0, 20) == pytest.approx((0.0, 0.1611), abs=5e-5)


def test_nothing_known_holds_and_never_passes() -> None:
    for known in ([], [account_health(Account("a", "EUR"))]):
        assert overall(known) == Band(0.0, 100.0)
        for action in set(ACTIONS) - set(ALWAYS):
            assert decide(action, TRUSTED, known).verdict == "hold"
            assert decide(action, Standing(), known).verdict == "hold"


def test_one_dead_platform_among_four_is_not_averaged_away() -> None:
    dead = replace(WELL, window=replace(GOOD, matched=0, conversions=0, revenue=0.0, failures=500))
    healths = [account_health(one) for one in (WELL, WELL, WELL, dead)]
    assert decide("update_budget", TRUSTED, healths).verdict == "block"
    assert decide("update_budget", TRUSTED, healths[:3]).verdict == "pass"


@pytest.mark.parametrize(
    ("low", "high", "mode", "passes"),
    [
        (39.99, 39.99, "frozen", set()),
        (39.99, 40.0, "cuts_only", set()),
        (40.0, 40.0, "cuts_only", set()),
        (59.99, 100.0, "cuts_only", set()),
        (60.0, 60.0, "limited", {"conservative"}),
        (69.99, 69.99, "limited", {"conservative"}),
        (70.0, 70.0, "normal", {"conservative", "standard"}),
        (79.99, 79.99, "normal", {"conservative", "standard"}),
        (80.0, 80.0, "normal", {"conservative", "standard", "high"}),
    ],
)
def test_each_threshold_just_inside_and_just_outside(low: float, high: float, mode: str, passes: set[str]) -> None:
    health = replace(account_health(WELL), band=Band(low, high))
    standing = Standing(level_of(health.band))
    assert standing.mode == mode
    found = {ACTIONS[action] for action in ACTIONS if decide(action, standing, [health]).verdict == "pass"}
    assert found == passes | {"always"}
    expected = "block" if mode == "frozen" else "hold"
    refused = [decide(action, standing, [health]).verdict for action, risk in ACTIONS.items() if risk not in found]
    assert set(refused) <= {expected}


def test_the_kill_switch_blocks_all_but_stopping() -> None:
    said = {action: decide(action, TRUSTED, [account_health(WELL)], killed=True).verdict for action in ACTIONS}
    assert {action for action, verdict in said.items() if verdict == "pass"} == set(ALWAYS)
    assert set(said.values()) == {"pass", "block"}


def test_an_unknown_action_is_the_riskiest() -> None:
    assert decide("sell_everything", Standing(3, (75.0,) * 3), [account_health(WELL)]).verdict == "hold"


def test_down_at_once_and_up_after_good_windows() -> None:
    standing, good, bad = TRUSTED, Band(95.0, 95.0), Band(50.0, 50.0)
    standing = step(standing, bad)
    assert standing.mode == "cuts_only"
    for _ in range(GOOD_WINDOWS - 1):
        standing = step(standing, good)
        assert standing.mode == "cuts_only"
    assert step(standing, good).mode == "normal"


@pytest.mark.parametrize(("low", "mode"), [(70.0 + BAND - 0.01, "limited"), (70.0 + BAND, "normal")])
def test_trust_rises_where_it_is_clear_of_the_threshold(low: float, mode: str) -> None:
    standing = Standing(2, (60.0,) * GOOD_WINDOWS)
    for _ in range(GOOD_WINDOWS):
        standing = step(standing, Band(low, low))
    assert (standing.mode, BAND, GOOD_WINDOWS) == (mode, 3.0, 3)


@given(st.floats(0, 100), st.integers(0, 4), st.integers(0, 1 << 30))
def test_a_constant_signal_with_noise_inside_the_band_never_flaps(signal: float, level: int, seed: int) -> None:
    rng, standing, levels = random.Random(seed), Standing(level), [level]
    for _ in range(200):
        low = min(100.0, max(0.0, signal + rng.uniform(-0.499, 0.499) * BAND))
        standing = step(standing, Band(low, low))
        levels.append(standing.level)
    changes = [after - before for before, after in pairwise(levels) if after != before]
    fallen = False
    for change in changes:
        assert not (fallen and change > 0)
        fallen = fallen or change < 0


@given(accounts, st.sampled_from(sorted(ACTIONS)), st.integers(0, 4), st.booleans())
def test_every_decision_replays_from_what_is_written_down(
    account: Account,
    action: str,
    level: int,
    killed: bool,  # noqa: FBT001 - hypothesis gives it
) -> None:
    standing = Standing(level, (71.0, 85.5))
    said = decide(action, standing, [account_health(account)], killed=killed)
    kept = json.loads(json.dumps(inputs_of(standing, [account], killed=killed)))
    assert replay(action, kept) == said


def test_modes_and_thresholds_belong_together() -> None:
    assert len(MODES) == len(THRESHOLDS) + 1
    assert set(asdict(GOOD)) == set(MEASURES)
