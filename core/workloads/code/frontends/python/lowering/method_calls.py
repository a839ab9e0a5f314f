"""Calls of methods."""

import ast
import difflib

from core.workloads.code.frontends.python import library
from core.workloads.code.frontends.python.classes import BUILT_IN, EXCEPTIONS
from core.workloads.code.frontends.python.library import Routine
from core.workloads.code.frontends.python.lowering.built_in import BuiltIns
from core.workloads.code.frontends.python.lowering.calls import DIRECT, NONE_MORE
from core.workloads.code.frontends.python.lowering.program import Class, Function
from core.workloads.code.frontends.python.lowering.routine_calls import CONVERSIONS
from core.workloads.code.frontends.words.values import NONE, float_word
from core.workloads.code.ir.instructions import Operand
from core.workloads.code.ir.types import WORD

_TYPES = ("str", "list", "dict", "set", "tuple", "int", "float")


class MethodCalls(BuiltIns):
    """The part of a function's lowering that calls: by a name, of an object, of anything."""

    def _call(self, node: ast.Call) -> Operand:
        match node.func:
            case ast.Name(id=name):
                return self._call_name(name, node)
            case ast.Attribute():
                return self._call_attribute(node.func, node)
        return self.call_value(node.func, node)

    def _call_name(self, name: str, node: ast.Call) -> Operand:
        fixed = self.fixed(name)
        if isinstance(fixed, Function):
            return self.call_function(fixed, node, [])
        if isinstance(fixed, Class):
            return self.construct(fixed, node)
        if self.is_known(name):
            return self.call_value(node.func, node)
        imported = self.program.imported.get(name, "")
        if imported.startswith("math."):
            return self.call_routine(library.math()[imported[5:]], node.args, node, name)
        return self._call_built_in(name, node)

    def _call_built_in(self, name: str, node: ast.Call) -> Operand:
        if name in library.SPECIAL:
            return getattr(self, f"built_in_{name}")(node)  # type: ignore[no-any-return]  # each gives an operand
        if name in library.functions():
            return self.call_routine(library.functions()[name], node.args, node, name)
        self.refuse_keywords(node, name)
        if name in EXCEPTIONS and not any(isinstance(one, ast.Starred) for one in node.args):
            made = self._tuple(ast.copy_location(ast.Tuple(node.args, ast.Load()), node))
            return self.routine("exception", BUILT_IN[name][0], made)
        return self.call_value(node.func, node)

    # Methods.

    def _call_attribute(self, func: ast.Attribute, node: ast.Call) -> Operand:
        if isinstance(func.value, ast.Call) and isinstance(func.value.func, ast.Name) and func.value.func.id == "super":
            return self._call_super(func, node)
        found = self._call_of_name(func, func.value.id, node) if isinstance(func.value, ast.Name) else None
        if found is not None:
            return found
        if func.attr == "format" and not self.program_defines("format"):
            return self._format(func, node)
        routines = library.methods().get(func.attr, ())
        if not routines:
            return self._call_method(func, node)
        return self._call_built_in_method(func, node, routines)

    def _call_of_name(self, func: ast.Attribute, name: str, node: ast.Call) -> Operand | None:
        """Call what a module, a type, a class or the object of this method has; None where that is not known."""
        if not self.is_known_value(name):
            if self.program.imported.get(name) == "math":
                return self._call_math(func, node)
            if name in _TYPES:
                return self._call_on_type(func, node)
        fixed = self.fixed(name)
        if isinstance(fixed, Class):
            return self._call_of_class(fixed, func, node)
        return self._only_method(func, node)

    def _call_of_class(self, class_: Class, func: ast.Attribute, node: ast.Call) -> Operand | None:
        method = class_.method(func.attr)
        kind = next((one.kinds[func.attr] for one in class_.lineage() if func.attr in one.kinds), "")
        if method is not None and kind in ("", "static") and not method.has_closure:
            return self.call_function(method, node, [])
        if method is not None and kind == "class":
            return self.call_function(method, node, [self.class_word(class_.number)])
        return None

    def is_known_value(self, name: str) -> bool:
        """Whether a name is the program's own, and no imported module's."""
        return self.is_known(name) and name not in self.program.imported

    def _only_method(self, func: ast.Attribute, node: ast.Call) -> Operand | None:
        """Call the method of the object that this method belongs to, where no class below has another one."""
        owning = self.function.owner
        if owning is None or not self.function.positional or not isinstance(func.value, ast.Name):
            return None
        if func.value.id != self.function.positional[0] or func.value.id in self.reassigned_params():
            return None
        if self.function.node.name in owning.kinds:  # type: ignore[union-attr]  # a method is a function
            return None
        method = owning.method(func.attr)
        starred = any(isinstance(one, ast.Starred) for one in node.args)
        if method is None or starred or not self._is_final(owning, method, func.attr):
            return None
        return self.call_function(method, node, [func.value])

    def _is_final(self, class_: Class, method: Function, name: str) -> bool:
        """Whether every object of a class has this method by that name."""
        below = [one for one in self.program.classes.values() if class_ in one.lineage() and one is not class_]
        special = any(name in one.kinds or name in one.roots for one in class_.lineage())
        if special or name in class_.attributes or method.has_closure:
            return False
        return not any(name in one.methods or name in one.attributes for one in below)

    def _call_super(self, func: ast.Attribute, node: ast.Call) -> Operand:
        owning = self.function.owner
        report = self.program.report
        if owning is None or not self.function.positional:
            report.error(func, "super() is for methods of classes")
            return 0
        itself = ast.copy_location(ast.Name(self.function.positional[0], ast.Load()), node)
        method = owning.base.method(func.attr) if owning.base is not None else None
        if method is not None:
            if any(isinstance(one, ast.Starred) for one in node.args):
                rest = ast.copy_location(ast.Tuple([itself, *node.args], ast.Load()), node)
                slot = self.build.keep(self.function_value(method))
                return self.routine("invoke_with", self.build.take(slot), self._tuple(rest))
            return self.call_function(method, node, [itself])
        if func.attr == "__init__":
            if owning.is_exception:
                made = self._tuple(ast.copy_location(ast.Tuple(node.args, ast.Load()), node))
                slot = self.build.keep(made)
                of = self.build.address(self.value(itself))
                self.build.poke(of, self.build.take(slot), 1)
            return NONE
        if func.attr in ("__str__", "__repr__") and owning.is_exception:
            name = self.program.name_number(func.attr)
            return self.routine("exception_text", self.value(itself), name)
        report.error(func, f"no class above {owning.name} has a method '{func.attr}'")
        return 0

    def _call_method(self, func: ast.Attribute, node: ast.Call) -> Operand:
        """Call an attribute that only the object knows."""
        args = self.by_position(node)
        build = self.build
        if args is None:
            slot = build.keep(self._attribute_of(func))
            return self.routine("invoke_with", build.take(slot), self._tuple(ast.Tuple(node.args, ast.Load())))
        slots = self.held([func.value, *args[: DIRECT - 1]])
        last = self.last_argument(args)
        self.at(node)
        return self._dispatch(func, slots, len(args), last)

    def _attribute_of(self, func: ast.Attribute) -> Operand:
        return self.routine("get_attribute", self.value(func.value), self.program.name_number(func.attr))

    def _dispatch(self, func: ast.Attribute, slots: list[str], count: int, last: Operand) -> Operand:
        values: list[Operand] = [self.build.take(one) for one in slots]
        passed = [*values[1:], *NONE_MORE][: DIRECT - 1]
        return self.routine("call_method", values[0], self.program.name_number(func.attr), count, *passed, last)

    def _call_built_in_method(self, func: ast.Attribute, node: ast.Call, routines: tuple[Routine, ...]) -> Operand:
        build = self.build
        fitting = [one for one in routines if self._fits_call(one, node)]
        own = self.program_defines(func.attr)
        if not fitting and not own:
            self.matched_routine(routines[0], node.args, node, func.attr)
            return 0
        args = [*node.args, *(one.value for one in node.keywords)]
        slots = self.held([func.value, *args])
        self.at(node)
        result = build.variable(WORD, "result")
        end = build.label("called")
        kind = self.routine("kind", build.read(slots[0]))
        for routine in fitting:
            there, other = build.label(func.attr), build.label("other")
            self._branch_on(kind, routine.kinds, there, other)
            build.block(there)
            build.assign(result, self._with_routine(routine, node, slots))
            build.jump(end)
            build.block(other)
        placed = self.own_arguments(func, node, slots[1:]) if own else None
        number = self.program.name_number(func.attr)
        if placed is not None:
            passed = [*(self.value(one) for one in placed), *NONE_MORE][:DIRECT]
            build.assign(result, self.routine("call_method", build.read(slots[0]), number, len(placed), *passed))
        else:
            self.routine("no_attribute", build.read(slots[0]), number)
            build.assign(result, 0)
        for one in slots:
            build.drop(one)
        build.block(end)
        return result

    def _branch_on(self, kind: Operand, kinds: tuple[int, ...], there: str, other: str) -> None:
        build = self.build
        for number, one in enumerate(kinds):
            further = other if number == len(kinds) - 1 else build.label("further")
            build.branch("eq", kind, one, there, further)
            if further != other:
                build.block(further)

    def _with_routine(self, routine: Routine, node: ast.Call, slots: list[str]) -> Operand:
        build = self.build
        given = {one.name: slot for one, slot in zip(routine.params, slots[1 : len(node.args) + 1], strict=False)}
        for keyword, slot in zip(node.keywords, slots[len(node.args) + 1 :], strict=True):
            given[keyword.arg or ""] = slot
        converted: dict[str, str] = {}
        for param in routine.params:
            convert = CONVERSIONS.get(param.sort)
            if convert is not None and param.name in given:
                converted[param.name] = build.keep(self.routine(convert, build.read(given[param.name])))
        values: list[Operand] = [build.read(slots[0])]
        for param in routine.params:
            if param.name in converted:
                values.append(build.take(converted[param.name]))
            elif param.name in given:
                values.append(build.read(given[param.name]))
            else:
                assert param.default is not None
                values.append(param.default)
        return self.finish_routine(routine, self.routine(routine.name, *values, *routine.further))

    @staticmethod
    def _fits_call(routine: Routine, node: ast.Call) -> bool:
        if any(isinstance(one, ast.Starred) for one in node.args):
            return False
        names = [one.name for one in routine.params]
        if len(node.args) > len(names) or (routine.name == "sort" and node.args):
            return False
        named = library.NAMED.get(node.func.attr if isinstance(node.func, ast.Attribute) else "", ())
        if any(one.arg not in named for one in node.keywords):
            return False
        given = {*names[: len(node.args)], *(one.arg for one in node.keywords)}
        return given <= set(names) and all(one.name in given or one.default is not None for one in routine.params)

    def _format(self, func: ast.Attribute, node: ast.Call) -> Operand:
        if node.keywords:
            message = "format() takes its values by their position here"
            self.program.report.error(node.keywords[0], message, "write f'...' with the names in braces")
            return 0
        slot = self.build.keep(self.value(func.value))
        made = self._tuple(ast.copy_location(ast.Tuple(node.args, ast.Load()), node))
        return self.routine("format_method", self.build.take(slot), made)

    def _call_on_type(self, func: ast.Attribute, node: ast.Call) -> Operand:
        """`str.upper(s)` is `s.upper()`, and `dict.fromkeys(keys)` something of its own."""
        assert isinstance(func.value, ast.Name)
        if func.value.id == "dict" and func.attr == "fromkeys":
            values = [*node.args, ast.Constant(None)][:2]
            return self.routine("dict_from_keys", *self.settled(values))
        if not node.args:
            self.program.report.error(node, f"{func.value.id}.{func.attr}() needs the object as its first argument")
            return 0
        turned = ast.copy_location(ast.Attribute(node.args[0], func.attr, ast.Load()), func)
        call = ast.copy_location(ast.Call(turned, node.args[1:], node.keywords), node)
        return self._call_attribute(turned, call)

    def _call_math(self, func: ast.Attribute, node: ast.Call) -> Operand:
        routine = library.math().get(func.attr)
        if routine is None:
            close = difflib.get_close_matches(func.attr, library.math(), 1, 0.75)
            hint = f"did you mean 'math.{close[0]}'?" if close else f"of math there are {', '.join(library.math())}"
            self.program.report.error(func, f"math.{func.attr} is not supported", hint)
            return 0
        return self.call_routine(routine, node.args, node, func.attr)

    def attribute_of_module(self, node: ast.Attribute) -> Operand | None:
        """Give an attribute of an imported module, or a method of a built-in type, as a value."""
        if not isinstance(node.value, ast.Name) or self.is_known_value(node.value.id):
            return None
        if self.program.imported.get(node.value.id) == "math":
            if node.attr in library.MATH_CONSTANTS:
                return float_word(library.MATH_CONSTANTS[node.attr])
            return self.wrapper(node)
        if node.value.id in _TYPES:
            return self.wrapper(node)
        return None

    def method_names(self) -> frozenset[str]:
        """List the methods of built-in types."""
        return frozenset(library.methods())

    def program_defines(self, name: str) -> bool:
        """Whether any class of the program has an attribute of that name."""
        return any(
            name in one.methods or name in one.attributes or name in one.roots for one in self.program.classes.values()
        )
