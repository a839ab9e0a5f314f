"""Jobs on their way, shown to people: live bars in a terminal, plain lines elsewhere."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Protocol, TextIO

from penstock_client import Job
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from webapp.cli._colors import STATE_STYLES

QUARTERS = 4


class Board(Protocol):
    """Where jobs are shown."""

    def show(self, label: str, job: Job) -> None:
        """Show a job as it is now."""

    def say(self, line: str) -> None:
        """Tell something beside the jobs."""


@contextmanager
def opened_board(stream: TextIO) -> Iterator[Board]:
    """Open the board that suits the stream, for as long as jobs are shown."""
    if not stream.isatty():
        yield Lines(stream)
        return
    with new_progress(stream) as progress:
        yield Bars(progress)


def new_progress(stream: TextIO) -> Progress:
    """Lay out the bars."""
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(bar_width=28),
        TextColumn("{task.percentage:>3.0f} %"),
        TimeElapsedColumn(),
        TextColumn("{task.fields[said]}"),
        console=Console(file=stream),
    )


@dataclass(slots=True)
class Bars:
    """One bar for each job."""

    progress: Progress
    rows: dict[str, TaskID] = field(default_factory=dict)
    ended: set[str] = field(default_factory=set)

    def show(self, label: str, job: Job) -> None:
        """Draw the job's bar; the last word on a final job stops its clock."""
        row = self.rows.get(job.id)
        if row is None:
            row = self.rows[job.id] = self.progress.add_task(label, total=1.0, said="")
        finished = job.state == "succeeded"
        fraction = 1.0 if finished else job.progress.fraction if job.progress else 0.0
        style = STATE_STYLES.get(job.state, "default")
        self.progress.update(row, completed=fraction, said=f"[{style}]{escape(describe(job))}[/]")
        if job.is_final and job.id not in self.ended:
            self.ended.add(job.id)
            self.progress.stop_task(row)

    def say(self, line: str) -> None:
        """Print above the bars."""
        self.progress.console.print(line, highlight=False)


@dataclass(slots=True)
class Lines:
    """One line for each change worth telling: another state or attempt, a further quarter of the way."""

    stream: TextIO = field(default_factory=lambda: sys.stdout)
    told: dict[str, tuple[str, int, int]] = field(default_factory=dict)

    def show(self, label: str, job: Job) -> None:
        """Write a line unless it would say what the last one said."""
        quarter = int(job.progress.fraction * QUARTERS) if job.progress and not job.is_final else 0
        state, attempt, furthest = self.told.get(job.id, ("", 0, 0))
        if (state, attempt) != (job.state, job.attempt) or quarter > furthest:
            self.told[job.id] = (job.state, job.attempt, quarter)
            self.say(f"{label:<28} {describe(job)}")

    def say(self, line: str) -> None:
        """Write a line."""
        print(line, file=self.stream, flush=True)


def describe(job: Job) -> str:
    """Say in a few words how a job is."""
    words = [job.state]
    if job.attempt > 1:
        words.append(f"(attempt {job.attempt} of {job.max_attempts})")
    if job.error and job.state in {"failed", "retryable"}:
        words.append(f"- {job.error.code}: {job.error.message}")
    elif job.state == "running" and job.progress:
        words.append(f"{job.progress.fraction:.0%} {job.progress.message or job.progress.step}".rstrip())
        if job.progress.eta_s:
            words.append(f"- {job.progress.eta_s:.0f} s left")
    elif job.is_final and job.run_s is not None:
        words.append(f"in {job.run_s:.2f} s")
    return " ".join(words)
