"""The run-time library of Java, below the classes that are written in Java."""

from pathlib import Path

from core.workloads.code.frontends.java.representation import GIVEN
from core.workloads.code.frontends.words.library import Library

LIBRARY = Library(
    (Path(__file__).parent / "runtime",),
    GIVEN,
    {"program_put_name": True, "program_put_site": True, "program_uncaught": True},
)
