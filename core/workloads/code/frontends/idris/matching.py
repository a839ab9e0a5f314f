"""From clauses to cases: what is looked at is what the first clause that is left asks for.

Maranget, "Compiling pattern matching to good decision trees" (2008), without his choice of columns.
"""

from dataclasses import dataclass
from typing import Protocol

from core.workloads.code.frontends.functional.occurrences import Names
from core.workloads.code.frontends.functional.terms import (
    Alternative,
    Apply,
    Case,
    Lambda,
    Let,
    Literal,
    Primitive,
    Stop,
    Term,
    Text,
    Variable,
)
from core.workloads.code.frontends.idris import core
from core.workloads.code.frontends.idris.core import Anything, Bound, Equals, Fits, Pattern
from core.workloads.code.frontends.idris.globals import Definition, Globals
from core.workloads.code.frontends.idris.layouts import Layouts
from core.workloads.code.frontends.idris.problems import At

_SAME_TEXT = "Prelude/sameText"


class Erasing(Protocol):
    """What erases the terms of clauses."""

    known: Globals
    layouts: Layouts
    names: Names
    at: At

    def term(self, term: core.Term, names: tuple[str | None, ...]) -> Term:
        """Erase a term."""


@dataclass(frozen=True, slots=True)
class _Row:
    patterns: tuple[Pattern, ...]
    names: dict[int, str]
    clause: int


class Matching:
    """The clauses of one function."""

    def __init__(self, erasure: Erasing, one: Definition) -> None:
        self.erasure, self.one = erasure, one
        self.uses: dict[int, int] = {}
        self.joins: dict[int, str] = {}
        self.counting = True

    def run(self, params: list[str | None]) -> Term:
        """Match parameters; those that are not there are None."""
        assert self.one.clauses is not None
        columns = [name for name in params if name is not None]
        rows = []
        for place, clause in enumerate(self.one.clauses):
            kept = tuple(pattern for pattern, name in zip(clause.patterns, params, strict=True) if name is not None)
            rows.append(_Row(kept, {}, place))
        count = self.erasure.names.count
        self._matched(columns, rows)
        self.erasure.names.count = count
        self.counting = False
        shared = {place for place, uses in self.uses.items() if uses > 1}
        bindings: list[tuple[str, Term]] = []
        for place in sorted(shared):
            self.joins[place] = self.erasure.names.fresh("clause")
            variables = self._variables(place)
            inner = {level: self.erasure.names.fresh(name or "x") for level, name in variables}
            given = tuple(inner.values()) or (self.erasure.names.fresh("unused"),)
            bindings.append((self.joins[place], Lambda(given, self._body(place, inner))))
        found = self._matched(columns, rows)
        for one in reversed(bindings):
            found = Let((one,), found)
        return found

    def _variables(self, place: int) -> list[tuple[int, str]]:
        assert self.one.clauses is not None
        variables = self.one.clauses[place].variables
        bound = _bound(self.one.clauses[place].patterns)
        return [(level, each.name) for level, each in enumerate(variables) if not each.erased and level in bound]

    def _body(self, place: int, names: dict[int, str]) -> Term:
        assert self.one.clauses is not None
        clause = self.one.clauses[place]
        if clause.at.line:
            self.erasure.at = clause.at
        return self.erasure.term(clause.body, tuple(names.get(level) for level in range(len(clause.variables))))

    def _leaf(self, row: _Row) -> Term:
        if self.counting:
            self.uses[row.clause] = self.uses.get(row.clause, 0) + 1
            return Literal(0)
        if row.clause not in self.joins:
            return self._body(row.clause, row.names)
        args = tuple(Variable(row.names[level]) for level, _ in self._variables(row.clause))
        return Apply(Variable(self.joins[row.clause]), args or (Literal(0),))

    def _matched(self, columns: list[str], rows: list[_Row]) -> Term:
        if not rows:
            return Stop(Text(f"no clause of {self.one.short.partition('~')[0]} fits"))
        first = rows[0]
        place = next((at for at, one in enumerate(first.patterns) if not isinstance(one, Bound | Anything)), None)
        if place is None:
            names = dict(first.names)
            for name, pattern in zip(columns, first.patterns, strict=True):
                if isinstance(pattern, Bound):
                    names[pattern.level] = name
            return self._leaf(_Row((), names, first.clause))
        pattern = first.patterns[place]
        if isinstance(pattern, Fits):
            family = self.erasure.known.definitions[pattern.constructor].family
            if self.erasure.layouts.counted(family) is not None:
                return self._counted(columns, rows, place, family)
            return self._constructors(columns, rows, place, family)
        assert isinstance(pattern, Equals)
        return self._literals(columns, rows, place, pattern)

    def _constructors(self, columns: list[str], rows: list[_Row], place: int, family: str) -> Term:
        layouts = self.erasure.layouts
        asked = list(
            dict.fromkeys(pattern.constructor for row in rows if isinstance(pattern := row.patterns[place], Fits))
        )
        rest = [row for row in rows if not isinstance(row.patterns[place], Fits)]
        ways: list[Alternative] = []
        for name in asked:
            constructor = layouts.constructor(name)
            fields = [self.erasure.names.fresh("part") for _ in range(constructor.arity)]
            inner = self._split(columns, rows, place, name, fields)
            body = self._matched([*fields, *columns[:place], *columns[place + 1 :]], inner)
            ways.append(Alternative(constructor, tuple(fields), body))
        complete = len(asked) == len(self.erasure.known.definitions[family].constructors)
        others = columns[:place] + columns[place + 1 :]
        default = None if complete else self._matched(others, [self._without(columns, row, place) for row in rest])
        if default is not None and not rest and all(_is_forced(row.patterns[place]) for row in rows):
            default = None
        return Case(Variable(columns[place]), "", tuple(ways), default)

    def _counted(self, columns: list[str], rows: list[_Row], place: int, family: str) -> Term:
        counted = self.erasure.layouts.counted(family)
        assert counted is not None
        others = columns[:place] + columns[place + 1 :]
        zero = self._matched(others, self._split(columns, rows, place, counted.zero, []))
        patterns = [row.patterns[place] for row in rows]
        if not any(isinstance(one, Fits) and one.constructor == counted.successor for one in patterns):
            rest = [self._without(columns, row, place) for row in rows if not isinstance(row.patterns[place], Fits)]
            more = self._matched(others, rest)
        else:
            less = self.erasure.names.fresh("less")
            inner = self._matched([less, *others], self._split(columns, rows, place, counted.successor, [less]))
            one = Primitive("op", "sub", (Variable(columns[place]), Literal(1)))
            more = Case(one, less, (), inner)
        return Case(Variable(columns[place]), "", (Alternative(0, (), zero),), more)

    def _split(self, columns: list[str], rows: list[_Row], place: int, name: str, fields: list[str]) -> list[_Row]:
        """Give the rows that are left where a constructor has been found, its fields in front."""
        kept = self.erasure.layouts.fields(name)
        found: list[_Row] = []
        for row in rows:
            pattern = row.patterns[place]
            others = row.patterns[:place] + row.patterns[place + 1 :]
            if isinstance(pattern, Fits):
                if pattern.constructor == name:
                    inner = tuple(one for one, keeps in zip(pattern.args, kept, strict=False) if keeps)
                    found.append(_Row((*inner, *others), row.names, row.clause))
                continue
            without = self._without(columns, row, place)
            found.append(_Row((*(Anything() for _ in fields), *others), without.names, row.clause))
        return found

    def _without(self, columns: list[str], row: _Row, place: int) -> _Row:
        """Leave out a column whose pattern fits everything."""
        pattern = row.patterns[place]
        names = {**row.names, pattern.level: columns[place]} if isinstance(pattern, Bound) else row.names
        return _Row(row.patterns[:place] + row.patterns[place + 1 :], names, row.clause)

    def _literals(self, columns: list[str], rows: list[_Row], place: int, pattern: Equals) -> Term:
        others = columns[:place] + columns[place + 1 :]
        rest = [row for row in rows if not isinstance(row.patterns[place], Equals)]
        if pattern.sort == "String":
            same = [row for row in rows if row.patterns[place] == pattern or row in rest]
            unequal = [row for row in rows if row.patterns[place] != pattern]
            inner = [self._without(columns, row, place) for row in same]
            condition = Apply(Variable(_SAME_TEXT), (Variable(columns[place]), Text(str(pattern.value))))
            true = self.erasure.layouts.constructor("Prelude/True")
            false = self.erasure.layouts.constructor("Prelude/False")
            ways = (
                Alternative(true, (), self._matched(others, inner)),
                Alternative(false, (), self._matched(columns, unequal)),
            )
            return Case(condition, "", ways)
        asked = list(dict.fromkeys(one for row in rows if isinstance(one := row.patterns[place], Equals)))
        ways_ = []
        for one in asked:
            value = ord(str(one.value)) if one.sort == "Char" else int(one.value)
            fitting = [row for row in rows if row.patterns[place] == one or row in rest]
            inner = [self._without(columns, row, place) for row in fitting]
            ways_.append(Alternative(value, (), self._matched(others, inner)))
        default = self._matched(others, [self._without(columns, row, place) for row in rest])
        return Case(Variable(columns[place]), "", tuple(ways_), default)


def _bound(patterns: tuple[Pattern, ...]) -> set[int]:
    found: set[int] = set()
    for one in patterns:
        if isinstance(one, Bound):
            found.add(one.level)
        elif isinstance(one, Fits):
            found |= _bound(one.args)
    return found


def _is_forced(pattern: Pattern) -> bool:
    return isinstance(pattern, Fits) and pattern.forced
