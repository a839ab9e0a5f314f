"""Calls and new objects."""

from collections.abc import Sequence

from core.workloads.code.frontends.java import acts, core, types
from core.workloads.code.frontends.java.lowering.collecting import native_name
from core.workloads.code.frontends.java.lowering.places import Places
from core.workloads.code.frontends.java.relations import is_reference
from core.workloads.code.frontends.java.representation import ELEMENTS, machine
from core.workloads.code.frontends.java.types import ArrayType, ClassInfo, Field, Method, Type
from core.workloads.code.frontends.words.frames import Thunk
from core.workloads.code.ir.instructions import Operand, Position
from core.workloads.code.ir.types import WORD
from core.workloads.code.ir.types import Type as Machine


class Calls(Places):
    """The part of a method's lowering that calls."""

    def invoke(self, node: core.Invoke) -> Operand:
        """Call a method."""
        method = node.method
        parts = [self.part(one) for one in node.args]
        if node.object is not None:
            parts.insert(0, self.part(node.object))
        else:
            self.begin(method.owner)
        args = self.build.settle(parts)
        if node.object is not None and not isinstance(node.object, core.This) and not _is_super(node):
            self.present(args[0], node.at)
        name = native_name(node)
        if name:
            return self._typed(self.build.routine(name, *args), node)
        chosen = node.virtual and self._is_chosen(method)
        code = self.program.chooser(method) if chosen else self.program.code_name(method)
        found = self.build.call(code, args, self._returns(method))
        return self._typed(found, node) if found is not None else 0

    @staticmethod
    def _returns(method: Method) -> Machine:
        return WORD if method.returns == types.VOID else machine(method.returns)

    def _typed(self, found: Operand, node: core.Invoke) -> Operand:
        wanted = machine(node.method.returns)
        if isinstance(found, int) or found.type is wanted or node.method.returns == types.VOID:
            return found
        typed = self.build.function.register(wanted)
        self.build.assign(typed, found)
        return typed

    @staticmethod
    def _is_chosen(method: Method) -> bool:
        """Whether the class of the object decides which method it is."""
        fixed = method.modifiers & {"private", "static", "final"} or "final" in method.owner.modifiers
        return method.abstract or not fixed

    # New objects.

    def create(self, node: core.Create) -> Operand:
        """Make an object."""
        build, made = self.build, node.made
        self.begin(made)
        layout = self.program.layout(made)
        outer = self.settled([node.outer]) if node.outer is not None else []
        kept_outer = build.keep(outer[0]) if outer else None
        number = self.program.number(made)
        slot = build.keep(build.routine("new_object", number, 1 + len(layout)))
        if kept_outer is not None and made.outer_this is not None:
            build.poke(build.address(build.read(slot)), build.take(kept_outer), layout[made.outer_this])
        self._capture(slot, made, node.captured)
        if self.program.is_throwable(made):
            self._mark_site(slot, node.at)
        constructor = node.constructor
        if constructor is not None and not self._is_idle(constructor):
            args = build.settle([(lambda: build.read(slot), False), *(self.part(one) for one in node.args)])
            build.call(self.program.code_name(constructor), args, WORD)
        return build.take(slot)

    def _mark_site(self, slot: str, at: Position) -> None:
        site = self.program.world.named("Throwable").of.fields["site"]
        build = self.build
        build.poke(build.address(build.read(slot)), self.program.site(self.method, at), self.offset(site))

    def _capture(self, slot: str, made: ClassInfo, captured: Sequence[core.Expr] | None) -> None:
        build = self.build
        for place, one in enumerate(made.captured.values()):
            if captured is None:
                value: Operand = self._own_capture(one)
            else:
                value = self.value(captured[place])
            build.poke(build.address(build.read(slot)), value, self.program.layout(made)[one])

    def _own_capture(self, one: Field) -> Operand:
        """Read what the present object has captured, for another one of its class."""
        return self.build.word(self.get_this(), self.offset(one))

    def get_this(self) -> Operand:
        """Read the object that the method works for."""
        return self.get(self.this)

    def _is_idle(self, constructor: Method) -> bool:
        """Whether a constructor does nothing."""
        self.program.body(constructor)
        if constructor.owner.starts or constructor.body is None:
            return constructor.body is None and not constructor.owner.starts
        for one in constructor.body.body:
            if isinstance(one, acts.ConstructorCall):
                if one.args or one.outer or one.captured or not self._is_idle(one.constructor):
                    return False
            elif not isinstance(one, acts.Block) or one.body:
                return False
        return True

    def constructor_call(self, node: acts.ConstructorCall) -> None:
        """Call the constructor above, or another one of the class; then run what an object begins with."""
        build, constructor = self.build, node.constructor
        info = constructor.owner
        if node.outer is not None and info.outer_this is not None:
            outer = self.value(node.outer)
            build.poke(build.address(self.get_this()), outer, self.program.layout(info)[info.outer_this])
        own = self.method.owner if self.method is not None else None
        if info is not own and node.captured:
            for one, captured in zip(info.captured.values(), node.captured, strict=False):
                value = self.value(captured)
                build.poke(build.address(self.get_this()), value, self.program.layout(info)[one])
        if not self._is_idle(constructor):
            this: tuple[Thunk, bool] = (self.get_this, False)
            build.call(self.program.code_name(constructor), build.settle([this, *map(self.part, node.args)]), WORD)
        if own is not None and info is not own:
            for start in own.starts:
                self.statement(start)

    def statement(self, node: acts.Statement) -> None:
        """Lower a statement."""
        raise NotImplementedError

    # Arrays.

    def create_array(self, node: core.CreateArray) -> Operand:
        """Make an array, and arrays within it as far as sizes are given."""
        sizes = self.settled(node.sizes)
        for size in sizes:
            if not isinstance(size, int) or size < 0:
                self.build.unless("lt", size, 0, lambda size=size: self.fault("negativeSize", node.at, size))  # type: ignore[misc]  # bound now
        if len(sizes) == 1:
            return self.build.routine("new_array", sizes[0], _mark(node.type))
        kept = [self.build.keep(one) for one in sizes]
        found = self._nested(kept, node.type)
        for one in kept:
            self.build.drop(one)
        return found

    def _nested(self, sizes: Sequence[str], type_: Type) -> Operand:
        build = self.build
        assert isinstance(type_, ArrayType)
        array = build.keep(build.routine("new_array", build.read(sizes[0]), _mark(type_)))
        if len(sizes) > 1:
            index = build.keep(0)
            head, inside, end = build.label("fill"), build.label("row"), build.label("filled")
            build.block(head)
            build.branch("lt", build.read(index), build.read(sizes[0]), inside, end)
            build.block(inside)
            row = self._nested(sizes[1:], type_.element)
            address = build.compute("add", WORD, build.address(build.read(array)), build.read(index))
            build.poke(address, row, ELEMENTS)
            build.write(index, build.compute("add", WORD, build.read(index), 1))
            build.jump(head)
            build.block(end)
            build.drop(index)
        return build.take(array)

    def array_of(self, node: core.ArrayOf) -> Operand:
        """Make an array of its elements."""
        build = self.build
        array = build.keep(build.routine("new_array", len(node.items), _mark(node.type)))
        for place, one in enumerate(node.items):
            if isinstance(one, core.Const) and one.value in (0, None, False):
                continue
            value = self.value(one)
            build.poke(build.address(build.read(array)), value, ELEMENTS + place)
        return build.take(array)


def _mark(type_: Type) -> int:
    """Say what an array holds: 0 whole numbers, 1 objects, then doubles, characters, booleans."""
    assert isinstance(type_, ArrayType)
    if is_reference(type_.element):
        return 1
    marks: dict[Type, int] = {types.DOUBLE: 2, types.CHAR: 3, types.BOOLEAN: 4}
    return marks.get(type_.element, 0)


def _is_super(node: core.Invoke) -> bool:
    return not node.virtual and isinstance(node.object, core.This)
