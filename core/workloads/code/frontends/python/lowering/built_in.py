"""Calls of built-in functions."""

import ast

from core.workloads.code.frontends.python import library
from core.workloads.code.frontends.python.classes import BUILT_IN
from core.workloads.code.frontends.python.lowering.routine_calls import RoutineCalls
from core.workloads.code.frontends.words.values import CLASS, NONE, NOT_IMPLEMENTED, UNBOUND, float_word
from core.workloads.code.ir.instructions import Operand
from core.workloads.code.ir.types import WORD


class BuiltIns(RoutineCalls):
    """The part of a function's lowering that calls built-in functions."""

    def built_in_print(self, node: ast.Call) -> Operand:
        """Call `print`."""
        defaults: dict[str, ast.expr] = {"sep": ast.Constant(" "), "end": ast.Constant("\n")}
        if any(one.arg in ("file", "flush") for one in node.keywords):
            wrong = next(one for one in node.keywords if one.arg in ("file", "flush"))
            if wrong.arg == "file":
                self.program.report.error(wrong, "print() has no 'file' here", "the Engine prints on one roll")
                return NONE
        allowed = [one for one in node.keywords if one.arg != "flush"]
        call = ast.copy_location(ast.Call(node.func, node.args, allowed), node)
        found = self._keywords(call, "print", defaults)
        if found is None:
            return NONE
        sep, end = found["sep"], found["end"]
        for name, one in (("sep", sep), ("end", end)):
            if isinstance(one, ast.Constant) and not isinstance(one.value, str | None):
                self.program.report.error(
                    one, f"print() takes a text for '{name}'", f"write it in quotes: {name}='...'"
                )
                return NONE
        if any(isinstance(one, ast.Starred) for one in node.args):
            slot = self.build.keep(self.list_of(node.args))
            ends = [self._kept_separator(sep, " "), self._kept_separator(end, "\n")]
            self.routine("print_all", *(self.build.take(one) for one in [slot, *ends]))
            return NONE
        self._print_items(node.args, sep, end)
        return NONE

    def _print_items(self, args: list[ast.expr], sep: ast.expr, end: ast.expr) -> None:
        """Compute all arguments, then print one after another; texts known beforehand are printed as they are."""
        pieces: list[tuple[str, str]] = []
        slots: dict[str, str] = {}
        for number, one in enumerate(args):
            if number and isinstance(sep, ast.Constant):
                pieces.append((_separator(sep, " "), ""))
            elif number:
                pieces.append(("", "sep"))
            if isinstance(one, ast.Constant) and isinstance(one.value, str):
                pieces.append((one.value, ""))
            else:
                pieces.append(("", str(number)))
                slots[str(number)] = self.build.keep(self.value(one))
        if not isinstance(sep, ast.Constant):
            slots["sep"] = self._kept_separator(sep, " ")
        if isinstance(end, ast.Constant):
            pieces.append((_separator(end, "\n"), ""))
        else:
            slots["end"] = self._kept_separator(end, "\n")
            pieces.append(("", "end"))
        text = ""
        for piece, slot in pieces:
            if slot:
                self.say(text)
                text = ""
                self.routine("write", self.build.read(slots[slot]))
            text += piece
        self.say(text)
        for slot in slots.values():
            self.build.drop(slot)

    def _kept_separator(self, node: ast.expr, otherwise: str) -> str:
        """Keep what is printed between or behind values: a text, or None for what is usual."""
        if isinstance(node, ast.Constant):
            return self.build.keep(self.text(_separator(node, otherwise)))
        return self.build.keep(self.routine("separator", self.value(node), self.text(otherwise)))

    def built_in_range(self, node: ast.Call) -> Operand:
        """Call `range`."""
        if not self._has(node, "range", 1, 3):
            return 0
        self.refuse_keywords(node, "range")
        args = list(node.args)
        if len(args) == 1:
            args = [ast.Constant(0), *args]
        if len(args) == 2:  # noqa: PLR2004 - start and stop, and a step to come
            args.append(ast.Constant(1))
        return self.routine("new_range", *self.settled(args))

    def built_in_dict(self, node: ast.Call) -> Operand:
        """Call `dict`."""
        build = self.build
        if not self._has(node, "dict", 0, 1):
            return 0
        made = self.routine("dict_from", self.value(node.args[0])) if node.args else self.routine("new_dict")
        slot = build.keep(made)
        for one in node.keywords:
            value = self.value(one.value)
            if one.arg is None:
                self.routine("dict_update", build.read(slot), value)
            else:
                self.routine("dict_set", build.read(slot), self.text(one.arg), value)
        return build.take(slot)

    def built_in_int(self, node: ast.Call) -> Operand:
        """Call `int`."""
        if not self._has(node, "int", 0, 2):
            return 0
        found = self._keywords(node, "int", {"base": ast.Constant(None)})
        if found is None or not node.args:
            return 0
        args = [*node.args]
        if node.keywords:
            args.append(found["base"])
        return self.routine("to_integer" if len(args) == 1 else "to_integer_in", *self.settled(args))

    def built_in_type(self, node: ast.Call) -> Operand:
        """Call `type`."""
        if not self._has(node, "type", 1, 1):
            return 0
        return self.build.compute("add", WORD, self.routine("class_of", self.value(node.args[0])), CLASS)

    def built_in_enumerate(self, node: ast.Call) -> Operand:
        """Call `enumerate`."""
        found = self._keywords(node, "enumerate", {"start": ast.Constant(0)})
        if found is None or not self._has(node, "enumerate", 1, 2):
            return 0
        start = node.args[1] if len(node.args) > 1 else found["start"]
        slots = self.held([node.args[0], start])
        iterator = self.build.keep(self.routine("iterator", self.build.take(slots[0])))
        count = self.routine("as_count", self.build.take(slots[1]))
        return self.routine("lazy", 0, self.build.take(iterator), count, 0)

    def built_in_zip(self, node: ast.Call) -> Operand:
        """Call `zip`."""
        self.refuse_keywords(node, "zip")
        several = self._tuple(ast.Tuple(node.args, ast.Load()))
        return self.routine("lazy", 1, self.routine("iterators_of", several), 0, 0)

    def built_in_map(self, node: ast.Call) -> Operand:
        """Call `map`."""
        if len(node.args) < 2:  # noqa: PLR2004 - a function and what it is mapped over
            self._has(node, "map", 2, 9)
            return 0
        function = self.build.keep(self.value(node.args[0]))
        if len(node.args) == 2 and not isinstance(node.args[1], ast.Starred):  # noqa: PLR2004 - as many as it needs
            over = self.routine("iterator", self.value(node.args[1]))
            return self.routine("lazy", 2, self.build.take(function), over, 0)
        over = self.routine("iterators_of", self._tuple(ast.Tuple(node.args[1:], ast.Load())))
        return self.routine("lazy", 5, self.build.take(function), over, 0)

    def built_in_filter(self, node: ast.Call) -> Operand:
        """Call `filter`."""
        if not self._has(node, "filter", 2, 2):
            return 0
        function = self.build.keep(self.value(node.args[0]))
        over = self.routine("iterator", self.value(node.args[1]))
        return self.routine("lazy", 3, self.build.take(function), over, 0)

    def built_in_min(self, node: ast.Call) -> Operand:
        """Call `min`."""
        assert isinstance(node.func, ast.Name)
        name = node.func.id
        nothing = ast.copy_location(Word(UNBOUND), node)
        found = self._keywords(node, name, {"key": ast.Constant(None), "default": nothing})
        if found is None:
            return 0
        if not node.args:
            self._has(node, name, 1, 9)
            return 0
        single = len(node.args) == 1 and not isinstance(node.args[0], ast.Starred)
        over = node.args[0] if single else ast.copy_location(ast.Tuple(node.args, ast.Load()), node)
        slots = self.held([over, found["key"], found["default"]])
        items, key, default = (self.build.take(one) for one in slots)
        return self.routine("extreme", items, key, 2 * (name == "max"), default)

    def _word(self, node: "Word") -> Operand:
        return node.word

    def built_in_sorted(self, node: ast.Call) -> Operand:
        """Call `sorted`."""
        found = self._keywords(node, "sorted", {"key": ast.Constant(None), "reverse": ast.Constant(False)})
        if found is None or not self._has(node, "sorted", 1, 1):
            return 0
        slots = self.held([node.args[0], found["key"], found["reverse"]])
        return self.routine("sorted_list", *(self.build.take(one) for one in slots))

    def built_in_sum(self, node: ast.Call) -> Operand:
        """Call `sum`."""
        found = self._keywords(node, "sum", {"start": ast.Constant(0)})
        if found is None or not self._has(node, "sum", 1, 2):
            return 0
        start = node.args[1] if len(node.args) > 1 else found["start"]
        return self.routine("sum_of", *self.settled([node.args[0], start]))

    def built_in_pow(self, node: ast.Call) -> Operand:
        """Call `pow`."""
        if not self._has(node, "pow", 2, 3):
            return 0
        name = "pow_values" if len(node.args) == 2 else "pow_modulo"  # noqa: PLR2004 - as many as it needs
        return self.routine(name, *self.settled(node.args))

    def built_in_callable(self, node: ast.Call) -> Operand:
        """Call `callable`."""
        if not self._has(node, "callable", 1, 1):
            return 0
        return self.build.truth_value(self.routine("is_callable", self.value(node.args[0])))

    def built_in_getattr(self, node: ast.Call) -> Operand:
        """Do `getattr`, `hasattr` and `setattr` with a name that is written out."""
        assert isinstance(node.func, ast.Name)
        name = node.func.id
        least, most = {"getattr": (2, 3), "hasattr": (2, 2), "setattr": (3, 3)}[name]
        if not self._has(node, name, least, most):
            return 0
        attribute = node.args[1]
        if not isinstance(attribute, ast.Constant) or not isinstance(attribute.value, str):
            self.program.report.error(attribute, f"{name}() needs the attribute's name as a text that is written out")
            return 0
        number = self.program.name_number(attribute.value)
        if name == "setattr":
            value = self.build.keep(self.value(node.args[2]))
            self.routine("set_attribute", self.value(node.args[0]), number, self.build.take(value))
            return NONE
        object_ = self.value(node.args[0])
        if name == "hasattr":
            found = self.routine("attribute_or", object_, number, UNBOUND)
            return self.build.truth_value(self.build.compute("ne", WORD, found, UNBOUND))
        if len(node.args) == least:
            return self.routine("get_attribute", object_, number)
        slot = self.build.keep(object_)
        default = self.value(node.args[2])
        return self.routine("attribute_or", self.build.take(slot), number, default)

    def built_in_issubclass(self, node: ast.Call) -> Operand:
        """Call `issubclass`."""
        if not self._has(node, "issubclass", 2, 2):
            return 0
        return self.build.truth_value(self.routine("is_subclass", *self.settled(node.args)))

    def built_in_exit(self, node: ast.Call) -> Operand:
        """Call `exit`."""
        code = self._whole(node.args[0]) if node.args else 0
        self.build.service("exit", [code])
        return NONE

    def built_in_super(self, node: ast.Call) -> Operand:
        """Call `super`."""
        self.program.report.error(node, "super() is only supported as in super().method(...)")
        return 0

    built_in_max = built_in_min

    built_in_hasattr = built_in_setattr = built_in_getattr

    built_in_quit = built_in_exit

    def built_in_value(self, node: ast.Name) -> Operand:
        """Give the value of a built-in name: a class, or a function that calls it."""
        name = node.id
        if name == "NotImplemented":
            return NOT_IMPLEMENTED
        if name == "__name__":
            return self.text("__main__")
        if name in BUILT_IN and name not in ("NoneType", "function", "generator"):
            self.program.valued.add(name)
            return self.class_word(BUILT_IN[name][0])
        imported = self.program.imported.get(name, "")
        if imported.removeprefix("math.") in library.MATH_CONSTANTS:
            return float_word(library.MATH_CONSTANTS[imported.removeprefix("math.")])
        if name not in library.functions() and name not in library.SPECIAL and not imported:
            return self.routine("unbound_global", self.text(name))
        return self.wrapper(node)

    def wrapper(self, node: ast.expr) -> Operand:
        """Make a function that calls what has no value itself; `Functions` has it."""
        raise NotImplementedError


class Word(ast.expr):
    """A word, in an expression's place."""

    _fields = ()

    def __init__(self, word: int) -> None:
        super().__init__()
        self.word = word


def _separator(node: ast.Constant, otherwise: str) -> str:
    return otherwise if node.value is None else str(node.value)
