"""Which classes there are: those of the source, and those of the library, which are read when they are named."""

import importlib
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path

from core.workloads.code.frontends.java import types
from core.workloads.code.frontends.java.core import Variable
from core.workloads.code.frontends.java.diagnosing import Report
from core.workloads.code.frontends.java.relations import is_subtype, substitute, supertypes, upper
from core.workloads.code.frontends.java.syntax import TypeNode
from core.workloads.code.frontends.java.types import ArrayType, ClassInfo, ClassType, Type, TypeVar, Wildcard

FOLDER = Path(__file__).parent / "library"
_NATIVE_FLOAT = "float"


@dataclass(slots=True)
class Context:
    """Where a name of a type stands: within which class, type variables and classes among statements."""

    inside: ClassInfo | None
    variables: dict[str, TypeVar] = field(default_factory=dict)
    classes: dict[str, ClassInfo] = field(default_factory=dict)
    around: "Context | None" = None


@dataclass(slots=True, eq=False)
class World:
    """Classes by their names."""

    report: Report
    classes: dict[str, ClassInfo] = field(default_factory=dict)
    visible: set[str] = field(default_factory=set)
    """Packages, as `java.util.*`, and classes that the source imports."""
    contexts: dict[ClassInfo, Context] = field(default_factory=dict)
    captured: list[Variable] = field(default_factory=list)
    """Variables that lambdas and classes within use."""

    def find(self, name: str) -> ClassInfo | None:
        """Find a class at the top by its name, where the source may use it without its package."""
        if name in self.classes:
            return self.classes[name]
        found = library_class(name)
        if found is None or self._sees(found):
            return found
        return None

    def _sees(self, found: ClassInfo) -> bool:
        names = {f"{found.package}.*", f"{found.package}.{found.name}"}
        return self is library() or found.package == "java.lang" or found.name[0] == "$" or bool(names & self.visible)

    def context(self, one: ClassInfo) -> Context:
        """Give where the members of a class stand; a class of the library has its own."""
        return self.contexts[one] if one in self.contexts else library().contexts[one]

    def object(self) -> ClassType:
        """Give the class that all others are below."""
        return self.named("Object")

    def named(self, name: str, *args: Type) -> ClassType:
        """Give a class of the library as a type."""
        found = library_class(name)
        assert found is not None, name
        return ClassType(found, args)

    # Types as written.

    def resolve(self, node: TypeNode, context: Context) -> Type:
        """Give the type that is written; what there is not has been reported."""
        if node.name == "?":
            bound = self.resolve(node.args[0], context) if node.args else self.object()
            return Wildcard(node.sign, bound)
        if node.name == _NATIVE_FLOAT:
            self.report.error(node.at, "float is not supported here", "use double")
            return types.WRONG
        found: Type = types.BY_NAME[node.name] if node.name in types.BY_NAME else self._named(node, context)
        if found == types.VOID and node.dims:
            self.report.error(node.at, "there are no arrays of void", "write the type of the elements")
        for _ in range(node.dims):
            found = ArrayType(found)
        return found

    def _named(self, node: TypeNode, context: Context) -> Type:
        found = self.class_named(node.name, context)
        if isinstance(found, TypeVar):
            return found
        if found is None:
            self.report.error(node.at, f"there is no class {node.name}", self.class_advice(node.name, context))
            return types.WRONG
        args = tuple(self._argument(one, context) for one in node.args or ())
        if args and len(args) != len(found.params):
            takes = f"{len(found.params)} type arguments" if found.params else "no type arguments"
            self.report.error(node.at, f"{found.name} takes {takes}, here are {len(args)}", "see its declaration")
            return ClassType(found)
        for arg, variable, written in zip(args, found.params, node.args or (), strict=False):
            self._check_bound(arg, variable, written, dict(zip(found.params, args, strict=False)))
        return ClassType(found, args)

    def _check_bound(self, arg: Type, variable: TypeVar, written: TypeNode, given: dict[TypeVar, Type]) -> None:
        for bound in variable.bounds:
            if not isinstance(arg, Wildcard) and not is_subtype(upper(arg), substitute(bound, given)):
                message = f"{arg} cannot stand for {variable}, which must be a {substitute(bound, given)}"
                self.report.error(written.at, message, f"have {arg} extend or implement {bound}, or use another type")

    def _argument(self, node: TypeNode, context: Context) -> Type:
        found = self.resolve(node, context)
        if isinstance(found, types.Primitive) and found != types.WRONG:
            boxed = {"int": "Integer", "char": "Character"}.get(found.name, found.name.capitalize())
            self.report.error(node.at, f"{found} cannot be a type argument", f"write {boxed}, its class")
            return types.WRONG
        return found

    def class_named(self, name: str, context: Context) -> "ClassInfo | TypeVar | None":
        """Find what a name, maybe with points, stands for among types."""
        if "." in name:
            return self._dotted(name, context)
        present: Context | None = context
        while present is not None:
            if name in present.variables:
                return present.variables[name]
            if name in present.classes:
                return present.classes[name]
            if present.inside is not None:
                found = member_class(present.inside, name)
                if found is not None:
                    return found
            present = present.around
        return self.find(name)

    def _dotted(self, name: str, context: Context) -> "ClassInfo | TypeVar | None":
        before, _, last = name.rpartition(".")
        found = self.class_named(before, context)
        if isinstance(found, ClassInfo):
            return member_class(found, last)
        above = library_class(last)
        return above if above is not None and above.package == before else None

    def class_advice(self, name: str, context: Context) -> str:
        """Say what is to be done about a class that is not known."""
        found = library_class(name)
        if found is not None:
            return f"write import {found.package}.{name}; at the top"
        if name.lower() in ("string", "integer", "system", "boolean"):
            return f"class names begin with a capital: {name.capitalize()}"
        known = [*self.classes, *(path.stem for path in FOLDER.glob("*.java"))]
        known += context.inside.classes if context.inside is not None else []
        near = get_close_matches(name, known, 1)
        return f"did you mean {near[0]}?" if near else "declare it, or see in the manual which classes there are here"


def member_class(one: ClassInfo, name: str) -> ClassInfo | None:
    """Find a class within a class or those above it; the class itself has its name, too."""
    if one.name == name:
        return one
    for above in supertypes(ClassType(one)):
        if name in above.of.classes:
            return above.of.classes[name]
    return None


@lru_cache(maxsize=1)
def library() -> World:
    """Give the library, of which classes are read when they are named; it is the same for all programs."""
    return World(Report())


def library_class(name: str) -> ClassInfo | None:
    """Give a class of the library."""
    found = library().classes.get(name)
    path = FOLDER / f"{name}.java"
    if found is None and name.replace("$", "").isidentifier() and path.exists():
        importlib.import_module(f"{__package__}.declaring").declare_library(library(), path.read_text())
        found = library().classes[name]
    return found
