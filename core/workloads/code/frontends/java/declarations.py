"""Declarations, as the parser makes them: classes and what they have."""

from dataclasses import dataclass, field

from core.workloads.code.frontends.java.phrases import Block, Declarator
from core.workloads.code.frontends.java.syntax import Expr, Node, TypeNode
from core.workloads.code.ir.instructions import Position


@dataclass(slots=True, eq=False)
class TypeParam(Node):
    """A type variable with its bounds."""

    name: str
    bounds: list[TypeNode]


@dataclass(slots=True, eq=False)
class Param(Node):
    """A parameter; without a type only in lambdas."""

    name: str
    type: TypeNode | None
    final: bool = False
    variable: bool = False
    """Whether it takes any number of arguments."""


@dataclass(slots=True, eq=False)
class FieldDecl(Node):
    """Fields of one type."""

    modifiers: frozenset[str]
    type: TypeNode
    variables: list[Declarator]


@dataclass(slots=True, eq=False)
class MethodDecl(Node):
    """A method, or a constructor, whose name is `<init>` and which has no type."""

    modifiers: frozenset[str]
    type_params: list[TypeParam]
    type: TypeNode | None
    name: str
    params: list[Param]
    throws: list[TypeNode]
    body: Block | None
    overrides: bool = False
    """Whether it says `@Override`."""
    compact: bool = False
    """Whether it is a record's constructor without parameters of its own."""


@dataclass(slots=True, eq=False)
class InitBlock(Node):
    """Statements that run as a class or an object is made."""

    static: bool
    body: Block


@dataclass(slots=True, eq=False)
class EnumConstant(Node):
    """A constant of an enum."""

    name: str
    args: list[Expr]
    body: "ClassDecl | None"


@dataclass(slots=True, eq=False)
class ClassDecl(Node):
    """A class, interface, enum or record; `kind` says which."""

    kind: str
    name: str
    modifiers: frozenset[str]
    end: Position
    type_params: list[TypeParam] = field(default_factory=list)
    extends: list[TypeNode] = field(default_factory=list)
    implements: list[TypeNode] = field(default_factory=list)
    members: list["Member"] = field(default_factory=list)
    components: list[Param] = field(default_factory=list)
    constants: list[EnumConstant] = field(default_factory=list)
    functional: bool = False
    """Whether it says `@FunctionalInterface`."""


Member = FieldDecl | MethodDecl | InitBlock | ClassDecl


@dataclass(slots=True, eq=False)
class Import(Node):
    """An `import`: the name, which may end with `.*`."""

    name: str
    static: bool


@dataclass(slots=True, eq=False)
class Unit:
    """A whole source."""

    imports: list[Import]
    classes: list[ClassDecl]
    package: str = ""
