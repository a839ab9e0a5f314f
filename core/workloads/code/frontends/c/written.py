"""Types and declarations as they are written: specifiers, declarators, parameters."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.workloads.code.frontends.c.nodes import Expression, Node
from core.workloads.code.ir.instructions import Position

if TYPE_CHECKING:
    from core.workloads.code.frontends.c.symbols import Symbol


@dataclass(slots=True, eq=False)
class Specifiers(Node):
    """What stands before declarators: words such as `unsigned int`, or a struct, an enum, a typedef's name."""

    storage: str = ""
    words: tuple[str, ...] = ()
    record: "RecordSyntax | None" = None
    enum: "EnumSyntax | None" = None
    typedef: str = ""
    is_const: bool = False


@dataclass(slots=True, eq=False)
class RecordSyntax(Node):
    """`struct` or `union`, with members where there are braces."""

    kind: str
    tag: str
    members: "list[Declaration] | None"


@dataclass(slots=True, eq=False)
class EnumSyntax(Node):
    """`enum`, with its constants where there are braces."""

    tag: str
    constants: list[tuple[str, Position, Expression | None]] | None


@dataclass(slots=True, eq=False)
class PointerTo(Node):
    """`*` in a declarator."""

    is_const: bool = False


@dataclass(slots=True, eq=False)
class ArrayOf(Node):
    """`[size]` in a declarator."""

    size: Expression | None


@dataclass(slots=True, eq=False)
class FunctionOf(Node):
    """`(params)` in a declarator; `params` is None for empty parentheses."""

    params: "list[Parameter] | None"
    variadic: bool = False


Modifier = PointerTo | ArrayOf | FunctionOf


@dataclass(slots=True, eq=False)
class Declarator(Node):
    """A name and what is written around it, from the name outwards; the name may be missing."""

    name: str
    modifiers: list[Modifier]


@dataclass(slots=True, eq=False)
class Parameter(Node):
    """One parameter of a function."""

    specifiers: Specifiers
    declarator: Declarator


@dataclass(slots=True, eq=False)
class TypeName(Node):
    """A type in a cast or after sizeof."""

    specifiers: Specifiers
    declarator: Declarator


@dataclass(slots=True, eq=False)
class Initialized:
    """A declarator with what it begins as; analysis writes the symbol it declares."""

    declarator: Declarator
    initial: Expression | None
    symbol: "Symbol | None" = None


@dataclass(slots=True, eq=False)
class Declaration(Node):
    """Specifiers and the declarators that share them."""

    specifiers: Specifiers
    declared: list[Initialized]
