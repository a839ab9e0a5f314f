"""From text to CPython's tree, with its complaints in a teacher's words."""

import ast
import re
import warnings

from core.workloads.code.frontends.base import Phase
from core.workloads.code.frontends.python.advising import COMPARE, of_syntax
from core.workloads.code.frontends.python.diagnosing import Report

_LEXICAL = re.compile(
    r"unterminated|invalid (decimal|hexadecimal|octal|binary|imaginary) literal|invalid character|non-printable"
    r"|unexpected character after line|leading zeros|invalid digit|unindent does not match|inconsistent use of tabs"
    r"|unexpected EOF|Exceeds the limit|unicode error|invalid escape|bytes can only"
)
COLON = "write : at the end of this line"
_HINTS = (
    (r"expected ':'", COLON),
    (r"unterminated (triple-quoted )?(f-)?string", "close the text with the same quotation mark"),
    (r"was never closed", "close the bracket"),
    (r"unmatched|does not match opening", "look for the bracket that opens here, or take this one away"),
    (r"Perhaps you forgot a comma", "put a comma between the two"),
    (r"Maybe you meant '==' ", "write == to compare, = only gives a name a value"),
    (r"cannot assign to", "on the left of = stands a name, an attribute or an element"),
    (r"expected an indented block", "write the body four spaces further to the right"),
    (r"unexpected indent", "begin the line where the lines around it begin"),
    (r"unindent does not match", "begin the line where another line of the same block begins"),
    (r"inconsistent use of tabs", "use spaces only"),
    (r"Missing parentheses in call to 'print'", "write print(...)"),
    (r"leading zeros", "write the number without zeros in front"),
    (r"invalid character|non-printable", "type the character anew, with the plain keys"),
    (r"positional argument follows keyword", "put the arguments without a name first"),
    (r"non-default argument follows", "put the parameters with a default last"),
    (r"'return' outside", "'return' belongs into a function"),
    (r"outside loop|not properly in loop", "this belongs into a loop"),
    (r"invalid decimal literal", "a name cannot begin with a digit, and _ stands between two digits"),
    (r"invalid (hexadecimal|octal|binary) literal|invalid digit", "0b takes 0 and 1, 0o takes 0 to 7, 0x takes 0 to f"),
    (r"expected 'except' or 'finally'", "say what happens otherwise: except ValueError:"),
    (r"'yield' outside", "'yield' belongs into a function"),
    (r"no binding for nonlocal", "give the name a value in the outer function, or write global"),
    (r"duplicate argument", "give one of the two another name"),
    (r"f-string: expecting '}'", "close the braces before the text ends"),
    (r"f-string: (empty expression|valid expression required)", "write what is to be shown between the braces"),
)
_NOWHERE = ast.Pass(lineno=1, col_offset=0, end_lineno=1, end_col_offset=1)


def parse(source: str, report: Report) -> ast.Module | None:
    """Read a source, or report why it cannot be read."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            tree = ast.parse(source, "main.py")
        except SyntaxError as error:
            _tell(error, source, report)
            return None
        except (MemoryError, ValueError):
            hint = "take it apart: fewer brackets within brackets"
            report.error(_NOWHERE, "the program is nested too deeply", hint, Phase.PARSE)
            return None
        try:
            compile(tree, "main.py", "exec")
        except SyntaxError as error:
            _tell(error, source, report, Phase.SEMANTIC)
    return tree


def read_anew(source: str) -> ast.Module:
    """Read a source that can be read once more, into a tree that may be changed."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(source)


def _tell(error: SyntaxError, source: str, report: Report, phase: Phase | None = None) -> None:
    message = error.msg.split(" (")[0].removesuffix(". Did you mean print(...)?")
    hint = next((hint for pattern, hint in _HINTS if re.search(pattern, error.msg)), "")
    if phase is None:
        phase = Phase.LEX if _LEXICAL.search(error.msg) else Phase.PARSE
    lines = source.split("\n")
    line = min(max(error.lineno or 1, 1), len(lines))
    column = max(error.offset or 1, 1)
    if message == "unexpected indent":  # CPython points into the blanks
        column = len(lines[line - 1]) - len(lines[line - 1].lstrip()) + 1
    # Columns of this error count characters, those of a tree bytes.
    before = lines[line - 1][: column - 1]
    place = len(before.encode()) + max(0, column - 1 - len(before))
    end_line = error.end_lineno or line
    end = place + 1
    if end_line == line and (error.end_offset or 0) > column:
        end = len(lines[line - 1][: (error.end_offset or 1) - 1].encode())
    at = ast.Pass(lineno=line, col_offset=place, end_lineno=line, end_col_offset=max(end, place + 1))
    if hint == COLON or ("invalid syntax" in message and not hint):
        hint = of_syntax(lines[line - 1], column - 1) or hint or COMPARE
    report.error(at, message, hint, phase)
