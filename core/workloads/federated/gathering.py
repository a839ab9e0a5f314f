"""Gathering: a round's updates read, checked and spooled; each that is not good is left out with its reason."""

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from core.errors import FieldError, Invalid, Missing, PenstockError
from core.jobs.context import JobContext
from core.workloads.federated import uploads
from core.workloads.federated.layout import Layout, UpdateUnlike, layout_of
from core.workloads.federated.rounds import UpdateNotFinite, unfit
from core.workloads.federated.spool import Disk, Spooled, UpdateTooLong, spool, written_out
from core.workloads.federated.uploads.base import Piece, UploadUnreadable

CODES: Mapping[type[PenstockError], str] = {
    UploadUnreadable: "unreadable",
    UpdateUnlike: "unlike",
    UpdateNotFinite: "not_finite",
    UpdateTooLong: "too_long",
}


class UploadTooLarge(Invalid):
    """The upload is larger than uploads may be."""

    code = "upload_too_large"


class UpdatesTooFew(Invalid):
    """There are fewer good updates than the round takes."""

    code = "updates_too_few"


@dataclass(slots=True)
class Gathered:
    """The good updates, in the order of the params."""

    layout: Layout
    model: Spooled | None
    facts: list[Mapping[str, Any]] = field(default_factory=list)
    changes: list[Spooled] = field(default_factory=list)
    refused: list[dict[str, str]] = field(default_factory=list)


def gather(params: Mapping[str, Any], context: JobContext, disk: Disk) -> Gathered:
    """Read all updates; raises `UpdatesTooFew`, or with `strict` the first update's own error, which names it."""
    largest = params["max_bytes"]
    layouts: dict[int, Layout] = {}
    refused: dict[int, PenstockError] = {}
    for place, update in enumerate(params["updates"]):
        try:
            layouts[place] = _look(update["update"], context, largest)
        except (Invalid, Missing) as error:
            refused[place] = _refuse(error, place, params)
        context.progress(0.1 * (place + 1) / len(params["updates"]), "reading", f"{place + 1} headers")
    if params["model"] is not None:
        layout, model = load(params["model"], "/model", context, disk)
    elif layouts:
        layout, model = Counter(layouts.values()).most_common(1)[0][0], None
    else:
        raise _too_few(params, list(refused.values()))
    gathered = Gathered(layout, model)
    for place, found in layouts.items():
        try:
            layout.check(found)
            gathered.changes.append(_take(params, place, gathered, context, disk))
            gathered.facts.append(params["updates"][place])
        except Invalid as error:
            refused[place] = _refuse(error, place, params)
        context.progress(0.1 + 0.4 * (place + 1) / len(params["updates"]), "reading", f"{place + 1} updates")
    for place, fault in sorted(refused.items()):
        code = "too_large" if isinstance(fault, UploadTooLarge) else CODES.get(type(fault), "unreadable")
        client = params["updates"][place]["client"]
        gathered.refused.append({"client": client, "code": code, "reason": fault.detail})
        context.log("update refused", level="warning", client=client, code=code, reason=fault.detail)
    if len(gathered.changes) < params["at_least"]:
        raise _too_few(params, list(refused.values()))
    return gathered


def leave_out(params: Mapping[str, Any], gathered: Gathered, outside: Mapping[int, str], context: JobContext) -> None:
    """Leave out good updates, each with a reason, as `cut_off`; raises `UpdatesTooFew`."""
    for place, reason in outside.items():
        told = {"client": gathered.facts[place]["client"], "code": "cut_off", "reason": reason}
        gathered.refused.append(told)
        context.log("update refused", level="warning", **told)
    stay = [place for place in range(len(gathered.facts)) if place not in outside]
    gathered.facts = [gathered.facts[place] for place in stay]
    gathered.changes = [gathered.changes[place] for place in stay]
    if len(stay) < params["at_least"]:
        detail = f"{len(stay)} updates hang together; {params['at_least']} are needed."
        raise UpdatesTooFew(f"{detail} {next(iter(outside.values()), '')}".rstrip())


def load(
    given: Mapping[str, Any], pointer: str, context: JobContext, disk: Disk, layout: Layout | None = None
) -> tuple[Layout, Spooled]:
    """Return layout and vector of arrays that are not a client's; raises an error that names the field."""
    try:
        found = _look(given, context, None)
        if layout is not None:
            layout.check(found)
        with _pieces(given, context, None) as pieces:
            return found, spool(pieces, found, disk)
    except (UploadUnreadable, UpdateUnlike, UpdateNotFinite) as error:
        raise unfit(pointer, error.detail) from error


def _take(params: Mapping[str, Any], place: int, gathered: Gathered, context: JobContext, disk: Disk) -> Spooled:
    less = gathered.model if params["form"] == "weights" else None
    with _pieces(params["updates"][place]["update"], context, params["max_bytes"]) as pieces:
        change = spool(pieces, gathered.layout, disk, less)
    if params["max_norm"] is not None and change.norm > params["max_norm"]:
        raise UpdateTooLong(f"The change is {change.norm:g} long; at most {params['max_norm']:g} is taken.")
    if params["clip_norm"] is not None and change.norm > params["clip_norm"]:
        change.factor = params["clip_norm"] / change.norm
    return change


def _look(given: Mapping[str, Any], context: JobContext, largest: int | None) -> Layout:
    with _pieces(given, context, largest) as pieces:
        return layout_of(pieces)


@contextmanager
def _pieces(given: Mapping[str, Any], context: JobContext, largest: int | None) -> Iterator[Iterator[Piece]]:
    if "arrays" in given:
        yield written_out(given["arrays"])
        return
    with context.open_artifact(str(given["artifact"])) as stream:
        size = stream.seek(0, 2)
        if largest is not None and size > largest:
            raise UploadTooLarge(f"The upload has {size:,} bytes; at most {largest:,} are read.")
        yield uploads.pieces(stream)


def _refuse(error: PenstockError, place: int, params: Mapping[str, Any]) -> PenstockError:
    if params["strict"]:
        client = params["updates"][place]["client"]
        detail = f"The update of {client}: {error.detail}"
        raise type(error)(detail, errors=[FieldError(f"/params/updates/{place}/update", error.detail)]) from error
    return error


def _too_few(params: Mapping[str, Any], refused: list[PenstockError]) -> UpdatesTooFew:
    good = len(params["updates"]) - len(refused)
    first = f" The first fault: {refused[0].detail}" if refused else ""
    return UpdatesTooFew(
        f"{good} of {len(params['updates'])} updates are good; {params['at_least']} are needed.{first}"
    )
