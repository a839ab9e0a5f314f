"""What terms come to on the way to their normal forms."""

from collections.abc import Mapping
from dataclasses import dataclass

from core.workloads.code.frontends.system_f.syntax import Constant, Term
from core.workloads.code.frontends.system_f.types import Kind, Type, TypeVariable


@dataclass(frozen=True, slots=True)
class Environment:
    """What variables stand for."""

    terms: "Mapping[str, Later | Value]"
    types: Mapping[TypeVariable, Type]

    def with_term(self, name: str, value: "Later | Value") -> "Environment":
        """Let a variable stand for something."""
        return Environment({**self.terms, name: value}, self.types)

    def with_type(self, variable: TypeVariable, type_: Type) -> "Environment":
        """Let a type variable stand for something."""
        return Environment(self.terms, {**self.types, variable: type_})


class Later:
    """A term that has not been evaluated yet."""

    def __init__(self, term: Term, environment: Environment) -> None:
        self.term, self.environment = term, environment
        self.value: Value | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Function:
    """An abstraction with what its variables stand for."""

    name: str
    type: Type
    body: Term
    environment: Environment


@dataclass(frozen=True, slots=True, eq=False)
class TypeFunction:
    """A type abstraction with what its variables stand for."""

    variable: TypeVariable
    kind: Kind
    body: Term
    environment: Environment


@dataclass(frozen=True, slots=True, eq=False)
class Fields:
    """A record."""

    fields: Mapping[str, Later]


@dataclass(frozen=True, slots=True, eq=False)
class Packed:
    """A package."""

    hidden: Type
    body: Later
    type: Type


@dataclass(frozen=True, slots=True, eq=False)
class Recursive:
    """`fix` of something."""

    function: Later


@dataclass(frozen=True, slots=True, eq=False)
class Stuck:
    """A term that goes no further, for the sake of a variable: with the values in it, and their environment."""

    term: Term
    values: "tuple[Value | Later, ...]" = ()
    environment: Environment | None = None


Value = Constant | Function | TypeFunction | Fields | Packed | Recursive | Stuck
