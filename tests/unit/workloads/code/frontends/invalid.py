"""Invalid programs, one a line: phase, a part of the message, and the source, in which `§` stands before the place and
`⏎` for the end of a line."""

from collections.abc import Iterator, Sequence

from core.workloads.code.frontends.base import FrontEnd, Severity


def wrongly_told(front_end: FrontEnd, lines: Sequence[str]) -> list[tuple[str, str]]:
    """List the programs of which the first error is not told so, each with what is."""
    return list(_wrongly_told(front_end, lines))


def _wrongly_told(front_end: FrontEnd, lines: Sequence[str]) -> Iterator[tuple[str, str]]:
    for line in lines:
        phase, part, marked = line.split(" | ", 2)
        marked = marked.replace("⏎", "\n")
        at = marked.index("§")
        place = marked.count("\n", 0, at) + 1, at - marked.rfind("\n", 0, at)
        made = front_end.translate(marked.replace("§", ""))
        first = next((one for one in made.diagnostics if one.severity is Severity.ERROR), None)
        told = first and (first.phase.value, first.line, first.column)
        if made.program is not None or first is None or part not in first.message or told != (phase, *place):
            yield line, str(first)
