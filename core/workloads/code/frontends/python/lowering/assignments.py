"""Assignments."""

import ast

from core.workloads.code.frontends.python.lowering.attributes import Attributes
from core.workloads.code.frontends.python.lowering.program import Class
from core.workloads.code.ir.instructions import Operand

_IN_PLACE = {
    ast.Add: "add_in_place",
    ast.Sub: "sub_in_place",
    ast.Mult: "mul_in_place",
    ast.BitAnd: "and_in_place",
    ast.BitOr: "or_in_place",
    ast.BitXor: "xor_in_place",
}


class Assignments(Attributes):
    """The part of a function's lowering that gives targets values."""

    def _assign(self, node: ast.Assign) -> None:
        target = node.targets[0]
        if len(node.targets) == 1:
            if isinstance(target, ast.Tuple | ast.List) and self._assign_in_parallel(target, node.value):
                return
            self._assign_from(target, node.value)
            return
        slot = self.build.keep(self.value(node.value))
        for target in node.targets:
            self.assign(target, self.build.read(slot))
        self.build.drop(slot)

    def _ann_assign(self, node: ast.AnnAssign) -> None:
        if node.value is not None:
            self._assign_from(node.target, node.value)

    def _assign_from(self, target: ast.expr, value: ast.expr) -> None:
        self.assign(target, self.value(value))

    def _assign_in_parallel(self, target: ast.Tuple | ast.List, value: ast.expr) -> bool:
        """Do `a, b = b, a` without a tuple."""
        if not isinstance(value, ast.Tuple) or len(value.elts) != len(target.elts):
            return False
        if any(isinstance(one, ast.Starred) for one in [*target.elts, *value.elts]):
            return False
        slots = self.held(value.elts)
        for one, slot in zip(target.elts, slots, strict=True):
            self.assign(one, self.build.take(slot))
        return True

    def assign(self, target: ast.expr, value: Operand) -> None:
        """Give a target a value."""
        build = self.build
        match target:
            case ast.Name(id=name):
                self.store(name, value)
            case ast.Subscript(value=of, slice=ast.Slice(lower=lower, upper=upper)):
                slot = build.keep(value)
                nodes = [of, lower or ast.Constant(None), upper or ast.Constant(None)]
                places = self.settled(nodes)
                self.routine("set_slice", *places, build.take(slot))
            case ast.Subscript(value=of, slice=place):
                nodes = [of, place]
                if any(self.collects(one) for one in nodes):
                    slot = build.keep(value)
                    places = self.settled(nodes)
                    value = build.take(slot)
                else:
                    places = self.settled(nodes)
                self.at(target)
                self.routine("set_item", *places, value)
            case ast.Attribute():
                self._assign_attribute(target, value)
            case ast.Tuple(elts=parts) | ast.List(elts=parts):
                self._unpack(parts, value)
            case _:
                self.program.report.error(target, "this cannot be assigned to")

    def _assign_attribute(self, target: ast.Attribute, value: Operand) -> None:
        build = self.build
        place = self.place_in_self(target)
        if place:
            build.poke(build.address(self.value(target.value)), value, place)
            return
        fixed = self.fixed(target.value.id) if isinstance(target.value, ast.Name) else None
        if isinstance(fixed, Class):
            build.poke(self.root_word(fixed.roots[target.attr]), value)
            return
        slot = build.keep(value)
        of = self.value(target.value)
        self.at(target)
        self.routine("set_attribute", of, self.program.name_number(target.attr), build.take(slot))

    def _unpack(self, parts: list[ast.expr], value: Operand) -> None:
        build = self.build
        starred = next((place for place, one in enumerate(parts) if isinstance(one, ast.Starred)), -1)
        if starred < 0:
            items = self.routine("unpacked", value, len(parts))
        else:
            items = self.routine("unpacked_with_rest", value, starred, len(parts) - starred - 1)
        slot = build.keep(items)
        for number, one in enumerate(parts):
            item = self.routine("item", build.read(slot), number)
            self.assign(one.value if isinstance(one, ast.Starred) else one, item)
        build.drop(slot)

    def _aug_assign(self, node: ast.AugAssign) -> None:
        build = self.build
        routine = _IN_PLACE.get(type(node.op), "")
        match node.target:
            case ast.Name(id=name) as target:
                slot = build.keep(self.load(name, target)) if self.collects(node.value) else ""
                right = self.value(node.value)
                left: Operand = build.take(slot) if slot else self.load(name, target)
                self.at(node)
                self.store(name, self.arithmetic(type(node.op), left, right, routine))
            case ast.Attribute() as attribute:
                self._augment_attribute(attribute, node, routine)
            case ast.Subscript(value=of, slice=place):
                object_, index = self.held([of, place])
                old = build.keep(self.routine("get_item", build.read(object_), build.read(index)))
                right = self.value(node.value)
                self.at(node)
                new = self.arithmetic(type(node.op), build.take(old), right, routine)
                self.routine("set_item", build.take(object_), build.take(index), new)

    def _augment_attribute(self, attribute: ast.Attribute, node: ast.AugAssign, routine: str) -> None:
        build = self.build
        reading = ast.copy_location(ast.Attribute(attribute.value, attribute.attr, ast.Load()), attribute)
        if self.place_in_self(attribute) or (
            isinstance(attribute.value, ast.Name) and isinstance(self.fixed(attribute.value.id), Class)
        ):
            old = build.keep(self.value(reading))
            right = self.value(node.value)
            self._assign_attribute(attribute, self.arithmetic(type(node.op), build.take(old), right, routine))
            return
        number = self.program.name_number(attribute.attr)
        object_ = build.keep(self.value(attribute.value))
        old = build.keep(self.routine("get_attribute", build.read(object_), number))
        right = self.value(node.value)
        new = self.arithmetic(type(node.op), build.take(old), right, routine)
        self.routine("set_attribute", build.take(object_), number, new)

    def _delete(self, node: ast.Delete) -> None:
        for target in node.targets:
            match target:
                case ast.Name(id=name):
                    self.delete(name, target)
                case ast.Subscript(value=of, slice=ast.Slice(lower=lower, upper=upper)):
                    nodes = [of, lower or ast.Constant(None), upper or ast.Constant(None)]
                    places = self.settled(nodes)
                    slot = self.build.keep(places[0])
                    kept = [self.build.keep(one) for one in places[1:]]
                    empty = self.build.keep(self.routine("new_list", 0))
                    bounds = [self.build.take(one) for one in kept]
                    self.routine("set_slice", self.build.take(slot), *bounds, self.build.take(empty))
                case ast.Subscript(value=of, slice=place):
                    self.routine("delete_item", *self.settled([of, place]))
