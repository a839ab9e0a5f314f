"""How results are drawn: geometry of charts, stretches of pumps, outlines of programs."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from core.workloads.pumping.operations.gathering import Reading
from webapp.dashboard.gallery import drawing_of, homes
from webapp.dashboard.histories import Step, attempts_of
from webapp.dashboard.plots import BOTTOM, HEIGHT, LEFT, TOP, WIDTH, Chart, Line, seconds
from webapp.dashboard.views.assistance import draw_draft
from webapp.dashboard.views.code import outline
from webapp.dashboard.views.pumping import charts_of
from webapp.dashboard.views.pumping_plans import draw_replan, stretches
from webapp.dashboard.views.pumping_trials import front_of
from webapp.dashboard.views.simulation import band_chart


def test_a_line_runs_from_edge_to_edge_and_breaks_where_a_value_is_missing() -> None:
    chart = Chart("", "", [0.0, 1.0, 2.0, 3.0], [Line("", [0.0, None, 1.0, 0.5])], by_time=False)
    path = chart.path(chart.lines[0])
    assert path.count("M") == 2
    assert path.startswith(f"M{LEFT:.1f} ")
    assert f"L{WIDTH:.1f} " in path


def test_a_stepped_line_goes_sideways_before_it_goes_up() -> None:
    chart = Chart("", "", [0.0, 1.0], [Line("", [0.0, 1.0], stepped=True)], by_time=False)
    assert chart.path(chart.lines[0]).split("H")[1].startswith(f"{WIDTH:.1f}V")


@pytest.mark.parametrize("values", [[5.0, 5.0], [0.0, 0.0], [None, None], [-3.0, 1e9]])
def test_whatever_the_values_are_the_rows_lie_within(values: list[float | None]) -> None:
    chart = Chart("", "", [0.0, 1.0], [Line("", values)])
    assert chart.rows
    assert all(TOP <= y <= HEIGHT - BOTTOM for y, _ in chart.rows)


def test_a_band_goes_there_and_back() -> None:
    chart = Chart("", "", [0.0, 1.0], [Line("", [2.0, 4.0]), Line("", [0.0, 1.0])], by_time=False, bands=[(0, 1)])
    points = chart.area((0, 1))[1:-1].split("L")
    assert [point.split()[0] for point in points] == [f"{LEFT:.1f}", f"{WIDTH:.1f}", f"{WIDTH:.1f}", f"{LEFT:.1f}"]
    heights = [float(point.split()[1]) for point in points]
    assert heights[1] < heights[0] < heights[2] < heights[3]
    assert json.loads(chart.as_json())["bands"] == [[0, 1]]


def test_percentiles_are_drawn_as_bands_around_the_middle_one() -> None:
    result = {"percentiles": [0.05, 0.25, 0.5, 0.75, 0.95], "times": [0.0, 1.0], "time_unit": "day"}
    one = {"name": "in_stock", "unit": "item", "bands": [[float(level), level + 1.0] for level in range(5)]}
    chart = band_chart(result, one, 1)
    assert (chart.title, chart.unit, chart.at_name) == ("in stock", "item", "Day")
    assert [line.name for line in chart.lines] == ["50 %", "5 %", "95 %", "25 %", "75 %"]
    assert [(chart.lines[high].name, chart.lines[low].name) for high, low in chart.bands] == [
        ("95 %", "5 %"),
        ("75 %", "25 %"),
    ]


def test_what_is_told_to_the_library_cannot_end_its_script() -> None:
    written = Chart("</script>", "", [0.0], [Line("<b>", [1.0])]).as_json()
    assert "<" not in written
    assert json.loads(written)["title"] == "</script>"


def test_instants_read_as_they_are_written() -> None:
    assert seconds(["1970-01-01T01:00:00", "1970-01-01T01:00:00Z", "1970-01-01T01:00:00+01:00"]) == [3600, 3600, 0]


def test_a_pump_runs_from_its_start_to_its_stop() -> None:
    steps = [
        {"time": f"2026-03-01T00:{minute:02}:00", "pumps": {"1": power}}
        for minute, power in ((0, 0), (15, 9), (30, 9), (45, 0), (50, 9))
    ]
    found = [(each.begin, round(each.length, 3), each.since, each.until) for each in stretches(steps, "1")]
    assert found == [(0.2, 0.4, "00:15", "00:45"), (0.8, 0.2, "00:50", "the end")]


def test_a_tree_is_written_as_an_outline() -> None:
    tree = {
        "node": "Add",
        "type": "int",
        "left": {"node": "Number", "value": 1},
        "right": [{"node": "Name", "name": "x"}],
    }
    assert list(outline(tree)) == ["Add int", "  Number 1", "  Name x"]


def test_views_are_found_by_where_they_lie() -> None:
    assert {"pumping", "causal", "code", "windows", "simulation"} <= homes().keys()
    assert drawing_of("pumping.optimize") is not None
    assert drawing_of("platform.echo") is None


def outcome(name: str, cost_eur: float | None, change: float | None, **more: object) -> dict[str, object]:
    return {"name": name, "adjusted_cost_eur": cost_eur, "mean_abs_flow_change_m3_per_h": change, **more}


def test_the_front_has_smoothness_to_the_right_cost_upwards_and_leaves_out_what_was_refused() -> None:
    base = outcome("base", 100.0, 400.0)
    cheap, smooth = outcome("a", 90.0, 500.0, dominated=False), outcome("b", 120.0, 100.0, dominated=False)
    bad, refused = outcome("c", 130.0, 450.0, dominated=True), outcome("d", None, None, dominated=False)
    front = front_of(base, [cheap, smooth, bad, refused])
    assert front is not None
    assert [(point.name, point.mark) for point in front.points] == [
        ("base", "base"),
        ("a", "worth"),
        ("b", "worth"),
        ("c", "dominated"),
    ]
    assert [point.name for point in front.worth] == ["b", "a"]
    assert front.worth[0].y < front.worth[1].y
    assert all(0 < part < 1 for point in front.points for part in (point.x, point.y))
    assert front_of(base, []) is None


@pytest.mark.parametrize(("published", "names"), [(2, ["published", "expected"]), (3, ["published"])])
def test_prices_that_are_not_published_are_a_line_of_their_own(published: int, names: list[str]) -> None:
    times = ["2026-03-01T00:00:00", "2026-03-01T00:15:00", "2026-03-01T00:30:00"]
    row = {"level_m": 2.0, "inflow_m3_per_h": 1.0, "outflow_m3_per_h": 1.0, "pumps": {"1": 0.0}}
    belief = {"price_eur_per_mwh": [5.0, 6.0, 7.0], "published_steps": published}
    bands = {"lower_m3_per_h": [0.5] * 3, "upper_m3_per_h": [1.5] * 3}
    result = {
        "schedule": [{**row, "time": time} for time in times],
        "belief": {**belief, **bands},
        "baseline": {},
        "savings": {"total_eur": 1.0},
    }
    price = draw_replan({}, result)["charts"][-1]
    assert [line.name for line in price.lines] == names
    assert next(sum(value is not None for value in line.values) for line in price.lines) == published


def test_what_was_measured_goes_over_into_what_is_planned() -> None:
    now = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
    row = {"level_m": 2.5, "inflow_m3_per_h": 9.0, "outflow_m3_per_h": 8.0}
    ahead = [{**row, "time": (now + timedelta(minutes=15 * place)).isoformat()} for place in (-1, 0, 1)]
    measured = Reading(now, 2.0, outflow_m3_per_h=7.0)
    level, pumped, _ = charts_of([(measured, {**row, "level_m": 2.1})], ahead)
    assert level.at == [now.timestamp() + 900 * place for place in range(3)]
    assert [line.values for line in level.lines] == [[2.0, None, None], [2.1, 2.5, 2.5]]
    assert pumped.lines[0].values == [7.0, None, None]
    assert charts_of([], []) == []


def step(kind: str, second: int, attempt: int = 1, **data: object) -> Step:
    return Step(f"job.{kind}", datetime(2026, 3, 1, 0, 0, second, tzinfo=UTC), attempt, None, data)


def test_an_attempt_that_waits_for_its_shards_is_one_and_the_wait_does_not_count() -> None:
    told = [step("claimed", 0), step("waiting", 2), step("queued", 5), step("claimed", 7, worker="b")]
    (under_way,) = attempts_of(told)
    assert (under_way.end, under_way.ran_s, under_way.worker) == ("running", None, "b")
    (waits,) = attempts_of(told[:3])
    assert (waits.end, waits.ran_s) == ("waiting", 2.0)
    lost, second = attempts_of([*told, step("rescued", 10), step("claimed", 11, 2), step("succeeded", 12, 2)])
    assert (lost.end, lost.ran_s) == ("rescued", 5.0)
    assert (second.number, second.end, second.ran_s) == (2, "succeeded", 1.0)
    (cancelled,) = attempts_of([*told[:2], step("cancelled", 9)])
    assert (cancelled.end, cancelled.ran_s) == ("cancelled", 2.0)


def test_a_draft_is_drawn_with_each_clause_and_whom_it_chooses() -> None:
    both = [{"consent": "email"}, {"did_not": "Ä"}]
    places = [("/definition", 2), ("/definition/all/0", 5), ("/definition/all/1", 3)]
    preview = {"profiles": 9, "chosen": 2, "clauses": [{"place": one, "profiles": count} for one, count in places]}
    drawn = draw_draft({"description": "x"}, {"definition": {"all": both}, "preview": preview})
    assert [(one["clause"], one["profiles"]) for one in drawn["clauses"]] == [
        ('{"consent": "email"}', 5),
        ('{"did_not": "Ä"}', 3),
    ]
    nothing = draw_draft({"description": "x"}, {"definition": None, "preview": None})
    assert nothing["clauses"] == []
