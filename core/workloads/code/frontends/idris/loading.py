"""Modules of the library: each is looked through once in a process, whoever imports it first."""

from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from core.workloads.code.frontends.idris import declared
from core.workloads.code.frontends.idris.advising import close_to
from core.workloads.code.frontends.idris.declarations import Declarations, add_primitives
from core.workloads.code.frontends.idris.fixities import Fixities, standard
from core.workloads.code.frontends.idris.globals import Globals
from core.workloads.code.frontends.idris.lexer import tokenize
from core.workloads.code.frontends.idris.parser import parse
from core.workloads.code.frontends.idris.problems import wrong
from core.workloads.code.frontends.idris.totality import judge

FOLDER = Path(__file__).parent / "library"
STANDARD = ("Prelude", "Prelude.Strings", "Prelude.Streams")


@dataclass(frozen=True, slots=True)
class Module:
    """A module, with all that it can see."""

    known: Globals
    modules: tuple[str, ...]
    fixities: Fixities = field(default_factory=standard)


def names() -> list[str]:
    """List the modules that can be imported."""
    return sorted(one.stem for one in FOLDER.glob("*.idr") if one.stem not in STANDARD)


def imported(program: declared.Program) -> Module:
    """Give what a program can see; raises `Refusal` for a module that is not there."""
    wanted: list[str] = []
    for at, name in program.imports:
        if name == "Prelude":
            continue
        if name not in names():
            hint = close_to(name, names())
            raise wrong(at, f"there is no module {name} here", hint or f"there are {', '.join(names())}")
        wanted += [one for one in _closure(name) if one not in wanted]
    return together(tuple(wanted))


@lru_cache(maxsize=50)
def together(modules: tuple[str, ...]) -> Module:
    """Give what the Prelude and some modules have together."""
    known = Globals()
    for one in (*reversed(STANDARD), *modules):
        _merge(known, loaded(one))
    return Module(known, (*STANDARD, *modules))


@lru_cache(maxsize=50)
def loaded(name: str) -> Globals:
    """Look through a module; gives what it itself declares, with all that it can see."""
    program = _read(name)
    known = Globals()
    if name == "Prelude":
        add_primitives(known)
    elif name in STANDARD:
        _merge(known, loaded("Prelude"))
    else:
        known = together(tuple(one for one in _closure(name) if one != name)).known.copy()
    known.count = 0
    checker = Declarations(known, name)
    checker.program(program.declarations)
    judge(checker)
    assert not checker.problems, (name, checker.problems)
    return known


def _merge(known: Globals, other: Globals) -> None:
    known.definitions |= other.definitions
    known.interfaces |= other.interfaces
    for name, found in other.names.items():
        own = known.names.setdefault(name, [])
        own += [one for one in found if one not in own]
    for name, found in other.implementations.items():
        own = known.implementations.setdefault(name, [])
        own += [one for one in found if one not in own]


@lru_cache(maxsize=50)
def _read(name: str) -> declared.Program:
    program, problems = parse(tokenize((FOLDER / f"{name}.idr").read_text()))
    assert not problems, (name, problems)
    return program


def _closure(name: str) -> list[str]:
    """List a module behind those that it imports."""
    found: list[str] = []
    for _, other in _read(name).imports:
        found += [one for one in _closure(other) if one not in found]
    return [*found, name]
