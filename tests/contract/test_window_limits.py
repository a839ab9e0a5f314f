"""Limits of domains and windows over HTTP: just inside is taken, just outside is refused by its field."""

from collections.abc import Callable
from itertools import count
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

MAKE = ("create", "change", "clone")
LARGEST = 1_000_000
JUST_ABOVE = LARGEST * 1.000001
BEYOND = [-JUST_ABOVE, JUST_ABOVE]
INDEX = ([0, 1 << 53], [-1, (1 << 53) + 1])
YEAR_S = 366 * 86_400
PAIR = ["a", "b"]
PLAIN: dict[str, Any] = {"variables": PAIR, "window_size": 10}
NORMAL: dict[str, Any] = {"generator": "independent", "families": [{"family": "normal"}]}
Ask = Callable[..., TestResponse]
numbers = count()


@pytest.fixture
def ask(app: Flask, key: str) -> Ask:
    """Send a request as an admin."""
    client = app.test_client()

    def send(method: str, path: str, body: Any = None) -> TestResponse:
        headers = {"Authorization": f"Bearer {key}"}
        return client.open(f"/api/v1{path}", method=method, json=body, headers=headers)

    return send


def fresh_name() -> str:
    return f"limits-{next(numbers)}"


def variables(many: int) -> list[str]:
    return [f"v{number}" for number in range(many)]


def check(answer: TestResponse, *, inside: bool, field: str) -> None:
    """Judge an answer: taken, or refused by this field or something within it."""
    if inside:
        assert answer.status_code in {200, 201, 202}, answer.text[:500]
        return
    assert answer.status_code == 422, answer.text[:500]
    assert answer.get_json()["errors"][0]["pointer"].startswith(field), answer.text[:500]


@pytest.mark.parametrize("way", MAKE)
@pytest.mark.parametrize(
    ("field", "inside", "outside"),
    [
        ("name", ["n" * 99 + "-", "n"], ["", "n" * 101]),
        ("description", ["", "d" * 2000], ["d" * 2001]),
        ("variables", [["a"], variables(256)], [[], variables(257)]),
        ("variables", [["v" * 100]], [[""], ["v" * 101], ["a", "a"], [" a"], ["a\n"]]),
        ("window_size", [2, 100_000], [1, 100_001]),
        ("interval_s", [1, YEAR_S], [0.999, YEAR_S + 0.001]),
        ("offset_s", [0, YEAR_S], [-0.001, YEAR_S + 0.001]),
        ("retention_windows", [1, 1_000_000], [0, 1_000_001]),
        ("seed", *INDEX),
    ],
)
def test_fields_of_a_domain(ask: Ask, way: str, field: str, inside: list[Any], outside: list[Any]) -> None:
    """Made anew, changed or cloned: the same limits."""
    if way == "change" and field == "seed":
        pytest.skip("a seed stays as it is")
    for value in [*inside, *outside]:
        there = value in inside
        if way == "create":
            answer = ask("POST", "/domains", {**PLAIN, "name": fresh_name(), field: value})
        else:
            home = "/domains/" + ask("POST", "/domains", {**PLAIN, "name": fresh_name()}).get_json()["id"]
            body = {field: value} if way == "change" else {"name": fresh_name(), field: value}
            answer = ask("PATCH", home, body) if way == "change" else ask("POST", f"{home}/clone", body)
        check(answer, inside=there, field=f"/{field}")
        if there:
            assert answer.get_json()[field] == value
            assert ask("DELETE", "/domains/" + answer.get_json()["id"]).status_code == 204


@pytest.mark.parametrize(("many", "inside"), [(40, True), (41, False)])
def test_values_of_one_window(ask: Ask, many: int, *, inside: bool) -> None:
    """At most four million, whether asked for as a domain or as a spec."""
    shape = {"variables": variables(many), "window_size": 100_000}
    check(ask("POST", "/domains", {**shape, "name": fresh_name()}), inside=inside, field="/window_size")
    params = {"spec": {**shape, "generator": {"base": NORMAL}}}
    answer = ask("POST", "/jobs", {"kind": "windows.generate", "params": params})
    check(answer, inside=inside, field="/params/spec/window_size")


def chain(effect: float, **edge: Any) -> dict[str, Any]:
    """A structural model of one edge."""
    edges = [{"source": "a", "target": "b", "effect": effect, **edge}]
    return {"generator": "structural", "lags": 20, "edges": edges}


def structural(**fields: Any) -> dict[str, Any]:
    return {"generator": "structural", "random": {}, **fields}


def family(name: str, **fields: Any) -> dict[str, Any]:
    return {"generator": "independent", "families": [{"family": name, **fields}]}


def mixture(parts: int) -> dict[str, Any]:
    return family("mixture", weights=[1 / max(parts, 1)] * parts, means=[0] * parts, sds=[1] * parts)


def categorical(parts: int, **fields: Any) -> dict[str, Any]:
    return family("categorical", probabilities=[1 / parts] * parts, **fields)


def dependent(**fields: Any) -> dict[str, Any]:
    return {**NORMAL, "dependence": {"copula": "t", **fields}}


def many_edges(many: int) -> dict[str, Any]:
    """A model of so many different edges, none of which does anything."""
    ends = [(source, target, lag) for source in variables(50) for target in variables(50) for lag in (1, 2, 3)]
    edges = [{"source": source, "target": target, "lag": lag, "effect": 0} for source, target, lag in ends[:many]]
    return {"generator": "structural", "lags": 3, "edges": edges}


def correlated(off: float) -> dict[str, Any]:
    return dependent(matrix=[[1, off], [off, 1]])


@pytest.mark.parametrize(
    ("make", "inside", "outside"),
    [
        (lambda v: structural(lags=v), [1, 20], [0, 21]),
        (lambda v: structural(own=v), [[-0.95, 0.95]], [[-0.951, 0.5], [0, 0.951], [0.1], [0.1, 0.2, 0.3]]),
        (lambda v: structural(noise={"sd": v}), [1e-6, LARGEST], [9e-7, JUST_ABOVE]),
        (lambda v: structural(noise={"family": "student_t", "df": v}), [2.1, 1000], [2.09, 1000.1]),
        (lambda v: structural(hidden={"count": v}), [1, 20], [0, 21]),
        (lambda v: structural(hidden={"children": v}), [2, 50], [1, 51]),
        (lambda v: structural(hidden={"effect": v}), [0.01, 5], [0.009, 5.001]),
        (lambda v: structural(random={"density": v}), [0, 1], [-0.001, 1.001]),
        (lambda v: structural(random={"effect": v}), [[0.01, 2]], [[0.009, 1], [0.1, 2.001], [0.1]]),
        (lambda v: structural(random={"forms": ["tanh"] * v}), [1, 4], [0, 5]),
        (lambda v: chain(0.5, lag=v), [1, 20], [0, 21]),
        (lambda v: chain(v, form="tanh"), [-10, 10], [-10.001, 10.001]),
        (lambda v: chain(v, target="a"), [0.969, -0.969], [0.971, -0.971]),
        (many_edges, [5000], [5001]),
    ],
)
def test_structural_models(ask: Ask, make: Callable[[Any], Any], inside: list[Any], outside: list[Any]) -> None:
    check_base(ask, make, inside, outside, [*PAIR, *variables(50)])


@pytest.mark.parametrize(
    ("make", "inside", "outside"),
    [
        (lambda v: family("normal", mean=v), [-LARGEST, LARGEST], BEYOND),
        (lambda v: family("normal", sd=v), [1e-6, LARGEST], [9e-7, JUST_ABOVE]),
        (lambda v: family("lognormal", mean=v), [-50, 50], [-50.1, 50.1]),
        (lambda v: family("lognormal", sd=v), [1e-6, 20], [9e-7, 20.1]),
        (lambda v: family("gamma", shape=v), [1e-6, LARGEST], [9e-7, JUST_ABOVE]),
        (lambda v: family("gamma", scale=v), [1e-6, LARGEST], [9e-7, JUST_ABOVE]),
        (lambda v: family("exponential", scale=v), [1e-6, LARGEST], [9e-7, JUST_ABOVE]),
        (lambda v: family("poisson", rate=v), [1e-6, LARGEST], [9e-7, JUST_ABOVE]),
        (lambda v: family("uniform", low=v, high=LARGEST), [-LARGEST, LARGEST - 1], [-JUST_ABOVE, LARGEST]),
        (lambda v: family("uniform", low=-1, high=v), [-0.999, LARGEST], [-1, JUST_ABOVE]),
        (lambda v: family("beta", a=v), [1e-6, LARGEST], [9e-7, JUST_ABOVE]),
        (lambda v: family("beta", b=v), [1e-6, LARGEST], [9e-7, JUST_ABOVE]),
        (lambda v: family("student_t", df=v), [0.1, LARGEST], [0.09, JUST_ABOVE]),
        (lambda v: family("student_t", mean=v), [-LARGEST, LARGEST], BEYOND),
        (lambda v: family("student_t", scale=v), [1e-6, LARGEST], [9e-7, JUST_ABOVE]),
        (mixture, [1, 20], [0, 21]),
        (lambda v: family("mixture", weights=[v, 1 - v], means=[0, 0], sds=[1, 1]), [0, 1], [-0.001, 1.001]),
        (lambda v: family("mixture", weights=[0.5, v], means=[0, 0], sds=[1, 1]), [0.5], [0.499, 0.501]),
        (lambda v: family("mixture", weights=[1], means=[v], sds=[1]), [-LARGEST, LARGEST], BEYOND),
        (lambda v: family("mixture", weights=[1], means=[0], sds=[v]), [1e-6, LARGEST], [9e-7, JUST_ABOVE]),
        (categorical, [1, 100], [101]),
        (lambda v: categorical(2, categories=["x", v]), ["y", "y" * 100], ["", "y" * 101]),
        (lambda v: categorical(2, categories=v), [["x", "y"]], [["x"], ["x", "y", "z"]]),
        (lambda v: {**NORMAL, "families": [{"family": "normal"}] * v}, [1, 2], [0, 3]),
        (lambda v: dependent(correlation=v), [-0.99, 0.99], [-0.991, 0.991]),
        (lambda v: dependent(df=v), [1, 1000], [0.99, 1000.1]),
        (correlated, [-0.999, 0.999], [-1, 1, 1.001, -1.001]),
    ],
)
def test_independent_rows(ask: Ask, make: Callable[[Any], Any], inside: list[Any], outside: list[Any]) -> None:
    check_base(ask, make, inside, outside, PAIR)


def check_base(ask: Ask, make: Callable[[Any], Any], inside: list[Any], outside: list[Any], names: list[str]) -> None:
    for value in [*inside, *outside]:
        body = {**PLAIN, "variables": names, "name": fresh_name(), "generator": {"base": make(value)}}
        check(ask("POST", "/domains", body), inside=value in inside, field="/generator/base")


@pytest.mark.parametrize(
    ("layer", "field", "inside", "outside"),
    [
        ({"generator": "bursts"}, "rate", [0, 1], [-0.001, 1.001]),
        ({"generator": "bursts", "rate": 0.1}, "length", [1, 100_000], [0, 100_001]),
        ({"generator": "bursts", "rate": 0.1}, "size", [0, LARGEST], [-0.001, JUST_ABOVE]),
        ({"generator": "drift"}, "at_window", [0, 1 << 40], [-1, (1 << 40) + 1]),
        ({"generator": "drift", "at_window": 1}, "over_windows", [0, 1 << 30], [-1, (1 << 30) + 1]),
        ({"generator": "drift", "at_window": 1}, "shift", [-LARGEST, LARGEST], BEYOND),
        ({"generator": "drift", "at_window": 1}, "scale", [1e-6, LARGEST], [9e-7, JUST_ABOVE]),
        ({"generator": "missing"}, "rate", [0, 0.95], [-0.001, 0.951]),
        ({"generator": "missing", "rate": 0.1}, "length", [1, 100_000], [0, 100_001]),
        ({"generator": "outliers"}, "rate", [0, 1], [-0.001, 1.001]),
        ({"generator": "outliers", "rate": 0.1}, "size", [0, LARGEST], [-0.001, JUST_ABOVE]),
        ({"generator": "regime"}, "shifts", [[0, 1], [0] * 10], [[0], [0] * 11]),
        ({"generator": "regime"}, "shifts", [[-LARGEST, LARGEST]], [[0, JUST_ABOVE], [-JUST_ABOVE, 0]]),
        ({"generator": "regime", "shifts": [0, 1]}, "scales", [[1e-6, LARGEST]], [[9e-7, 1], [1, JUST_ABOVE], [1]]),
        ({"generator": "regime", "shifts": [0, 1]}, "stay", [0, 1], [-0.001, 1.001]),
        ({"generator": "rounding"}, "decimals", [0, 12], [-1, 13]),
        ({"generator": "season"}, "period", [2, LARGEST], [1.999, JUST_ABOVE]),
        ({"generator": "season", "period": 9}, "amplitude", [-LARGEST, LARGEST], BEYOND),
        ({"generator": "season", "period": 9}, "phase", [0, 1], [-0.001, 1.001]),
        ({"generator": "season", "period": 9}, "harmonics", [1, 10], [0, 11]),
        ({"generator": "trend"}, "slope", [-LARGEST, LARGEST], BEYOND),
        ({"generator": "trend"}, "bend", [-LARGEST, LARGEST], BEYOND),
    ],
)
def test_layers(ask: Ask, layer: dict[str, Any], field: str, inside: list[Any], outside: list[Any]) -> None:
    for value in [*inside, *outside]:
        generator = {"base": NORMAL, "layers": [{**layer, field: value}]}
        answer = ask("POST", "/domains", {**PLAIN, "name": fresh_name(), "generator": generator})
        check(answer, inside=value in inside, field=f"/generator/layers/0/{field}")


@pytest.mark.parametrize(("many", "inside"), [(20, True), (21, False)])
def test_how_many_layers(ask: Ask, many: int, *, inside: bool) -> None:
    generator = {"base": NORMAL, "layers": [{"generator": "trend"}] * many}
    answer = ask("POST", "/domains", {**PLAIN, "name": fresh_name(), "generator": generator})
    check(answer, inside=inside, field="/generator/layers")


SPEC: dict[str, Any] = {**PLAIN, "generator": {"base": NORMAL}}
ONE_MILLION_VALUES: dict[str, Any] = {**SPEC, "variables": variables(10), "window_size": 100_000}
TICK = {"domain": "0192f0c1-6a00-7000-8000-000000000009", "index": 0, "at": "2026-01-01T00:00:00Z"}
SERIES = {"names": ["a"], "values": [[1], [2]]}


@pytest.mark.parametrize(
    ("kind", "params", "field", "inside", "outside"),
    [
        ("windows.generate", {"domain": "d"}, "domain", ["d", "d" * 100], ["", "d" * 101]),
        ("windows.generate", {"domain": "d"}, "count", [1, 100_000], [0, 100_001]),
        ("windows.generate", {"domain": "d"}, "shards", [1, 1000], [0, 1001]),
        ("windows.generate", {"domain": "d"}, "start_index", *INDEX),
        ("windows.generate", {"spec": SPEC}, "seed", *INDEX),
        ("windows.generate", {"spec": ONE_MILLION_VALUES}, "count", [32], [33]),
        ("windows.generate", {}, "ticks", [[TICK] * 1000], [[TICK] * 1001]),
        ("windows.generate", {}, "ticks", [[{**TICK, "index": 1 << 53}]], [[{**TICK, "index": (1 << 53) + 1}]]),
        ("windows.generate", {}, "spec", [{**SPEC, "window_size": 2}], [{**SPEC, "window_size": 1}]),
        (
            "windows.generate",
            {},
            "spec",
            [{**SPEC, "variables": variables(256)}],
            [{**SPEC, "variables": variables(257)}],
        ),
        ("windows.import", {}, "text", ["a", "a" * 1_000_000], ["", "a" * 1_000_001]),
        ("windows.import", {"text": "a"}, "domain", ["d", "d" * 100], ["", "d" * 101]),
        ("windows.import", {"text": "a"}, "rows_per_window", [2, 100_000], [1, 100_001]),
        ("windows.import", {"text": "a"}, "missing", [["x"] * 50, ["x" * 20]], [["x"] * 51, ["x" * 21]]),
        ("windows.import", {"text": "a"}, "drop", [["x"] * 1000], [["x"] * 1001]),
        ("windows.import", {"text": "a"}, "rename", [{"a": "n"}, {"a": "n" * 100}], [{"a": ""}, {"a": "n" * 101}]),
        ("windows.export", {"domain": "d"}, "first", *INDEX),
        ("windows.export", {"domain": "d"}, "last", *INDEX),
        ("windows.export", {"domain": "d"}, "decimals", [0, 17], [-1, 18]),
        (
            "windows.export",
            {},
            "series",
            [{**SERIES, "values": [[1]] * 100_000}],
            [{**SERIES, "values": [[1]] * 100_001}],
        ),
        ("windows.export", {}, "series", [SERIES], [{**SERIES, "values": [[1]]}, {**SERIES, "names": []}]),
        ("windows.export", {}, "series", [{**SERIES, "names": ["n" * 100]}], [{**SERIES, "names": ["n" * 101]}]),
        (
            "windows.export",
            {},
            "series",
            [{"names": variables(256), "values": [[1] * 256] * 2}],
            [{"names": variables(257), "values": [[1] * 257] * 2}],
        ),
        ("windows.profile", {"domain": "d"}, "bins", [2, 100], [1, 101]),
        ("windows.profile", {"domain": "d"}, "reference", [{"first": 1 << 53}], [{"first": (1 << 53) + 1}]),
        ("windows.profile", {"series": SERIES}, "reference_series", [SERIES], [{**SERIES, "values": [[1]]}]),
        ("windows.prune", {"domain": "d"}, "keep", [0, 1 << 30], [-1, (1 << 30) + 1]),
    ],
)
def test_params_of_the_kinds(
    ask: Ask, kind: str, params: dict[str, Any], field: str, inside: list[Any], outside: list[Any]
) -> None:
    for value in [*inside, *outside]:
        answer = ask("POST", "/jobs", {"kind": kind, "params": {**params, field: value}})
        check(answer, inside=value in inside, field=f"/params/{field}")


@pytest.fixture(scope="module")
def home(app: Flask, key: str) -> str:
    """The path of a domain without windows."""
    headers = {"Authorization": f"Bearer {key}"}
    made = app.test_client().post("/api/v1/domains", json={**PLAIN, "name": fresh_name()}, headers=headers)
    return f"/domains/{made.get_json()['id']}"


@pytest.mark.parametrize(
    ("path", "field", "inside", "outside"),
    [
        ("/domains", "limit", [1, 200], [0, 201]),
        ("{home}/windows", "limit", [1, 200], [0, 201]),
        ("{home}/windows", "first", *INDEX),
        ("{home}/windows", "last", *INDEX),
        ("{home}/windows", "cursor", *INDEX),
        ("{home}/truth?first=5", "last", [5, 1004], [4, 1005]),
        (f"{{home}}/truth?first={(1 << 53) - 1}", "last", [1 << 53], [(1 << 53) + 1]),
        ("{home}/truth?last=0", "first", [0], [-1]),
    ],
)
def test_queries(ask: Ask, home: str, path: str, field: str, inside: list[int], outside: list[int]) -> None:
    for value in [*inside, *outside]:
        joined = "&" if "?" in path else "?"
        answer = ask("GET", f"{path.format(home=home)}{joined}{field}={value}")
        check(answer, inside=value in inside, field=f"/{field}")


@pytest.mark.parametrize(("rows", "inside"), [(2, True), (100_000, True), (1, False), (100_001, False)])
def test_rows_of_an_uploaded_window(ask: Ask, home: str, rows: int, *, inside: bool) -> None:
    answer = ask("POST", f"{home}/windows?rows_per_window={rows}", {})
    check(answer, inside=inside, field="/rows_per_window")


@pytest.mark.parametrize(
    ("field", "inside", "outside"), [("first", *INDEX), ("last", *INDEX), ("decimals", [0, 17], [-1, 18])]
)
def test_an_export_of_a_domain(ask: Ask, home: str, field: str, inside: list[int], outside: list[int]) -> None:
    for value in [*inside, *outside]:
        answer = ask("POST", f"{home}/windows/export", {field: value})
        check(answer, inside=value in inside, field=f"/{field}")
