"""Imports: a file of events, JSON lines or CSV, taken in portion by portion; sent again it changes nothing."""

import csv
import hashlib
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, BinaryIO

from core.clock import database_now
from core.jobs.context import JobContext
from core.workloads.customers.operations import figures, ingesting, resolving, sources
from core.workloads.customers.operations.figures import portions

AT_ONCE = 2_000
LISTED = 20
LONGEST_LINE = 256 << 10
_WIRE = {
    "userid": "userId",
    "user_id": "userId",
    "anonymousid": "anonymousId",
    "anonymous_id": "anonymousId",
    "messageid": "messageId",
    "message_id": "messageId",
    "timestamp": "timestamp",
    "event": "event",
    "type": "type",
}
"""Columns of CSV that are fields of the event; `revenue` and `property.*` are properties, all others traits."""


def compute(params: dict[str, Any], context: JobContext) -> dict[str, Any]:
    """Take in a file or a list of events; each portion lands by itself, as messages are known by their ids."""
    context.progress(0.0, "reading")
    told: dict[str, Any] = {"accepted": 0, "duplicates": 0, "rejected": 0, "first_rejected": [], "merges": 0}
    refusals: list[dict[str, Any]] = []
    if "artifact" in params:
        with context.open_artifact(str(params["artifact"])) as stream:
            _take(params, context, read_file(stream, params["format"]), told, refusals)
    else:
        _take(params, context, params["events"], told, refusals)
    told["first_rejected"] = refusals[:LISTED]
    if refusals:
        lines = "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in refusals)
        context.save_artifact("rejected.jsonl", lines.encode(), "application/jsonl")
    return told


def read_file(stream: BinaryIO, form: str) -> Iterator[Any]:
    """Yield the events of a file; a line that is none is yielded as text, to be set aside with its reason."""
    lines = io.TextIOWrapper(stream, encoding="utf-8-sig", errors="replace", newline="")
    if form == "csv":
        yield from _rows(csv.DictReader(lines))
        return
    for line in lines:
        if line.strip():
            try:
                yield json.loads(line)
            except (ValueError, RecursionError):
                yield line[:LONGEST_LINE]


def _rows(reader: Iterator[dict[str | None, Any]]) -> Iterator[Any]:
    while True:
        try:
            yield event_of_row(next(reader))
        except StopIteration:
            return
        except csv.Error as error:  # such as a field beyond what one may hold; the reader goes on behind it
            yield f"{error}"


def event_of_row(row: Mapping[str | None, Any]) -> dict[str, Any]:
    """Make an event of a row of CSV; one without a message's id is known by what it says."""
    event: dict[str, Any] = {}
    traits: dict[str, Any] = {}
    properties: dict[str, Any] = {}
    for column, value in row.items():
        if column is None or value in (None, ""):
            continue
        name = column.strip()
        if name.lower() in _WIRE:
            event[_WIRE[name.lower()]] = value
        elif name.lower() == "revenue" or name.lower().startswith("property."):
            properties[name.lower().removeprefix("property.")] = _number(value)
        else:
            traits[name] = value
    event.setdefault("type", "track" if "event" in event else "identify")
    said = json.dumps([event, traits, properties], sort_keys=True, default=str)
    event.setdefault("messageId", f"row-{hashlib.sha256(said.encode()).hexdigest()[:32]}")
    return {**event, "traits": traits, "properties": properties}


def _take(
    params: Mapping[str, Any],
    context: JobContext,
    events: Iterable[Any],
    told: dict[str, Any],
    refusals: list[dict[str, Any]],
) -> None:
    for number, part in enumerate(portions(enumerate(events), AT_ONCE)):
        with context.transaction() as session:
            sources.lock_people(session, context.tenant_id)
            source = sources.find_or_create(session, context.tenant_id, params["source"], "import")
            outcome = ingesting.ingest(session, source, part, database_now(session))
            told["merges"] += resolving.resolve_touched(session, context.tenant_id, outcome.sightings)["merges"]
            figures.refresh(session, context.tenant_id, outcome.people)
        told["accepted"] += outcome.accepted
        told["duplicates"] += outcome.duplicates
        told["rejected"] += len(outcome.rejected)
        refusals += outcome.rejected
        context.progress(1 - 1 / (number + 2), "taking in", f"{told['accepted']} events so far")


def _number(value: str) -> Any:
    try:
        return float(value)
    except ValueError:
        return value
