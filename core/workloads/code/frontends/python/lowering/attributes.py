"""Attributes, and waiting generators."""

import ast

from core.workloads.code.frontends.python.lowering.collections import Collections
from core.workloads.code.frontends.python.lowering.program import Class
from core.workloads.code.frontends.words.values import (
    END,
    NONE,
    UNBOUND,
)
from core.workloads.code.ir.instructions import Operand, Register
from core.workloads.code.ir.types import WORD


class Attributes(Collections):
    """The part of a function's lowering that looks into objects."""

    def _attribute(self, node: ast.Attribute) -> Operand:
        special = self.attribute_of_module(node)
        if special is not None:
            return special
        place = self.place_in_self(node)
        if place:
            return self._own_attribute(node, place)
        fixed = self.fixed(node.value.id) if isinstance(node.value, ast.Name) else None
        if isinstance(fixed, Class):
            for one in fixed.lineage():
                if node.attr in one.roots and node.attr not in one.kinds:
                    found = self.build.compute("peek", WORD, self.root_word(one.roots[node.attr]))
                    return self._checked_attribute(found, self.class_word(fixed.number), node)
                if node.attr in one.methods and node.attr not in one.kinds:
                    return self.function_value(one.methods[node.attr])
        if node.attr in self.method_names() and not self.program_defines(node.attr):
            return self.bound_built_in(node)
        value = self.value(node.value)
        return self.routine("get_attribute", value, self.program.name_number(node.attr))

    def _own_attribute(self, node: ast.Attribute, place: int) -> Operand:
        found = self.build.word(self.value(node.value), place)
        return self._checked_attribute(found, self.value(node.value), node)

    def _checked_attribute(self, found: Register, of: Operand, node: ast.Attribute) -> Operand:
        """Look further where an attribute has no value yet."""
        build = self.build
        result = build.variable(WORD, "attribute", found)
        missing, there = build.label("missing"), build.label("there")
        build.branch("ne", found, UNBOUND, there, missing)
        build.block(missing)
        build.assign(result, self.routine("get_attribute", of, self.program.name_number(node.attr)))
        build.block(there)
        return result

    def place_in_self(self, node: ast.Attribute) -> int:
        """Give the word of an attribute of the object that a method belongs to, 0 where it must be looked for."""
        owning = self.function.owner
        is_self = (
            owning is not None
            and isinstance(node.value, ast.Name)
            and bool(self.function.positional)
            and node.value.id == self.function.positional[0]
            and not self.is_shared(node.value.id)
            and self.function.node.name not in owning.kinds  # type: ignore[union-attr]  # a method is a function
            and node.value.id not in self.reassigned_params()
        )
        if not is_self or owning is None or node.attr not in owning.attributes:
            return 0
        return owning.first_word + owning.attributes.index(node.attr)

    def reassigned_params(self) -> set[str]:
        """List parameters that get another value somewhere in the function."""
        return {
            one.id
            for one in ast.walk(self.function.node)
            if isinstance(one, ast.Name) and not isinstance(one.ctx, ast.Load)
        }

    def _starred(self, node: ast.Starred) -> Operand:
        self.program.report.error(node, "a star cannot stand here", "it belongs into a call, a list or an assignment")
        return 0

    def _yield(self, node: ast.Yield) -> Operand:
        value = self.value(node.value) if node.value is not None else NONE
        return self.suspend(value, node)

    def suspend(self, value: Operand, node: ast.AST) -> Operand:
        """Hand out a value and wait; `Generators` has it."""
        raise NotImplementedError

    def _yield_from(self, node: ast.YieldFrom) -> Operand:
        build = self.build
        slot = build.keep(self.routine("iterator", self.value(node.value)))
        head, inside, end = build.label("from"), build.label("yielded"), build.label("exhausted")
        build.block(head)
        value = self.routine("next_of", build.read(slot))
        build.branch("eq", value, END, end, inside)
        build.block(inside)
        self.suspend(value, node)
        build.jump(head)
        build.block(end)
        build.drop(slot)
        return NONE

    def bound_built_in(self, node: ast.Attribute) -> Operand:
        """Give a method of a built-in type as a value."""
        raise NotImplementedError

    def attribute_of_module(self, node: ast.Attribute) -> Operand | None:
        """Give an attribute of an imported module."""
        raise NotImplementedError

    def method_names(self) -> frozenset[str]:
        """List the methods of built-in types."""
        raise NotImplementedError

    def program_defines(self, name: str) -> bool:
        """Whether any class of the program has an attribute of that name."""
        raise NotImplementedError
