"""What a thousand resamples cost: ours, a competent loop's, the peers'; and the online update."""

import time
from dataclasses import replace

import numpy as np

from causal_figures.discovering import discover
from causal_figures.families import FAMILIES, Floats, draw_structure, gaussian, simulate
from causal_figures.peers import Peers
from core.workloads.causal import advancing, online, stream_state

RESAMPLES = 1_000
ASKED = 2
"""Resamples that peers are asked for; a thousand are reckoned from them."""


def discovery_cpu_s(rounds: int) -> list[float]:
    """Time the whole discovery of 10 x 1000 x 2 lags with a thousand half-samples, all its checks and plots' data."""
    values = FAMILIES["linear"](3).values
    discover(values, max_lag=2)
    return [discover(values, max_lag=2).cpu_s for _ in range(rounds)]


def loop_cpu_s(rounds: int) -> list[float]:
    """Time a plain loop: circular block bootstrap and one least-squares solution for each resample."""
    values = FAMILIES["linear"](3).values
    found = []
    for round_ in range(rounds):
        rng = np.random.default_rng(round_)
        began = time.process_time()
        _loop(values, rng)
        found.append(time.process_time() - began)
    return found


def _loop(values: Floats, rng: np.random.Generator, lags: int = 2, block: int = 10) -> Floats:
    rows = len(values) - lags
    design = np.hstack([np.ones((rows, 1)), *(values[lags - lag : -lag] for lag in range(1, lags + 1))])
    response = values[lags:]
    offsets = np.arange(block)
    drawn = np.empty((RESAMPLES, design.shape[1], response.shape[1]))
    for number in range(RESAMPLES):
        starts = rng.integers(rows, size=-(-rows // block))
        picked = ((starts[:, None] + offsets) % rows).ravel()[:rows]
        drawn[number] = np.linalg.lstsq(design[picked], response[picked], rcond=None)[0]
    return np.asarray(drawn.std(axis=0))


def peers_cpu_s(peers: Peers) -> dict[str, float]:
    """Reckon what each peer's bootstrap of a thousand resamples costs."""
    values = FAMILIES["linear"](3).values
    return {
        method: peers.ask(method, [values], 2, ASKED)[0]["cpu_s"] * RESAMPLES / ASKED
        for method in ("bagged_pcmci_plus", "bootstrapped_varlingam")
    }


def scale_cpu_s() -> float:
    """Time 200 variables x 5,000 rows x 5 lags with a thousand half-samples."""
    rng = np.random.default_rng(5)
    coefficients, _ = draw_structure(rng, 200, 300, 0.15, 0.35)
    return discover(simulate(coefficients, gaussian(rng, 5_200, 200)), max_lag=5).cpu_s


def online_figures(windows: int = 100) -> tuple[float, float]:
    """Return the median CPU seconds of one update (32 x 100, 2 lags), and the difference to all rows at once."""
    rng = np.random.default_rng(1)
    coefficients, _ = draw_structure(rng, 32, 40, 0.15, 0.4)
    values = simulate(coefficients, gaussian(rng, 100 * windows + 200, 32))
    parts = [values[100 * number : 100 * number + 100] for number in range(windows)]
    names = [f"x{number}" for number in range(32)]
    state, took = stream_state.begin(names, 2), []
    params = {"decay": 1.0, "q": 0.01, "stability_threshold": 0.6}
    for number, part in enumerate(parts):
        began = time.process_time()
        state, step = advancing.advance(stream_state.load(stream_state.dump(state)), part, number, params)
        took.append(time.process_time() - began)
    rows = np.vstack([online.lay_out(part, 2) for part in parts])
    whole = replace(stream_state.begin(names, 2), rows=float(len(rows)), sums=rows.sum(axis=0), products=rows.T @ rows)
    return float(np.median(took)), float(np.abs(online.answer(whole).effect - step.answer.effect).max())
