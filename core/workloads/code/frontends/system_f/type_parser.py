"""From tokens to types and kinds."""

from collections.abc import Iterator
from contextlib import contextmanager

from core.workloads.code.frontends.system_f.reading import Misread, Reader
from core.workloads.code.frontends.system_f.types import (
    BOOL,
    NAT,
    STAR,
    UNIT,
    Applied,
    Arrow,
    Kind,
    KindArrow,
    Operator,
    Quantified,
    RecordType,
    Type,
    TypeVariable,
    fresh,
)

_BASES = {"Nat": NAT, "Bool": BOOL, "Unit": UNIT}
_ATOMS = frozenset({"Name", "Nat", "Bool", "Unit", "(", "{"})


class TypeParser:
    """Reads types; knows the type variables in scope, so that each name is one of them."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self.known: dict[str, TypeVariable] = {}

    @contextmanager
    def scope(self, name: str) -> Iterator[TypeVariable]:
        """Let the name stand for a new variable within."""
        before = self.known.get(name)
        variable = self.known[name] = fresh(name)
        try:
            yield variable
        finally:
            if before is None:
                del self.known[name]
            else:
                self.known[name] = before

    def kind(self) -> Kind:
        """Read a kind."""
        reader = self.reader
        if reader.take("("):
            found = self.kind()
            reader.expect(")", "behind the kind")
        else:
            reader.expect("*", "as a kind (* or * -> *)")
            found = STAR
        return KindArrow(found, self.kind()) if reader.take("->") else found

    def type(self) -> Type:
        """Read a type."""
        reader = self.reader
        if reader.kind in ("All", "lambda"):
            quantifier = reader.advance().kind
            name = reader.expect("Name", f"behind {quantifier}").text
            kind = self.kind() if reader.take("::") else STAR
            reader.expect(".", "behind the type variable")
            with self.scope(name) as variable:
                body = self.type()
            if quantifier == "lambda":
                return Operator(variable, kind, body)
            return Quantified("All", variable, kind, body)
        found = self._applied()
        return Arrow(found, self.type()) if reader.take("->") else found

    def _applied(self) -> Type:
        found = self._atom()
        while self.reader.kind in _ATOMS:
            found = Applied(found, self._atom())
        return found

    def _atom(self) -> Type:
        reader = self.reader
        at = reader.token.at
        if reader.kind in _BASES:
            return _BASES[reader.advance().kind]
        if reader.kind == "Name":
            name = reader.advance().text
            return self.known.get(name) or TypeVariable(name, 0)
        if reader.take("("):
            found = self.type()
            reader.expect(")", f"for the '(' in line {at.line}")
            return found
        if reader.take("{"):
            return self._braces()
        hint = "names of types begin with a capital letter" if reader.kind == "name" else ""
        raise Misread(at, f"expected a type, found {reader.shown}", hint)

    def _braces(self) -> Type:
        reader = self.reader
        if reader.take("Some"):
            name = reader.expect("Name", "behind Some").text
            kind = self.kind() if reader.take("::") else STAR
            reader.expect(",", "behind the hidden type")
            with self.scope(name) as variable:
                body = self.type()
            reader.expect("}", "behind the type")
            return Quantified("Some", variable, kind, body)
        fields: list[tuple[str, Type]] = []
        while reader.kind != "}":
            label = str(len(fields) + 1)
            if reader.kind == "name":
                label = reader.advance().text
                reader.expect(":", f"behind {label}")
            fields.append((label, self.type()))
            if not reader.take(","):
                break
        reader.expect("}", "behind the fields")
        return RecordType(tuple(fields))
