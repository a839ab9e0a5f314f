"""Applying what is only known when the program runs.

Eval/apply, after Marlow and Peyton Jones, "Making a fast curry" (2004).
"""

from functools import lru_cache

from core.workloads.code.frontends.functional.objects import PARTIAL, header
from core.workloads.code.frontends.words.frames import PREFIX, FrameBuilder
from core.workloads.code.frontends.words.values import REFERENCE
from core.workloads.code.ir.instructions import Instruction, Operand, Register
from core.workloads.code.ir.module import Function, Module
from core.workloads.code.ir.types import WORD

_STEM = PREFIX + "apply."


def applier(count: int, most: int) -> str:
    """Name the function that applies to so many arguments, where functions have at most `most` parameters."""
    return f"{_STEM}{count}.{most}"


def is_applier(name: str) -> bool:
    """Whether a function of that name is made here."""
    return name.startswith(_STEM)


@lru_cache(maxsize=100)
def apply_function(name: str) -> Function:
    """Make the function that `applier` named."""
    count, most = map(int, name.removeprefix(_STEM).split("."))
    return _Applying(count, most).run()


class _Applying:
    def __init__(self, count: int, most: int) -> None:
        self.count, self.most = count, most
        params = [("f", WORD), *((f"a{place}", WORD) for place in range(count))]
        self.build = FrameBuilder(Module(), applier(count, most), params, WORD)
        self.arity = self.build.function.register(WORD, "arity")
        self.slots = [self.build.keep(self.build.param(place)) for place in range(count + 1)]

    def run(self) -> Function:
        build = self.build
        build.branch("lt", self._read(0), REFERENCE, "plain", "object")
        build.block("object")
        forced = build.call(PREFIX + "force", [self._read(0)], WORD)
        assert forced is not None
        build.write(self.slots[0], forced)
        build.branch("lt", forced, REFERENCE, "plain", "closure")
        build.block("plain")
        build.assign(self.arity, build.compute("floormod", WORD, self._read(0), 10))
        code = build.function.register(WORD, "code")
        build.assign(code, build.compute("floordiv", WORD, self._read(0), 10))
        build.jump("ready")
        build.block("closure")
        word = build.compute("peek", WORD, build.compute("sub", WORD, self._read(0), REFERENCE))
        build.assign(self.arity, build.compute("and", WORD, build.compute("shr", WORD, word, 9), 63))
        build.branch("eq", build.compute("and", WORD, word, 7), PARTIAL, "partial", "function")
        build.block("function")
        build.assign(code, self._field("field0"))
        build.block("ready")
        self._enter(code)
        build.block("partial")
        self._enter(None)
        self._fewer()
        return build.function

    def _read(self, place: int) -> Register:
        return self.build.read(self.slots[place])

    def _field(self, name: str) -> Register:
        found = self.build.call(PREFIX + name, [self._read(0)], WORD)
        assert found is not None
        return found

    def _enter(self, code: Register | None) -> None:
        """Go on where there are as many arguments as parameters, where there are more, or fewer."""
        build, count = self.build, self.count
        for taken in range(1, count + 1):
            if code is None and taken >= self.most:
                break
            fits, other = build.label("fits"), build.label("other")
            build.branch("eq", self.arity, taken, fits, other)
            build.block(fits)
            self._call(code, taken)
            build.block(other)
        build.jump("fewer")

    def _call(self, code: Register | None, taken: int) -> None:
        build = self.build
        given: list[Operand] = [self._read(place) for place in range(1, taken + 1)]
        first: list[Operand] = [self._read(0)] if code is not None else [self._field("field0"), self._field("field1")]
        last = taken == self.count
        symbol = "" if code is not None else applier(taken + 1, self.most)
        args = (*([code] if code is not None else []), *first, *given)
        if last:
            build.emit(Instruction("tail" + "p" * (code is not None), args=args, symbol=symbol))
            return
        result = build.call(symbol, args, WORD) if code is None else build.call_pointer(args[0], args[1:], WORD)
        assert result is not None
        rest = [self._read(place) for place in range(taken + 1, self.count + 1)]
        build.emit(Instruction("tail", args=(result, *rest), symbol=applier(self.count - taken, self.most)))

    def _fewer(self) -> None:
        build = self.build
        build.block("fewer")
        for place in range(1, self.count + 1):
            build.assign(self.arity, build.compute("sub", WORD, self.arity, 1))
            kept = build.keep(self.arity)
            head = build.compute("add", WORD, build.compute("shl", WORD, self.arity, 9), header(PARTIAL))
            made = build.call(PREFIX + "make2", [head, self._read(0), self._read(place)], WORD)
            assert made is not None
            build.write(self.slots[0], made)
            build.assign(self.arity, build.take(kept))
        build.give_back(self._read(0))
