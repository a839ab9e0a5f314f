"""What names stand for: values, constructors, types, classes and their instances."""

from dataclasses import dataclass, field
from difflib import get_close_matches

from core.workloads.code.frontends.functional.terms import Constructor, Term
from core.workloads.code.frontends.haskell import syntax
from core.workloads.code.frontends.haskell.types import Predicate, Scheme, Type


@dataclass(frozen=True, slots=True)
class Value:
    """A variable: its type, and the term that it becomes; of a method, the class besides."""

    scheme: Scheme
    term: Term
    is_method: bool = False


@dataclass(frozen=True, slots=True)
class ConstructorInfo:
    """A constructor: its data, the type that it has as a function, and names and strictness of its fields."""

    data: Constructor
    scheme: Scheme
    labels: tuple[str, ...] = ()
    strict: tuple[bool, ...] = ()
    siblings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ClassInfo:
    """A class: its superclasses, its methods with their types (variable 0 is that of the class)."""

    name: str
    supers: tuple[str, ...]
    methods: dict[str, Scheme]
    defaults: frozenset[str]

    @property
    def dictionary(self) -> Constructor:
        """What instances are made by."""
        size = len(self.supers) + len(self.methods)
        return Constructor(f"{self.name} dictionary", 0, size, (size,))

    def place(self, method: str) -> int:
        """Tell where a dictionary has a method."""
        return len(self.supers) + list(self.methods).index(method)


@dataclass(frozen=True, slots=True)
class InstanceInfo:
    """An instance: the name of its dictionary, and the predicates on the parameters of its type that it needs."""

    name: str
    predicates: tuple[Predicate, ...]


@dataclass(slots=True)
class Scope:
    """Everything that names at the top of a program stand for."""

    values: dict[str, Value] = field(default_factory=dict)
    constructors: dict[str, ConstructorInfo] = field(default_factory=dict)
    arities: dict[str, int] = field(default_factory=dict)
    """Of types."""
    synonyms: dict[str, syntax.Synonym] = field(default_factory=dict)
    classes: dict[str, ClassInfo] = field(default_factory=dict)
    instances: dict[tuple[str, str], InstanceInfo] = field(default_factory=dict)

    def copy(self) -> "Scope":
        """Give a scope that can be added to."""
        return Scope(
            dict(self.values),
            dict(self.constructors),
            dict(self.arities),
            dict(self.synonyms),
            dict(self.classes),
            dict(self.instances),
        )


Locals = dict[str, Type | Value]


def meant(name: str, known: list[str]) -> str:
    """Say which name was probably meant."""
    close = get_close_matches(name, [one for one in known if "~" not in one], 1)
    return f"did you mean {close[0]}?" if close else ""
