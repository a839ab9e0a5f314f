"""Semantic analysis of expressions: every one gets its type, and the conversions C makes by itself are written out."""

from collections.abc import Callable
from typing import Any, ClassVar

from core.workloads.code.frontends.c import advising, calling, ctypes, library, lvalues, nodes, parts, suspicions, tree
from core.workloads.code.frontends.c.constants import WANTED, constant
from core.workloads.code.frontends.c.converting import assigned, cast, decayed
from core.workloads.code.frontends.c.ctypes import (
    BAD,
    DOUBLE,
    INT,
    UNSIGNED_LONG,
    VOID,
    CType,
    PointerType,
    RecordType,
)
from core.workloads.code.frontends.c.diagnosing import Reporter
from core.workloads.code.frontends.c.initializers import Element, Initializer
from core.workloads.code.frontends.c.operators import check_binary, check_compound, joined
from core.workloads.code.frontends.c.symbols import Scopes, Symbol
from core.workloads.code.frontends.c.typing import TypeResolver
from core.workloads.code.ir.instructions import Position


class ExpressionChecker:
    """Gives types to expressions within the scopes that are open."""

    def __init__(self, headers: list[str], report: Reporter) -> None:
        self.scopes = Scopes()
        self.report = report
        self.headers = headers
        self.types = TypeResolver(self.scopes, report, self.integer_constant)
        self.library: dict[str, Symbol] = {}
        self.function: Symbol | None = None
        self.stored: list[Symbol] = []
        self.initial: dict[Symbol, list[Element]] = {}
        self.mentioned: dict[Symbol, Position] = {}
        """Functions, and where each was named first."""

    def error(self, at: Position, message: str, hint: str = "", width: int = 1) -> None:
        """Report something that makes no sense."""
        self.report.error("semantic", at, message, hint, width)

    # What others ask for.

    def value(self, node: nodes.Expression) -> nodes.Expression:
        """Analyze an expression whose value is wanted: arrays and functions become pointers."""
        return decayed(self.check(node))

    def check(self, node: nodes.Expression) -> nodes.Expression:
        """Analyze an expression as it stands."""
        return self._CHECKS[type(node)](self, node)

    def test(self, node: nodes.Expression) -> nodes.Expression:
        """Analyze a condition."""
        found = self.value(node)
        if found.type is not BAD and not ctypes.is_scalar(found.type):
            self.error(
                found.at, f"a value of type {found.type.name} is neither true nor false", "compare it with something"
            )
        if isinstance(node, tree.Assign) and not node.op and isinstance(node.value, tree.Number):
            self.report.warn("semantic", node.at, "this assigns, it does not compare", "write == to compare")
        return found

    def integer_constant(self, node: nodes.Expression, wanted: tuple[str, str] = WANTED) -> int | None:
        """Analyze and evaluate what must be an integer constant."""
        found = self.value(node)
        value = constant(found)
        if found.type is BAD:
            return None
        if not isinstance(value, int):
            self.error(node.at, *wanted)
            return None
        return value

    # Names.

    def _name(self, node: tree.Name) -> nodes.Expression:
        symbol = self.scopes.find(node.name) or self._from_library(node)
        if symbol is None:
            node.type = BAD
            self._unknown(node)
        elif symbol.storage == "typedef":
            node.type = BAD
            self.error(node.at, f"'{node.name}' is a type, not a value", "", len(node.name))
        else:
            node.symbol, node.type = symbol, symbol.type
            symbol.used = True
            if symbol.storage == "function":
                self.mentioned.setdefault(symbol, node.at)
        return node

    def _unknown(self, node: tree.Name) -> None:
        name, width = node.name, len(node.name)
        refused, header = library.REFUSED.get(name), library.header_of(name)
        if refused:
            self.error(node.at, f"the function {name} is not supported", refused, width)
        elif header:
            self.error(node.at, f"'{name}' is not declared", f"add #include <{header}>", width)
        else:
            hint = advising.of_name(name, self.scopes.names())
            self.error(node.at, f"'{name}' is not declared", hint, width)
        self.scopes.stack[-1].names[name] = Symbol(name, BAD, node.at, "local", used=True)

    def _from_library(self, node: tree.Name) -> Symbol | None:
        if node.name == "__func__" and self.function is not None:
            text = tree.Text(node.at, self.function.name.encode())
            return Symbol("__func__", self._text(text).type, node.at, "library", unique="")
        return self.library.get(node.name)

    # Constants.

    def _number(self, node: tree.Number) -> nodes.Expression:
        node.type = ctypes.NUMBER_TYPES[node.type_name]
        return node

    def _text(self, node: tree.Text) -> nodes.Expression:
        node.type = ctypes.array_of(ctypes.CHAR, len(node.data) + 1)
        return node

    # Operators.

    def _unary(self, node: tree.Unary) -> nodes.Expression:
        if node.op == "&":
            return self._address(node)
        if node.op in ("++", "--", "p++", "p--"):
            node.operand = self.check(node.operand)
            self._needs_place(node.operand, node.at, "changed")
            node.type = node.operand.type
            check_compound(self, node, node.type, node.op[-1])
            return node
        node.operand = self.value(node.operand)
        node.type = BAD
        type_ = node.operand.type
        if type_ is BAD:
            return node
        if node.op == "*":
            self._target(node, type_)
        elif node.op == "!":
            if self._allowed(node, ctypes.is_scalar(type_)):
                node.type = INT
        elif self._allowed(node, ctypes.is_number(type_) if node.op in "+-" else ctypes.is_integer(type_)):
            node.type = ctypes.promoted(type_)
            node.operand = cast(node.operand, node.type)
        return node

    def _target(self, node: tree.Unary, type_: CType) -> None:
        if not isinstance(type_, PointerType):
            self.error(
                node.at, f"* needs a pointer, and this is of type {type_.name}", "leave the * out, or declare a pointer"
            )
        elif type_.target is VOID:
            self.error(node.at, "a void * points at nothing that has a type", "cast it first: *(int *)p")
        elif isinstance(type_.target, RecordType) and type_.target.members is None:
            self.error(node.at, f"{type_.target.name} has no members here", "define it before it is used")
        else:
            node.type = type_.target

    def _allowed(self, node: tree.Unary, allowed: bool) -> bool:  # noqa: FBT001 - the one thing asked
        if not allowed:
            message = f"{node.op} cannot be applied to a value of type {node.operand.type.name}"
            self.error(node.at, message, "it needs a number" if node.op in "+-" else "it needs an integer")
        return allowed

    def _address(self, node: tree.Unary) -> nodes.Expression:
        node.operand = operand = self.check(node.operand)
        node.type = BAD
        if operand.type is BAD:
            return node
        if not isinstance(operand.type, ctypes.FunctionType) and not lvalues.is_place(operand):
            self.error(node.at, "this value has no address", "& needs a variable, an element or a member")
            return node
        lvalues.mark_addressed(operand)
        node.type = ctypes.pointer_to(operand.type)
        return node

    def _needs_place(self, node: nodes.Expression, at: Position, what: str) -> None:
        if node.type is BAD:
            return
        if not lvalues.is_place(node) or isinstance(node.type, ctypes.FunctionType):
            self.error(at, f"only a variable can be {what}, and this is a value", "put a variable on the left side")
        elif isinstance(node.type, ctypes.ArrayType):
            copying = "strcpy" if node.type.element is ctypes.CHAR else "memcpy"
            hint = f"change its elements one by one, or use {copying}"
            self.error(at, f"an array cannot be {what} as a whole", hint)
        elif lvalues.is_const(node):
            self.error(at, "this is const and cannot be changed", "leave const out of its declaration")

    def _binary(self, node: tree.Binary) -> nodes.Expression:
        if node.op in ("&&", "||"):
            node.left, node.right, node.type = self.test(node.left), self.test(node.right), INT
            return node
        node.left, node.right = self.value(node.left), self.value(node.right)
        if node.op == ",":
            node.type = node.right.type
        else:
            check_binary(self, node)
            suspicions.of_binary(node, self.report)
        return node

    def _assign(self, node: tree.Assign) -> nodes.Expression:
        node.target = self.check(node.target)
        node.value = self.value(node.value)
        self._needs_place(node.target, node.at, "assigned to")
        node.type = node.target.type
        if BAD in (node.type, node.value.type) or isinstance(node.type, ctypes.ArrayType):
            return node
        if node.op:
            check_compound(self, node, node.value.type, node.op)
        else:
            node.value = assigned(node.value, node.type, self.report, what="assigning")
        return node

    def _conditional(self, node: tree.Conditional) -> nodes.Expression:
        node.test = self.test(node.test)
        node.then, node.otherwise = self.value(node.then), self.value(node.otherwise)
        one, other = node.then.type, node.otherwise.type
        node.type = joined(self, node, one, other)
        if ctypes.is_scalar(node.type):
            node.then, node.otherwise = cast(node.then, node.type), cast(node.otherwise, node.type)
        return node

    def _cast(self, node: tree.Cast) -> nodes.Expression:
        assert node.type_name is not None
        node.operand = self.value(node.operand)
        node.type = to = self.types.named(node.type_name)
        source = node.operand.type
        if BAD in (source, to) or to is VOID or ctypes.same(source, to):
            return node
        mixed = DOUBLE in (source, to) and (isinstance(source, PointerType) or isinstance(to, PointerType))
        if mixed or not (ctypes.is_scalar(source) and ctypes.is_scalar(to)):
            self.error(
                node.at,
                f"a value of type {source.name} cannot be cast to {to.name}",
                "only numbers and pointers can be",
            )
            node.type = BAD
        return node

    def _sizeof(self, node: tree.SizeOf) -> nodes.Expression:
        if node.type_name is not None:
            type_ = self.types.named(node.type_name)
        else:
            assert node.operand is not None
            node.operand = self.check(node.operand)
            type_ = node.operand.type
        node.type = UNSIGNED_LONG
        if type_ is not BAD and not ctypes.is_complete(type_) and type_ is not VOID:
            self.error(node.at, f"the size of {type_.name} is not known", "define it before it is used", 6)
        node.value = type_.size
        return node

    def _index(self, node: tree.Index) -> nodes.Expression:
        found = parts.check_index(self, node)
        suspicions.of_index(node, constant(node.index), self.report)
        return found

    def _member(self, node: tree.Member) -> nodes.Expression:
        return parts.check_member(self, node)

    def _call(self, node: tree.Call) -> nodes.Expression:
        return calling.check_call(self, node)

    def _compound(self, node: tree.Compound) -> nodes.Expression:
        type_ = self.types.named(node.type_name)
        storage = "global" if self.scopes.is_global else "local"
        symbol = Symbol("(literal)", type_, node.at, storage, addressed=True, defined=True, used=True)
        if type_ is not BAD:
            flattened = Initializer(self)
            symbol.type = flattened.whole(type_, node.braces)
            self.initial[symbol] = flattened.elements
        if storage == "global":
            symbol.unique = f"literal.{len(self.stored)}"
            self.stored.append(symbol)
        node.symbol, node.type = symbol, symbol.type
        return node

    def _braces(self, node: tree.Braces) -> nodes.Expression:
        node.type = BAD
        self.error(node.at, "braces can only stand where a variable is declared", "assign the values one by one")
        return node

    _CHECKS: ClassVar[dict[type[nodes.Expression], Callable[["ExpressionChecker", Any], nodes.Expression]]] = {
        tree.Number: _number,
        tree.Text: _text,
        tree.Name: _name,
        tree.Unary: _unary,
        tree.Binary: _binary,
        tree.Assign: _assign,
        tree.Conditional: _conditional,
        tree.Cast: _cast,
        tree.SizeOf: _sizeof,
        tree.Call: _call,
        tree.Index: _index,
        tree.Member: _member,
        tree.Braces: _braces,
        tree.Compound: _compound,
    }
