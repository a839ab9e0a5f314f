"""The run-time library of Lisp."""

from pathlib import Path

from core.workloads.code.frontends.lisp.atoms import LONGEST_NAME
from core.workloads.code.frontends.lisp.primitives import CHAR, NIL, SYMBOL
from core.workloads.code.frontends.words.library import Library

LIBRARY = Library(
    (Path(__file__).parent / "runtime",),
    {"NIL": NIL, "SYMBOL": SYMBOL, "CHAR": CHAR, "LONGEST_NAME": LONGEST_NAME},
    {},
    {("cons", "list_of_arguments"): ("mark_pair", "update_pair")},
)
