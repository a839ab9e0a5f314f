"""`causal.discover`: from a series to edges with honest confidence."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from core.errors import Invalid
from core.jobs.context import JobContext
from core.workloads.causal import conclusions, distributions, documents, plots, resample, series, study
from core.workloads.causal.results import Result
from core.workloads.causal.study import Study

SHARD = "causal.resample"


def compute(params: dict[str, Any], context: JobContext) -> Result:
    """Look at one series, or at each of a batch; one series' resamples may be computed by shards."""
    if "batch" in params:
        return {"results": list(_batch(params, context))}
    context.progress(0.02, "read", "loading the series")
    loaded = series.load(params["series"], params["trajectories"], context)
    context.progress(0.05, "regress", f"{loaded.values.shape[0]} rows of {loaded.values.shape[1]} variables")
    made = study.make(loaded, params)
    tallies = _tallies(made, params, context)
    context.progress(0.85, "conclude", "edges")
    result = conclusions.conclude(made, tallies, params)
    context.progress(0.9, "draw", "graph")
    for name, content, content_type in _artifacts(made, tallies, result, params):
        context.save_artifact(name, content, content_type)
        context.progress(0.95, "draw", name)
    accepted = sum(edge["verdict"] == "accepted" for edge in result["edges"])
    context.progress(1.0, "done", f"{accepted} edges accepted")
    return result


def _tallies(made: Study, params: Mapping[str, Any], context: JobContext) -> list[resample.Tally]:
    if params["shards"] == 1:

        def pulse(share: float) -> None:
            context.progress(0.1 + 0.74 * share, "resample", f"{params['resamples']} half-samples")

        return resample.tally(made, params, 0, params["resamples"], pulse)
    context.progress(0.1, "resample", f"{params['shards']} shards")
    parts = resample.split(params)
    return resample.merge(made, [one["tallies"] for one in context.map(SHARD, parts)], params["resamples"])


def _batch(params: dict[str, Any], context: JobContext) -> Iterator[Result]:
    """Look at one series after the other; one that cannot be looked at has its problem told, and harms no other."""
    count = len(params["batch"])
    for index, given in enumerate(params["batch"]):
        context.progress(index / count, "batch", f"series {index + 1} of {count}")
        try:
            made = study.make(series.load(given, params["trajectories"], context), params)
            tallies = resample.tally(made, params, 0, params["resamples"], lambda _: context.checkpoint())
            yield {"index": index, "problem": None, **conclusions.conclude(made, tallies, params)}
        except Invalid as error:
            yield {"index": index, "problem": {"code": error.code, "detail": error.detail}}


def _artifacts(
    made: Study, tallies: Sequence[resample.Tally], result: Result, params: Mapping[str, Any]
) -> Iterator[tuple[str, bytes, str]]:
    names, edges = made.treated.names, result["edges"]
    yield from documents.graphs(names, edges)
    looked_at = [edge for edge in edges if edge["verdict"] != "not significant"]
    histograms = distributions.of_edges(made, tallies, looked_at)
    yield documents.written("distributions.json", histograms)
    if params["plots"]:
        yield from plots.draw(names, edges, histograms)
