"""Drawing: a flame graph as text, each frame below its caller with the share of samples that it was part of."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from flames.recording import Stacks

LEAST = 0.02
"""Frames with less than this share of the samples are left out."""
OURS = ("core/", "tasks/", "webapp/", "migrations/")
"""Where frames of this project lie."""
WIDTH = 110


@dataclass(slots=True)
class Frame:
    """A function in one place of the graph: how many samples passed through it, and what it called."""

    samples: int = 0
    calls: dict[str, "Frame"] = field(default_factory=dict)


def grown(stacks: Stacks) -> Frame:
    """Grow the graph of some stacks; what has no name is all of it."""
    root = Frame()
    for stack, times in stacks.items():
        here = root
        here.samples += times
        for name in stack:
            here = here.calls.setdefault(name, Frame())
            here.samples += times
    return root


def drawn(stacks: Stacks) -> Iterator[str]:
    """Yield the lines of a graph, the largest first among those that one frame called.

    A frame of a library that only hands all of its time on to one other is left out: what is drawn are the frames of
    this project, and those where time is spent or parts.
    """
    root = grown(stacks)
    if root.samples:
        yield from _drawn(root, root.samples, 0)


def by_function(stacks: Stacks, most: int = 12) -> list[tuple[str, float]]:
    """Return the functions that were at the top of the stack most often, with their shares."""
    at_top: Mapping[str, int] = _counted((stack[-1], times) for stack, times in stacks.items())
    whole = sum(at_top.values())
    ranked = sorted(at_top.items(), key=lambda item: (-item[1], item[0]))
    return [(name, times / whole) for name, times in ranked[:most]]


def _counted(pairs: Iterator[tuple[str, int]]) -> dict[str, int]:
    told: dict[str, int] = {}
    for name, times in pairs:
        told[name] = told.get(name, 0) + times
    return told


def _drawn(frame: Frame, whole: int, depth: int) -> Iterator[str]:
    for name, called in sorted(frame.calls.items(), key=lambda item: (-item[1].samples, item[0])):
        share = called.samples / whole
        if share < LEAST:
            continue
        if _hands_on(name, called, whole):
            yield from _drawn(called, whole, depth)
            continue
        yield f"{100 * share:5.1f} % {'  ' * depth}{name}"[:WIDTH]
        yield from _drawn(called, whole, depth + 1)


def _hands_on(name: str, frame: Frame, whole: int) -> bool:
    """Tell whether a frame is not the project's own and nearly all of its time is that of one other."""
    shown = [called.samples for called in frame.calls.values() if called.samples >= LEAST * whole]
    return len(shown) == 1 and not _is_ours(name) and frame.samples - shown[0] < LEAST * whole


def _is_ours(name: str) -> bool:
    return any(f"({place}" in name for place in OURS)


def page(title: str, parts: Mapping[str, Stacks], heading: Sequence[str]) -> str:
    """Write one file: for each process its samples, the functions at the top of the stack, and the graph."""
    lines = [title, "=" * len(title), "", *heading]
    for name, stacks in parts.items():
        total = sum(stacks.values())
        lines += ["", f"{name}: {total:,} samples", "-" * (len(name) + len(f": {total:,} samples")), ""]
        lines += [f"{100 * share:5.1f} % itself  {function}"[:WIDTH] for function, share in by_function(stacks)]
        lines += ["", *drawn(stacks)]
    return "\n".join(lines) + "\n"
