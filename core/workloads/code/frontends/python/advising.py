"""Advice on what students mostly get wrong: words and signs of other languages, and attributes that nothing has."""

import ast
import difflib
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from core.workloads.code.frontends.python import library
from core.workloads.code.frontends.python.diagnosing import Report
from core.workloads.code.frontends.python.showing import infer

COMPARE = "compare the line with an example, from here backwards"
_STRING = re.compile(r"\"[^\"]*\"|'[^']*'")
_HEAD = re.compile(r"\s*(if|elif|while|for|def|class|try|else|except|finally)\b")
_FOREIGN_SIGNS = (
    (r"\+\+|--", "Python has no ++ and no --: write x += 1 or x -= 1"),
    (r"&&", "write and"),
    (r"\|\|", "write or"),
    (r"===|!==", "write == or !="),
    (r"!(?!=)", "write not"),
    (r"=>|=<", "write >= or <="),
    (r"<>", "write !="),
    (r"\belse\s+if\b|\belseif\b|\belsif\b", "write elif"),
    (r"^\s*for\s*\(", "write for i in range(n):"),
    (r"\{\s*$|^\s*\}", "blocks have no braces: end the line with a colon and indent what belongs to it"),
    (r"^\s*(int|float|double|char|bool|string|str|var|let|const|auto|long)\s+\w", "leave the type out: name = value"),
    (r"^\s*(function|func|fn|sub|void|public|private|static)\b", "a function begins with def: def name(a, b):"),
    (r"\bthen\b", "a colon stands for then: if x > 0:"),
    (r"\bnew\s+\w", "leave new out: Name(...) makes an object"),
    (r"^\s*(switch|case)\b", "write if and elif"),
    (r"\?", "write one if condition else other"),
    (r"^\s*def\s*\(", "a function needs a name: def name(a, b):"),
    (r"^\s*for\b(?!.*\bin\b)", "write for name in ...:"),
)
_GROWS, _LENGTH, _FIXED = (
    "a list grows by append(x)",
    "len(x) tells how long it is",
    "a text never changes: make a new one",
)
_FOREIGN_NAMES = {
    **dict.fromkeys(("push", "push_back", "add", "addLast"), _GROWS),
    **dict.fromkeys(("length", "size", "len", "Length", "Count"), _LENGTH),
    **dict.fromkeys(("toUpperCase", "toUpper", "to_upper"), "write upper()"),
    **dict.fromkeys(("toLowerCase", "toLower", "to_lower"), "write lower()"),
    **dict.fromkeys(("contains", "includes", "has"), "write x in y"),
    **dict.fromkeys(("has_key", "containsKey"), "write key in d"),
    **dict.fromkeys(("indexOf", "index_of"), "write find(x) or index(x)"),
    **dict.fromkeys(("substring", "substr", "slice"), "write s[start:stop]"),
    **dict.fromkeys(("charAt", "at"), "write s[i]"),
    **dict.fromkeys(("toString", "to_string"), "write str(x)"),
    **dict.fromkeys(("isEmpty", "empty"), "write not x"),
    **dict.fromkeys(("forEach", "each"), "write for x in ...:"),
    "message": "str(e) is the text of an exception",
    "trim": "write strip()",
    "equals": "write ==",
    "put": "write d[key] = value",
    "next": "write next(x)",
    "iteritems": "write items()",
}
_OF_TYPES = {
    ("list", "join"): "write separator.join(list)",
    ("str", "reverse"): "s[::-1] is the text backwards",
    ("str", "sort"): "sorted(s) gives its characters in order",
    ("tuple", "sort"): "sorted(t) gives a sorted list",
    ("str", "append"): "a text never changes: write s = s + x",
    ("tuple", "append"): "a tuple never changes: take a list",
    ("set", "append"): "a set grows by add(x)",
    ("dict", "append"): "write d[key] = value",
    ("dict", "add"): "write d[key] = value",
    ("str", "add"): "a text never changes: write s = s + x",
    **{("str", name): _FIXED for name in ("insert", "remove", "pop", "extend", "clear")},
    **{("tuple", name): "a tuple never changes: take a list" for name in ("insert", "remove", "pop", "add", "extend")},
}
_FOREIGN_WORDS = {
    **dict.fromkeys(("true", "TRUE"), "True"),
    **dict.fromkeys(("false", "FALSE"), "False"),
    **dict.fromkeys(("null", "nil", "none", "NULL", "undefined", "nullptr"), "None"),
    **dict.fromkeys(("this", "me"), "self, the first parameter of a method"),
    **dict.fromkeys(("println", "printf", "puts", "echo", "cout", "console", "System"), "print(...)"),
    **dict.fromkeys(("scanf", "cin", "readline", "raw_input", "Scanner"), "input()"),
    **dict.fromkeys(("strlen", "length", "size", "count"), "len(x)"),
    **dict.fromkeys(("Integer", "parseInt", "atoi", "toInt"), "int(x)"),
    **dict.fromkeys(("String", "string"), "str(x)"),
    "xrange": "range(n)",
    "foreach": "for x in ...:",
    "Math": "import math, and then math.sqrt(x)",
}
MOST_LISTED = 16
_TYPES = {one.__name__: one for one in (str, list, tuple, dict, set, frozenset, int, float)}
_GIVEN = frozenset({"args", "format", "fromkeys", "throw"})
"""Attributes that are here beside those of the tables: of exceptions, of texts, of the class dict, of generators."""


def of_syntax(line: str, column: int) -> str:
    """Advise where a line cannot be read, from the column on (from 0); nothing where it looks like no known mistake."""
    code = _STRING.sub(lambda found: "_" * len(found[0]), line).partition("#")[0]
    for pattern, hint in _FOREIGN_SIGNS:
        if re.search(pattern, code):
            return hint
    head = _HEAD.match(code)
    if head is not None:
        word = head[1]
        if column <= head.start(1) and word in ("else", "elif", "except", "finally"):
            first = "try" if word in ("except", "finally") else "if"
            return f"'{word}' stands right below the block of its '{first}', as far to the left as it"
        if ":" not in code:
            return f"the line that begins with '{word}' needs a colon before what it governs"
    if column >= len(code.rstrip()):
        return "something is missing at the end of this line"
    return ""


def look_over(tree: ast.Module, report: Report) -> None:
    """Refuse methods that Python has and the Engine has not, and warn of attributes that nothing has."""
    if any("AttributeError" in ast.unparse(one) for one in _caught(tree)):
        return
    defined, types = _defined(tree), _types_of_names(tree)
    imported = {one.asname or one.name for node in ast.walk(tree) if isinstance(node, ast.Import) for one in node.names}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Attribute) or not isinstance(node.ctx, ast.Load) or node.attr.startswith("__"):
            continue
        named = node.value.id if isinstance(node.value, ast.Name) else ""
        if named in imported or node.attr in _GIVEN or node.attr in defined:
            continue
        of = types.get(named, named if named in _TYPES else "") if named else infer(node.value)
        _look_at(node, of if of in _TYPES else "", defined, report)


def _look_at(node: ast.Attribute, of: str, defined: frozenset[str], report: Report) -> None:
    name, here = node.attr, methods_of(of) if of else frozenset(library.methods())
    if name in here:
        return
    if name in (dir(_TYPES[of]) if of else _public()):
        said = f"'{of}.{name}'" if of else f"the attribute '{name}' of built-in types"
        report.error(_end(node), f"{said} is not supported", f"there are {', '.join(sorted(here))}" if of else "")
        return
    hint = _OF_TYPES.get((of, name)) or _FOREIGN_NAMES.get(name) or _alike(name, here if of else here | defined)
    if of:
        hint = hint or (f"it has {', '.join(sorted(here))}" if len(here) <= MOST_LISTED else "")
        report.warn(_end(node), f"{'an' if of == 'int' else 'a'} {of} has no attribute '{name}'", hint)
    else:
        hint = hint or "look how it is spelled where it gets its value"
        report.warn(_end(node), f"nothing in this program has an attribute '{name}'", hint)


def of_name(name: str, visible: Iterable[str]) -> str:
    """Advise where nothing has this name; `visible` are the names that something has."""
    if name in _FOREIGN_WORDS:
        return f"write {_FOREIGN_WORDS[name]}"
    close = difflib.get_close_matches(name, visible, 1)
    return f"did you mean '{close[0]}'?" if close else "give it a value before it is used"


def _alike(name: str, known: Iterable[str]) -> str:
    close = difflib.get_close_matches(name, sorted({*known, *_FOREIGN_NAMES}), 1, 0.7)
    if not close:
        return ""
    return _FOREIGN_NAMES.get(close[0]) or f"did you mean '{close[0]}'?"


@lru_cache(maxsize=16)
def methods_of(of: str) -> frozenset[str]:
    """List what a built-in type has here."""
    kinds = library.KINDS[of]
    return frozenset(
        name for name, routines in library.methods().items() if any(set(kinds) & set(one.kinds) for one in routines)
    )


@lru_cache(maxsize=1)
def _public() -> frozenset[str]:
    return frozenset(name for one in _TYPES.values() for name in dir(one) if not name.startswith("_"))


def _end(node: ast.Attribute) -> ast.AST:
    """Give the place of the attribute's name, behind the dot."""
    end, line = node.end_col_offset or 0, node.end_lineno or node.lineno
    return ast.Pass(lineno=line, col_offset=end - len(node.attr.encode()), end_lineno=line, end_col_offset=end)


def _caught(tree: ast.Module) -> Iterator[ast.expr]:
    return (one.type for one in ast.walk(tree) if isinstance(one, ast.ExceptHandler) and one.type is not None)


def _defined(tree: ast.Module) -> frozenset[str]:
    """List the attributes that the program itself gives to anything."""
    found: set[str] = set()
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(attr=name, ctx=ast.Store()):
                found.add(name)
            case ast.ClassDef(body=body):
                found.update(one.name for one in body if isinstance(one, ast.FunctionDef))
                found.update(one.id for part in body for one in ast.walk(part) if isinstance(one, ast.Name))
            case ast.Call(func=ast.Name(id="setattr"), args=[_, ast.Constant(value=str(name)), *_]):
                found.add(name)
    return frozenset(found)


def _types_of_names(tree: ast.Module) -> dict[str, str]:
    """Tell the types of names to which everything that they are given is alike at sight."""
    found: dict[str, set[str]] = {}
    simple: set[ast.AST] = set()
    for node in ast.walk(tree):
        match node:
            case ast.Assign(targets=targets, value=value):
                for one in targets:
                    if isinstance(one, ast.Name):
                        found.setdefault(one.id, set()).add(infer(value))
                        simple.add(one)
            case ast.AugAssign(target=ast.Name() as target):
                simple.add(target)  # a text, list, tuple, dict or set stays what it is
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name, ctx=ast.Store()) if node not in simple:
                found.setdefault(name, set()).add("any")
            case ast.arg(arg=name) | ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                found.setdefault(name, set()).add("any")
            case ast.ExceptHandler(name=str(name)) | ast.alias(asname=str(name)) | ast.alias(name=name):
                found.setdefault(name, set()).add("any")
    return {name: of for name, (of, *more) in found.items() if not more and of not in ("int", "float")}
