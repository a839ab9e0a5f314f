"""Windows are folded in by index, each once, whatever order they come in."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from core.workloads.causal.order import Span, take_turn, without


def fold_all(arrivals: Sequence[int], *, patience: int, most: int = 1_000) -> tuple[list[int], list[int], int]:
    """Take turns after each arrival; return what was folded in order, what late, and the newest."""
    last, missing = -1, tuple[Span, ...]()
    there: list[int] = []
    in_order: list[int] = []
    late: list[int] = []
    for index in arrivals:
        there.append(index)
        turn = take_turn(last, missing, there, oldest=0, patience=patience, most=most)
        in_order += turn.next
        late += turn.late
        last, missing = max([last, *turn.next]), turn.missing
    return in_order, late, last


@given(st.permutations(range(12)))
def test_patience_enough_means_order(arrivals: list[int]) -> None:
    assert fold_all(arrivals, patience=12) == (list(range(12)), [], 11)


@given(st.permutations(range(12)), st.integers(0, 5))
def test_every_window_comes_exactly_once_however_little_the_patience(arrivals: list[int], patience: int) -> None:
    in_order, late, _ = fold_all([*arrivals, 12, 13, 14, 15, 16, 17, 18], patience=patience)
    assert sorted(in_order + late) == list(range(19))
    assert in_order == sorted(in_order)


def test_a_gap_is_waited_for_just_so_long() -> None:
    held = take_turn(3, (), [5, 6], oldest=0, patience=2, most=9)
    assert (held.next, held.awaited, held.missing) == ((), (4, 4), ())
    passed = take_turn(3, (), [5, 6, 7], oldest=0, patience=2, most=9)
    assert (passed.next, passed.awaited, passed.missing) == ((5, 6, 7), None, ((4, 4),))
    late = take_turn(7, passed.missing, [4], oldest=0, patience=2, most=9)
    assert (late.late, late.next, late.missing) == ((4,), (), ())


def test_what_the_ring_forgot_is_not_waited_for() -> None:
    turn = take_turn(-1, (), [40, 41], oldest=40, patience=9, most=9)
    assert (turn.next, turn.awaited, turn.missing) == ((40, 41), None, ())
    assert without([(3, 9)], [], 7) == ((7, 9),)
    assert without([(3, 9)], [], 10) == ()


def test_a_job_takes_no_more_than_its_most() -> None:
    assert take_turn(-1, (), range(10), oldest=0, patience=2, most=4).next == (0, 1, 2, 3)
    assert take_turn(9, ((1, 2),), [1, 2, 10, 11, 12], oldest=0, patience=2, most=4).next == (10, 11)
