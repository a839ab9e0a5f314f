"""One peer on some windows, in the peers' environment: prints for each its edges and CPU seconds, as lines of JSON.

    python peer.py METHOD FILE.npz MAX_LAG [RESAMPLES]

The file's arrays are rows x variables, NaN where missing. Thresholds are the usual ones of each method, not tuned.
"""

import json
import sys
import time
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

Flags = Any
MISSING = 1e9
WEAK = 0.05
LEVEL = 0.05


def pcmci_plus(values: Any, max_lag: int) -> Flags:
    """Tigramite's PCMCI+ (Runge 2020) with partial correlation, alpha .01."""
    return _summary(_pcmci(values).run_pcmciplus(tau_max=max_lag, pc_alpha=0.01)["graph"], max_lag)


def pcmci(values: Any, max_lag: int) -> Flags:
    """Tigramite's PCMCI (Runge et al. 2019) with partial correlation, pc_alpha .2, BH at .05."""
    found = _pcmci(values).run_pcmci(tau_min=1, tau_max=max_lag, pc_alpha=0.2, alpha_level=LEVEL, fdr_method="fdr_bh")
    return _summary(found["graph"], max_lag)


def varlingam(values: Any, max_lag: int) -> Flags:
    """Lingam's VARLiNGAM (Hyvaerinen et al. 2010), pruned, effects above .05."""
    import lingam  # noqa: PLC0415 - only this peer needs it

    model = lingam.VARLiNGAM(lags=max_lag, criterion=None, prune=True)
    model.fit(_filled(values))
    return (np.abs(np.array(model.adjacency_matrices_)[1:]) > WEAK).any(axis=0)


def var(values: Any, max_lag: int) -> Flags:
    """Statsmodels' VAR, coefficients by t tests with BH at .05."""
    from statsmodels.stats.multitest import multipletests  # noqa: PLC0415 - only this peer needs it
    from statsmodels.tsa.api import VAR  # noqa: PLC0415 - the same

    filled = _filled(values)
    variables = filled.shape[1]
    p = np.asarray(VAR(filled).fit(max_lag).pvalues)[1:].reshape(max_lag, variables, variables).transpose(0, 2, 1)
    tested = np.broadcast_to(~np.eye(variables, dtype=bool), p.shape)
    found = np.zeros(p.shape, dtype=bool)
    found[tested] = multipletests(p[tested], LEVEL, method="fdr_bh")[0]
    return found.any(axis=0)


def bagged_pcmci_plus(values: Any, max_lag: int, resamples: int) -> None:
    """Tigramite's bootstrap of PCMCI+, for its CPU time: in this process, which alone is measured."""
    import joblib  # noqa: PLC0415 - only this peer needs it

    with joblib.parallel_config("sequential", n_jobs=1):
        _pcmci(values).run_bootstrap_of(
            "run_pcmciplus",
            {"tau_max": max_lag, "pc_alpha": 0.01},
            boot_samples=resamples,
            boot_blocklength=10,
            seed=1,
        )


def bootstrapped_varlingam(values: Any, max_lag: int, resamples: int) -> None:
    """Lingam's bootstrap of VARLiNGAM, for its CPU time."""
    import lingam  # noqa: PLC0415 - only this peer needs it

    lingam.VARLiNGAM(lags=max_lag, criterion=None, prune=True).bootstrap(values, n_sampling=resamples)


POINT: dict[str, Callable[[Any, int], Flags]] = {
    "pcmci_plus": pcmci_plus,
    "pcmci": pcmci,
    "varlingam": varlingam,
    "var": var,
}
BOOTSTRAP: dict[str, Callable[[Any, int, int], None]] = {
    "bagged_pcmci_plus": bagged_pcmci_plus,
    "bootstrapped_varlingam": bootstrapped_varlingam,
}


def _pcmci(values: Any) -> Any:
    from tigramite import data_processing  # noqa: PLC0415 - only this peer needs it
    from tigramite.independence_tests.parcorr import ParCorr  # noqa: PLC0415 - the same
    from tigramite.pcmci import PCMCI  # noqa: PLC0415 - the same

    lost = np.isnan(values)
    frame = data_processing.DataFrame(np.where(lost, MISSING, values), missing_flag=MISSING if lost.any() else None)
    return PCMCI(frame, ParCorr(significance="analytic"), verbosity=0)


def _summary(graph: Any, max_lag: int) -> Flags:
    """Return [i][j]: j causes i at some lag from 1 on."""
    return np.any([(graph[:, :, lag] == "-->").T for lag in range(1, max_lag + 1)], axis=0)


def _filled(values: Any) -> Any:
    """Fill gaps linearly, for peers that know no missing values."""
    rows = np.arange(len(values))
    return np.column_stack([np.interp(rows, rows[~np.isnan(one)], one[~np.isnan(one)]) for one in values.T])


def run(method: str, values: Any, max_lag: int, resamples: int) -> dict[str, Any]:
    """Run one method on one window."""
    began = time.process_time()
    if method in BOOTSTRAP:
        BOOTSTRAP[method](values, max_lag, resamples)
        return {"edges": [], "cpu_s": time.process_time() - began}
    found = POINT[method](values, max_lag)
    cpu_s = time.process_time() - began
    return {"edges": np.argwhere(found & ~np.eye(len(found), dtype=bool)).tolist(), "cpu_s": cpu_s}


def main(method: str, file: str, max_lag: str, resamples: str = "0") -> None:
    """Run one method on every window; imports and caches of the first call are not the method's cost."""
    warnings.simplefilter("ignore")
    windows = np.load(file)
    run(method, np.nan_to_num(windows[windows.files[0]][:60]), int(max_lag), 1)
    for name in windows.files:
        print(json.dumps(run(method, windows[name], int(max_lag), int(resamples))), flush=True)  # noqa: T201 - the answer of a command


if __name__ == "__main__":
    main(*sys.argv[1:])
