"""What all functions of a program share while it becomes IR: its globals, functions, classes and names."""

import ast
from dataclasses import dataclass, field

from core.workloads.code.frontends.python.classes import BUILT_IN, FIRST_OWN, NAME_NUMBERS
from core.workloads.code.frontends.python.diagnosing import Report
from core.workloads.code.frontends.python.linking import load
from core.workloads.code.frontends.python.scopes import Scope
from core.workloads.code.ir.module import Module

MAIN = "<module>"


@dataclass(slots=True, eq=False)
class Function:
    """A function of the program, or the module's own body."""

    node: ast.FunctionDef | ast.Module
    scope: Scope
    name: str
    """What it is called in the IR."""
    shown: str
    """What it is called in a traceback."""
    number: int
    owner: "Class | None" = None
    defaults: dict[str, ast.expr] = field(default_factory=dict)
    """Of parameters that may be left out."""
    default_roots: dict[str, int] = field(default_factory=dict)
    """Where defaults lie that are no constants, for a function that is defined once."""
    default_places: dict[str, int] = field(default_factory=dict)
    """Words of the closure where such defaults lie, for one that is defined within another."""
    positional: list[str] = field(default_factory=list)
    keyword_only: list[str] = field(default_factory=list)
    rest: str = ""
    """The parameter that takes all further arguments, with a star."""
    is_wanted_as_value: bool = False

    @property
    def params(self) -> list[str]:
        """All parameters, in the order in which they are passed."""
        return [*self.positional, *self.keyword_only, *([self.rest] if self.rest else [])]

    @property
    def has_closure(self) -> bool:
        """Whether it is passed itself, since it finds variables of outer functions there."""
        return bool(self.scope.free or self.default_places)

    @property
    def unnamed(self) -> frozenset[str]:
        """Parameters that stand before a slash, and cannot be given by name."""
        args = getattr(self.node, "args", None)
        return frozenset(one.arg for one in args.posonlyargs) if args is not None else frozenset()

    @property
    def required(self) -> int:
        """Positional arguments it must get."""
        return sum(one not in self.defaults for one in self.positional)


@dataclass(slots=True, eq=False)
class Class:
    """A class of the program."""

    node: ast.ClassDef
    name: str
    number: int
    base: "Class | None"
    base_number: int
    attributes: list[str] = field(default_factory=list)
    """Of instances, those of the class above first."""
    methods: dict[str, Function] = field(default_factory=dict)
    roots: dict[str, int] = field(default_factory=dict)
    """Attributes of the class itself, and where they lie."""
    kinds: dict[str, str] = field(default_factory=dict)
    """Of methods: `static`, `class` or `property` where they are no plain ones."""

    def lineage(self) -> list["Class"]:
        """List the class and those above it, itself first."""
        return [self, *(self.base.lineage() if self.base else [])]

    @property
    def is_exception(self) -> bool:
        """Whether an instance can be raised."""
        last = self.lineage()[-1].base_number
        return 0 < last < BUILT_IN["object"][0]

    @property
    def first_word(self) -> int:
        """Word of an instance where the first attribute lies."""
        return 2 if self.is_exception else 1

    def method(self, name: str) -> Function | None:
        """Find a method in the class or above."""
        return next((one.methods[name] for one in self.lineage() if name in one.methods), None)


@dataclass(slots=True, eq=False)
class Program:
    """A module in the making."""

    module: Module
    report: Report
    scopes: dict[ast.AST, Scope]
    main: Scope
    functions: dict[ast.AST, Function] = field(default_factory=dict)
    classes: dict[str, Class] = field(default_factory=dict)
    globals: dict[str, int] = field(default_factory=dict)
    fixed: dict[str, Function | Class] = field(default_factory=dict)
    """Names of the module that stand for one function or class from before anyone asks for them."""
    names: dict[str, int] = field(default_factory=lambda: dict(NAME_NUMBERS))
    roots: int = field(default_factory=lambda: len(load().roots))
    texts: dict[str, str] = field(default_factory=dict)
    lines: set[int] = field(default_factory=set)
    """Lines at which the program may stop."""
    imported: dict[str, str] = field(default_factory=dict)
    """Names of modules and of what is in them: `math` or `math.sqrt`."""
    initial: dict[int, int] = field(default_factory=dict)

    wrappers: dict[str, Function] = field(default_factory=dict)
    """Functions made for built-in ones that are used as values."""
    valued: set[str] = field(default_factory=set)
    """Built-in classes whose names are used as values."""

    def root(self, value: int) -> int:
        """Reserve a word that the collector looks at, with what it holds at first."""
        self.initial[self.roots] = value
        self.roots += 1
        return self.roots - 1

    def name_number(self, name: str) -> int:
        """Give the number of an attribute's name."""
        return self.names.setdefault(name, len(self.names) + 1)

    def class_number(self) -> int:
        """Give the number of the next class."""
        return FIRST_OWN + len(self.classes)
