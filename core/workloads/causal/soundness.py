"""Whether anything can be learned from a series; each refusal names the variable and what to do about it."""

from collections.abc import Sequence

import numpy as np
from scipy import linalg

from core.workloads.causal.series import Series, refuse
from core.workloads.causal.series_params import MOST_VARIABLES

_COLLINEAR = 1e-7
_SHARE, _SHOWN = 1e-6, 5
_MOST_MISSING = 0.5
_FEWEST_LAGGED_ROWS = 20
_ROWS_PER_PARAMETER = 4
_MOST_LEVELS = 20


def check(series: Series) -> None:
    """Raise `SeriesUnfit` for what no setting of the method would make good."""
    values, names = series.values, series.names
    if values.shape[1] < 2 or values.shape[1] > MOST_VARIABLES:  # noqa: PLR2004 - a cause and an effect
        raise refuse("/series", f"There are {values.shape[1]} variables; from 2 to {MOST_VARIABLES} can be looked at.")
    twice = next((name for place, name in enumerate(names) if name in names[:place]), None)
    if twice is not None:
        raise refuse("/series/names", f"Duplicate name {twice!r}.")
    for name, column in zip(names, values.T, strict=True):
        if np.isinf(column).any():
            row = int(np.flatnonzero(np.isinf(column))[0])
            raise refuse("/series/values", f"Variable {name!r} is infinite in row {row}.")
        missing = float(np.mean(np.isnan(column)))
        if missing > _MOST_MISSING:
            raise refuse(
                "/series/values", f"Variable {name!r} is missing in {missing:.0%} of the rows; half at most can be."
            )
        known = column[~np.isnan(column)]
        if np.ptp(known) <= 1e-12 * max(1.0, float(np.abs(known).max())):
            raise refuse("/series/values", f"Variable {name!r} is constant: nothing can be learned of it.")
    _refuse_collinear(series)


def _refuse_collinear(series: Series) -> None:
    """Refuse a variable that the others give exactly; missing values are held at the mean for this."""
    known = ~np.isnan(series.values)
    centered = np.where(known, series.values - np.nanmean(series.values, axis=0), 0.0)
    scaled = centered / np.sqrt(np.mean(centered**2, axis=0))
    rows, variables = scaled.shape
    if rows <= variables or not known.all():
        return
    triangle, order = linalg.qr(scaled, mode="r", pivoting=True)
    size = np.abs(np.diag(triangle))
    if size[-1] > _COLLINEAR * size[0]:
        return
    last = int(np.flatnonzero(size <= _COLLINEAR * size[0])[0])
    kept, name = order[:last], series.names[order[last]]
    share = np.linalg.lstsq(scaled[:, kept], scaled[:, order[last]], rcond=None)[0]
    others = [series.names[place] for place, part in zip(kept, share, strict=True) if abs(part) > _SHARE]
    shown = ", ".join(map(repr, others[:_SHOWN])) + (" …" if len(others) > _SHOWN else "")
    raise refuse("/series/values", f"Variable {name!r} is collinear: {shown} give it exactly. Leave one of them out.")


def check_rows(series: Series, max_lag: int) -> None:
    """Raise `SeriesUnfit`, with how many rows are needed, where there are too few for so long a lag."""
    trajectories = len(series.lengths)
    within = max(_FEWEST_LAGGED_ROWS, _ROWS_PER_PARAMETER * (max_lag + 3))
    needed, rows = within + trajectories * max_lag, sum(series.lengths)
    if rows < needed:
        spread = f" in {trajectories} trajectories" if trajectories > 1 else ""
        raise refuse("/max_lag", f"{rows} rows{spread} are too few for lags up to {max_lag}: {needed} are needed.")
    short = min(series.lengths)
    if short <= max_lag:
        raise refuse("/trajectories", f"A trajectory of {short} rows is too short for lags up to {max_lag}.")


def check_candidates(series: Series, max_lag: int, most: int) -> None:
    """Raise `SeriesUnfit` where there are more candidate edges than allowed."""
    variables = len(series.names)
    count = variables * (variables - 1) * max_lag
    if count > most:
        raise refuse(
            "/max_candidates",
            f"{variables} variables with lags up to {max_lag} make {count:,} candidates, {most:,} are allowed:"
            " take fewer variables, a shorter max_lag, or raise max_candidates.",
        )


def check_levels(series: Series) -> None:
    """Raise `SeriesUnfit` for a variable that is not discrete."""
    for name, column in zip(series.names, series.values.T, strict=True):
        levels = np.unique(column[~np.isnan(column)])
        if len(levels) > _MOST_LEVELS:
            raise refuse(
                "/test",
                f"Variable {name!r} has {len(levels)} different values; the discrete test takes {_MOST_LEVELS}.",
            )


def check_window(series: Series, names: Sequence[str], max_lag: int, seasons: Sequence[float] = ()) -> None:
    """Raise `SeriesUnfit` where a window cannot be folded into a stream of these variables."""
    if tuple(series.names) != tuple(names):
        strange = next((name for name in series.names if name not in names), None)
        missing = next((name for name in names if name not in series.names), None)
        fault = f"has {strange!r}" if strange else f"lacks {missing!r}" if missing else "has another order"
        raise refuse("/series/names", f"The window's variables are not the stream's: it {fault}.")
    rows = len(series.values)
    if rows <= max_lag + 1:
        raise refuse("/series/values", f"{rows} rows are too few for lags up to {max_lag}: {max_lag + 2} are needed.")
    if seasons and rows < 2 * max(seasons):
        raise refuse("/series/values", f"{rows} rows are too few for a season of {max(seasons):g}: take twice as many.")
    for name, column in zip(names, series.values.T, strict=True):
        if np.isinf(column).any():
            raise refuse("/series/values", f"Variable {name!r} is infinite.")
