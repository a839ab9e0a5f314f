"""Four domains that are ready to be made: each tells a small story whose causes are known."""

from typing import Any

_Edge = tuple[str, str, int, float, str]


def _structural(edges: list[_Edge], *, own: tuple[float, float] = (0.2, 0.5), **options: Any) -> dict[str, Any]:
    told = [
        {"source": source, "target": target, "lag": lag, "effect": effect, "form": form}
        for source, target, lag, effect, form in edges
    ]
    return {"generator": "structural", "lags": max(edge[2] for edge in edges), "edges": told, "own": [*own], **options}


def _domain(
    description: str, variables: list[str], base: dict[str, Any], layers: list[dict[str, Any]]
) -> dict[str, Any]:
    return {
        "description": description,
        "variables": variables,
        "generator": {"base": base, "layers": layers},
        "window_size": 200,
        "interval_s": 5.0,
        "retention_windows": 1000,
    }


EXAMPLES: dict[str, dict[str, Any]] = {
    "healthcare": _domain(
        "A ward: load drives staffing and waiting, waiting drives infections; gaps where nobody wrote down.",
        ["admissions", "occupancy", "staff", "waiting_time", "infections", "discharges"],
        _structural(
            [
                ("admissions", "occupancy", 1, 0.5, "linear"),
                ("occupancy", "staff", 2, 0.35, "linear"),
                ("occupancy", "waiting_time", 1, 0.45, "linear"),
                ("staff", "waiting_time", 1, -0.3, "linear"),
                ("waiting_time", "infections", 2, 0.4, "linear"),
                ("occupancy", "discharges", 1, 0.4, "linear"),
            ]
        ),
        [{"generator": "missing", "rate": 0.01}],
    ),
    "finance": _domain(
        "A market: rates move spreads and volume, all under noise that comes in clusters.",
        ["policy_rate", "credit_spread", "equity", "volume", "volatility", "currency"],
        _structural(
            [
                ("policy_rate", "credit_spread", 1, 0.4, "linear"),
                ("policy_rate", "currency", 1, 0.35, "linear"),
                ("credit_spread", "equity", 1, -0.4, "linear"),
                ("equity", "volume", 1, -0.3, "linear"),
                ("equity", "volatility", 2, -0.4, "linear"),
                ("volatility", "volume", 1, 0.35, "linear"),
            ],
            own=(0.1, 0.4),
            noise={"family": "garch"},
        ),
        [],
    ),
    "retail": _domain(
        "A shop: price and promotion drive sales, sales drive stock and returns, over a daily season.",
        ["price", "promotion", "visitors", "sales", "stock", "returns"],
        _structural(
            [
                ("price", "sales", 1, -0.4, "linear"),
                ("promotion", "visitors", 1, 0.5, "linear"),
                ("visitors", "sales", 1, 0.45, "linear"),
                ("sales", "stock", 1, -0.5, "linear"),
                ("sales", "returns", 2, 0.4, "linear"),
            ]
        ),
        [{"generator": "season", "variables": ["visitors"], "period": 24, "amplitude": 0.6}],
    ),
    "economics": _domain(
        "An economy: money, prices and work, slow to move and with tails that are not normal.",
        ["money", "inflation", "wages", "employment", "output", "imports"],
        _structural(
            [
                ("money", "inflation", 2, 0.4, "linear"),
                ("inflation", "wages", 1, 0.4, "linear"),
                ("output", "employment", 1, 0.45, "linear"),
                ("employment", "wages", 1, 0.3, "linear"),
                ("output", "imports", 1, 0.4, "linear"),
                ("inflation", "output", 2, -0.3, "linear"),
            ],
            noise={"family": "laplace"},
        ),
        [],
    ),
}
