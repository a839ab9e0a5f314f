"""Fields and elements: reading them, and giving them values."""

from collections.abc import Callable

from core.workloads.code.frontends.java import core
from core.workloads.code.frontends.java.lowering.collecting import may_collect
from core.workloads.code.frontends.java.lowering.conditions import Conditions
from core.workloads.code.frontends.java.relations import is_reference
from core.workloads.code.frontends.java.representation import ELEMENTS, STREAMS, machine
from core.workloads.code.frontends.java.types import ClassInfo, Field
from core.workloads.code.ir.instructions import Operand, Position, Register
from core.workloads.code.ir.types import S32, WORD


class Places(Conditions):
    """The part of a method's lowering that reads and writes what lies in the store."""

    # Fields.

    def field(self, node: core.FieldGet) -> Operand:
        """Read a field of an object."""
        address = self._object(node)
        return self.build.compute("peek", machine(node.field.type), address, offset=self.offset(node.field))

    def offset(self, one: Field) -> int:
        """Say in which word of its object a field lies."""
        return self.program.layout(one.owner)[one]

    def _object(self, node: core.FieldGet) -> Register:
        found = self.value(node.object)
        if not isinstance(node.object, core.This) and not node.field.name.startswith("this$"):
            self.present(found, node.at)
        return self.build.address(found)

    def static(self, node: core.StaticGet) -> Operand:
        """Read a field of a class."""
        one = node.field
        if one.owner.library and one.owner.name == "System":
            return STREAMS[one.name]
        self.begin(one.owner)
        return self.build.compute("peek", machine(one.type), self._static_address(one))

    def _static_address(self, one: Field) -> Operand:
        if is_reference(one.type):
            return self.build.root(self.program.root_of(one))
        return self.build.compute("global", WORD, symbol=self.program.global_of(one))

    def begin(self, one: ClassInfo) -> None:
        """See that a class has done what it does before it is used."""
        here = self.method.owner if self.method is not None else None
        while here is not None and here.name == "lambda":
            here = here.outer
        if one in (here, self.program.main) or not self.program.starts(one):
            return
        build = self.build
        fresh, ready = build.label("fresh"), build.label("ready")
        flag = build.compute(
            "peek", WORD, build.compute("global", WORD, symbol=begun(self.program.starting.index(one)))
        )
        build.branch("eq", flag, 0, fresh, ready)
        build.block(fresh)
        build.call(f"begin.{self.program.starting.index(one)}", [], WORD)
        build.block(ready)

    # Arrays.

    def length(self, node: core.ArrayLength) -> Operand:
        """Read how many elements an array has."""
        array = self.value(node.array)
        self.present(array, node.at)
        return self.build.compute("peek", S32, self.build.address(array), offset=1)

    def element_address(self, array: Operand, index: Operand, at: Position) -> Register:
        """Give the address of an element, less the words before the elements."""
        build = self.build
        self.present(array, at)
        address = build.address(array)
        length = build.compute("peek", S32, address, offset=1)
        good, bad, low = build.label("within"), build.label("beyond"), build.label("low")
        build.branch("ge", index, length, bad, low)
        build.block(low)
        build.branch("ge", index, 0, good, bad)
        build.block(bad)
        self.fault("index", at, index, length)
        build.trap("raised")
        build.block(good)
        return build.compute("add", WORD, address, index)

    def element(self, node: core.ArrayGet) -> Operand:
        """Read an element."""
        array, index = self.settled([node.array, node.index])
        address = self.element_address(array, index, node.at)
        return self.build.compute("peek", machine(node.type), address, offset=ELEMENTS)

    # Assignments.

    def assign(self, node: core.Assign) -> Operand:
        """Give a variable, field or element a value."""
        target, build = node.target, self.build
        match target:
            case core.Local(variable=variable):
                value = self.value(node.value)
                if variable in self.where:
                    self.put(self.where[variable], value)
                else:
                    self.declare(variable, value)
                return value
            case core.StaticGet(field=field):
                value = self.value(node.value)
                slot = build.keep(value) if self.program.starts(field.owner) else None
                self.begin(field.owner)
                value = build.take(slot) if slot is not None else value
                build.poke(self._static_address(field), value)
                return value
            case core.FieldGet(field=field):
                object_, value = self.settled([target.object, node.value])
                if not isinstance(target.object, core.This):
                    self.present(object_, target.at)
                build.poke(build.address(object_), value, self.offset(field))
                return value
            case core.ArrayGet(array=array, index=index):
                found, place, value = self.settled([array, index, node.value])
                build.poke(self.element_address(found, place, target.at), value, ELEMENTS)
                return value
        raise TypeError(target)

    def update(self, node: core.Update) -> Operand:
        """Give a target a value that is computed from its old one."""
        target = node.target
        match target:
            case core.Local(variable=variable):
                return self._updated(
                    node, lambda: self.read(variable), lambda value: self.put(self.where[variable], value)
                )
            case core.StaticGet(field=field):
                self.begin(field.owner)
                return self._updated(
                    node,
                    lambda: self.build.compute("peek", machine(field.type), self._static_address(field)),
                    lambda value: self.build.poke(self._static_address(field), value),
                )
            case core.FieldGet():
                return self._update_field(node, target)
            case core.ArrayGet():
                return self._update_element(node, target)
        raise TypeError(target)

    def _update_field(self, node: core.Update, target: core.FieldGet) -> Operand:
        object_ = self.value(target.object)
        if not isinstance(target.object, core.This):
            self.present(object_, target.at)
        offset, type_ = self.offset(target.field), machine(target.type)
        kept = self._held(object_, node)
        return self._updated(
            node,
            lambda: self.build.compute("peek", type_, self.build.address(kept()), offset=offset),
            lambda value: self.build.poke(self.build.address(kept()), value, offset),
        )

    def _update_element(self, node: core.Update, target: core.ArrayGet) -> Operand:
        array, index = self.settled([target.array, target.index])
        kept, place = self._held(array, node), self._held(index, node)
        self.element_address(array, index, target.at)
        type_ = machine(target.type)

        def address() -> Operand:
            return self.build.compute("add", WORD, self.build.address(kept()), place())

        return self._updated(
            node,
            lambda: self.build.compute("peek", type_, address(), offset=ELEMENTS),
            lambda value: self.build.poke(address(), value, ELEMENTS),
        )

    def _held(self, value: Operand, node: core.Update) -> Callable[[], Operand]:
        """Hold a value for as long as an update takes."""
        if isinstance(value, int) or not may_collect(node.value):
            return lambda: value
        slot = self.build.variable_slot("held")
        self.build.write(slot, value)
        return lambda: self.build.read(slot)

    def _updated(self, node: core.Update, read: Callable[[], Operand], write: Callable[[Operand], None]) -> Operand:
        old = read()
        self.declare(node.old, old)
        value = self.value(node.value)
        if node.behind:
            write(value)
            return self.read(node.old)
        write(value)
        return value


def begun(number: int) -> str:
    """Name the word that says whether a class has begun."""
    return f"begun.{number}"
