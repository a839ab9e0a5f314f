"""`syntax-rules`: patterns against forms, and templates in which new names are kept apart from the program's own."""

from typing import Any

from core.workloads.code.frontends.lisp.data import Atom, Datum, List, Name, Vector, shown
from core.workloads.code.frontends.lisp.diagnosing import Report
from core.workloads.code.frontends.lisp.scopes import Macro, Scope

Matches = dict[tuple[str, int], Any]
"""What the names of a pattern stand for: a datum, or a list of matches where `...` stands behind."""


class Macros:
    """Reads macros and applies them."""

    def __init__(self, report: Report) -> None:
        self.report, self.expansions = report, 0

    def macro(self, name: Name, datum: Datum, scope: Scope) -> Macro:
        """Read `(syntax-rules (literal ...) (pattern template) ...)`."""
        word = datum.items[0] if isinstance(datum, List) and datum.items else None
        if not isinstance(datum, List) or not isinstance(word, Name) or word.text != "syntax-rules":
            raise self.report.wrong(datum, "a macro is made by syntax-rules", "(syntax-rules () ((_ a) (display a)))")
        rest = list(datum.items[1:])
        ellipsis = ("...", 0)
        if rest and isinstance(rest[0], Name):
            ellipsis = rest[0].key
            del rest[0]
        if not rest or not isinstance(rest[0], List) or not all(isinstance(one, Name) for one in rest[0]):
            raise self.report.wrong(
                datum, "syntax-rules needs a list of literal words first", "write () where there are none"
            )
        literals = frozenset(one.key for one in rest[0] if isinstance(one, Name))
        rules = []
        for rule in rest[1:]:
            if not isinstance(rule, List) or len(rule) != 2 or not isinstance(rule.items[0], List):  # noqa: PLR2004 - a pair
                raise self.report.wrong(rule, "a rule is a pattern and a template", "((_ a b) (+ a b))")
            rules.append((rule.items[0], rule.items[1]))
        return Macro(name, ellipsis, literals, tuple(rules), scope)

    def expand(self, macro: Macro, form: List, scope: Scope) -> Datum:
        """Apply the first rule that fits."""
        self.expansions += 1
        for pattern, template in macro.rules:
            assert isinstance(pattern, List)
            found: Matches = {}
            arguments = List(form.items[1:], form.at, form.tail, form.end)
            if self._fits(List(pattern.items[1:], pattern.at, pattern.tail), arguments, macro, scope, found):
                return self._fill(template, found, macro, form, {})
        patterns = " or ".join(_written(pattern, macro) for pattern, _ in macro.rules)
        raise self.report.wrong(form, f"this fits no rule of the macro {macro.name.text}", f"it is written {patterns}")

    def _fits(self, pattern: Datum, form: Datum, macro: Macro, scope: Scope, found: Matches) -> bool:
        match pattern:
            case Name():
                if pattern.key in macro.literals:
                    return (
                        isinstance(form, Name)
                        and scope.find(form) is macro.scope.find(pattern)
                        and (scope.find(form) is not None or form.text == pattern.text)
                    )
                if pattern.text != "_":
                    found[pattern.key] = form
                return True
            case Atom(value=value):
                return isinstance(form, Atom) and form.value == value and type(form.value) is type(value)
            case Vector(items=items):
                return isinstance(form, Vector) and self._fits(List(items), List(form.items), macro, scope, found)
            case List():
                return isinstance(form, List) and self._lists_fit(pattern, form, macro, scope, found)
        return False

    def _lists_fit(self, pattern: List, form: List, macro: Macro, scope: Scope, found: Matches) -> bool:
        items = pattern.items
        repeated = next((at for at, one in enumerate(items) if _is_ellipsis(one, macro)), None)
        given = list(form.items)
        if repeated is None:
            if len(given) < len(items) or (len(given) > len(items) and pattern.tail is None):
                return False
            fits = all(self._fits(a, b, macro, scope, found) for a, b in zip(items, given, strict=False))
            return fits and self._tail_fits(pattern, given[len(items) :], form, macro, scope, found)
        before, after = items[: repeated - 1], items[repeated + 1 :]
        count = len(given) - len(before) - len(after)
        if count < 0:
            return False
        if not all(self._fits(a, b, macro, scope, found) for a, b in zip(before, given, strict=False)):
            return False
        matches = []
        for one in given[len(before) : len(before) + count]:
            inner: Matches = {}
            if not self._fits(items[repeated - 1], one, macro, scope, inner):
                return False
            matches.append(inner)
        for key in _names(items[repeated - 1], macro):
            found[key] = [inner[key] for inner in matches]
        rest = given[len(before) + count :]
        fits = all(self._fits(a, b, macro, scope, found) for a, b in zip(after, rest, strict=True))
        return fits and self._tail_fits(pattern, [], form, macro, scope, found)

    def _tail_fits(
        self, pattern: List, left: list[Datum], form: List, macro: Macro, scope: Scope, found: Matches
    ) -> bool:
        if pattern.tail is None:
            return not left and form.tail is None
        if not left and form.tail is not None:
            return self._fits(pattern.tail, form.tail, macro, scope, found)
        return self._fits(pattern.tail, List(tuple(left), form.at, form.tail, form.end), macro, scope, found)

    def _fill(  # noqa: C901, PLR0911 - a case for each sort
        self, template: Datum, found: Matches, macro: Macro, form: List, names: dict[Any, Name]
    ) -> Datum:
        match template:
            case Name():
                if template.key in found:
                    value = found[template.key]
                    if isinstance(value, list):
                        raise self.report.wrong(
                            template, f"{template.text} must be followed by ... here, as in the pattern"
                        )
                    found_datum: Datum = value
                    return found_datum
                if template.key not in names:
                    number = self.expansions
                    names[template.key] = Name(template.text, form.at, number, template, macro.scope)
                return names[template.key]
            case List(items=(first, second)) if _is_ellipsis(first, macro) and template.tail is None:
                return self._fill(
                    second, found, Macro(macro.name, ("", -1), macro.literals, (), macro.scope), form, names
                )
            case List() | Vector():
                items: list[Datum] = []
                at = 0
                while at < len(template.items):
                    depth = 0
                    while at + depth + 1 < len(template.items) and _is_ellipsis(template.items[at + depth + 1], macro):
                        depth += 1
                    items += self._repeat(template.items[at], depth, found, macro, form, names)
                    at += depth + 1
                if isinstance(template, Vector):
                    return Vector(tuple(items), form.at, form.end)
                tail = template.tail and self._fill(template.tail, found, macro, form, names)
                if isinstance(tail, List):
                    return List((*items, *tail.items), form.at, tail.tail, form.end)
                return List(tuple(items), form.at, tail, form.end)
        return template

    def _repeat(
        self, item: Datum, depth: int, found: Matches, macro: Macro, form: List, names: dict[Any, Name]
    ) -> list[Datum]:
        if depth == 0:
            return [self._fill(item, found, macro, form, names)]
        repeated = [key for key in _names(item, macro) if isinstance(found.get(key), list)]
        if not repeated:
            raise self.report.wrong(item, f"nothing in {shown(item)} is repeated, so that ... has nothing to repeat")
        items: list[Datum] = []
        for number in range(max(len(found[key]) for key in repeated)):
            inner = dict(found)
            for key in repeated:
                if number < len(found[key]):
                    inner[key] = found[key][number]
            items += self._repeat(item, depth - 1, inner, macro, form, names)
        return items


def _is_ellipsis(datum: Datum, macro: Macro) -> bool:
    return isinstance(datum, Name) and datum.key == macro.ellipsis


def _names(pattern: Datum, macro: Macro) -> list[tuple[str, int]]:
    match pattern:
        case Name():
            return [] if pattern.key in macro.literals or _is_ellipsis(pattern, macro) else [pattern.key]
        case List(items=items, tail=tail):
            return [key for one in (*items, *([tail] if tail else [])) for key in _names(one, macro)]
        case Vector(items=items):
            return [key for one in items for key in _names(one, macro)]
    return []


def _written(pattern: Datum, macro: Macro) -> str:
    assert isinstance(pattern, List)
    inner = " ".join(_whole(one) for one in pattern.items[1:])
    tail = f" . {_whole(pattern.tail)}" if pattern.tail else ""
    return f"({macro.name.text} {inner}{tail})".replace(" )", ")")


def _whole(datum: Datum) -> str:
    if isinstance(datum, List):
        tail = f" . {_whole(datum.tail)}" if datum.tail else ""
        return f"({' '.join(map(_whole, datum.items))}{tail})"
    return shown(datum)
