"""Operators: their types, and what they say about operands that do not go together."""

from core.workloads.code.frontends.java import core, syntax, types
from core.workloads.code.frontends.java.attribution import constants
from core.workloads.code.frontends.java.attribution.conversions import BOXES, shown
from core.workloads.code.frontends.java.attribution.names import Names
from core.workloads.code.frontends.java.relations import erased, is_reference, may_cast, upper
from core.workloads.code.frontends.java.types import ClassType, Primitive, Type
from core.workloads.code.ir.instructions import Position

_COMPARISONS = ("<", "<=", ">", ">=")
_SHIFTS = ("<<", ">>", ">>>")
_BITS = ("&", "|", "^")


def bindings(test: core.Expr, *, outcome: bool) -> list[core.Variable]:
    """List the variables that patterns have bound where a test came out so."""
    match test:
        case core.InstanceOf(binding=binding):
            return [binding] if binding is not None and outcome else []
        case core.Unary(op="!", operand=operand):
            return bindings(operand, outcome=not outcome)
        case core.Logic(op=op, left=left, right=right) if (op == "&&") == outcome:
            return [*bindings(left, outcome=outcome), *bindings(right, outcome=outcome)]
    return []


class Operators(Names):
    """The part of the attribution that looks at operators."""

    def within(self, bound: list[core.Variable], node: syntax.Expr, wanted: Type | None = None) -> core.Expr:
        """Attribute an expression in which some variables are bound."""
        self.frame.scopes.append({one.name: one for one in bound})
        found = self.value(node, wanted)
        self.frame.scopes.pop()
        return found

    def test(self, node: syntax.Expr, what: str) -> core.Expr:
        """Attribute a condition."""
        if isinstance(node, syntax.Assign) and node.op == "=":
            target = self.value(node.target)
            if target.type != types.BOOLEAN:
                self.report.error(node.at, "= assigns, and a condition is needed", "== compares")
                return self.wrong(node.at)
        return self.coerce(self.value(node), types.BOOLEAN, what)

    def unary(self, node: syntax.Unary) -> core.Expr:
        """Attribute `+`, `-`, `~` and `!`."""
        operand = self.value(node.operand)
        inside = self.unboxed(operand.type)
        if operand.type == types.WRONG:
            return operand
        if node.op == "!":
            if inside != types.BOOLEAN:
                return self._unfit_sign(node, operand)
            type_: Type = types.BOOLEAN
        else:
            promoted = self.promoted(inside, types.INT)
            if promoted is None or (node.op == "~" and promoted == types.DOUBLE):
                return self._unfit_sign(node, operand)
            type_ = promoted
        operand = self.convert(operand, type_)
        if isinstance(operand, core.Const):
            return core.Const(node.at, type_, constants.unary(node.op, operand))
        return operand if node.op == "+" else core.Unary(node.at, type_, node.op, operand)

    def _unfit_sign(self, node: syntax.Unary, operand: core.Expr) -> core.Expr:
        wanted = {"!": "a boolean", "~": "an integer"}.get(node.op, "a number")
        self.report.error(
            node.at, f"{node.op} needs {wanted}, and this is {shown(operand.type)}", "compare or convert it first"
        )
        return self.wrong(node.at)

    def binary(self, node: syntax.Binary) -> core.Expr:
        """Attribute an operator between its operands; a chain of them on the left is gone through without depth."""
        chain = [node]
        while isinstance(chain[-1].left, syntax.Binary) and chain[-1].left.op not in ("&&", "||"):
            chain.append(chain[-1].left)
        if node.op in ("&&", "||"):
            return self._logic(node)
        left = self.value(chain[-1].left)
        for one in reversed(chain):
            left = self.operation(one.at, one.op, left, self.value(one.right))
        return left

    def _logic(self, node: syntax.Binary) -> core.Expr:
        chain = [node]
        while isinstance(chain[-1].left, syntax.Binary) and chain[-1].left.op == node.op:
            chain.append(chain[-1].left)
        left = self.coerce(self.value(chain[-1].left), types.BOOLEAN, node.op)
        for one in reversed(chain):
            bound = bindings(left, outcome=one.op == "&&")
            right = self.coerce(self.within(bound, one.right), types.BOOLEAN, one.op)
            if isinstance(left, core.Const) and isinstance(right, core.Const):
                both = (left.value and right.value) if one.op == "&&" else (left.value or right.value)
                left = core.Const(one.at, types.BOOLEAN, both)
            else:
                left = core.Logic(one.at, types.BOOLEAN, one.op, left, right)
        return left

    def operation(self, at: Position, op: str, left: core.Expr, right: core.Expr) -> core.Expr:  # noqa: PLR0911 - a case for each
        """Attribute an operator whose operands have been attributed."""
        if types.WRONG in (left.type, right.type):
            return self.wrong(at)
        if op == "+" and (constants.is_string(left.type) or constants.is_string(right.type)):
            return self._concatenation(at, left, right)
        if op in ("==", "!="):
            return self._equality(at, op, left, right)
        sides = self.unboxed(left.type), self.unboxed(right.type)
        if op in _BITS and sides == (types.BOOLEAN, types.BOOLEAN):
            return self._made(at, op, left, right, types.BOOLEAN, types.BOOLEAN)
        operands = self.promoted(*sides)
        if operands is None or (op in (*_BITS, *_SHIFTS) and operands == types.DOUBLE):
            return self._unfit(at, op, left, right)
        if op in _SHIFTS:
            return self._shift(at, op, left, right)
        return self._made(at, op, left, right, operands, types.BOOLEAN if op in _COMPARISONS else operands)

    def _shift(self, at: Position, op: str, left: core.Expr, right: core.Expr) -> core.Expr:
        type_ = self.promoted(self.unboxed(left.type), types.INT)
        amount = self.promoted(self.unboxed(right.type), types.INT)
        assert type_ is not None
        assert amount is not None
        left, right = self.convert(left, type_), self.convert(right, amount)
        if isinstance(left, core.Const) and isinstance(right, core.Const):
            return core.Const(at, type_, constants.binary(op, left.value, right.value, type_))
        return core.Binary(at, type_, op, left, right, type_)

    def _made(
        self, at: Position, op: str, left: core.Expr, right: core.Expr, operands: Type, result: Type
    ) -> core.Expr:
        left, right = self.convert(left, operands), self.convert(right, operands)
        if isinstance(left, core.Const) and isinstance(right, core.Const):
            value = constants.binary(op, left.value, right.value, operands)
            if value is not None:
                return core.Const(at, result, value)
        if op in ("/", "%") and operands != types.DOUBLE and isinstance(right, core.Const) and right.value == 0:
            return core.Binary(at, result, op, left, right, operands)
        return core.Binary(at, result, op, left, right, operands)

    def _unfit(self, at: Position, op: str, left: core.Expr, right: core.Expr) -> core.Expr:
        message = f"{op} does not go between {shown(left.type)} and {shown(right.type)}"
        hint = "both sides must be numbers"
        if op in ("<", ">", "<=", ">=") and constants.is_string(left.type):
            hint = "compareTo compares strings: a.compareTo(b) < 0"
        elif op in _BITS:
            hint = "both sides must be whole numbers, or both boolean"
        elif types.VOID in (left.type, right.type):
            hint = "a method that returns void gives no value"
        self.report.error(at, message, hint)
        return self.wrong(at)

    def _concatenation(self, at: Position, left: core.Expr, right: core.Expr) -> core.Expr:
        for one in (left, right):
            if one.type == types.VOID:
                self.report.error(one.at, "this call gives no value", "its method returns void")
                return self.wrong(at)
        texts = constants.text_of(left), constants.text_of(right)
        if texts[0] is not None and texts[1] is not None:
            return core.Const(at, self.string, texts[0] + texts[1])
        if isinstance(left, core.Concat):
            return core.Concat(left.at, self.string, [*left.parts, right])
        return core.Concat(at, self.string, [left, right])

    def _equality(self, at: Position, op: str, left: core.Expr, right: core.Expr) -> core.Expr:
        given, other = left.type, right.type
        if (isinstance(given, Primitive) and given != types.NULL) or (
            isinstance(other, Primitive) and other != types.NULL
        ):
            return self._equal_values(at, op, left, right)
        if not may_cast(upper(given), upper(other)):
            message = f"{shown(given)} and {shown(other)} are never the same object"
            self.report.error(at, message, "compare things of one type")
            return self.wrong(at)
        if types.NULL not in (given, other):
            constant = isinstance(left, core.Const) and isinstance(right, core.Const)
            if constant and isinstance(left, core.Const) and isinstance(right, core.Const):
                return core.Const(at, types.BOOLEAN, (left.value == right.value) == (op == "=="))
            for side in (erased(given), erased(other)):
                if isinstance(side, ClassType) and side.of.library and side.of.name in ("String", *BOXES.values()):
                    hint = "write a.equals(b), or !a.equals(b): it compares what they hold"
                    whose = f"two objects of {side.of.name}"
                    message = f"{op} between {whose} asks whether they are one object, which the Engine cannot tell"
                    self.report.error(at, message, hint)
                    return self.wrong(at)
        return core.Binary(at, types.BOOLEAN, op, left, right, self.world.object())

    def _equal_values(self, at: Position, op: str, left: core.Expr, right: core.Expr) -> core.Expr:
        sides = self.unboxed(left.type), self.unboxed(right.type)
        if sides == (types.BOOLEAN, types.BOOLEAN):
            return self._made(at, op, left, right, types.BOOLEAN, types.BOOLEAN)
        operands = self.promoted(*sides)
        if operands is None:
            hint = "compare things of one type"
            if any(constants.is_string(one.type) for one in (left, right)):
                hint = "a string is compared with a string: see the quotation marks, or read a number from it"
            self.report.error(at, f"{op} does not go between {shown(left.type)} and {shown(right.type)}", hint)
            return self.wrong(at)
        return self._made(at, op, left, right, operands, types.BOOLEAN)

    def conditional(self, node: syntax.Conditional, wanted: Type | None) -> core.Expr:
        """Attribute `?` and `:`."""
        test = self.test(node.test, "the condition before ?")
        passed = wanted if wanted is not None and is_reference(wanted) else None
        then = self.within(bindings(test, outcome=True), node.then, passed)
        otherwise = self.within(bindings(test, outcome=False), node.otherwise, passed)
        if types.VOID in (then.type, otherwise.type):
            self.report.error(node.at, "both values of ? must be values", "use if and else for statements")
            return self.wrong(node.at)
        type_ = self.joined(then, otherwise)
        if passed is not None and not isinstance(type_, Primitive):
            type_ = passed if all(self.fits(one.type, passed) for one in (then, otherwise)) else type_
        then, otherwise = self.coerce(then, type_), self.coerce(otherwise, type_)
        if all(isinstance(one, core.Const) and one.value is not None for one in (test, then, otherwise)):
            assert isinstance(test, core.Const)
            return then if test.value else otherwise
        return core.Conditional(node.at, type_, test, then, otherwise)

    def cast(self, node: syntax.Cast) -> core.Expr:
        """Attribute a cast."""
        wanted = self.resolved(node.type)
        value = self.value(node.value, wanted)
        given = value.type
        if types.WRONG in (given, wanted):
            return core.Const(node.at, wanted, None)
        if isinstance(wanted, Primitive):
            inside = self.unboxed(given)
            if given not in BOXES and isinstance(erased(given), ClassType) and not isinstance(inside, Primitive):
                if may_cast(given, self.boxed(wanted)):
                    boxed = self.boxed(wanted)
                    return core.Convert(node.at, wanted, core.Convert(node.at, boxed, value, "check"), "unbox")
            elif inside == wanted or (inside in types.NUMERIC and wanted in types.NUMERIC):
                return self.numbered(self.convert(value, inside), wanted)
        elif self.fits(given, wanted):
            return core.Convert(node.at, wanted, self.convert(value, wanted), "same")
        elif is_reference(given) and may_cast(given, wanted):
            return core.Convert(node.at, wanted, value, "check")
        self.report.error(node.at, f"{shown(given)} cannot be cast to {wanted}", "the two have nothing in common")
        return core.Const(node.at, types.WRONG, None)

    def instance_of(self, node: syntax.InstanceOf) -> core.Expr:
        """Attribute `instanceof`."""
        value = self.value(node.value)
        tested = self.resolved(node.type)
        if types.WRONG not in (value.type, tested):
            if not is_reference(value.type) or isinstance(tested, Primitive):
                self.report.error(node.at, "instanceof asks about objects", "a primitive value has the type it has")
            elif not may_cast(value.type, tested):
                self.report.error(
                    node.at, f"{shown(value.type)} is never {shown(tested)}", "the answer would always be false"
                )
        binding = None
        if node.binding:
            binding = core.Variable(node.binding, tested, node.binding_at, initialized=True)
            for frame in self.frames():
                if frame.find(node.binding) is not None:
                    hint = "give one of them another name"
                    self.report.error(node.binding_at, f"there is a variable {node.binding} already", hint)
                if not frame.is_lambda:
                    break
        return core.InstanceOf(node.at, types.BOOLEAN, value, tested, binding)
