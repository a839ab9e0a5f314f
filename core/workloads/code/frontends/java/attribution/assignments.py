"""Assignments, steps, and what may not be assigned."""

from core.workloads.code.frontends.java import core, syntax, types
from core.workloads.code.frontends.java.attribution import constants
from core.workloads.code.frontends.java.attribution.operators import Operators
from core.workloads.code.frontends.java.relations import lower
from core.workloads.code.frontends.java.types import ArrayType, Field, Primitive
from core.workloads.code.ir.instructions import Position


class Assignments(Operators):
    """The part of the attribution that looks at what gives variables values."""

    def array_items(self, node: syntax.ArrayItems, wanted: types.Type | None) -> core.Expr:
        """Attribute the elements of an array in braces."""
        raise NotImplementedError

    def index(self, node: syntax.Index) -> core.Expr:
        """Attribute `array[index]`."""
        array = self.value(node.array)
        index = self.coerce(self.value(node.index), types.INT, "an index")
        if array.type == types.WRONG:
            return array
        if not isinstance(array.type, ArrayType):
            hint = (
                "a list has get(index)"
                if str(array.type).startswith(("List", "ArrayList"))
                else "only arrays have elements in brackets"
            )
            if constants.is_string(array.type):
                hint = "charAt(index) gives a character of a string"
            self.report.error(node.at, f"{array.type} is no array", hint)
            return self.wrong(node.at)
        return core.ArrayGet(node.at, array.type.element, array, index)

    def assign(self, node: syntax.Assign) -> core.Expr:
        """Attribute an assignment."""
        target = self._target(node.target, node.at, "=" if node.op == "=" else node.op)
        if node.op == "=":
            if isinstance(node.value, syntax.ArrayItems):
                value = self.array_items(node.value, target.type)
            else:
                value = self.value(node.value, lower(target.type))
            coerced = self.coerce(value, target.type, _named(node.target))
            return core.Assign(node.at, target.type, target, coerced)
        return self._compound(node.at, target, node.op[:-1], self.value(node.value), behind=False)

    def step(self, node: syntax.Step) -> core.Expr:
        """Attribute `++` and `--`."""
        target = self._target(node.operand, node.at, node.op)
        if target.type == types.WRONG:
            return target
        if self.unboxed(target.type) not in types.NUMERIC:
            self.report.error(node.at, f"{node.op} needs a number, and this is {target.type}", "assign with = instead")
            return self.wrong(node.at)
        one = core.Const(node.at, types.INT, 1)
        return self._compound(node.at, target, node.op[0], one, behind=not node.before)

    def _compound(self, at: Position, target: core.Expr, op: str, value: core.Expr, *, behind: bool) -> core.Expr:
        old = core.Variable("old", target.type, at, initialized=True)
        made = self.operation(at, op, core.Local(at, target.type, old), value)
        if types.WRONG in (made.type, target.type):
            return self.wrong(at)
        inside = self.unboxed(target.type)
        if isinstance(inside, Primitive) and inside in types.NUMERIC and made.type in types.NUMERIC:
            made = self.convert(self.numbered(made, inside), target.type)
        else:
            made = self.coerce(made, target.type, f"{op}=")
        return core.Update(at, target.type, target, old, made, behind)

    def _target(self, node: syntax.Expr, at: Position, op: str) -> core.Expr:
        found = self.value(node)
        match found:
            case core.Local(variable=variable):
                self._assign_variable(variable, node.at)
            case core.FieldGet(object=object_, field=field):
                captured = next((one for one, kept in self.frame.inside.captured.items() if kept is field), None)
                if captured is not None:
                    self._refuse_captured(captured, node.at)
                else:
                    self._assign_field(field, isinstance(object_, core.This), node.at)
            case core.StaticGet(field=field):
                self._assign_field(field, True, node.at)
            case core.ArrayGet():
                pass
            case core.ArrayLength():
                self.report.error(found.at, "the length of an array never changes", "make a new array")
                return self.wrong(node.at)
            case core.Const() if isinstance(node, syntax.Name | syntax.Select) and found.type != types.WRONG:
                name = _named(node)
                self.report.error(
                    node.at, f"{name} is final: it has its value already", "use another variable, or leave final away"
                )
                return self.wrong(node.at)
            case _:
                if found.type != types.WRONG:
                    hint = "== compares" if op == "=" else "a variable, field or element must stand here"
                    self.report.error(at, f"what stands at {op} cannot be assigned", hint)
                return self.wrong(node.at)
        return found

    def _assign_variable(self, variable: core.Variable, at: Position) -> None:
        variable.assigned += 1
        if variable.final and (variable.initialized or variable.parameter):
            hint = "use another variable, or leave final away"
            self.report.error(at, f"{variable.name} is final: it has its value already", hint)

    def _refuse_captured(self, variable: core.Variable, at: Position) -> None:
        hint = "keep it in an array of one element or in a field"
        message = f"{variable.name} belongs to the method around, and cannot be assigned in a lambda or class within"
        self.report.error(at, message, hint)

    def _assign_field(self, field: Field, own: bool, at: Position) -> None:  # noqa: FBT001 - of one call
        if not field.final:
            return
        method = self.frame.method
        starting = method is None or (method.is_constructor and not field.static)
        if field.initialized or not own or field.owner is not self.frame.inside or not starting:
            hint = "a final field gets its value once, in its declaration or in the constructor"
            self.report.error(at, f"{field.name} is final: it cannot be assigned here", hint)


def _named(node: syntax.Expr) -> str:
    if isinstance(node, syntax.Name):
        return node.text
    return node.name if isinstance(node, syntax.Select) else "an element"
