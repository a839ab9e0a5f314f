"""Semantic analysis of calls: how many arguments, of what types, and what a format string says of them."""

from typing import Protocol

from core.workloads.code.frontends.c import ctypes, formats, nodes, tree
from core.workloads.code.frontends.c.converting import assigned, cast
from core.workloads.code.frontends.c.ctypes import BAD, DOUBLE, VOID, CType, FunctionType, PointerType
from core.workloads.code.frontends.c.diagnosing import Reporter
from core.workloads.code.frontends.c.formats import STAR, Directive
from core.workloads.code.ir.instructions import Position

FORMATS = {"printf": 0, "fprintf": 1, "sprintf": 1, "snprintf": 2, "scanf": 0, "sscanf": 1, "fscanf": 1}
"""Which argument of each is the format."""
_SIZES = {"": 4, "hh": 4, "h": 4, "l": 8, "ll": 8, "z": 8, "j": 8, "t": 8}
_SCAN_SIZES = {"": 4, "hh": 1, "h": 2, "l": 8, "ll": 8, "z": 8, "j": 8, "t": 8}


class Checker(Protocol):
    """What is needed of the analysis here."""

    report: Reporter

    def error(self, at: Position, message: str, hint: str = "", width: int = 1) -> None:
        """Report something that makes no sense."""

    def value(self, node: nodes.Expression) -> nodes.Expression:
        """Analyze an expression whose value is wanted."""


def check_call(checker: Checker, node: tree.Call) -> nodes.Expression:
    """Give a type to a call, and convert its arguments to what the function takes."""
    node.callee = checker.value(node.callee)
    node.args = [checker.value(one) for one in node.args]
    node.type = BAD
    callee = node.callee.type
    if callee is BAD:
        return node
    function = callee.target if isinstance(callee, PointerType) else None
    if not isinstance(function, FunctionType):
        checker.error(node.at, f"a value of type {callee.name} cannot be called", "only a function can")
        return node
    node.type = function.returns
    name = called(node)
    if function.params is None:
        node.args = [promoted_argument(one) for one in node.args]
        return node
    _count(checker, node, function, name)
    _convert(checker, node, function)
    if name in FORMATS and len(node.args) > FORMATS[name]:
        _check_format(checker, node, name)
    return node


def called(node: tree.Call) -> str:
    """Name the library function that is called, or nothing."""
    callee = node.callee.operand if isinstance(node.callee, tree.Cast) else node.callee
    symbol = callee.symbol if isinstance(callee, tree.Name) else None
    return symbol.name if symbol is not None and symbol.storage == "library" else ""


def promoted_argument(node: nodes.Expression) -> nodes.Expression:
    """Convert an argument that no parameter says anything of."""
    return cast(node, ctypes.promoted(node.type)) if ctypes.is_integer(node.type) else node


def _count(checker: Checker, node: tree.Call, function: FunctionType, name: str) -> None:
    params, given = function.params or (), len(node.args)
    if given == len(params) or (function.variadic and given > len(params)):
        return
    named = name or (
        node.callee.operand.name
        if isinstance(node.callee, tree.Cast) and isinstance(node.callee.operand, tree.Name)
        else "this function"
    )
    least = "at least " if function.variadic else ""
    plural = "" if len(params) == 1 else "s"
    message = f"{named} takes {least}{len(params)} argument{plural}, and is given {given}"
    wanted = ", ".join(one.name for one in params) or "nothing"
    checker.error(node.at, message, f"it takes {wanted}")
    node.type = BAD if given < len(params) else node.type


def _convert(checker: Checker, node: tree.Call, function: FunctionType) -> None:
    params = function.params or ()
    converted = []
    for place, argument in enumerate(node.args):
        if place < len(params):
            converted.append(assigned(argument, params[place], checker.report, what="passing"))
        else:
            if argument.type is VOID:
                checker.error(argument.at, "passing what has no value", "a function that returns void gives none")
            converted.append(promoted_argument(argument))
    node.args = converted


# Formats.


def _check_format(checker: Checker, node: tree.Call, name: str) -> None:
    place = FORMATS[name]
    text = literal(node.args[place])
    if text is None:
        return
    scanning = "scanf" in name
    directives = [
        one
        for one in (formats.parse_scan(text.data) if scanning else formats.parse_print(text.data))
        if isinstance(one, Directive)
    ]
    known = formats.SCANNED if scanning else formats.PRINTED
    for one in directives:
        if one.conversion not in known or one.length == "L":
            at = Position(text.at.line, text.at.column + 1 + one.at)
            checker.error(
                at,
                f"there is no conversion {one.written}",
                f"there are {' '.join(sorted(known - set('%[')))}",
                len(one.written),
            )
            return
    wanted = _wanted(directives, scanning=scanning)
    given = node.args[place + 1 :]
    if len(given) < len(wanted):
        checker.error(
            text.at,
            f"the format asks for {len(wanted)} value{'s' * (len(wanted) != 1)}, and is given {len(given)}",
            "add what is missing behind the format",
        )
        return
    if len(given) > len(wanted):
        checker.report.warn(
            "semantic", given[len(wanted)].at, "the format does not print this value", "add a conversion for it"
        )
    for directive, argument in zip(wanted, given, strict=False):
        check = _check_scanned if scanning else _check_printed
        if argument.type is not BAD:
            check(checker, directive, argument)


def literal(node: nodes.Expression) -> tree.Text | None:
    """Give the string constant that an argument is, if it is one."""
    while isinstance(node, tree.Cast):
        node = node.operand
    return node if isinstance(node, tree.Text) else None


def _wanted(directives: list[Directive], *, scanning: bool) -> list[Directive | None]:
    wanted: list[Directive | None] = []
    for one in directives:
        if not scanning:
            wanted += [None] * ((one.width == STAR) + (one.precision == STAR))
        wanted.append(one)
    return wanted


def _check_printed(checker: Checker, directive: Directive | None, argument: nodes.Expression) -> None:
    type_ = argument.type
    if directive is None:
        if not ctypes.is_integer(type_) or type_.size != 4:  # noqa: PLR2004 - the size of an int
            checker.error(
                argument.at, f"* takes its number from an int, and this is of type {type_.name}", "cast it: (int)x"
            )
        return
    written, letter = directive.written, directive.conversion
    if letter in "diouxXc":
        size = 4 if letter == "c" else _SIZES[directive.length]
        if not ctypes.is_integer(type_):
            checker.error(argument.at, f"{written} prints an integer, and this is of type {type_.name}", _advice(type_))
        elif type_.size != size:
            hint = "write %ld" if type_.size > size else "write it without l, or cast the value"
            checker.report.warn(
                "semantic", argument.at, f"{written} prints {size} bytes, and this is of type {type_.name}", hint
            )
    elif letter in "feEgGF":
        if type_ is not DOUBLE:
            checker.error(argument.at, f"{written} prints a double, and this is of type {type_.name}", _advice(type_))
    elif not isinstance(type_, PointerType):
        checker.error(
            argument.at, f"{written} prints what a pointer leads to, and this is of type {type_.name}", _advice(type_)
        )
    elif letter == "s" and not _is_text(type_):
        checker.error(argument.at, f"{written} prints a string, and this is of type {type_.name}", _advice(type_))


def _is_text(type_: PointerType) -> bool:
    return ctypes.is_integer(type_.target) and type_.target.size == 1


def _advice(type_: CType) -> str:
    if type_ is DOUBLE:
        return "write %f"
    if ctypes.is_integer(type_):
        return "write %ld" if type_.size == 8 else "write %d"  # noqa: PLR2004 - the size of a long
    if isinstance(type_, PointerType):
        return "write %s" if _is_text(type_) else "print what it points at: *p"
    return "print its members one by one"


def _check_scanned(checker: Checker, directive: Directive | None, argument: nodes.Expression) -> None:
    assert directive is not None
    type_, written, letter = argument.type, directive.written, directive.conversion
    if not isinstance(type_, PointerType):
        checker.error(
            argument.at,
            f"{written} needs the address of a variable, and this is of type {type_.name}",
            "put & before it",
        )
        return
    target = type_.target
    if letter in "diouxXn":
        size = _SCAN_SIZES[directive.length]
        if not ctypes.is_integer(target) or target.size != size:
            checker.error(
                argument.at,
                f"{written} reads {size} bytes of an integer, and this is the address of a {target.name}",
                _scan_advice(target),
            )
    elif letter in "feEgGF":
        if target is not DOUBLE or directive.length != "l":
            what = "a float, which is not supported" if directive.length != "l" else "a double"
            checker.error(
                argument.at, f"{written} reads {what}, and this is the address of a {target.name}", _scan_advice(target)
            )
    elif not _is_text(type_):
        checker.error(
            argument.at, f"{written} reads characters, and this is the address of a {target.name}", _scan_advice(target)
        )


def _scan_advice(target: CType) -> str:
    if target is DOUBLE:
        return "write %lf"
    if ctypes.is_integer(target):
        sign = "d" if target.ir.low else "u"
        return "write %" + {1: "hh", 2: "h", 4: "", 8: "l"}[target.size] + sign
    return "write %s" if target.size == 1 else "read into a variable of a simple type"
