"""Which expressions may come to the collector as they are computed, and which methods have places to come back to."""

from collections.abc import Iterator

from core.workloads.code.frontends.java import acts, core
from core.workloads.code.frontends.java.core_walking import walk
from core.workloads.code.frontends.java.library import LIBRARY


def parts(node: core.Expr) -> list[core.Expr | None]:  # noqa: PLR0911 - a case for each expression
    """List the expressions right within one."""
    match node:
        case core.FieldGet(object=one) | core.ArrayLength(array=one) | core.Unary(operand=one):
            return [one]
        case core.Convert(value=one) | core.InstanceOf(value=one):
            return [one]
        case core.ArrayGet(array=left, index=right) | core.Binary(left=left, right=right):
            return [left, right]
        case core.Logic(left=left, right=right) | core.Assign(target=left, value=right):
            return [left, right]
        case core.Update(target=left, value=right):
            return [left, right]
        case core.Conditional():
            return [node.test, node.then, node.otherwise]
        case core.Concat(parts=several) | core.CreateArray(sizes=several) | core.ArrayOf(items=several):
            return [*several]
        case core.Invoke():
            return [node.object, *node.args]
        case core.Create():
            return [node.outer, *(node.captured or ()), *node.args]
    return []


def native_name(node: core.Invoke) -> str:
    """Give the name of the routine that a call reaches; nothing for one of a method in Java."""
    method = node.method
    if "native" not in method.modifiers:
        return ""
    return f"{method.owner.name.lstrip('$')}_{method.name}"


def may_collect(node: core.Expr | None) -> bool:
    """Whether the collector may run while the expression is computed."""
    match node:
        case None:
            return False
        case core.Invoke():
            name = native_name(node)
            if not name or name in LIBRARY.sources.collecting:
                return True
        case (
            core.Create() | core.CreateArray() | core.ArrayOf() | core.Concat() | core.SwitchValue() | core.StaticGet()
        ):
            return True
        case core.Convert(how="check"):
            return may_collect(node.value)
    return any(map(may_collect, parts(node)))


def expressions(node: acts.Statement) -> Iterator[core.Expr]:
    """Give the expressions right within a statement, those of statements within it left out."""
    match node:
        case acts.Declare(value=one) | acts.Return(value=one):
            if one is not None:
                yield one
        case acts.Effect(value=one) | acts.Throw(value=one) | acts.Give(value=one):
            yield one
        case acts.If(test=test) | acts.Loop(test=test):
            if test is not None:
                yield test
        case acts.Switch(selector=one):
            yield one
        case acts.ConstructorCall(args=args):
            yield from args
            yield from (node.outer, *(node.captured or ())) if node.outer is not None else node.captured or ()


def has_try(node: acts.Statement) -> bool:
    """Whether there is a place that an exception may lead back to."""
    return any(isinstance(one, acts.Try) or any(map(_holds_try, expressions(one))) for one in walk(node))


def _holds_try(node: core.Expr) -> bool:
    if isinstance(node, core.SwitchValue):
        return has_try(node.switch)
    return any(_holds_try(one) for one in parts(node) if one is not None)


def collects(node: acts.Statement) -> bool:
    """Whether the collector may run in a method with this body."""
    return any(
        isinstance(one, acts.ConstructorCall | acts.Try | acts.Switch) or any(map(may_collect, expressions(one)))
        for one in walk(node)
    )
