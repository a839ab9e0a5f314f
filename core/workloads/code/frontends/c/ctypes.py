"""C's types: their sizes as on x86-64, their names as a diagnostic writes them, and how each lies in the IR."""

from dataclasses import dataclass

from core.workloads.code.ir import types


@dataclass(slots=True, eq=False)
class CType:
    """Any type; `size` and `align` in bytes."""

    name: str
    size: int
    align: int
    ir: types.Type = types.WORD


@dataclass(slots=True, eq=False)
class IntegerType(CType):
    """An integer type; conversions go to the higher rank."""

    rank: int = 0

    @property
    def signed(self) -> bool:
        """Whether it holds negative numbers."""
        return self.ir.low < 0


@dataclass(slots=True, eq=False, kw_only=True)
class PointerType(CType):
    """A pointer; whether its target is const does not make it another type."""

    target: CType
    to_const: bool = False


@dataclass(slots=True, eq=False, kw_only=True)
class ArrayType(CType):
    """An array; `length` is None until an initializer gives it."""

    element: CType
    length: int | None


@dataclass(slots=True, eq=False, kw_only=True)
class FunctionType(CType):
    """A function; `params` is None where a declaration says nothing of them."""

    returns: CType
    params: tuple[CType, ...] | None
    variadic: bool = False


@dataclass(frozen=True, slots=True)
class MemberType:
    """A member of a struct or union: its name, type and offset in bytes."""

    name: str
    type: CType
    offset: int


@dataclass(slots=True, eq=False, kw_only=True)
class RecordType(CType):
    """A struct or union, the same only as itself; complete once its members are known."""

    kind: str
    members: dict[str, MemberType] | None = None
    fields: list[MemberType] | None = None
    """The members in order, a struct or union without a name as one of them; `members` has what is in it instead."""

    def complete(self, members: list[tuple[str, CType]]) -> None:
        """Lay the members out."""
        laid: dict[str, MemberType] = {}
        self.fields = []
        end = 0
        for name, type_ in members:
            start = 0 if self.kind == "union" else -(-end // type_.align) * type_.align
            self._lay(laid, name, type_, start)
            self.fields.append(MemberType(name, type_, start))
            end = max(end, start + type_.size)
            self.align = max(self.align, type_.align)
        self.size = -(-end // self.align) * self.align
        self.members = laid

    def _lay(self, laid: dict[str, MemberType], name: str, type_: CType, start: int) -> None:
        if name or not isinstance(type_, RecordType):
            laid[name] = MemberType(name, type_, start)
            return
        for inner in (type_.members or {}).values():
            laid[inner.name] = MemberType(inner.name, inner.type, start + inner.offset)


def record(kind: str, tag: str) -> RecordType:
    """Make a struct or union that is not complete yet."""
    return RecordType(f"{kind} {tag or '(no tag)'}", 0, 1, kind=kind)


VOID = CType("void", 1, 1)
BOOL = IntegerType("_Bool", 1, 1, types.U8, 0)
CHAR = IntegerType("char", 1, 1, types.I8, 1)
SIGNED_CHAR = IntegerType("signed char", 1, 1, types.I8, 1)
UNSIGNED_CHAR = IntegerType("unsigned char", 1, 1, types.U8, 1)
SHORT = IntegerType("short", 2, 2, types.I16, 2)
UNSIGNED_SHORT = IntegerType("unsigned short", 2, 2, types.U16, 2)
INT = IntegerType("int", 4, 4, types.I32, 3)
UNSIGNED = IntegerType("unsigned int", 4, 4, types.U32, 3)
LONG = IntegerType("long", 8, 8, types.I64, 4)
UNSIGNED_LONG = IntegerType("unsigned long", 8, 8, types.U64, 4)
WHOLE_WORD = IntegerType("__word", 8, 8, types.WORD, 5)
"""An integer of all 50 digits, for the run-time library only; it must not lie in a struct or an array with others."""
DOUBLE = CType("double", 8, 8, types.F64)
BAD = CType("an unknown type", 8, 8)
"""What an expression has whose error was reported already; nothing more is said about it."""

_INTEGERS = {one.name: one for one in (INT, UNSIGNED, LONG, UNSIGNED_LONG)}
NUMBER_TYPES: dict[str, CType] = {**_INTEGERS, "double": DOUBLE}


def pointer_to(target: CType, *, to_const: bool = False) -> PointerType:
    """Make the pointer type."""
    name = _declared("*", target)
    return PointerType(f"const {name}" if to_const else name, 8, 8, types.U64, target=target, to_const=to_const)


def array_of(element: CType, length: int | None) -> ArrayType:
    """Make the array type."""
    name = _declared(f"[{'' if length is None else length}]", element)
    return ArrayType(name, element.size * (length or 0), element.align, element=element, length=length)


def function_type(returns: CType, params: tuple[CType, ...] | None, *, variadic: bool = False) -> FunctionType:
    """Make the function type."""
    shown = ", ".join([*(one.name for one in params or ()), *(["..."] if variadic else [])]) or (
        "void" if params == () else ""
    )
    return FunctionType(_declared(f"({shown})", returns), 1, 1, returns=returns, params=params, variadic=variadic)


def _declared(suffix: str, inner: CType) -> str:
    """Write a derived type inside out, as declarators are."""
    if isinstance(inner, ArrayType | FunctionType):
        base, _, rest = inner.name.partition(" ")
        return f"{base} ({suffix}){rest}" if suffix == "*" else f"{base} {suffix}{rest}"
    if suffix == "*":
        return inner.name + ("*" if inner.name.endswith("*") else " *")
    return f"{inner.name} {suffix}"


def same(left: CType, right: CType) -> bool:
    """Whether two types are compatible."""
    if left is right:
        return True
    if isinstance(left, PointerType) and isinstance(right, PointerType):
        return same(left.target, right.target)
    if isinstance(left, ArrayType) and isinstance(right, ArrayType):
        return same(left.element, right.element) and (
            left.length == right.length or None in (left.length, right.length)
        )
    if isinstance(left, FunctionType) and isinstance(right, FunctionType):
        return same(left.returns, right.returns) and _same_params(left, right)
    return False


def _same_params(left: FunctionType, right: FunctionType) -> bool:
    if left.params is None or right.params is None:
        return True
    if len(left.params) != len(right.params) or left.variadic != right.variadic:
        return False
    return all(same(one, other) for one, other in zip(left.params, right.params, strict=True))


def is_integer(type_: CType) -> bool:
    """Whether it is an integer type."""
    return isinstance(type_, IntegerType)


def is_number(type_: CType) -> bool:
    """Whether it can be calculated with."""
    return isinstance(type_, IntegerType) or type_ is DOUBLE


def is_scalar(type_: CType) -> bool:
    """Whether it fits a register."""
    return isinstance(type_, IntegerType | PointerType) or type_ is DOUBLE


def is_complete(type_: CType) -> bool:
    """Whether variables of the type can be made."""
    if isinstance(type_, RecordType):
        return type_.members is not None
    if isinstance(type_, ArrayType):
        return type_.length is not None and is_complete(type_.element)
    return type_ is not VOID and not isinstance(type_, FunctionType)


def promoted(type_: CType) -> CType:
    """Give the type after integer promotion."""
    return INT if isinstance(type_, IntegerType) and type_.rank < INT.rank else type_


def common(left: CType, right: CType) -> CType:
    """Give the type two numbers are brought to before they are calculated with."""
    if left is DOUBLE or right is DOUBLE:
        return DOUBLE
    first, second = promoted(left), promoted(right)
    assert isinstance(first, IntegerType)
    assert isinstance(second, IntegerType)
    if first.rank != second.rank:
        return first if first.rank > second.rank else second
    return second if first.signed else first
