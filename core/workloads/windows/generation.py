"""`windows.generate`: windows of a domain, of a spec, or of all domains whose schedules fired together."""

import importlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import islice, pairwise
from typing import Any
from uuid import UUID

from core.canonical import canonical_json, fingerprint
from core.errors import Conflict
from core.jobs.context import JobContext
from core.platform.domains import frames
from core.platform.domains.facts import DomainFacts
from core.platform.domains.windows import NewWindow
from core.workloads.windows import generators, kinds
from core.workloads.windows.generators.base import Chart, Columns, Draw, Truth
from core.workloads.windows.summaries import TOGETHER_VALUES, summarize_all

STORED_VALUES = 2_000_000
"""Values whose bytes are stored together."""
MOST_TOGETHER = 64


class GeneratorMissing(Conflict):
    """The domain has no generator: its windows are only uploaded."""

    code = "generator_missing"


def compute(params: dict[str, Any], context: JobContext) -> dict[str, Any]:
    """Generate what the params ask for."""
    if params["spec"] is not None:
        return _generate_spec(params, context)
    if params["ticks"] is not None:
        return _generate_ticks(params["ticks"], context)
    return _generate_domain(params, context)


def make_draw(chart: Chart, generator: Mapping[str, Any]) -> Draw:
    """Return what makes the windows of a chart: the base's values, changed by each layer in turn."""
    base, layers = generator["base"], generator.get("layers", [])
    draw: Draw = _member(base).prepare(base, chart)
    members = [_member(layer) for layer in layers]

    def draw_all(indices: Sequence[int]) -> Iterator[tuple[Columns, Truth]]:
        for (columns, truth), index in zip(draw(indices), indices, strict=True):
            told = []
            for place, (member, layer) in enumerate(zip(members, layers, strict=True)):
                rng = chart.stream(f"layer {place} {layer['generator']}", index)
                if known := member.apply(columns, layer, chart, index, rng):
                    told.append({"layer": place, "generator": layer["generator"], **known})
            yield columns, truth | {"index": index, "layers": told}

    return draw_all


def new_windows(facts: DomainFacts, indices: Sequence[int], times: Sequence[datetime]) -> Iterator[NewWindow]:
    """Make a domain's windows of these indices, begun at these times; raises `GeneratorMissing`.

    Each is drawn, summarized and written while it is still near the processor.
    """
    if facts.generator is None:
        raise GeneratorMissing(f"the domain {facts.name!r} has no generator")
    chart = Chart(facts.variables, facts.window_size, facts.seed)
    draw = make_draw(chart, facts.generator)
    receipt = {"kind": kinds.GENERATE.name, "generator": fingerprint(facts.generator), "seed": facts.seed}
    made = zip(draw(indices), indices, times, strict=True)
    while some := list(islice(made, max(1, TOGETHER_VALUES // _values(facts)))):
        summaries = summarize_all(chart.names, [columns for (columns, _), _, _ in some])
        for ((columns, truth), index, at), summary in zip(some, summaries, strict=True):
            content = frames.encode(chart.names, columns, chart.categories)
            rows, size = columns.shape[1], len(content)
            yield NewWindow(index, "synthetic", rows, at, size, content, receipt=receipt, summary=summary, truth=truth)


def _generate_domain(params: Mapping[str, Any], context: JobContext) -> dict[str, Any]:
    domain, count = params["domain"], params["count"]
    facts = context.domains.find(domain)
    first = params["start_index"]
    if first is None:
        first = context.domains.reserve(domain, count)
    if params["shards"] > 1 and count > 1:
        return _map(str(facts.id), facts, first, count, min(params["shards"], count), context)
    step = _together(facts)
    for begin in range(0, count, step):
        indices = list(range(first + begin, first + min(count, begin + step)))
        made = new_windows(facts, indices, [_nominal(facts, index) for index in indices])
        context.domains.keep([(facts.id, window) for window in made])
        context.progress((begin + len(indices)) / count, "generating", f"{begin + len(indices)} of {count} windows")
    return _result(count, count * _values(facts), [facts.id], (first, first + count - 1), facts.variables)


def _map(domain: str, facts: DomainFacts, first: int, count: int, shards: int, context: JobContext) -> dict[str, Any]:
    bounds = [count * part // shards for part in range(shards + 1)]
    parts = [{"domain": domain, "start_index": first + begin, "count": end - begin} for begin, end in pairwise(bounds)]
    windows = sum(one["windows"] for one in context.map(kinds.GENERATE.name, parts))
    return _result(windows, windows * _values(facts), [facts.id], (first, first + count - 1), facts.variables)


def _generate_ticks(ticks: Sequence[Mapping[str, Any]], context: JobContext) -> dict[str, Any]:
    by_domain: dict[UUID, list[Mapping[str, Any]]] = {}
    for tick in ticks:
        by_domain.setdefault(tick["domain"], []).append(tick)
    found = context.domains.find_many(list(by_domain))
    left_out = [{"domain": str(one), "code": "domain_missing"} for one in by_domain if one not in found]
    kept: list[tuple[UUID, NewWindow]] = []
    values = 0
    for place, (domain, facts) in enumerate(sorted(found.items()), 1):
        asked = by_domain[domain]
        try:
            made = new_windows(facts, [tick["index"] for tick in asked], [tick["at"] for tick in asked])
            kept += [(domain, window) for window in made]
        except GeneratorMissing as error:
            left_out.append({"domain": str(domain), "code": error.code})
        values += len(asked) * _values(facts)
        context.progress(place / len(found), "generating")
    context.domains.keep(kept)
    return {**_result(len(kept), values, list(found), None, []), "left_out": left_out}


def _generate_spec(params: Mapping[str, Any], context: JobContext) -> dict[str, Any]:
    spec, count, first = params["spec"], params["count"], params["start_index"] or 0
    seed = context.seed if params["seed"] is None else params["seed"]
    chart = Chart(list(spec["variables"]), spec["window_size"], seed)
    draw = make_draw(chart, spec["generator"])
    made: list[tuple[Columns, Truth]] = []
    for begin in range(0, count, MOST_TOGETHER):
        made += draw(range(first + begin, first + min(count, begin + MOST_TOGETHER)))
        context.progress(len(made) / count, "generating", f"{len(made)} of {count} windows")
    content = frames.encode_all(chart.names, [columns for columns, _ in made], chart.categories)
    context.save_artifact("windows.arrow", content, "application/vnd.apache.arrow.stream")
    truths = canonical_json([truth for _, truth in made]).encode()
    context.save_artifact("truth.json", truths, "application/json")
    values = count * chart.window_size * len(chart.names)
    return _result(count, values, [], (first, first + count - 1), chart.names)


def _together(facts: DomainFacts) -> int:
    return max(1, min(MOST_TOGETHER, STORED_VALUES // _values(facts)))


def _values(facts: DomainFacts) -> int:
    return facts.window_size * len(facts.variables)


def _nominal(facts: DomainFacts, index: int) -> datetime:
    """Return when a window would have begun if its domain had generated from its creation on."""
    return facts.created_at + timedelta(seconds=index * (facts.interval_s or 1.0))


def _result(
    windows: int, values: int, domains: Sequence[UUID], span: tuple[int, int] | None, variables: Sequence[str]
) -> dict[str, Any]:
    first, last = span or (None, None)
    counts = {"windows": windows, "values": values, "domains": len(domains)}
    return {**counts, "first_index": first, "last_index": last, "variables": list(variables), "left_out": []}


def _member(spec: Mapping[str, Any]) -> Any:
    return importlib.import_module(f"{generators.__name__}.{spec['generator']}")
