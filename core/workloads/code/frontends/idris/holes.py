"""Holes: what is known where one stands, and what is needed there, as Idris shows it."""

from collections.abc import Mapping
from typing import Any

from core.workloads.code.frontends.base import Diagnostic, Phase, Severity
from core.workloads.code.frontends.idris.context import HoleInfo

_DASHES = "-" * 30


def shown(hole: HoleInfo) -> str:
    """Show a hole: above dashes the variables, with a 0 before those that are erased, beneath them the goal."""
    lines = [f" {'0' if erased else ' '} {name} : {type_}" for name, erased, type_ in hole.context]
    return "\n".join([*lines, _DASHES, f"{hole.name} : {hole.goal}"])


def told(hole: HoleInfo) -> Diagnostic:
    """Tell of a hole."""
    message = f"?{hole.name} is still to be written\n{shown(hole)}"
    end = hole.column + len(hole.name) + 1
    return Diagnostic(
        Phase.SEMANTIC,
        message,
        hole.line,
        hole.column,
        end_column=end,
        hint=f"write an expression of type {hole.goal}",
        severity=Severity.WARNING,
    )


def document(hole: HoleInfo) -> Mapping[str, Any]:
    """Give a hole as JSON can say it."""
    context = [{"name": name, "erased": erased, "type": type_} for name, erased, type_ in hole.context]
    return {"name": hole.name, "line": hole.line, "column": hole.column, "context": context, "goal": hole.goal}
