"""Forward selection in Gram space, for many regressions at a time.

Orthogonal forward selection (Chen, Billings and Luo 1989, "Orthogonal least squares methods and their application to
non-linear system identification", Int. J. Control 50): each step takes the column that explains most of what is left,
as long as its squared t value beats its penalty. One call advances all regressions together, so that a thousand
resamples cost a few array operations a step and no loop over them.
"""

from dataclasses import dataclass, field

import numpy as np

from core.workloads.causal.arrays import Flags, Floats, Ints

NEVER = 1e100
"""A penalty that nothing exceeds."""
_SINGULAR = 1e-8
"""A column of which less than this share is left beside the chosen ones adds nothing but noise."""


@dataclass(slots=True)
class Elimination:
    """Gram-Schmidt on Gram matrices: what is left of columns and responses beside the columns taken so far."""

    grams: Floats
    """(problems, columns, columns): products of centered columns; may be one matrix, broadcast."""
    products: Floats
    """(problems, columns): what is left of the columns' products with the response."""
    rest: Floats
    """(problems,): what is left of the response's own."""
    left: Floats
    """(problems, columns): what is left of each column's own."""
    floor: Floats
    rows: list[Floats] = field(default_factory=list)
    responses: list[Floats] = field(default_factory=list)

    def gain(self, among: Ints) -> Floats:
        """Return by how much each column would lower the sum of squares, in these problems: (among, columns).

        A column that was taken lowers it no more: nothing is left of it.
        """
        left = self.left[among]
        usable = left > self.floor[among]
        return np.where(usable, self.products[among] ** 2 / np.where(usable, left, 1.0), 0.0)

    def take(self, column: Ints, among: Ints) -> None:
        """Take one column in each of these problems, which took all that were taken before; both are (among,)."""
        whole = len(among) == len(self.rest)
        row = self.grams[among, column]
        for earlier in self.rows:
            row = row - earlier[among, column, None] * (earlier if whole else earlier[among])
        own = self.left[among, column]
        usable = own > self.floor[among, column]
        scale = np.where(usable, 1.0 / np.sqrt(np.where(usable, own, 1.0)), 0.0)
        row *= scale[:, None]
        response = self.products[among, column] * scale
        if not whole:
            row, response = self._spread(row, among), self._spread(response, among)
        self.rows.append(row)
        self.responses.append(response)
        self.left -= row**2
        self.products -= row * response[:, None]
        self.rest -= response**2

    def copied(self) -> "Elimination":
        """Return one that goes on from here by itself."""
        left, products, rest = self.left.copy(), self.products.copy(), self.rest.copy()
        return Elimination(self.grams, products, rest, left, self.floor, [*self.rows], [*self.responses])

    def _spread(self, values: Floats, among: Ints) -> Floats:
        spread = np.zeros((len(self.rest), *values.shape[1:]))
        spread[among] = values
        return spread


def begin(grams: Floats, products: Floats, rest: Floats) -> Elimination:
    """Begin with nothing taken; the arguments are not changed."""
    own = np.einsum("bii->bi", grams)
    return Elimination(grams, products.copy(), rest.copy(), own.copy(), _SINGULAR * own)


def select(
    grams: Floats, products: Floats, rest: Floats, rows: Floats, penalty: Floats, *, forced: Ints, most: int
) -> Flags:
    """Return which columns each regression takes: (problems, columns).

    `rows` (problems,) are the rows behind each Gram matrix. The columns `forced` (problems, any) are taken always, and
    at most `most` others: those of which the squared t value exceeds the `penalty` (problems, columns), which is
    `NEVER` where a column may not be taken.
    """
    elimination, everyone = begin(grams, products, rest), np.arange(len(forced))
    for column in forced.T:
        elimination.take(column, everyone)
    return select_beside(elimination, rows, penalty, forced=forced, most=most)


def select_beside(elimination: Elimination, rows: Floats, penalty: Floats, *, forced: Ints, most: int) -> Flags:
    """Go on as `select` does where the `forced` columns have been taken; the elimination goes with it."""
    taken, barred = np.zeros(penalty.shape, dtype=np.bool_), penalty >= NEVER
    all_open = not barred.any()
    among = np.arange(len(forced))
    taken[among[:, None], forced] = True
    for step in range(most):
        gain = elimination.gain(among)
        freedom = (rows[among] - forced.shape[1] - step - 1)[:, None]
        refused = gain * freedom <= penalty[among] * (elimination.rest[among, None] - gain)
        gain[refused if all_open else refused | barred[among]] = 0.0
        best = gain.argmax(axis=1)
        going = gain[np.arange(len(among)), best] > 0
        # Who finds nothing now finds nothing later: each step asks for more.
        among, best = among[going], best[going]
        if not len(among):
            break
        elimination.take(best, among)
        taken[among, best] = True
    return taken


@dataclass(frozen=True, slots=True)
class Model:
    """One regression on a given set of columns."""

    chosen: Ints
    coefficient: Floats
    inverse: Floats
    """Inverse of the chosen columns' Gram matrix."""
    rest: float
    """Sum of squared residuals."""


def solve(gram: Floats, products: Floats, rest: float, chosen: Ints) -> Model:
    """Regress on the chosen columns of one problem."""
    inverse = np.asarray(np.linalg.pinv(gram[np.ix_(chosen, chosen)], hermitian=True), dtype=np.float64)
    coefficient = inverse @ products[chosen]
    return Model(chosen, coefficient, inverse, max(rest - float(products[chosen] @ coefficient), 0.0))


def prune(
    gram: Floats, products: Floats, rest: float, rows: float, chosen: Ints, *, kept: int, penalty: Floats
) -> Model:
    """Drop the weakest column while its squared t value is below its penalty (columns,); the first `kept` stay."""
    while True:
        model = solve(gram, products, rest, chosen)
        freedom = max(rows - len(chosen) - 1, 1.0)
        spread = np.diag(model.inverse)[kept:] * max(model.rest, 1e-300) / freedom
        spare = model.coefficient[kept:] ** 2 / np.maximum(spread, 1e-300) - penalty[chosen[kept:]]
        if not len(spare) or spare.min() > 0:
            return model
        chosen = np.delete(chosen, kept + int(spare.argmin()))


def conditional(gram: Floats, products: Floats, model: Model, rows: float) -> tuple[Floats, Floats, Floats]:
    """Return coefficient, standard error and t value of every column beside the model's others: (columns,) each.

    A column of the model is taken out of it to be tested, any other is added to it.
    """
    across = model.inverse @ gram[model.chosen]
    left = np.diag(gram) - np.einsum("sc,sc->c", gram[model.chosen], across)
    left = np.where(left > _SINGULAR * np.diag(gram), left, np.inf)
    remaining = products - across.T @ products[model.chosen]
    coefficient = remaining / left
    freedom = max(rows - len(model.chosen) - 2, 1.0)
    spread = np.maximum(model.rest - remaining * coefficient, 1e-300) / freedom / left
    inside = np.diag(model.inverse)
    coefficient[model.chosen] = model.coefficient
    spread[model.chosen] = inside * max(model.rest, 1e-300) / (freedom + 1.0)
    error = np.sqrt(spread)
    return coefficient, error, coefficient / np.where(error > 0, error, np.inf)


@dataclass(frozen=True, slots=True)
class Beside:
    """Every column of many regressions beside the model's others, as `conditional` tells it: (problems, columns)."""

    coefficient: Floats
    error: Floats
    t: Floats
    freedom: Floats
    """(problems,): of columns that are not in the model."""


def conditional_all(gram: Floats, products: Floats, rest: Floats, rows: float, chosen: Flags) -> Beside:
    """Do what `solve` and `conditional` do for many responses (problems,) to the same columns, in a few operations.

    `products` (problems, columns), `rest` (problems,) sums of squares, `chosen` (problems, columns) the models.
    """
    place, there = packed(chosen)
    # What fills up has a row and a column of zeros, in the inverse too.
    within = np.where(there[:, :, None] & there[:, None, :], gram[place[:, :, None], place[:, None, :]], 0.0)
    inverse = np.asarray(np.linalg.pinv(within, hermitian=True), dtype=np.float64)
    known = np.where(there, np.take_along_axis(products, place, axis=1), 0.0)
    inside = np.einsum("pst,pt->ps", inverse, known)
    unexplained = np.maximum(rest - np.einsum("ps,ps->p", known, inside), 0.0)
    rows_of_gram = gram[place]
    across = inverse @ rows_of_gram
    own = np.diag(gram)
    left = own - np.einsum("psc,psc->pc", rows_of_gram, across)
    left = np.where(left > _SINGULAR * own, left, np.inf)
    remaining = products - np.einsum("psc,ps->pc", across, known)
    coefficient = remaining / left
    freedom = np.maximum(rows - chosen.sum(axis=1) - 2.0, 1.0)
    spread = np.maximum(unexplained[:, None] - remaining * coefficient, 1e-300) / freedom[:, None] / left
    of_model = np.einsum("pss->ps", inverse) * (np.maximum(unexplained, 1e-300) / (freedom + 1.0))[:, None]
    everyone = np.nonzero(there)[0]
    coefficient[everyone, place[there]] = inside[there]
    spread[everyone, place[there]] = of_model[there]
    error = np.sqrt(spread)
    return Beside(coefficient, error, coefficient / np.where(error > 0, error, np.inf), freedom)


def packed(chosen: Flags) -> tuple[Ints, Flags]:
    """Return which columns each problem has chosen (problems, most), and which of these are not just filled up."""
    sizes = chosen.sum(axis=1)
    place = np.argsort(~chosen, axis=1, kind="stable")[:, : int(sizes.max(initial=0))]
    return place, np.arange(place.shape[1]) < sizes[:, None]
