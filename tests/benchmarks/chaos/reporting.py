"""The report of a storm: what struck, what became of the jobs, what holds, what was delayed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import quantiles

from chaos.delays import PROMISED_S, Delays
from chaos.faults import FAULTS, Strike
from chaos.invariants import Broken

SHOWN = 10


@dataclass(frozen=True, slots=True)
class Report:
    """All that is told of one storm."""

    strikes: Sequence[Strike]
    ends: Mapping[str, Mapping[str, int]]
    broken: Sequence[Broken]
    delays: Delays
    troubles: Sequence[str]
    wanted: int
    accepted: int
    """How many jobs were to be submitted, and were; a slow machine does not carry all."""
    fed_s: float
    """How long clients went on submitting."""
    drained_s: float
    """How long it took after the storm until all jobs were final."""
    waits_s: Sequence[float]
    """How long clients waited for the answer to a submission."""
    repetitions: int

    @property
    def holds(self) -> bool:
        """Tell whether every invariant does."""
        return not any(one.jobs for one in self.broken) and not self.delays.unexplained and not self.troubles

    def lines(self) -> Iterator[str]:
        """Write it in Markdown."""
        jobs = sum(sum(ends.values()) for ends in self.ends.values())
        yield f"{jobs} jobs, {len(self.strikes)} faults"
        told = f"{self.accepted} of {self.wanted} submitted in {self.fed_s:.0f} s"
        yield f"{told}, all final {self.drained_s:.0f} s after the storm"
        yield from ("", *self._faults(), "", *self._jobs(), "", *self._invariants(), "", *self._delays())
        yield from (f"- {trouble}" for trouble in self.troubles)

    def _faults(self) -> Iterator[str]:
        yield "| fault | times | whole again after, median / longest |"
        yield "| --- | --- | --- |"
        for fault in FAULTS:
            took_s = [one.ended_at - one.began_at for one in self.strikes if one.fault == fault and one.ended_at]
            if took_s:
                yield f"| {fault} | {len(took_s)} | {percentile(took_s, 50):.1f} / {max(took_s):.1f} s |"

    def _jobs(self) -> Iterator[str]:
        yield "| jobs | number | ended |"
        yield "| --- | --- | --- |"
        for sort, ends in sorted(self.ends.items()):
            told = ", ".join(f"{state} {count}" for state, count in sorted(ends.items()))
            yield f"| {sort} | {sum(ends.values())} | {told} |"

    def _invariants(self) -> Iterator[str]:
        yield "| must not be | jobs |"
        yield "| --- | --- |"
        for one in self.broken:
            yield f"| {one.name} | {len(one.jobs)} |"
        yield from (f"- {one.name}: {job}" for one in self.broken for job in one.jobs[:SHOWN])

    def _delays(self) -> Iterator[str]:
        yield "| wait | times | p50 | p95 | p99 | longest |"
        yield "| --- | --- | --- | --- | --- | --- |"
        taken_s = sorted(self.delays.taken_s.items())
        for what, took_s in [*taken_s, ("answer to a submission", self.waits_s)]:
            figures = " | ".join(f"{percentile(took_s, share):.2f} s" for share in (50, 95, 99, 100))
            yield f"| {what} | {len(took_s)} | {figures} |"
        yield f"\nsubmissions repeated {self.repetitions}"
        causes = ", ".join(f"{cause} {count}" for cause, count in self.delays.explained.most_common())
        yield f"waits beyond {PROMISED_S:g} s: {self.delays.explained.total()} explained ({causes or 'none'})"
        yield f"unexplained: {len(self.delays.unexplained)}"
        yield from (f"- {one}" for one in self.delays.unexplained[:SHOWN])


def percentile(values: Sequence[float], share: int) -> float:
    """Return the value that `share` percent do not exceed; 0 for none."""
    if len(values) < 2 or share == 100:
        return max(values, default=0.0)
    return quantiles(values, n=100, method="inclusive")[share - 1]
