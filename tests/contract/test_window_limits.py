"""Limits of domains and windows over HTTP: just inside is taken, just outside is refused by its field."""

from typing import Any

import pytest
from flask import Flask

from tests.contract.limits import NORMAL, PLAIN, Ask, check, fresh_name, variables

MAKE = ("create", "change", "clone")
INDEX = ([0, 1 << 53], [-1, (1 << 53) + 1])
YEAR_S = 366 * 86_400


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
