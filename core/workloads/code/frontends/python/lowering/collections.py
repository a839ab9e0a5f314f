"""Strings with values in them, collections, and what is within them."""

import ast
from collections.abc import Callable, Sequence

from core.workloads.code.frontends.python.lowering.conditions import Conditions
from core.workloads.code.frontends.words.values import (
    MOST_INLINE,
    fits_inline,
    inline_string,
)
from core.workloads.code.ir.instructions import Operand

_FEW = 4


class Collections(Conditions):
    """The part of a function's lowering that puts values together."""

    def _joined_str(self, node: ast.JoinedStr) -> Operand:
        build = self.build
        pieces: list[tuple[str, str]] = []
        for part in node.values:
            if isinstance(part, ast.FormattedValue):
                pieces.append(("", build.keep(self._formatted(part))))
            else:
                assert isinstance(part, ast.Constant)
                pieces.append((str(part.value), ""))
        self.routine("begin")
        for text, slot in pieces:
            if slot:
                self.routine("write", build.take(slot))
            else:
                self.say(text)
        return self.routine("finish")

    def _formatted(self, part: ast.FormattedValue) -> Operand:
        value = self.value(part.value)
        if part.conversion == ord("r"):
            value = self.routine("repr_of", value)
        elif part.conversion == ord("s"):
            value = self.routine("string_of", value)
        if part.format_spec is None:
            return value
        slot = self.build.keep(value)
        spec = self.value(part.format_spec)
        return self.routine("format_value", self.build.take(slot), spec)

    def say(self, text: str) -> None:
        """Write a text that is known beforehand, piece after piece, so that it takes no word of the store."""
        piece = ""
        for one in text:
            if fits_inline(piece + one) and len(piece) < MOST_INLINE:
                piece += one
                continue
            if piece:
                self.routine("put_text", inline_string(piece))
            piece = one if fits_inline(one) else ""
            if not piece:
                self.routine("put", ord(one))
        if piece:
            self.routine("put_text", inline_string(piece))

    def _tuple(self, node: ast.Tuple) -> Operand:
        build = self.build
        if any(isinstance(one, ast.Starred) for one in node.elts):
            return self.routine("tuple_from", self.list_of(node.elts))
        if len(node.elts) <= _FEW:
            values = [*self.settled(node.elts), 0, 0, 0, 0][:_FEW]
            return self.routine("tuple_of", len(node.elts), *values)
        slot = build.keep(self.routine("new_tuple", len(node.elts)))
        for number, one in enumerate(node.elts):
            value = self.value(one)
            build.poke(build.address(build.read(slot)), value, number + 1)
        return build.take(slot)

    def _list(self, node: ast.List) -> Operand:
        return self.list_of(node.elts)

    def list_of(self, nodes: Sequence[ast.expr]) -> Operand:
        """Make a list of values."""
        build = self.build
        slot = build.keep(self.routine("new_list", len(nodes)))
        for one in nodes:
            starred = isinstance(one, ast.Starred)
            value = self.value(one.value if isinstance(one, ast.Starred) else one)
            self.routine("extend" if starred else "append", build.read(slot), value)
        return build.take(slot)

    def _set(self, node: ast.Set) -> Operand:
        build = self.build
        slot = build.keep(self.routine("new_set"))
        for one in node.elts:
            starred = isinstance(one, ast.Starred)
            value = self.value(one.value if isinstance(one, ast.Starred) else one)
            self.routine("set_update" if starred else "set_add", build.read(slot), value)
        return build.take(slot)

    def _dict(self, node: ast.Dict) -> Operand:
        build = self.build
        slot = build.keep(self.routine("new_dict"))
        for key, value in zip(node.keys, node.values, strict=True):
            if key is None:
                self.routine("dict_update", build.read(slot), self.value(value))
            else:
                k, v = self.settled([key, value])
                self.routine("dict_set", build.read(slot), k, v)
        return build.take(slot)

    def _list_comp(self, node: ast.ListComp) -> Operand:
        return self._comprehension("new_list", [node.elt], "append", node.generators)

    def _set_comp(self, node: ast.SetComp) -> Operand:
        return self._comprehension("new_set", [node.elt], "set_add", node.generators)

    def _dict_comp(self, node: ast.DictComp) -> Operand:
        return self._comprehension("new_dict", [node.key, node.value], "dict_set", node.generators)

    def _comprehension(
        self, new: str, elements: list[ast.expr], add: str, generators: list[ast.comprehension]
    ) -> Operand:
        build = self.build
        made = self.routine(new, 0) if new == "new_list" else self.routine(new)
        slot = build.keep(made)

        def inner(rest: list[ast.comprehension]) -> None:
            if not rest:
                values = self.settled(elements)
                self.routine(add, build.read(slot), *values)
                return

            def body() -> None:
                skip = build.label("skip")
                for test in rest[0].ifs:
                    further = build.label("kept")
                    self.condition(test, further, skip)
                    build.block(further)
                inner(rest[1:])
                build.block(skip)

            self.loop(rest[0].target, rest[0].iter, body)

        with self.branch():
            inner(generators)
        return build.take(slot)

    def loop(self, target: ast.expr, over: ast.expr, body: Callable[[], None]) -> None:
        """Run a body for each item; `Statements` has it."""
        raise NotImplementedError

    def _subscript(self, node: ast.Subscript) -> Operand:
        if isinstance(node.slice, ast.Slice):
            bounds = [one if one is not None else ast.Constant(None) for one in self._bounds(node.slice)]
            return self.routine("get_slice", *self.settled([node.value, *bounds]))
        values = self.settled([node.value, node.slice])
        self.at(node)
        return self.routine("get_item", *values)

    @staticmethod
    def _bounds(node: ast.Slice) -> list[ast.expr | None]:
        return [node.lower, node.upper, node.step]

    def _named_expr(self, node: ast.NamedExpr) -> Operand:
        value = self._register(self.value(node.value))
        self.store(node.target.id, value)
        return value
