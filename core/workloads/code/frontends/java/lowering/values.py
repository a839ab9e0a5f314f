"""Expressions as instructions."""

from core.workloads.code.frontends.java import acts, core, types
from core.workloads.code.frontends.java.attribution.constants import is_string
from core.workloads.code.frontends.java.lowering.calls import Calls
from core.workloads.code.frontends.java.relations import is_reference
from core.workloads.code.ir.instructions import Operand
from core.workloads.code.ir.types import float_image


class Values(Calls):
    """The part of a method's lowering that computes expressions."""

    def switch(self, node: acts.Switch) -> None:
        """Lower a `switch`."""
        raise NotImplementedError

    def value(self, node: core.Expr) -> Operand:  # noqa: C901, PLR0911, PLR0912 - a case for each expression
        """Compute an expression."""
        self.build.here = node.at if self.method is None or not self.method.owner.library else None
        match node:
            case core.Const():
                return self._constant(node)
            case core.Local(variable=variable):
                return self.read(variable)
            case core.This():
                return self.get_this()
            case core.FieldGet():
                return self.field(node)
            case core.StaticGet():
                return self.static(node)
            case core.ArrayGet():
                return self.element(node)
            case core.ArrayLength():
                return self.length(node)
            case core.Unary(op="!") | core.Logic() | core.InstanceOf():
                return self.build.bit(lambda then, otherwise: self.condition(node, then, otherwise))
            case core.Unary(operand=operand):
                return self.negated(node, self.value(operand))
            case core.Binary(left=left, right=right):
                return self.computed(node, *self.settled([left, right]))
            case core.Concat():
                return self._concatenated(node)
            case core.Conditional():
                return self._conditional(node)
            case core.Assign():
                return self.assign(node)
            case core.Update():
                return self.update(node)
            case core.Convert():
                return self._converted(node)
        return self._made(node)

    def _made(self, node: core.Expr) -> Operand:
        match node:
            case core.Invoke():
                return self.invoke(node)
            case core.Create():
                return self.create(node)
            case core.CreateArray():
                return self.create_array(node)
            case core.ArrayOf():
                return self.array_of(node)
            case core.SwitchValue(switch=switch):
                assert switch.given is not None
                self.declare(switch.given, 0)
                self.switch(switch)
                return self.read(switch.given)
        raise TypeError(node)

    def _constant(self, node: core.Const) -> Operand:
        match node.value:
            case None:
                return 0
            case str(text):
                return self.build.text(self.program.text(text))
            case float(number):
                return float_image(number)
            case bool(truth):
                return int(truth)
        assert isinstance(node.value, int)
        return node.value

    def _converted(self, node: core.Convert) -> Operand:
        given = node.value.type
        match node.how:
            case "check":
                return self.checked(node)
            case "number":
                return self.as_number(self.value(node.value), given, node.type)
            case "box":
                self.program.number(self.program.world.named(str(node.type)).of)
                return self.boxed(self.value(node.value), given)
            case "unbox":
                return self.unboxed(self.value(node.value), node.type, node.at)
        return self.value(node.value)

    def _conditional(self, node: core.Conditional) -> Operand:
        build = self.build
        result = core.Variable("either", node.type, node.at)
        then, otherwise, end = build.label("then"), build.label("else"), build.label("either")
        self.declare(result, 0)
        self.condition(node.test, then, otherwise)
        for label, one in ((then, node.then), (otherwise, node.otherwise)):
            build.block(label)
            self.put(self.where[result], self.value(one))
            build.jump(end)
        build.block(end)
        return self.read(result)

    # Strings.

    def _concatenated(self, node: core.Concat) -> Operand:
        build = self.build
        texts = [self._as_text(one) for one in node.parts]
        kept: list[Operand | str] = []
        for place, one in enumerate(texts):
            if isinstance(one, core.Const):
                kept.append("")
                continue
            value = self.value(one)
            waits = place < len(texts) - 1
            kept.append(build.keep(value) if waits and not isinstance(value, int) else value)
        build.routine("begin")
        for one, found in zip(texts, kept, strict=True):
            self._gather(one, build.take(found) if isinstance(found, str) and found else found)
        return build.routine("finish")

    def _as_text(self, node: core.Expr) -> core.Expr:
        """Make a string of an object; other values are gathered as they are."""
        if is_string(node.type) or not is_reference(node.type) or node.type == types.NULL:
            return node
        methods = self.program.world.named("String").of.methods["valueOf"]
        of_object = next(one for one in methods if str(one.params[0]) == "Object")
        return core.Invoke(node.at, self.program.world.named("String"), of_object, None, [node])

    def _gather(self, node: core.Expr, value: Operand | str) -> None:
        build = self.build
        if isinstance(node, core.Const):
            value = self._constant(node)
        assert not isinstance(value, str)
        if node.type == types.CHAR:
            build.routine("put", value)
        elif node.type == types.BOOLEAN:
            build.routine("put_boolean", value)
        elif node.type == types.DOUBLE:
            build.routine("put_double", value)
        elif is_reference(node.type):
            build.routine("put_string", value)
        else:
            build.routine("put_integer", value)
