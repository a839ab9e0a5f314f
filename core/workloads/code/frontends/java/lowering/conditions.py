"""Conditions: where a test leads."""

from core.workloads.code.frontends.java import core, types
from core.workloads.code.frontends.java.lowering.arithmetic import COMPARING, Arithmetic
from core.workloads.code.frontends.java.relations import erased, is_object
from core.workloads.code.frontends.java.types import ArrayType, ClassType, Type
from core.workloads.code.ir.instructions import Operand
from core.workloads.code.ir.types import S32


class Conditions(Arithmetic):
    """The part of a method's lowering that branches."""

    def condition(self, node: core.Expr, then: str, otherwise: str) -> None:
        """Go on as a test comes out."""
        build = self.build
        match node:
            case core.Const(value=value):
                build.jump(then if value else otherwise)
            case core.Unary(op="!", operand=operand):
                self.condition(operand, otherwise, then)
            case core.Logic(op=op, left=left, right=right):
                further = build.label("further")
                if op == "&&":
                    self.condition(left, further, otherwise)
                else:
                    self.condition(left, then, further)
                build.block(further)
                self.condition(right, then, otherwise)
            case core.Binary(op=op, left=left, right=right) if op in COMPARING:
                first, second = self.settled([left, right])
                prefix = "f" if node.operands == types.DOUBLE else ""
                build.branch(prefix + COMPARING[op], first, second, then, otherwise)
            case core.InstanceOf():
                self._instance_of(node, then, otherwise)
            case _:
                build.branch("ne", self.value(node), 0, then, otherwise)

    def _instance_of(self, node: core.InstanceOf, then: str, otherwise: str) -> None:
        build = self.build
        value = self.value(node.value)
        if node.binding is None:
            self.of_type(value, node.tested, then, otherwise)
            return
        bound = build.label("bound")
        slot = build.keep(value)
        self.of_type(value, node.tested, bound, otherwise)
        build.block(bound)
        self.declare(node.binding, build.take(slot))
        build.jump(then)

    def of_type(self, value: Operand, tested: Type, then: str, otherwise: str) -> None:
        """Go on as an object is of a type or not; null is not."""
        build, tested = self.build, erased(tested)
        if is_object(tested):
            build.branch("ne", value, 0, then, otherwise)
        elif isinstance(tested, ArrayType):
            build.branch("ne", build.routine("is_array", value), 0, then, otherwise)
        else:
            assert isinstance(tested, ClassType)
            found = build.call(self.program.tester(tested.of), [value], S32)
            assert found is not None
            build.branch("ne", found, 0, then, otherwise)

    def checked(self, node: core.Convert) -> Operand:
        """Give an object that must be of a type."""
        wanted, build = erased(node.type), self.build
        value = self.value(node.value)
        if is_object(wanted):
            return value
        slot = build.keep(value)
        good, bad, end = build.label("good"), build.label("bad"), build.label("cast")
        further = build.label("present")
        build.branch("eq", value, 0, end, further)
        build.block(further)
        self.of_type(build.read(slot), wanted, good, bad)
        build.block(bad)
        name = wanted.of.full_name if isinstance(wanted, ClassType) else str(wanted)
        text = build.text(self.program.text(name))
        library = int(isinstance(wanted, ClassType) and wanted.of.library)
        self.fault("classCast", node.at, build.read(slot), text, library)
        build.trap("raised")
        build.block(good)
        build.block(end)
        return build.take(slot)
