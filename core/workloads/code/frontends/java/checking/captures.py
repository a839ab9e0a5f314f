"""Variables that lambdas and classes within use: they get their value once."""

from collections.abc import Sequence

from core.workloads.code.frontends.java.core import Variable
from core.workloads.code.frontends.java.diagnosing import Report


def check(captured: Sequence[Variable], report: Report) -> None:
    """Report those that get several."""
    for variable in captured:
        most = 0 if variable.initialized or variable.parameter else 1
        if variable.assigned > most and variable.captured_at is not None:
            message = f"{variable.name} gets several values, and a lambda or class within may use only one that stays"
            report.error(variable.captured_at, message, f"copy it first: final var copy = {variable.name};")
