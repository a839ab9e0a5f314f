"""The part of the library that is written in Scheme, read once."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from core.workloads.code.frontends.lisp.data import List, Name
from core.workloads.code.frontends.lisp.diagnosing import Report
from core.workloads.code.frontends.lisp.lexing import tokens
from core.workloads.code.frontends.lisp.primitives import Primitive, primitives
from core.workloads.code.frontends.lisp.reader import read
from core.workloads.code.ir.instructions import Position

_SOURCE = Path(__file__).parent / "library.scm"


@dataclass(frozen=True, slots=True)
class Definitions:
    """What the language has beside its forms."""

    primitives: dict[str, Primitive]
    forms: dict[str, List]
    """Definitions in Scheme, without places: what goes wrong in them is told of where they are called."""


@lru_cache(maxsize=1)
def definitions() -> Definitions:
    """Read the library."""
    report = Report()
    found = [
        one.__class__(one.kind, one.text, Position(0, 0), Position(0, 0)) for one in tokens(_SOURCE.read_text(), report)
    ]
    forms = {}
    for form in read(found, report):
        assert isinstance(form, List)
        assert isinstance(form.items[1], List)
        name = form.items[1].items[0]
        assert isinstance(name, Name)
        forms[name.text] = form
    assert not report.found, report.found
    return Definitions(primitives(), forms)
