"""Expressions, each by its kind."""

from core.workloads.code.frontends.java import core, syntax, types
from core.workloads.code.frontends.java.attribution.switching import Switching
from core.workloads.code.frontends.java.relations import as_class, erased, upper
from core.workloads.code.frontends.java.types import Primitive, Type
from core.workloads.code.ir.instructions import Position

_LITERALS = {"int": types.INT, "long": types.LONG, "double": types.DOUBLE, "char": types.CHAR, "boolean": types.BOOLEAN}


class Expressions(Switching):
    """The part of the attribution that tells expressions apart."""

    def value(self, node: syntax.Expr, wanted: Type | None = None) -> core.Expr:  # noqa: C901, PLR0911, PLR0912 - a case for each
        """Attribute an expression; `wanted` is what it is for, where that is known."""
        match node:
            case syntax.Literal():
                return self._literal(node)
            case syntax.Name():
                return self.name(node)
            case syntax.Select():
                return self.select(node)
            case syntax.Index():
                return self.index(node)
            case syntax.Call():
                return self._call(node, wanted)
            case syntax.New():
                return self.new(node, wanted)
            case syntax.NewArray():
                return self.new_array(node)
            case syntax.Unary():
                return self.unary(node)
            case syntax.Step():
                return self.step(node)
            case syntax.Binary():
                return self.binary(node)
            case syntax.Assign():
                return self.assign(node)
            case syntax.Conditional():
                return self.conditional(node, wanted)
            case syntax.Cast():
                return self.cast(node)
            case syntax.InstanceOf():
                return self.instance_of(node)
            case syntax.Lambda() | syntax.MethodRef():
                return self._functional(node, wanted)
            case syntax.SwitchExpr():
                return self.switch_value(node, wanted)
            case syntax.This():
                return self._this(node)
            case syntax.ArrayItems():
                return self.array_items(node, wanted)
        self.report.error(node.at, "super stands only in front of a method", "write super.name(...)")
        return self.wrong(node.at)

    def _literal(self, node: syntax.Literal) -> core.Expr:
        if node.kind == "null":
            return core.Const(node.at, types.NULL, None)
        if node.kind == "string":
            return core.Const(node.at, self.string, node.value)
        value = ord(node.value) if isinstance(node.value, str) and node.value else node.value
        return core.Const(node.at, _LITERALS[node.kind], value)

    def _call(self, node: syntax.Call, wanted: Type | None) -> core.Expr:
        if node.object is None and node.name in ("this", "super"):
            hint = "move it to the beginning of the constructor"
            self.report.error(node.at, f"{node.name}(...) stands only first in a constructor", hint)
            return self.wrong(node.at)
        return self.call(node, wanted)

    def _functional(self, node: syntax.Lambda | syntax.MethodRef, wanted: Type | None) -> core.Expr:
        if wanted is None or isinstance(wanted, Primitive):
            if wanted != types.WRONG:
                what = "a lambda" if isinstance(node, syntax.Lambda) else "a reference to a method"
                hint = "give it to a variable or parameter whose type is a functional interface, such as Runnable"
                self.report.error(node.at, f"nothing says what {what} is for here", hint)
            return self.wrong(node.at)
        return self.functional_value(node, wanted)[0]

    def _this(self, node: syntax.This) -> core.Expr:
        if not node.of:
            return self.this(node.at)
        found = self.enclosing(node.at, lambda one: one.name == node.of)
        if found is None:
            self.report.error(
                node.at, f"there is no object of {node.of} around", "name a class that lies around this one"
            )
            return self.wrong(node.at)
        return found

    def element_type(self, values: core.Expr, at: Position) -> Type | None:
        """Give the type of what a `for` goes through; None where it cannot be gone through."""
        if isinstance(values.type, types.ArrayType):
            return values.type.element
        found = (
            as_class(values.type, self.world.named("Iterable").of) if not isinstance(values.type, Primitive) else None
        )
        if found is not None:
            return upper(found.args[0]) if found.args else self.world.object()
        if values.type != types.WRONG:
            hint = "it goes through arrays, lists and sets"
            if str(erased(values.type)) in ("Map", "HashMap", "TreeMap"):
                hint = "go through its keySet(), values() or entrySet()"
            if str(values.type) == "String":
                hint = "write .toCharArray() behind it"
            self.report.error(at, f"for cannot go through a {values.type}", hint)
        return None
