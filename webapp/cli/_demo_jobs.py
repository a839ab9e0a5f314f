"""The demo's jobs: who plays what, how they are followed together, whether each ended as it should."""

import sys
import time
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from penstock_client import Client, Job, JobHandle, Kind
from rich.text import Text

from webapp.cli._demo_causes import CAUSES_PART
from webapp.cli._demo_loop import LOOP_PARAMS, LOOP_PART
from webapp.cli._demo_program import PROGRAM_PARAMS, PROGRAM_PART
from webapp.cli._demo_pumping import Material
from webapp.cli._progress import opened_board
from webapp.cli._tables import colored_state, new_table, print_table

DOMAIN = "retail"
"""The domain that the windows' parts speak of; it generates by itself meanwhile."""
LOOK_EVERY_S = 0.25
CANCEL_AFTER_S = 2.0


@dataclass(frozen=True, slots=True)
class Part:
    """One job of the demo and how it is to end."""

    label: str
    kind: str
    params: Mapping[str, Any]
    ends: str = "succeeded"
    attempts: int = 1
    options: Mapping[str, Any] = field(default_factory=dict)


def cast(kinds: Iterable[Kind], material: Material, plan_label: str) -> list[Part]:
    """Give every kind a part, the slow ones first; a kind that the demo does not know shows its own example."""
    known = {kind.name: kind for kind in kinds}
    parts = [
        Part(plan_label, "pumping.optimize", material.params(known), options={"priority": 9}),
        Part(LOOP_PART, "pumping.rehearse", LOOP_PARAMS),
        Part(CAUSES_PART, "causal.discover", _causes(known), options={"priority": 8}),
        Part(PROGRAM_PART, "code.run", PROGRAM_PARAMS),
        Part("sleep in steps", "platform.sleep", {"seconds": 8, "steps": 40}),
        Part("be cancelled", "platform.sleep", {"seconds": 300, "steps": 3000}, ends="cancelled"),
        Part("fail once, try again", "platform.fail", {"times": 1, "error": "transient"}, attempts=2),
        Part("answer an echo", "platform.echo", {"hello": "world"}),
        Part("make a domain's windows", "windows.generate", {"domain": DOMAIN, "count": 40}),
    ]
    played = {part.kind for part in parts}
    examples = [Part("run the example", kind.name, kind.example) for kind in known.values() if kind.name not in played]
    return [part for part in parts if part.kind in known] + examples


def _causes(known: Mapping[str, Kind]) -> dict[str, Any]:
    """Return params of `causal.discover`: its example's series, a thousand half-samples, in shards."""
    example = known["causal.discover"].example if "causal.discover" in known else {}
    return {**example, "resamples": 1000, "shards": 4}


def prepare(client: Client) -> None:
    """Make the domain that some parts speak of, unless an earlier demo left it here."""
    if all(domain.name != DOMAIN for domain in client.domains):
        client.domains.add(DOMAIN, example=DOMAIN)


def follow(client: Client, parts: Sequence[Part], within_s: float) -> list[JobHandle]:
    """Submit all parts and show them side by side until they are final or time is up."""
    tag = f"demo-{uuid.uuid4().hex[:8]}"
    handles = [client.submit(part.kind, part.params, tags=[tag], **part.options) for part in parts]
    by_id = {handle.id: (part, handle) for part, handle in zip(parts, handles, strict=True)}
    began = time.monotonic()
    with opened_board(sys.stdout) as board:
        while (elapsed_s := time.monotonic() - began) < within_s:
            jobs = list(client.jobs(tag=tag, sort="created_at"))
            for job in jobs:
                part, handle = by_id[job.id]
                handle.last = job
                board.show(f"{part.kind:<17} {part.label}", job)
                if part.ends == "cancelled" and elapsed_s > CANCEL_AFTER_S and _can_be_cancelled(job):
                    board.say(f"{'':<17} cancelling the job that was to be cancelled")
                    handle.cancel()
            if all(job.is_final for job in jobs):
                break
            time.sleep(LOOK_EVERY_S)
    return handles


def judge(parts: Sequence[Part], handles: Sequence[JobHandle]) -> bool:
    """Print how each job ended and return whether all did as they should."""
    table = new_table("", "kind", "part", "state", "attempts", "waited", "ran", "job")
    verdicts = []
    for part, handle in zip(parts, handles, strict=True):
        job = handle.last or handle.read()
        verdicts.append(job.state == part.ends and job.attempt == part.attempts)
        table.add_row(
            Text("ok", style="green") if verdicts[-1] else Text("BAD", style="bold red"),
            job.kind,
            part.label,
            colored_state(job.state),
            str(job.attempt),
            _seconds(job, "queue_s"),
            _seconds(job, "run_s"),
            job.id,
        )
    print_table(table)
    for part, handle, good in zip(parts, handles, verdicts, strict=True):
        if not good and handle.last is not None and handle.last.error is not None:
            print_reason(part, handle.last)
    return all(verdicts)


def print_reason(part: Part, job: Job) -> None:
    """Say why a job did not end as it should have."""
    assert job.error is not None
    sys.stdout.write(f"{part.label}: {job.error.code}: {job.error.message}\n")


def _can_be_cancelled(job: Job) -> bool:
    return job.state == "running" and job.document["cancel_requested_at"] is None


def _seconds(job: Job, name: str) -> str:
    value = (job.document["usage"] or {}).get(name)
    return f"{value:.2f} s" if value is not None else ""
