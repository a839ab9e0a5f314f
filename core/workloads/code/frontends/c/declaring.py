"""Semantic analysis of declarations: what may be declared where, and how often."""

from functools import lru_cache

from core.workloads.code.frontends.c import ctypes, headers, lexer, library, parser, tree, written
from core.workloads.code.frontends.c.checking import ExpressionChecker
from core.workloads.code.frontends.c.ctypes import BAD, INT, VOID, ArrayType, CType, FunctionType
from core.workloads.code.frontends.c.diagnosing import Reporter
from core.workloads.code.frontends.c.initializers import Initializer
from core.workloads.code.frontends.c.intrinsics import PROTOTYPES
from core.workloads.code.frontends.c.symbols import Symbol
from core.workloads.code.ir.instructions import Position

_LIBRARY = Position(1, 1)


class DeclarationChecker(ExpressionChecker):
    """Knows what has been declared, besides giving types to expressions."""

    def __init__(self, headers: list[str], report: Reporter, *, is_library: bool) -> None:
        super().__init__(headers, report)
        self.is_library = is_library
        self.all_symbols: list[Symbol] = []
        self.uniques: set[str] = set()


def declare_library(checker: DeclarationChecker) -> None:
    """Make known what the included headers declare."""
    for header in checker.headers:
        for name, text in headers.TYPES.get(header, {}).items():
            unit = _prototypes(f"typedef {text} {name};")
            _quietly(checker, unit, "typedef")
        if header == "stdio.h":
            _quietly(checker, _prototypes(library.STREAMS), "library")
    for header in checker.headers:
        _quietly(checker, _prototypes(library.HEADERS.get(header, "")), "library")
    if checker.is_library:
        checker.scopes.stack[0].names["__word"] = Symbol("__word", ctypes.WHOLE_WORD, _LIBRARY, "typedef", used=True)
        _quietly(checker, _prototypes(PROTOTYPES), "library")


@lru_cache(maxsize=256)
def _prototypes(text: str) -> tree.Unit:
    report = Reporter()
    types = {"__word", *(name for defined in headers.TYPES.values() for name in defined)}
    return parser.parse(lexer.tokenize(text, report), types, report)


def _quietly(checker: DeclarationChecker, unit: tree.Unit, storage: str) -> None:
    for part in unit.parts:
        assert isinstance(part, written.Declaration)
        base = checker.types.base(part.specifiers)
        for one in part.declared:
            type_ = checker.types.derived(base, one.declarator, is_const=part.specifiers.is_const)
            name = one.declarator.name
            symbol = Symbol(name, type_, _LIBRARY, storage, unique=f"lib.{name}", used=True)
            if storage == "typedef":
                checker.scopes.stack[0].names[name] = symbol
            else:
                checker.library[name] = symbol


# Declarations.


def declare(checker: DeclarationChecker, node: written.Declaration) -> None:
    """Analyze a declaration of variables, functions or types."""
    base = checker.types.base(node.specifiers)
    for one in node.declared:
        type_ = checker.types.derived(base, one.declarator, is_const=node.specifiers.is_const)
        if node.specifiers.storage == "typedef":
            _add(checker, Symbol(one.declarator.name, type_, one.declarator.at, "typedef", used=True))
        elif isinstance(type_, FunctionType):
            one.symbol = _declare_function(checker, one.declarator, type_)
        else:
            _declare_variable(checker, node, one, type_)


def _declare_variable(
    checker: DeclarationChecker, node: written.Declaration, one: written.Initialized, type_: CType
) -> None:
    declarator, storage = one.declarator, node.specifiers.storage
    name, at = declarator.name, declarator.at
    if type_ is VOID:
        checker.error(at, f"the variable '{name}' cannot be of type void", "give it another type", len(name))
        type_ = BAD
    is_const = _is_const(node.specifiers, declarator)
    place = "global" if checker.scopes.is_global else "static" if storage in ("static", "extern") else "local"
    symbol = Symbol(name, type_, at, place, is_const=is_const, defined=storage != "extern")
    known = checker.scopes.stack[-1].names.get(name)
    if known is not None and known.storage == "global" and place == "global" and ctypes.same(known.type, type_):
        symbol = _again(checker, known, one, type_)
    elif storage == "extern" and place == "static":
        outer = checker.scopes.stack[0].names.get(name)
        symbol = outer if outer is not None and outer.storage == "global" else symbol
        checker.scopes.stack[-1].names[name] = symbol
    else:
        _add(checker, symbol)
    one.symbol = symbol
    if one.initial is not None and type_ is not BAD:
        symbol.defined = True
        flattened = Initializer(checker)
        symbol.type = flattened.whole(type_, one.initial)
        checker.initial[symbol] = flattened.elements
    elif one.initial is not None:
        checker.value(one.initial) if not isinstance(one.initial, tree.Braces) else None
    elif place == "local" and not ctypes.is_complete(type_) and type_ is not BAD:
        _no_size(checker, symbol)


def _again(checker: DeclarationChecker, known: Symbol, one: written.Initialized, type_: CType) -> Symbol:
    if one.initial is not None and known in checker.initial:
        name = one.declarator.name
        checker.error(one.declarator.at, f"'{name}' is given a value twice", "leave one of them out", len(name))
    if isinstance(type_, ArrayType) and type_.length is not None:
        known.type = type_
    return known


def _no_size(checker: DeclarationChecker, symbol: Symbol) -> None:
    width = len(symbol.name)
    if isinstance(symbol.type, ArrayType):
        hint = "write a number in the brackets, or give it values"
        checker.error(symbol.at, f"the array '{symbol.name}' has no length", hint, width)
    else:
        message = f"'{symbol.name}' cannot be of type {symbol.type.name}, whose members are not known"
        checker.error(symbol.at, message, "define the type first, or declare a pointer", width)
    symbol.type = BAD


def _is_const(specifiers: written.Specifiers, declarator: written.Declarator) -> bool:
    first = declarator.modifiers[0] if declarator.modifiers else None
    if isinstance(first, written.PointerTo):
        return first.is_const
    pointed = any(isinstance(one, written.PointerTo) for one in declarator.modifiers)
    return specifiers.is_const and not pointed


def _add(checker: DeclarationChecker, symbol: Symbol) -> None:
    scope = checker.scopes.stack[-1].names
    known = scope.get(symbol.name)
    if known is not None and not (
        known.storage == symbol.storage == "typedef" and ctypes.same(known.type, symbol.type)
    ):
        hint = f"it was declared in line {known.at.line}; rename one"
        checker.error(symbol.at, f"'{symbol.name}' is declared twice", hint, len(symbol.name))
    scope[symbol.name] = symbol
    if symbol.in_store:
        checker.stored.append(symbol)
    if symbol.storage != "typedef":
        checker.all_symbols.append(symbol)
    symbol.unique = _unique(checker, symbol)


def _unique(checker: DeclarationChecker, symbol: Symbol) -> str:
    library = "lib." if checker.is_library else ""
    inside = (
        f"{library}{checker.function.name}." if checker.function is not None and symbol.storage == "static" else library
    )
    name, count = inside + symbol.name, 1
    if not symbol.in_store:
        return name
    while name in checker.uniques:
        count += 1
        name = f"{inside}{symbol.name}.{count}"
    checker.uniques.add(name)
    return name


# Functions.


def _declare_function(checker: DeclarationChecker, declarator: written.Declarator, type_: FunctionType) -> Symbol:
    scope = checker.scopes.stack[0].names
    known = scope.get(declarator.name)
    if known is None:
        symbol = Symbol(
            declarator.name,
            type_,
            declarator.at,
            "function",
            unique=_function_name(checker, declarator.name),
            used=True,
        )
        scope[declarator.name] = symbol
        checker.all_symbols.append(symbol)
        return symbol
    if not ctypes.same(known.type, type_):
        width = len(declarator.name)
        hint = f"in line {known.at.line} it is {known.type.name}"
        checker.error(declarator.at, f"'{declarator.name}' is declared as {type_.name}, unlike before", hint, width)
    elif isinstance(known.type, FunctionType) and known.type.params is None:
        known.type = type_
    return known


def _function_name(checker: DeclarationChecker, name: str) -> str:
    if checker.is_library:
        return f"lib.{name}"
    return "c.main" if name == "main" else name


def define_function(checker: DeclarationChecker, node: tree.FunctionDefinition) -> Symbol | None:
    """Declare a function that has a body; None where it is no function that could have one."""
    declarator = node.declarator
    type_ = checker.types.derived(checker.types.base(node.specifiers), declarator)
    if not isinstance(type_, FunctionType):
        return None
    if type_.params is None:
        type_ = ctypes.function_type(type_.returns, ())
    symbol = _declare_function(checker, declarator, type_)
    width = len(declarator.name)
    if symbol.defined:
        hint = f"it was defined in line {symbol.at.line}; rename one"
        checker.error(declarator.at, f"the function '{declarator.name}' is defined twice", hint, width)
        return None
    if not isinstance(symbol.type, FunctionType):
        return None
    symbol.defined, symbol.at, symbol.type = True, declarator.at, type_
    if symbol.name == "main" and type_.returns is not INT:
        checker.error(declarator.at, f"main must return int, not {type_.returns.name}", "write int main(void)", width)
    elif type_.returns is not VOID and not ctypes.is_complete(type_.returns) and type_.returns is not BAD:
        checker.error(
            declarator.at, f"'{symbol.name}' returns {type_.returns.name}, which is not complete", "define it", width
        )
    return symbol


def declare_params(checker: DeclarationChecker, node: tree.FunctionDefinition) -> list[Symbol]:
    """Declare the parameters of a function in its own scope."""
    assert node.symbol is not None
    function = node.symbol.type
    assert isinstance(function, FunctionType)
    modifier = node.declarator.modifiers[0]
    listed = modifier.params if isinstance(modifier, written.FunctionOf) and modifier.params else []
    params = []
    for one, type_ in zip(listed, function.params or (), strict=False):
        name, at = one.declarator.name, one.declarator.at
        if not name:
            checker.error(one.at, "a parameter of a function with a body needs a name", "write it after the type")
        elif not ctypes.is_complete(type_) and type_ is not BAD:
            checker.error(
                at, f"the parameter '{name}' is of type {type_.name}, which is not complete", "define it", len(name)
            )
        symbol = Symbol(
            name, type_, at, "param", is_const=_is_const(one.specifiers, one.declarator), defined=True, used=True
        )
        params.append(symbol)
        if name:
            _add(checker, symbol)
    return params


# Ends of scopes.


def close_scope(checker: DeclarationChecker) -> None:
    """Close the innermost scope, and tell of variables that nobody asked for."""
    for symbol in checker.scopes.pop().names.values():
        if symbol.storage == "local" and not symbol.used and symbol.type is not BAD:
            message = f"the variable '{symbol.name}' is never used"
            checker.report.warn("semantic", symbol.at, message, "take it out", len(symbol.name))


def finish(checker: DeclarationChecker) -> None:
    """Check what only the whole source tells: a main, functions that are nowhere defined, arrays' lengths."""
    for symbol in checker.stored:
        if symbol.storage == "global" and not ctypes.is_complete(symbol.type) and symbol.type is not BAD:
            if isinstance(symbol.type, ArrayType) and ctypes.is_complete(symbol.type.element):
                symbol.type = ctypes.array_of(symbol.type.element, 1)
            else:
                _no_size(checker, symbol)
    for missing, at in checker.mentioned.items():
        if missing.storage == "function" and not missing.defined:
            hint = "write its body, or check its name"
            checker.error(at, f"the function '{missing.name}' is declared, but has no body", hint, len(missing.name))
    if checker.is_library:
        return
    main = checker.scopes.stack[0].names.get("main")
    if main is None or not isinstance(main.type, FunctionType) or not main.defined:
        checker.error(Position(1, 1), "there is no function main", "a program begins in: int main(void) { … }")
