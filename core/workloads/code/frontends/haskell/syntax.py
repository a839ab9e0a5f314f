"""Programs as they are written, names and operators resolved as far as the grammar goes."""

from dataclasses import dataclass, field

from core.workloads.code.frontends.haskell.problems import At


@dataclass(frozen=True, slots=True)
class TypeName:
    """A type constructor (capital letter or sign) or a type variable."""

    at: At
    name: str


@dataclass(frozen=True, slots=True)
class TypeApply:
    """A type applied to another; functions are `->` applied to two."""

    function: "TypeTerm"
    argument: "TypeTerm"


TypeTerm = TypeName | TypeApply


@dataclass(frozen=True, slots=True)
class Scheme:
    """A type with the classes that its variables must be in."""

    context: tuple[tuple[At, str, TypeTerm], ...]
    type: TypeTerm


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable, an operator or a constructor."""

    at: At
    name: str


@dataclass(frozen=True, slots=True)
class Literal:
    """A number (int, float), a character (`char`) or a text."""

    at: At
    kind: str
    value: int | float | str


@dataclass(frozen=True, slots=True)
class Apply:
    """A function's application."""

    at: At
    function: "Expression"
    argument: "Expression"


@dataclass(frozen=True, slots=True)
class Lambda:
    r"""`\p q -> e`."""

    at: At
    patterns: "tuple[Pattern, ...]"
    body: "Expression"


@dataclass(frozen=True, slots=True)
class Let:
    """`let ... in e`."""

    at: At
    bindings: "Bindings"
    body: "Expression"


@dataclass(frozen=True, slots=True)
class If:
    """`if e then e else e`."""

    at: At
    condition: "Expression"
    then: "Expression"
    otherwise: "Expression"


@dataclass(frozen=True, slots=True)
class Case:
    """`case e of ...`."""

    at: At
    subject: "Expression"
    clauses: "tuple[Clause, ...]"


@dataclass(frozen=True, slots=True)
class Annotated:
    """`e :: t`."""

    at: At
    body: "Expression"
    scheme: Scheme


@dataclass(frozen=True, slots=True)
class Update:
    """`e {l = e}`, or `C {l = e}` where the record is a constructor."""

    at: At
    record: "Expression"
    fields: "tuple[tuple[At, str, Expression], ...]"


Expression = Variable | Literal | Apply | Lambda | Let | If | Case | Annotated | Update


@dataclass(frozen=True, slots=True)
class Wild:
    """`_`."""

    at: At


@dataclass(frozen=True, slots=True)
class Bind:
    """A variable in a pattern, `x@p`, or `!p`; the pattern may be `_`."""

    at: At
    name: str
    inner: "Pattern"
    strict: bool = False


@dataclass(frozen=True, slots=True)
class Lazy:
    """`~p`."""

    at: At
    inner: "Pattern"


@dataclass(frozen=True, slots=True)
class Match:
    """A constructor with patterns for its fields."""

    at: At
    constructor: str
    args: "tuple[Pattern, ...]"


@dataclass(frozen=True, slots=True)
class Constant:
    """A literal in a pattern."""

    at: At
    literal: Literal


Pattern = Wild | Bind | Lazy | Match | Constant


@dataclass(frozen=True, slots=True)
class Guarded:
    """`| g, p <- e = e`: qualifiers (pattern or None, and an expression, or bindings) and what follows."""

    qualifiers: "tuple[Qualifier, ...]"
    body: Expression


@dataclass(frozen=True, slots=True)
class Qualifier:
    """A condition (no pattern), `p <- e`, or `let` bindings (no expression)."""

    at: At
    pattern: Pattern | None
    expression: Expression | None
    bindings: "Bindings | None" = None


@dataclass(frozen=True, slots=True)
class Clause:
    """Patterns, what follows from them, and what `where` defines."""

    at: At
    patterns: tuple[Pattern, ...]
    bodies: tuple[Guarded, ...]
    where: "Bindings | None" = None


@dataclass(slots=True)
class Bindings:
    """Functions by their clauses, patterns with what they are bound to, and types that the program gives."""

    functions: dict[str, list[Clause]] = field(default_factory=dict)
    patterns: list[Clause] = field(default_factory=list)
    types: dict[str, tuple[At, Scheme]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ConstructorDeclaration:
    """One constructor of a data type: types of its fields, which are strict, and their names if they have any."""

    at: At
    name: str
    fields: tuple[TypeTerm, ...]
    strict: tuple[bool, ...]
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Data:
    """`data` or `newtype`."""

    at: At
    name: str
    params: tuple[str, ...]
    constructors: tuple[ConstructorDeclaration, ...]
    deriving: tuple[tuple[At, str], ...]
    newtype: bool = False


@dataclass(frozen=True, slots=True)
class Synonym:
    """`type`."""

    at: At
    name: str
    params: tuple[str, ...]
    type: TypeTerm


@dataclass(frozen=True, slots=True)
class Class:
    """`class`: superclasses, the variable, types of methods, and what they are unless an instance says otherwise."""

    at: At
    name: str
    supers: tuple[tuple[At, str], ...]
    variable: str
    body: Bindings


@dataclass(frozen=True, slots=True)
class Instance:
    """`instance`."""

    at: At
    context: tuple[tuple[At, str, TypeTerm], ...]
    class_name: str
    type: TypeTerm
    body: Bindings


@dataclass(slots=True)
class Program:
    """All declarations of a module."""

    datas: list[Data] = field(default_factory=list)
    synonyms: list[Synonym] = field(default_factory=list)
    classes: list[Class] = field(default_factory=list)
    instances: list[Instance] = field(default_factory=list)
    bindings: Bindings = field(default_factory=Bindings)
