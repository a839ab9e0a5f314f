"""Where an expression stands: in which method of which class, among which variables."""

from dataclasses import dataclass, field

from core.workloads.code.frontends.java import acts, core
from core.workloads.code.frontends.java.types import ClassInfo, Method, Type
from core.workloads.code.frontends.java.world import Context


@dataclass(slots=True, eq=False)
class Frame:
    """A method, constructor, initializer or lambda whose statements are looked at."""

    inside: ClassInfo
    """Of which class the object is that it works for: for a lambda, what the lambda becomes."""
    static: bool
    context: Context
    around: "Frame | None" = None
    method: Method | None = None
    returns: Type | None = None
    """What `return` gives; None where that is to be found out."""
    is_lambda: bool = False
    before_super: bool = False
    """Whether the object is not there yet: among the arguments of `super(...)`."""
    scopes: list[dict[str, core.Variable]] = field(default_factory=lambda: [{}])
    targets: list[tuple[str, acts.Statement]] = field(default_factory=list)
    """Statements that `break` and `continue` may name, with their labels, the innermost last."""
    given: list[core.Expr] = field(default_factory=list)
    """Values of the `return` statements of a lambda."""
    switches: list[tuple[acts.Switch, Type | None]] = field(default_factory=list)
    """`switch` expressions around, with what they are to give."""

    def find(self, name: str) -> core.Variable | None:
        """Find a variable of its own."""
        return next((scope[name] for scope in reversed(self.scopes) if name in scope), None)
