"""Functions of a run-time library as IR.

Names are words: parameters, local variables, constants, cells and roots. `p[k]` is the word k beyond the address p.
What may collect garbage keeps its variables in the frame, but for those declared `name: raw`, which hold no references.
A call is one of an operation of the IR, a service, another function, or one of a few words with a meaning of their own.
"""

import ast
from collections.abc import Callable
from typing import ClassVar

from core.workloads.code.frontends.words.frames import PREFIX, FrameBuilder
from core.workloads.code.frontends.words.signs import BINARY, COMPARISONS, UNARY
from core.workloads.code.frontends.words.sources import Sources, constant
from core.workloads.code.frontends.words.values import MOST_INLINE, inline_string
from core.workloads.code.ir.instructions import Instruction, Operand, Register
from core.workloads.code.ir.module import Function, Module
from core.workloads.code.ir.operations import SERVICES
from core.workloads.code.ir.types import WORD

ROOTS = PREFIX + "roots"


def lower(name: str, sources: Sources) -> Function:
    """Make the IR of one function of the library."""
    return _Lowering(sources.functions[name], sources).run()


class _Lowering:
    def __init__(self, source: ast.FunctionDef, sources: Sources) -> None:
        self.source, self.sources = source, sources
        params = [(one.arg, WORD) for one in source.args.args]
        self.build = FrameBuilder(Module(), PREFIX + source.name, params, WORD)
        self.collects = source.name in sources.collecting
        declared = [one.target for one in ast.walk(source) if isinstance(one, ast.AnnAssign)]
        self.raw = {one.id for one in declared if isinstance(one, ast.Name)}
        self.registers: dict[str, Register] = {}
        self.slots: dict[str, str] = {}
        self.loops: list[tuple[str, str]] = []

    def run(self) -> Function:
        for place, one in enumerate(self.source.args.args):
            # A parameter declared `raw` is none that the collector should look at.
            is_raw = one.annotation is not None or not self.collects
            if is_raw:
                self.registers[one.arg] = self.build.param(place)
            else:
                self._assign(one.arg, self.build.param(place))
        self._body(self.source.body)
        self.build.give_back(0)
        return self.build.function

    # Statements.

    def _body(self, body: list[ast.stmt]) -> None:
        for one in body:
            self._statement(one)

    def _statement(self, one: ast.stmt) -> None:  # noqa: C901, PLR0912 - a case for each statement
        match one:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                self._assign(name, self._value(value))
            case ast.Assign(targets=[ast.Subscript(value=base, slice=place)], value=value):
                self._poke(base, place, value)
            case ast.AugAssign(target=ast.Name(id=name) as target, op=op, value=value):
                read = ast.Name(target.id, ast.Load())
                self._assign(name, self._value(ast.BinOp(read, op, value)))
            case ast.AnnAssign(target=ast.Name(id=name), value=value) if value is not None:
                self._assign(name, self._value(value))
            case ast.If(test=test, body=body, orelse=orelse):
                self._if(test, body, orelse)
            case ast.While(test=test, body=body):
                self._while(test, body)
            case ast.Return(value=value):
                self.build.give_back(0 if value is None else self._value(value))
            case ast.Break():
                self.build.jump(self.loops[-1][1])
            case ast.Continue():
                self.build.jump(self.loops[-1][0])
            case ast.Try(body=[body], handlers=[ast.ExceptHandler(type=type_, body=handler)]):
                self._try(body, type_.id if isinstance(type_, ast.Name) else "", handler)
            case ast.Expr(value=ast.Call() as call):
                self._call(call)
            case ast.Expr(value=ast.Constant()) | ast.Pass():
                pass
            case _:
                raise SyntaxError(f"{self.source.name}: {ast.unparse(one)}")

    def _assign(self, name: str, value: Operand) -> None:
        if name in self.sources.cells:
            self.build.poke(self.build.compute("global", WORD, symbol=PREFIX + name), value)
        elif name in self.sources.roots:
            self.build.poke(self._root(name), value)
        elif self.collects and name not in self.raw and name not in self.registers:
            if name not in self.slots:
                self.slots[name] = self.build.slot(name, 1)
            self.build.write(self.slots[name], value)
        else:
            if name not in self.registers:
                self.registers[name] = self.build.function.register(WORD, name)
            self.build.assign(self.registers[name], value)

    def _root(self, name: str) -> Operand:
        return self.build.compute("global", WORD, symbol=ROOTS, offset=self.sources.roots.index(name))

    def _poke(self, base: ast.expr, place: ast.expr, value: ast.expr) -> None:
        # The value comes first: what it computes may move what the address leads to.
        word, address = self.build.settle([self._part(value), self._part(base)])
        address, offset = self._address(address, place)
        self.build.poke(address, word, offset)

    def _address(self, base: Operand, place: ast.expr) -> tuple[Operand, int]:
        try:
            return base, self._constant(place)
        except (KeyError, SyntaxError):
            return self.build.compute("add", WORD, base, self._value(place)), 0

    def _constant(self, node: ast.expr) -> int:
        return constant(node, self.sources.constants)

    def _if(self, test: ast.expr, body: list[ast.stmt], orelse: list[ast.stmt]) -> None:
        build = self.build
        then, otherwise, end = build.label("then"), build.label("else"), build.label("end")
        self._condition(test, then, otherwise if orelse else end)
        build.block(then)
        self._body(body)
        if orelse:
            build.jump(end)
            build.block(otherwise)
            self._body(orelse)
        build.block(end)

    def _while(self, test: ast.expr, body: list[ast.stmt]) -> None:
        build = self.build
        head, inside, end = build.label("loop"), build.label("body"), build.label("end")
        build.block(head)
        self._condition(test, inside, end)
        build.block(inside)
        self.loops.append((head, end))
        self._body(body)
        self.loops.pop()
        build.jump(head)
        build.block(end)

    def _try(self, body: ast.stmt, class_: str, handler: list[ast.stmt]) -> None:
        """Have a function's result, or go on with the handler after an exception of the class, if one is named."""
        build = self.build
        inside, caught = build.label("try"), build.label("caught")
        guard = build.guard(inside, caught)
        build.block(inside)
        assert isinstance(body, ast.Return)
        assert body.value is not None
        slot = build.keep(self._value(body.value))
        build.unguard(guard)
        build.give_back(build.take(slot))
        build.block(caught)
        build.unguard(guard)
        if not class_:
            self._body(handler)
            return
        fits, other = build.label("fits"), build.label("other")
        call = ast.parse(f"descends(more(RAISED), {class_})", mode="eval").body
        build.branch("ne", self._value(call), 0, fits, other)
        build.block(other)
        self._value(ast.parse("throw(RAISED)", mode="eval").body)
        build.block(fits)
        self._body(handler)

    def _condition(self, test: ast.expr, then: str, otherwise: str) -> None:
        match test:
            case ast.BoolOp(op=op, values=values):
                for one in values[:-1]:
                    further = self.build.label("further")
                    if isinstance(op, ast.And):
                        self._condition(one, further, otherwise)
                    else:
                        self._condition(one, then, further)
                    self.build.block(further)
                self._condition(values[-1], then, otherwise)
            case ast.UnaryOp(op=ast.Not(), operand=inner):
                self._condition(inner, otherwise, then)
            case ast.Compare(left=left, ops=[op], comparators=[right]):
                a, b = self.build.settle([self._part(left), self._part(right)])
                self.build.branch(COMPARISONS[type(op)], a, b, then, otherwise)
            case ast.Constant(value=True):
                self.build.jump(then)
            case _:
                self.build.branch("ne", self._value(test), 0, then, otherwise)

    # Values.

    def _part(self, node: ast.expr) -> tuple[Callable[[], Operand], bool]:
        collects = self.collects and any(
            isinstance(one, ast.Call) and isinstance(one.func, ast.Name) and one.func.id in self.sources.collecting
            for one in ast.walk(node)
        )
        return (lambda: self._value(node)), collects

    def _value(self, node: ast.expr) -> Operand:  # noqa: PLR0911 - a case for each expression
        match node:
            case ast.Constant(value=str(text)):
                assert len(text) <= MOST_INLINE, text
                return inline_string(text)
            case ast.Constant(value=value) if isinstance(value, int):
                return int(value)
            case ast.Name(id=name):
                return self._name(name)
            case ast.BinOp(left=left, op=op, right=right):
                a, b = self.build.settle([self._part(left), self._part(right)])
                return self.build.compute(BINARY[type(op)], WORD, a, b)
            case ast.UnaryOp(op=op, operand=inner):
                return self.build.compute(UNARY[type(op)], WORD, self._value(inner))
            case ast.Compare(left=left, ops=[op], comparators=[right]):
                a, b = self.build.settle([self._part(left), self._part(right)])
                return self.build.compute(COMPARISONS[type(op)], WORD, a, b)
            case ast.Subscript(value=base, slice=place):
                address, offset = self._address(self._value(base), place)
                return self.build.compute("peek", WORD, address, offset=offset)
            case ast.Call():
                return self._call(node)
        raise SyntaxError(f"{self.source.name}: {ast.unparse(node)}")

    def _name(self, name: str) -> Operand:
        if name in self.slots:
            return self.build.read(self.slots[name])
        if name in self.registers:
            return self.registers[name]
        if name in self.sources.constants:
            return self.sources.constants[name]
        if name in self.sources.cells:
            return self.build.compute("peek", WORD, self.build.compute("global", WORD, symbol=PREFIX + name))
        if name in self.sources.roots:
            return self.build.compute("peek", WORD, self._root(name))
        raise SyntaxError(f"{self.source.name}: {name}")

    def _call(self, call: ast.Call) -> Operand:
        assert isinstance(call.func, ast.Name)
        name = call.func.id
        if name in self._SPECIAL:
            return self._SPECIAL[name](self, call)
        args = self.build.settle([self._part(one) for one in call.args])
        if name in SERVICES:
            found = self.build.service(name, args, WORD if SERVICES[name].gives else None)
            return 0 if found is None else found
        if name == "call":
            found = self.build.call_pointer(args[0], args[1:], WORD)
        elif name in self.sources.functions or name in self.sources.external:
            found = self.build.call(PREFIX + name, args, WORD)
        else:
            return self.build.compute(name, WORD, *args)
        assert found is not None
        return found

    def _say(self, call: ast.Call) -> Operand:
        """Print or gather a text, piece after piece, so that it takes no word of the store."""
        text = call.args[0]
        assert isinstance(text, ast.Constant)
        assert isinstance(text.value, str)
        for start in range(0, len(text.value), MOST_INLINE):
            self.build.call(PREFIX + "put_text", [inline_string(text.value[start : start + MOST_INLINE])], WORD)
        return 0

    def _pointer(self, call: ast.Call) -> Operand:
        named = call.args[0]
        assert isinstance(named, ast.Name)
        return self.build.compute("function", WORD, symbol=PREFIX + named.id)

    def _unwind(self, call: ast.Call) -> Operand:
        self.build.emit(Instruction("unwind", args=(self._value(call.args[0]),)))
        return 0

    def _trap(self, _: ast.Call) -> Operand:
        self.build.trap("heap")
        return 0

    def _stop(self, _: ast.Call) -> Operand:
        self.build.trap("raised")
        return 0

    def _global(self, call: ast.Call) -> Operand:
        named = call.args[0]
        assert isinstance(named, ast.Constant)
        assert isinstance(named.value, str)
        return self.build.compute("global", WORD, symbol=PREFIX + named.value)

    _SPECIAL: ClassVar[dict[str, Callable[["_Lowering", ast.Call], Operand]]] = {
        "say": _say,
        "pointer": _pointer,
        "unwind": _unwind,
        "trap_heap": _trap,
        "stop": _stop,
        "global_address": _global,
    }
