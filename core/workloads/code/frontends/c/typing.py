"""From types as they are written to types."""

from collections.abc import Callable

from core.workloads.code.frontends.c import ctypes, written
from core.workloads.code.frontends.c.ctypes import CType, RecordType
from core.workloads.code.frontends.c.diagnosing import Reporter
from core.workloads.code.frontends.c.symbols import Scopes, Symbol
from core.workloads.code.ir.instructions import Position

_C = ctypes
_SPELLINGS: dict[str, CType] = {
    "void": _C.VOID,
    "_Bool": _C.BOOL,
    "char": _C.CHAR,
    "char signed": _C.SIGNED_CHAR,
    "char unsigned": _C.UNSIGNED_CHAR,
    "short": _C.SHORT,
    "int short": _C.SHORT,
    "short signed": _C.SHORT,
    "int short signed": _C.SHORT,
    "short unsigned": _C.UNSIGNED_SHORT,
    "int short unsigned": _C.UNSIGNED_SHORT,
    "int": _C.INT,
    "signed": _C.INT,
    "int signed": _C.INT,
    "unsigned": _C.UNSIGNED,
    "int unsigned": _C.UNSIGNED,
    **{
        " ".join(sorted([*extra, *longs])): _C.LONG
        for longs in (["long"], ["long"] * 2)
        for extra in ([], ["int"], ["signed"], ["int", "signed"])
    },
    **{
        " ".join(sorted([*extra, *longs])): _C.UNSIGNED_LONG
        for longs in (["long"], ["long"] * 2)
        for extra in (["unsigned"], ["int", "unsigned"])
    },
    "double": _C.DOUBLE,
}
LARGEST_BYTES = 16_000
"""What the whole store holds: 2,000 words of eight bytes."""


_LENGTH = (
    "the length of an array must be an integer constant: variable-length arrays are not supported",
    "write the largest length that is needed, or use malloc",
)


class TypeResolver:
    """Makes types out of specifiers and declarators, and declares the tags in them."""

    def __init__(self, scopes: Scopes, report: Reporter, constant: Callable[..., int | None]) -> None:
        self.scopes = scopes
        self.report = report
        self.constant = constant

    def error(self, at: Position, message: str, hint: str = "", width: int = 1) -> None:
        """Report what is wrong with a type."""
        self.report.error("semantic", at, message, hint, width)

    # Specifiers.

    def base(self, written: written.Specifiers) -> CType:
        """Give the type that specifiers name."""
        if written.record is not None:
            return self._record(written.record)
        if written.enum is not None:
            return self._enum(written.enum)
        if written.typedef:
            symbol = self.scopes.find(written.typedef)
            return symbol.type if symbol is not None and symbol.storage == "typedef" else _C.BAD
        words = " ".join(sorted(written.words))
        found = _SPELLINGS.get(words)
        if found is not None:
            return found
        self._no_type(written, words)
        return _C.BAD

    def _no_type(self, written: written.Specifiers, words: str) -> None:
        if not words:
            self.error(written.at, "a declaration needs a type", "write int, char, double, …")
        elif "float" in written.words:
            self.error(written.at, "the type float is not supported", "use double", 5)
        elif words == "double long":
            self.error(written.at, "the type long double is not supported", "use double", 4)
        else:
            shown = " ".join(written.words)
            self.error(written.at, f"there is no type '{shown}'", "leave one of the words out", len(shown))

    def _record(self, written: written.RecordSyntax) -> CType:
        found = self._tagged(written.tag, written.kind, written.at, defining=written.members is not None)
        if written.members is None:
            return found
        assert isinstance(found, RecordType)
        if found.members is not None:
            self.error(written.at, f"{found.name} is defined twice", "give one of them another tag", len(written.kind))
            found = ctypes.record(written.kind, written.tag)
        members: list[tuple[str, CType]] = []
        for declaration in written.members:
            base = self.base(declaration.specifiers)
            if not declaration.declared and isinstance(base, RecordType):
                members.append(("", base))
            members += [self._member(base, one.declarator, declaration, members) for one in declaration.declared]
        found.complete([(name, type_) for name, type_ in members if type_ is not _C.BAD])
        return found

    def _member(
        self,
        base: CType,
        declarator: written.Declarator,
        declaration: written.Declaration,
        others: list[tuple[str, CType]],
    ) -> tuple[str, CType]:
        type_ = self.derived(base, declarator, is_const=declaration.specifiers.is_const)
        width = len(declarator.name)
        if any(name == declarator.name for name, _ in others):
            self.error(declarator.at, f"there are two members called '{declarator.name}'", "rename one", width)
        if type_ is not _C.BAD and not ctypes.is_complete(type_):
            self.error(
                declarator.at,
                f"a member cannot be of type {type_.name}, whose size is not known",
                "a pointer can",
                width,
            )
            type_ = _C.BAD
        return declarator.name, type_

    def _tagged(self, tag: str, kind: str, at: Position, *, defining: bool) -> CType:
        scope = self.scopes.stack[-1].tags
        found = (scope.get(tag) if defining else self.scopes.find_tag(tag)) if tag else None
        if found is not None and (not isinstance(found, RecordType) or found.kind != kind):
            self.error(at, f"'{tag}' is the tag of something else than a {kind}", "choose another tag", len(kind))
            found = None
        if found is None:
            found = ctypes.record(kind, tag)
            if tag:
                scope[tag] = found
        return found

    def _enum(self, written: written.EnumSyntax) -> CType:
        if written.constants is None:
            if self.scopes.find_tag(written.tag) is None:
                self.error(written.at, f"there is no enum {written.tag}", "define its constants in braces first", 4)
            return _C.INT
        if written.tag:
            self.scopes.stack[-1].tags[written.tag] = _C.INT
        following = 0
        for name, at, value in written.constants:
            if value is not None:
                found = self.constant(value)
                following = following if found is None else found
            if name in self.scopes.stack[-1].names:
                self.error(at, f"'{name}' is declared twice", "rename one", len(name))
            self.scopes.stack[-1].names[name] = Symbol(name, _C.INT, at, "constant", value=following)
            following += 1
        return _C.INT

    # Declarators.

    def derived(self, base: CType, declarator: written.Declarator, *, is_const: bool = False) -> CType:
        """Apply what is written around a name to the type before it."""
        type_ = base
        const = is_const
        for modifier in reversed(declarator.modifiers):
            if type_ is _C.BAD:
                return type_
            if isinstance(modifier, written.PointerTo):
                type_ = ctypes.pointer_to(type_, to_const=const)
                const = modifier.is_const
            elif isinstance(modifier, written.ArrayOf):
                type_ = self._array(type_, modifier)
            else:
                type_ = self._function(type_, modifier)
        return type_

    def _array(self, element: CType, modifier: written.ArrayOf) -> CType:
        if not ctypes.is_complete(element):
            self.error(
                modifier.at, f"an array cannot be of elements of type {element.name}", "a pointer to them can be"
            )
            return _C.BAD
        if modifier.size is None:
            return ctypes.array_of(element, None)
        length = self.constant(modifier.size, _LENGTH)
        if length is None:
            return _C.BAD
        if length <= 0:
            self.error(modifier.size.at, f"an array cannot have {length} elements", "it needs at least one")
            return _C.BAD
        if length * element.size > LARGEST_BYTES:
            needed = f"{length * element.size} bytes"
            self.error(
                modifier.size.at,
                f"an array of {needed} does not fit the Engine's store of {LARGEST_BYTES}",
                "make it smaller",
            )
            return _C.BAD
        return ctypes.array_of(element, length)

    def _function(self, returns: CType, modifier: written.FunctionOf) -> CType:
        if isinstance(returns, ctypes.ArrayType | ctypes.FunctionType):
            self.error(modifier.at, "a function cannot return an array or a function", "it can return a pointer")
            return _C.BAD
        if modifier.params is None:
            return ctypes.function_type(returns, None)
        params = tuple(self.parameter(one) for one in modifier.params)
        return ctypes.function_type(returns, params, variadic=modifier.variadic)

    def parameter(self, param: written.Parameter) -> CType:
        """Give a parameter's type: an array is a pointer there, and so is a function."""
        is_const = param.specifiers.is_const
        declarator = param.declarator
        if declarator.modifiers and isinstance(declarator.modifiers[0], written.ArrayOf):
            # How long the array is does not matter, not even whether that is known.
            declarator.modifiers[0].size = None
        type_ = self.derived(self.base(param.specifiers), declarator, is_const=is_const)
        if isinstance(type_, ctypes.ArrayType):
            return ctypes.pointer_to(type_.element, to_const=is_const)
        if isinstance(type_, ctypes.FunctionType):
            return ctypes.pointer_to(type_)
        if type_ is _C.VOID:
            self.error(param.at, "a parameter cannot be of type void", "leave it out, or give it another type")
            return _C.BAD
        return type_

    def named(self, written: written.TypeName) -> CType:
        """Give the type in a cast or after sizeof."""
        specifiers = written.specifiers
        return self.derived(self.base(specifiers), written.declarator, is_const=specifiers.is_const)
