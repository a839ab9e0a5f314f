"""Names found: variables, fields, classes, and the objects around."""

from collections.abc import Callable, Iterator
from difflib import get_close_matches

from core.workloads.code.frontends.java import core, syntax, types
from core.workloads.code.frontends.java.attribution.conversions import Conversions
from core.workloads.code.frontends.java.attribution.frames import Frame
from core.workloads.code.frontends.java.relations import arguments, bounds, inherits, substitute, supertypes, upper
from core.workloads.code.frontends.java.types import ArrayType, ClassInfo, ClassType, Field, Type
from core.workloads.code.ir.instructions import Position


class Names(Conversions):
    """The part of the attribution that finds names."""

    def value(self, node: syntax.Expr, wanted: Type | None = None) -> core.Expr:
        """Attribute an expression."""
        raise NotImplementedError

    def library_constants(self, info: ClassInfo) -> None:
        """Find the constants of a class of the library."""
        raise NotImplementedError

    def wrong(self, at: Position) -> core.Expr:
        """Stand for what has been reported."""
        return core.Const(at, types.WRONG, None)

    # Frames.

    def frames(self) -> Iterator[Frame]:
        """Give the frames from the present one outwards."""
        present: Frame | None = self.frame
        while present is not None:
            yield present
            present = present.around

    def this(self, at: Position) -> core.Expr:
        """Give the object that the method works for."""
        found = self.enclosing(at, lambda _: True)
        if found is None:
            hint = "a static method belongs to the class: make an object and use that, or leave static away"
            self.report.error(at, "there is no 'this' in a static method", hint)
            return self.wrong(at)
        return found

    def enclosing(self, at: Position, wanted: Callable[[ClassInfo], bool]) -> core.Expr | None:
        """Give the nearest object around of a class that is wanted; None where a static method lies between."""
        frame = self.frame
        found: core.Expr = core.This(at, frame.inside.type)
        while True:
            if not frame.is_lambda and wanted(frame.inside):
                return None if frame.static or frame.before_super else found
            if frame.around is None or frame.static:
                return None
            outwards = self._outer_field(frame)
            if outwards is None:
                return None
            frame = frame.around
            found = core.FieldGet(at, outwards.type, found, outwards)

    @staticmethod
    def _outer_field(frame: Frame) -> Field | None:
        inside = frame.inside
        if frame.is_lambda and inside.outer_this is None and frame.around is not None:
            outer = frame.around.inside.type
            inside.outer_this = Field("this$0", outer, inside, static=False, final=True, private=True)
        return inside.outer_this

    # Variables.

    def name(self, node: syntax.Name) -> core.Expr:
        """Give what a name by itself stands for, which must be a value."""
        found = self.named_value(node)
        if found is not None:
            return found
        if self.class_named(node.text) is not None:
            self.report.error(node.at, f"{node.text} is a class, no value", f"write new {node.text}(...) for an object")
            return self.wrong(node.at)
        self.report.error(node.at, f"nothing is called {node.text} here", self._advice(node.text))
        return self.wrong(node.at)

    def _advice(self, text: str) -> str:
        known = [name for frame in self.frames() for scope in frame.scopes for name in scope]
        known += [
            name for frame in self.frames() for above in supertypes(ClassType(frame.inside)) for name in above.of.fields
        ]
        near = get_close_matches(text, [one for one in known if "$" not in one], 1)
        if near:
            return f"did you mean {near[0]}?"
        return f"declare it first: a type, then {text}"

    def named_value(self, node: syntax.Name) -> core.Expr | None:
        """Find a variable or field by its name."""
        for frame in self.frames():
            variable = frame.find(node.text)
            if variable is not None:
                return self.variable(variable, node.at, self.frame)
            if frame.is_lambda:
                continue
            found = find_field(frame.inside, node.text)
            if found is not None:
                return self._own_field(found, node)
        return None

    def variable(self, variable: core.Variable, at: Position, frame: Frame) -> core.Expr:
        """Give a variable as a frame sees it: its own, or one that its class has kept the value of."""
        if variable.constant is not None:
            return core.Const(at, variable.type, variable.constant)
        if any(variable in scope.values() for scope in frame.scopes):
            return core.Local(at, variable.type, variable)
        variable.captured_at = variable.captured_at or at
        self.world.captured.append(variable)
        kept = frame.inside.captured.get(variable)
        if kept is None:
            kept = Field(variable.name, variable.type, frame.inside, static=False, final=True, private=True)
            frame.inside.captured[variable] = kept
        return core.FieldGet(at, variable.type, core.This(at, frame.inside.type), kept)

    def _own_field(self, found: Field, node: syntax.Name) -> core.Expr:
        if found.static:
            return self.static_field(found, node.at)
        object_ = self.enclosing(node.at, lambda one: inherits(one, found.owner))
        if object_ is None:
            hint = f"make {node.text} static, or make an object of {found.owner.name} and use its {node.text}"
            self.report.error(node.at, f"{node.text} belongs to objects, and a static method has none", hint)
            return self.wrong(node.at)
        return self.field_of(object_, found, node.at)

    def static_field(self, found: Field, at: Position) -> core.Expr:
        """Give a field of a class."""
        if found.owner.library and found.final and found.constant is None:
            self.library_constants(found.owner)
        if found.constant is not None:
            return core.Const(at, found.type, found.constant)
        return core.StaticGet(at, found.type, found)

    def field_of(self, object_: core.Expr, found: Field, at: Position) -> core.Expr:
        """Give a field of an object."""
        type_ = found.type
        for bound in bounds(object_.type):
            if isinstance(bound, ClassType):
                above = next((one for one in supertypes(bound) if one.of is found.owner), None)
                if above is not None:
                    type_ = upper(substitute(found.type, arguments(above)))
        return core.FieldGet(at, type_, object_, found)

    # Behind a point.

    def class_named(self, name: str) -> ClassInfo | None:
        """Find a class by its name."""
        found = self.world.class_named(name, self.frame.context)
        return found if isinstance(found, ClassInfo) else None

    def value_or_class(self, node: syntax.Expr) -> core.Expr | ClassInfo:
        """Give what stands in front of a point."""
        if isinstance(node, syntax.Name):
            found = self.named_value(node)
            if found is not None:
                return found
            class_ = self.class_named(node.text)
            if class_ is not None:
                return class_
            hint = self.class_advice(node.text)
            self.report.error(node.at, f"nothing is called {node.text} here", hint or self._advice(node.text))
            return self.wrong(node.at)
        if isinstance(node, syntax.Select):
            dotted = _dotted(node)
            class_ = self.class_named(dotted) if dotted else None
            if class_ is not None and self.named_value(syntax.Name(node.at, dotted.partition(".")[0])) is None:
                return class_
        return self.value(node)

    def class_advice(self, name: str) -> str:
        """Say what is to be done about a class that is not known; nothing where no class is meant."""
        return self.world.class_advice(name, self.frame.context) if name[:1].isupper() else ""

    def select(self, node: syntax.Select) -> core.Expr:
        """Give `object.name`."""
        before = self._before(node.object)
        if isinstance(before, ClassInfo):
            found = find_field(before, node.name)
            if found is not None and found.static and self.may_see(found.private, found.public, found.owner):
                return self.static_field(found, node.at)
            return self._no_field(node, before.type, found)
        if before.type == types.WRONG:
            return before
        if isinstance(before.type, ArrayType) and node.name == "length":
            return core.ArrayLength(node.at, types.INT, before)
        for bound in bounds(before.type):
            found = find_field(bound.of, node.name) if isinstance(bound, ClassType) else None
            if found is not None and self.may_see(found.private, found.public, found.owner):
                return self.static_field(found, node.at) if found.static else self.field_of(before, found, node.at)
        return self._no_field(node, before.type, None)

    def _before(self, node: syntax.Expr) -> core.Expr | ClassInfo:
        if isinstance(node, syntax.Super):
            this = self.this(node.at)
            above = self.frame.inside.superclass
            return core.Convert(node.at, above, this, "same") if above is not None else this
        return self.value_or_class(node)

    def _no_field(self, node: syntax.Select, type_: Type, found: Field | None) -> core.Expr:
        hint = "look at the declaration of the class"
        class_ = type_.of if isinstance(type_, ClassType) else None
        hidden = find_field(class_, node.name) if class_ is not None else None
        if found is not None and not found.static:
            message = f"{node.name} belongs to objects of {found.owner.name}, and this is the class"
            hint = f"make an object with new {found.owner.name}(...) and use its {node.name}"
        elif hidden is not None:
            message = f"{node.name} is private in {hidden.owner.name}"
            hint = f"use a method of {hidden.owner.name}, such as get{node.name.capitalize()}()"
        else:
            message = f"{type_} has no field {node.name}"
            if class_ is not None and node.name in class_.methods:
                hint = f"it has a method of this name: write {node.name}()"
            elif class_ is not None:
                near = get_close_matches(node.name, class_.fields, 1)
                hint = f"did you mean {near[0]}?" if near else hint
            elif isinstance(type_, ArrayType):
                hint = "an array has length, and nothing else"
        self.report.error(node.at, message, hint)
        return self.wrong(node.at)

    def may_see(self, private: bool, public: bool, owner: ClassInfo) -> bool:  # noqa: FBT001 - flags of a member
        """Whether a member may be used from here."""
        here = self.frame.inside
        if private:
            return owner.outermost is here.outermost
        return public or not owner.library or here.library or "protected" in owner.modifiers

    def resolved(self, node: syntax.TypeNode) -> Type:
        """Give a type as it is written here."""
        return self.world.resolve(node, self.frame.context)


def find_field(one: ClassInfo, name: str) -> Field | None:
    """Find a field of a class or of those above it."""
    return next((above.of.fields[name] for above in supertypes(ClassType(one)) if name in above.of.fields), None)


def _dotted(node: syntax.Expr) -> str:
    if isinstance(node, syntax.Name):
        return node.text
    if isinstance(node, syntax.Select):
        before = _dotted(node.object)
        return f"{before}.{node.name}" if before else ""
    return ""
