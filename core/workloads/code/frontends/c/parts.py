"""Elements of arrays, and members of structs and unions."""

from typing import Protocol

from core.workloads.code.frontends.c import ctypes, nodes, tree
from core.workloads.code.frontends.c.converting import cast
from core.workloads.code.frontends.c.ctypes import BAD, BOOL, LONG, PointerType, RecordType
from core.workloads.code.ir.instructions import Position


class Checker(Protocol):
    """What is needed of the analysis here."""

    def error(self, at: Position, message: str, hint: str = "", width: int = 1) -> None:
        """Report something that makes no sense."""

    def check(self, node: nodes.Expression) -> nodes.Expression:
        """Analyze an expression as it stands."""

    def value(self, node: nodes.Expression) -> nodes.Expression:
        """Analyze an expression whose value is wanted."""


def check_index(checker: Checker, node: tree.Index) -> nodes.Expression:
    """Give a type to `base[index]`."""
    node.base, node.index = checker.value(node.base), checker.value(node.index)
    if not isinstance(node.base.type, PointerType) and isinstance(node.index.type, PointerType):
        node.base, node.index = node.index, node.base
    node.type = BAD
    base, index = node.base.type, node.index.type
    if BAD in (base, index):
        return node
    if not isinstance(base, PointerType) or not ctypes.is_complete(base.target):
        checker.error(node.at, f"a value of type {base.name} has no elements", "an array or a pointer has")
    elif not ctypes.is_integer(index):
        checker.error(
            node.index.at, f"an index must be an integer, and this is of type {index.name}", "cast it: (int)x"
        )
    else:
        node.type = base.target
        node.index = cast(node.index, LONG) if index is BOOL else node.index
    return node


def check_member(checker: Checker, node: tree.Member) -> nodes.Expression:
    """Give a type to `operand.name` and `operand->name`."""
    node.operand = checker.value(node.operand) if node.arrow else checker.check(node.operand)
    node.type = BAD
    type_ = node.operand.type
    if type_ is BAD:
        return node
    record = type_.target if isinstance(type_, PointerType) else type_
    width = len(node.name)
    if not isinstance(record, RecordType):
        checker.error(node.at, f"a value of type {type_.name} has no members", "only a struct or union has", width)
    elif isinstance(type_, PointerType) != node.arrow:
        right, written = (".", "->") if node.arrow else ("->", ".")
        hint = f"the left side is a {type_.name}"
        checker.error(node.sign, f"'{node.name}' is reached with {right}", hint, len(written))
    elif record.members is None:
        checker.error(node.at, f"{record.name} has no members here", "define it before it is used", width)
    elif node.name not in record.members:
        hint = "it has " + ", ".join(record.members)
        checker.error(node.at, f"{record.name} has no member '{node.name}'", hint, width)
    else:
        member = record.members[node.name]
        node.offset, node.type = member.offset, member.type
    return node
