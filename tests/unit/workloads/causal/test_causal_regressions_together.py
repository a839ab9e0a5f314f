"""Many regressions at once: the same as one after the other."""

import numpy as np
import pytest

from core.workloads.causal import forward
from core.workloads.causal.edges import Interval


@pytest.mark.parametrize("dead", [False, True])
def test_every_column_beside_a_model_is_the_same_alone_and_together(*, dead: bool) -> None:
    rng = np.random.default_rng(3)
    columns, responses = rng.standard_normal((200, 9)), rng.standard_normal((200, 5))
    columns[:, 4] += columns[:, 1]
    if dead:
        columns[:, 0] = 0.0  # a variable that never varies, its own past taken nevertheless
    chosen = rng.random((5, 9)) < 0.4
    chosen[:, 0], chosen[2] = True, False
    gram, products = columns.T @ columns, responses.T @ columns
    rest = np.einsum("rp,rp->p", responses, responses)
    together = forward.conditional_all(gram, products, rest, 200.0, chosen)
    for problem in range(5):
        model = forward.solve(gram, products[problem], float(rest[problem]), np.flatnonzero(chosen[problem]))
        alone = forward.conditional(gram, products[problem], model, 200.0)
        for name, expected in zip(("coefficient", "error", "t"), alone, strict=True):
            assert getattr(together, name)[problem] == pytest.approx(expected, rel=1e-9, abs=1e-12), name
        assert together.freedom[problem] == 200.0 - chosen[problem].sum() - 2.0


def test_no_model_at_all_leaves_each_column_alone() -> None:
    gram, products = np.diag([4.0, 2.0]), np.array([[2.0, 1.0]])
    found = forward.conditional_all(gram, products, np.array([10.0]), 50.0, np.zeros((1, 2), dtype=np.bool_))
    assert found.coefficient[0] == pytest.approx([0.5, 0.5])


def test_an_interval_spans_what_the_same_columns_have_in_another_regression() -> None:
    one = Interval(np.array([0.0, 1.0, 2.0]), np.array([-1.0, 0.0, 1.0]), np.array([1.0, 2.0, 3.0]))
    other = Interval(np.array([5.0, 1.0]), np.array([4.0, 0.5]), np.array([6.0, 1.5]))
    found = one.spanning(np.array([7, 3, 9]), other, np.array([9, 3]))
    assert found.effect is one.effect
    assert (found.low.tolist(), found.high.tolist()) == ([-1.0, 0.0, 1.0], [1.0, 2.0, 6.0])
