"""What types the operands of each operator may have, and what type comes out."""

from typing import Protocol

from core.workloads.code.frontends.c import converting, ctypes, nodes, tree
from core.workloads.code.frontends.c.constants import COMPARISONS, constant
from core.workloads.code.frontends.c.converting import cast
from core.workloads.code.frontends.c.ctypes import BAD, INT, LONG, VOID, CType, PointerType
from core.workloads.code.frontends.c.diagnosing import Reporter
from core.workloads.code.ir.instructions import Position

_INTEGERS_ONLY = frozenset({"%", "&", "|", "^", "<<", ">>"})


class Checker(Protocol):
    """What is needed of the analysis here."""

    report: Reporter

    def error(self, at: Position, message: str, hint: str = "", width: int = 1) -> None:
        """Report something that makes no sense."""


def check_binary(checker: Checker, node: tree.Binary) -> None:
    """Give a type to an operator other than `, && ||`, whose operands are analyzed."""
    left, right = node.left.type, node.right.type
    node.type = BAD
    if BAD in (left, right):
        return
    if node.op in COMPARISONS:
        _comparison(checker, node)
    elif ctypes.is_number(left) and ctypes.is_number(right):
        _numbers(checker, node)
    elif node.op in "+-" and (isinstance(left, PointerType) or isinstance(right, PointerType)):
        _pointers(checker, node)
    else:
        _refuse(checker, node)


def check_compound(checker: Checker, node: tree.Assign | tree.Unary, value: CType, op: str) -> None:
    """Check `target op= value`, and `++ --` as the same with 1."""
    target = node.type
    if target is BAD or value is BAD:
        return
    if isinstance(target, PointerType):
        if op not in "+-" or not (isinstance(node, tree.Unary) or ctypes.is_integer(value)):
            checker.error(
                node.at, f"{op}= cannot be applied to a pointer and a {value.name}", "a pointer moves by integers"
            )
        elif target.target is VOID or not ctypes.is_complete(target.target):
            checker.error(node.at, f"a {target.name} cannot be moved", "the size of what it points at is not known")
        return
    allowed = ctypes.is_integer if op in _INTEGERS_ONLY else ctypes.is_number
    if not allowed(target) or not allowed(value):
        checker.error(node.at, f"{op} cannot be applied to {target.name} and {value.name}", _needs(op))
    elif isinstance(node, tree.Assign):
        _warn_of_zero(checker, node.value, op)
        if op in ("<<", ">>"):
            node.value = cast(node.value, ctypes.promoted(value))
        else:
            node.value = cast(node.value, ctypes.common(target, value))


def joined(checker: Checker, node: tree.Conditional, one: CType, other: CType) -> CType:
    """Give the type of `?:` whose two values are of these."""
    if BAD in (one, other):
        return BAD
    if ctypes.is_number(one) and ctypes.is_number(other):
        return ctypes.common(one, other)
    null, other_null = converting.is_null(node.then), converting.is_null(node.otherwise)
    if isinstance(one, PointerType) and (other_null or isinstance(other, PointerType)):
        is_void = isinstance(other, PointerType) and other.target is VOID
        return other if null or (is_void and not other_null) else one
    if isinstance(other, PointerType) and null:
        return other
    if not ctypes.same(one, other):
        message = f"the two values of ?: are of types {one.name} and {other.name}"
        checker.error(node.at, message, "let them be of one type")
        return BAD
    return one


def _needs(op: str) -> str:
    return f"{op} needs integers" if op in _INTEGERS_ONLY else f"{op} needs numbers"


def _numbers(checker: Checker, node: tree.Binary) -> None:
    left, right = node.left.type, node.right.type
    if node.op in _INTEGERS_ONLY and not (ctypes.is_integer(left) and ctypes.is_integer(right)):
        hint = "fmod of math.h divides doubles" if node.op == "%" else "cast the double: (int)x"
        checker.error(
            node.at, f"{node.op} needs integers, and this is {left.name} {node.op} {right.name}", hint, len(node.op)
        )
        return
    _warn_of_zero(checker, node.right, node.op)
    if node.op in ("<<", ">>"):
        node.type = ctypes.promoted(left)
        node.left, node.right = cast(node.left, node.type), cast(node.right, ctypes.promoted(right))
    else:
        node.type = ctypes.common(left, right)
        node.left, node.right = cast(node.left, node.type), cast(node.right, node.type)


def _warn_of_zero(checker: Checker, divisor: nodes.Expression, op: str) -> None:
    if op in "/%" and ctypes.is_integer(divisor.type) and constant(divisor) == 0:
        checker.report.warn("semantic", divisor.at, "this divides by zero", "the program will stop here")


def _pointers(checker: Checker, node: tree.Binary) -> None:
    left, right = node.left.type, node.right.type
    if isinstance(left, PointerType) and isinstance(right, PointerType):
        if node.op == "-" and ctypes.same(left, right) and _movable(checker, node, left):
            node.type = LONG
        elif node.op == "+" or not ctypes.same(left, right):
            _refuse(checker, node)
        return
    pointer, number = (left, right) if isinstance(left, PointerType) else (right, left)
    assert isinstance(pointer, PointerType)
    if not ctypes.is_integer(number) or (node.op == "-" and pointer is right):
        _refuse(checker, node)
    elif _movable(checker, node, pointer):
        node.type = pointer
        if pointer is right:
            node.left, node.right = node.right, node.left


def _movable(checker: Checker, node: tree.Binary, pointer: PointerType) -> bool:
    if pointer.target is not VOID and ctypes.is_complete(pointer.target):
        return True
    checker.error(
        node.at, f"a {pointer.name} cannot be moved", "the size of what it points at is not known; cast it to char *"
    )
    return False


def _comparison(checker: Checker, node: tree.Binary) -> None:
    left, right = node.left.type, node.right.type
    if ctypes.is_number(left) and ctypes.is_number(right):
        type_ = ctypes.common(left, right)
        node.left, node.right = cast(node.left, type_), cast(node.right, type_)
    elif not (ctypes.is_scalar(left) and ctypes.is_scalar(right)) or ctypes.DOUBLE in (left, right):
        _refuse(checker, node)
        return
    elif not _comparable(node, left, right):
        message = f"this compares {left.name} with {right.name}"
        checker.report.warn("semantic", node.at, message, "take what the pointer points at with *", len(node.op))
    node.type = INT


def _comparable(node: tree.Binary, left: CType, right: CType) -> bool:
    if isinstance(left, PointerType) and isinstance(right, PointerType):
        return ctypes.same(left, right) or VOID in (left.target, right.target)
    return converting.is_null(node.left) or converting.is_null(node.right)


def _refuse(checker: Checker, node: tree.Binary) -> None:
    left, right = node.left.type, node.right.type
    hint = _needs(node.op) if node.op not in COMPARISONS else "compare numbers with numbers, and pointers with pointers"
    if isinstance(left, ctypes.RecordType) or isinstance(right, ctypes.RecordType):
        hint = "work on its members one by one"
    checker.error(node.at, f"{node.op} cannot be applied to {left.name} and {right.name}", hint, len(node.op))
