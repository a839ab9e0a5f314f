"""What is known at the top of a program: types, constructors, functions, interfaces, and which names mean them."""

from dataclasses import dataclass, field

from core.workloads.code.frontends.idris.core import Clause, Term
from core.workloads.code.frontends.idris.problems import NOWHERE, At
from core.workloads.code.frontends.idris.values import Value


@dataclass(slots=True, eq=False)
class Definition:
    """A name at the top."""

    name: str
    """The whole name: module, and what the source calls it."""
    kind: str
    """`function`, `constructor`, `type`, `hole` or `primitive`."""
    type: Term
    value: Value
    """Its type as a value."""
    at: At = NOWHERE
    clauses: list[Clause] | None = None
    """None where a function has only its type so far."""
    arity: int = 0
    """Arguments that the clauses of a function hold against patterns; those of a constructor."""
    totality: str = ""
    """What is demanded: `total`, `covering` or `partial`."""
    family: str = ""
    """The type of a constructor."""
    tag: int = 0
    constructors: list[str] = field(default_factory=list)
    """Those of a type."""
    parameters: int = 0
    """Arguments of a type that all its constructors leave as they are."""
    owner: str = ""
    """The function that a `case`, a `with` or a local function belongs to."""
    method: int | None = None
    """The place among an implementation's parts that a method looks up."""
    sealed: bool = False
    """Whether it is unfolded only where a part of it is needed, as implementations are, which mention themselves."""
    positive: bool = True
    not_covering: str = ""
    """A case that is missing."""
    not_total: str = ""
    """Why it may not come to an end."""
    fields: tuple[str, ...] = ()
    """Names of the arguments of a constructor that are passed explicitly, of records."""

    @property
    def short(self) -> str:
        """What the source calls it."""
        return self.name.partition("/")[2]


@dataclass(slots=True, eq=False)
class InterfaceInfo:
    """An interface: its constructor's name, and the parts of an implementation in their order."""

    name: str
    constructor: str
    parameters: int
    parents: list[str]
    """Functions that give the implementation of an interface that this one needs."""
    methods: list[str]
    """Short names."""
    types: dict[str, Term] = field(default_factory=dict)
    """Types of the methods, within the parameters and the implementation."""
    defaults: dict[str, str] = field(default_factory=dict)
    """Functions at the top, of methods that need not be written."""


@dataclass(slots=True)
class Globals:
    """Everything at the top."""

    definitions: dict[str, Definition] = field(default_factory=dict)
    names: dict[str, list[str]] = field(default_factory=dict)
    """What a name of the source may mean."""
    interfaces: dict[str, InterfaceInfo] = field(default_factory=dict)
    implementations: dict[str, list[str]] = field(default_factory=dict)
    """Of each interface, by whole names."""
    modules: set[str] = field(default_factory=set)
    count: int = 0

    def copy(self) -> "Globals":
        """Give one that can be added to."""
        return Globals(
            dict(self.definitions),
            {name: list(found) for name, found in self.names.items()},
            dict(self.interfaces),
            {name: list(found) for name, found in self.implementations.items()},
            set(self.modules),
            self.count,
        )

    def add(self, one: Definition, *, named: bool = True) -> None:
        """Take in a definition; one that the source cannot name is not `named`."""
        self.definitions[one.name] = one
        if named:
            found = self.names.setdefault(one.short, [])
            if one.name not in found:
                found.append(one.name)

    def fresh(self, stem: str) -> str:
        """Give a name for what the source does not name."""
        self.count += 1
        return f"{stem}~{self.count}"

    def candidates(self, name: str) -> list[Definition]:
        """Give what a name of the source may mean, that of the program itself first."""
        *module, short = name.split(".") if name[0].isalpha() and "." in name else [name]
        found = [self.definitions[one] for one in self.names.get(short, ())]
        if module:
            wanted = ".".join(module)
            found = [one for one in found if (one.name.partition("/")[0]).endswith(wanted)]
        return found[::-1]
