"""Types, and the classes that their variables must be in."""

from core.workloads.code.frontends.haskell.problems import At
from core.workloads.code.frontends.haskell.reading import Reader
from core.workloads.code.frontends.haskell.syntax import Scheme, TypeApply, TypeName, TypeTerm

_ATOMS = frozenset({"name", "Name", "(", "["})
Context = tuple[tuple[At, str, TypeTerm], ...]


def scheme(reader: Reader) -> Scheme:
    """Read a type that may have a context."""
    first = type_term(reader)
    if reader.take("=>"):
        return Scheme(context(reader, first), type_term(reader))
    return Scheme((), first)


def context(reader: Reader, term: TypeTerm) -> Context:
    """Take what was read as a type for a context."""
    parts = [term]
    while isinstance(parts[0], TypeApply):
        parts = [parts[0].function, parts[0].argument, *parts[1:]]
    head = parts[0]
    assert isinstance(head, TypeName)
    if head.name.startswith("(,") or head.name == "()":
        return tuple(one for part in parts[1:] for one in context(reader, part))
    if not head.name[0].isupper() or len(parts) != 2:  # noqa: PLR2004 - a class and a type
        raise reader.refusal("expected a class and a type before '=>'", "write it so: (Eq a, Show a) => a -> String")
    return ((head.at, head.name, parts[1]),)


def type_term(reader: Reader) -> TypeTerm:
    """Read a type."""
    found = applied(reader)
    at = reader.at
    if reader.take("->"):
        return TypeApply(TypeApply(TypeName(at, "->"), found), type_term(reader))
    return found


def applied(reader: Reader) -> TypeTerm:
    """Read a type without arrows outside of brackets."""
    found = atom(reader)
    while reader.kind in _ATOMS:
        found = TypeApply(found, atom(reader))
    return found


def atom(reader: Reader) -> TypeTerm:  # noqa: C901, PLR0911 - a case for each sort of type
    """Read a type that needs no brackets."""
    at = reader.at
    if reader.kind in ("name", "Name"):
        return TypeName(at, reader.advance().text)
    if reader.take("["):
        if reader.take("]"):
            return TypeName(at, "[]")
        inner = type_term(reader)
        reader.expect("]", "behind the type of elements")
        return TypeApply(TypeName(at, "[]"), inner)
    if not reader.take("("):
        raise reader.refusal(f"expected a type, found {reader.shown}")
    if reader.take(")"):
        return TypeName(at, "()")
    if reader.take("->"):
        reader.expect(")", "behind '->'")
        return TypeName(at, "->")
    if reader.kind == ",":
        commas = 0
        while reader.take(","):
            commas += 1
        reader.expect(")", "behind the commas")
        return TypeName(at, f"({',' * commas})")
    parts = [type_term(reader)]
    while reader.take(","):
        parts.append(type_term(reader))
    reader.expect(")", f"for the '(' in line {at.line}")
    if len(parts) == 1:
        return parts[0]
    found: TypeTerm = TypeName(at, f"({',' * (len(parts) - 1)})")
    for one in parts:
        found = TypeApply(found, one)
    return found
