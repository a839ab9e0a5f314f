"""Types, and the classes, methods and fields that they are made of."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from core.workloads.code.frontends.java.diagnosing import NOWHERE
from core.workloads.code.ir.instructions import Position

if TYPE_CHECKING:
    from core.workloads.code.frontends.java.declarations import ClassDecl, MethodDecl


class Type:
    """Any type."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Primitive(Type):
    """A type whose values are no objects; `void`, the type of `null` and that of what is wrong count as such, too."""

    name: str

    def __str__(self) -> str:
        return self.name


INT, LONG, DOUBLE, CHAR, BOOLEAN, BYTE, SHORT, VOID = (
    Primitive(name) for name in ("int", "long", "double", "char", "boolean", "byte", "short", "void")
)
NULL = Primitive("null")
WRONG = Primitive("unknown")
"""Of what has been reported: fits everywhere."""
NUMERIC = (BYTE, SHORT, CHAR, INT, LONG, DOUBLE)
INTEGRAL = (BYTE, SHORT, CHAR, INT, LONG)
BY_NAME = {one.name: one for one in (*NUMERIC, BOOLEAN, VOID)}


@dataclass(eq=False, slots=True)
class TypeVar(Type):
    """A type variable of a class or a method."""

    name: str
    bounds: Sequence[Type] = ()

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class ClassType(Type):
    """A class with its type arguments; without any where it has variables, it is raw."""

    of: "ClassInfo"
    args: tuple[Type, ...] = ()

    def __str__(self) -> str:
        return self.of.name + (f"<{', '.join(map(str, self.args))}>" if self.args else "")


@dataclass(frozen=True, slots=True)
class ArrayType(Type):
    """An array."""

    element: Type

    def __str__(self) -> str:
        return f"{self.element}[]"


@dataclass(frozen=True, slots=True)
class Wildcard(Type):
    """A type argument that may be several: `extends` or `super` a bound; `?` by itself extends Object."""

    sign: str
    bound: Type

    def __str__(self) -> str:
        return f"? {self.sign} {self.bound}" if self.sign != "?" else "?"


@dataclass(eq=False, slots=True)
class Field:
    """A variable of a class or of its objects."""

    name: str
    type: Type
    owner: "ClassInfo"
    static: bool
    final: bool
    private: bool
    public: bool = False
    at: Position = NOWHERE
    constant: object = None
    """Its value where that is known as the program is translated."""
    initialized: bool = False
    """Whether its declaration gives a value."""


@dataclass(eq=False, slots=True)
class Method:
    """A method or a constructor."""

    name: str
    owner: "ClassInfo"
    params: list[Type]
    returns: Type
    modifiers: frozenset[str]
    type_params: list[TypeVar] = field(default_factory=list)
    variable: bool = False
    throws: list[Type] = field(default_factory=list)
    declaration: "MethodDecl | None" = None
    variables: list[Any] = field(default_factory=list)
    """Its parameters, once its body has been looked at."""
    body: Any = None

    @property
    def static(self) -> bool:
        """Whether it needs no object."""
        return "static" in self.modifiers

    @property
    def abstract(self) -> bool:
        """Whether it has no body."""
        return "abstract" in self.modifiers

    @property
    def is_constructor(self) -> bool:
        """Whether it makes objects."""
        return self.name == "<init>"

    def __str__(self) -> str:
        name = self.owner.name if self.is_constructor else self.name
        shown = [str(one) for one in self.params]
        if self.variable:
            shown[-1] = shown[-1][:-2] + "..."
        return f"{name}({', '.join(shown)})"


@dataclass(eq=False, slots=True)
class ClassInfo:
    """A class, interface, enum or record, or what a lambda becomes."""

    name: str
    kind: str
    modifiers: frozenset[str] = frozenset()
    declaration: "ClassDecl | None" = None
    outer: "ClassInfo | None" = None
    package: str = ""
    library: bool = False
    params: list[TypeVar] = field(default_factory=list)
    superclass: ClassType | None = None
    interfaces: list[ClassType] = field(default_factory=list)
    fields: dict[str, Field] = field(default_factory=dict)
    methods: dict[str, list[Method]] = field(default_factory=dict)
    constructors: list[Method] = field(default_factory=list)
    classes: dict[str, "ClassInfo"] = field(default_factory=dict)
    """Classes within it."""
    outer_this: Field | None = None
    """Where an object finds the one that it was made within."""
    captured: dict[Any, Field] = field(default_factory=dict)
    """Variables around a class among statements, and where its objects keep their values."""
    looked_at: bool = False
    """Whether the bodies of its methods have been."""
    starts: list[Any] = field(default_factory=list)
    """What runs as an object is made, after the constructor of the class above."""
    static_starts: list[Any] = field(default_factory=list)
    """What runs before the class is used first."""

    @property
    def abstract(self) -> bool:
        """Whether it has no objects of its own."""
        return "abstract" in self.modifiers or self.kind == "interface"

    @property
    def is_interface(self) -> bool:
        """Whether it is an interface."""
        return self.kind == "interface"

    @property
    def type(self) -> ClassType:
        """Itself as a type, with its own variables as arguments."""
        return ClassType(self, tuple(self.params))

    @property
    def outermost(self) -> "ClassInfo":
        """The class at the top of the source that it lies in."""
        return self.outer.outermost if self.outer is not None else self

    @property
    def full_name(self) -> str:
        """Its name as the virtual machine has it."""
        inside = f"{self.outer.full_name}$" if self.outer is not None else f"{self.package}." if self.package else ""
        return inside + self.name

    def above(self) -> list[ClassType]:
        """Its direct superclass and interfaces."""
        return [*([self.superclass] if self.superclass else []), *self.interfaces]
