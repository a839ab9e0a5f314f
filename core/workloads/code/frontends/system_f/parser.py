"""From tokens to statements; after an error it goes on behind the next semicolon."""

from dataclasses import replace

from core.workloads.code.frontends.base import Diagnostic
from core.workloads.code.frontends.system_f.lexer import Token
from core.workloads.code.frontends.system_f.reading import Misread, Reader
from core.workloads.code.frontends.system_f.syntax import (
    OPERATORS,
    Abbreviation,
    Abstraction,
    Application,
    Ascription,
    At,
    Binding,
    Choice,
    Constant,
    Evaluation,
    Fix,
    Let,
    Name,
    Operator,
    Package,
    Projection,
    Record,
    Statement,
    Term,
    TypeAbstraction,
    TypeApplication,
    Unpacking,
)
from core.workloads.code.frontends.system_f.type_parser import TypeParser
from core.workloads.code.frontends.system_f.types import STAR

_ATOMS = frozenset({"name", "number", "true", "false", "unit", "(", "{"})
_AGAINST_ASCRIPTION = "a package says its type: {*T, t} as {Some X, ...}"


def parse(tokens: list[Token]) -> tuple[list[Statement], bool, list[Diagnostic]]:
    """Give the statements, whether type operators are wanted (`option omega;`), and what could not be read."""
    parser = _Parser(Reader(tokens))
    return parser.program(), parser.omega, parser.problems


class _Parser:
    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self.types = TypeParser(reader)
        self.problems: list[Diagnostic] = []
        self.omega = False

    def program(self) -> list[Statement]:
        reader = self.reader
        found: list[Statement] = []
        while reader.kind != "end":
            try:
                if reader.take("option"):
                    self._option()
                    self._end_statement()
                elif not reader.take(";"):
                    one = self._statement()
                    self._end_statement()
                    found.append(one)
            except Misread as misread:
                self.problems.append(misread.diagnostic)
                reader.skip_statement()
        return found

    def _end_statement(self) -> None:
        if self.reader.kind != "end":
            self.reader.expect(";", "behind a statement")

    def _option(self) -> None:
        token = self.reader.expect("name", "behind option")
        if token.text != "omega":
            raise Misread(token.at, f"there is no option {token.text}", "the one there is: option omega;")
        self.omega = True

    def _statement(self) -> Statement:
        reader = self.reader
        at = reader.token.at
        if reader.kind == "name" and reader.following == "=":
            name = reader.advance().text
            reader.advance()
            return Binding(at, name, self._term())
        if reader.kind == "Name" and reader.following == "=":
            name = reader.advance().text
            reader.advance()
            return Abbreviation(at, name, self.types.type())
        return Evaluation(at, self._term())

    # Terms.

    def _term(self) -> Term:
        reader = self.reader
        at = reader.token.at
        match reader.kind:
            case "lambda":
                reader.advance()
                return self._abstraction(at)
            case "if":
                reader.advance()
                condition = self._term()
                reader.expect("then", "behind the condition")
                then = self._term()
                reader.expect("else", "behind what follows then")
                return Choice(at, condition, then, self._term())
            case "let":
                reader.advance()
                return self._let(at)
            case "letrec":
                reader.advance()
                return self._letrec(at)
            case _:
                return self._application()

    def _abstraction(self, at: At) -> Term:
        reader = self.reader
        if reader.kind == "Name":
            name = reader.advance().text
            kind = self.types.kind() if reader.take("::") else STAR
            reader.expect(".", "behind the type variable")
            with self.types.scope(name) as variable:
                return TypeAbstraction(at, variable, kind, self._term())
        name = reader.expect("name", "behind lambda").text
        if not reader.take(":"):
            hint = f"say which type {name} has: lambda {name}:Nat. ..."
            raise Misread(reader.token.at, f"expected ':' and the type of {name}, found {reader.shown}", hint)
        type_ = self.types.type()
        reader.expect(".", f"behind the type of {name}")
        return Abstraction(at, name, type_, self._term())

    def _let(self, at: At) -> Term:
        reader = self.reader
        if reader.take("{"):
            hidden = reader.expect("Name", "for the hidden type").text
            reader.expect(",", "behind the hidden type")
            name = reader.expect("name", "for what the package holds").text
            reader.expect("}", "behind the names")
            reader.expect("=", "behind the names")
            package = self._term()
            reader.expect("in", "behind the package")
            with self.types.scope(hidden) as variable:
                return Unpacking(at, variable, name, package, self._term())
        name = reader.expect("name", "behind let").text
        reader.expect("=", f"behind {name}")
        value = self._term()
        reader.expect("in", "behind the value")
        return Let(at, name, value, self._term())

    def _letrec(self, at: At) -> Term:
        reader = self.reader
        name = reader.expect("name", "behind letrec").text
        reader.expect(":", f"and the type of {name}")
        type_ = self.types.type()
        reader.expect("=", "behind the type")
        value = self._term()
        reader.expect("in", "behind the value")
        return Let(at, name, Fix(at, Abstraction(at, name, type_, value)), self._term())

    def _application(self) -> Term:
        reader = self.reader
        found = self._head()
        while True:
            if reader.kind == "[":
                at = reader.advance().at
                found = TypeApplication(at, found, self.types.type())
                reader.expect("]", "behind the type")
            elif reader.kind in _ATOMS:
                at = reader.token.at
                found = Application(at, found, self._path())
            elif reader.take("as"):
                found = Ascription(found.at, found, self.types.type())
            else:
                return found

    def _head(self) -> Term:
        reader = self.reader
        at = reader.token.at
        if reader.take("fix"):
            return Fix(at, self._path())
        if reader.kind in OPERATORS:
            name = reader.advance().text
            return Operator(at, name, tuple(self._path() for _ in OPERATORS[name][:-1]))
        return self._path()

    def _path(self) -> Term:
        reader = self.reader
        found = self._atom()
        while reader.take("."):
            if reader.kind not in ("name", "number"):
                raise Misread(reader.token.at, f"expected a label behind '.', found {reader.shown}")
            token = reader.advance()
            found = Projection(token.at, found, token.text)
        return found

    def _atom(self) -> Term:
        reader = self.reader
        at = reader.token.at
        match reader.kind:
            case "name":
                return Name(at, reader.advance().text)
            case "number":
                return Constant(at, int(reader.advance().text))
            case "true" | "false":
                return Constant(at, reader.advance().text == "true")
            case "unit":
                reader.advance()
                return Constant(at, None)
            case "(":
                reader.advance()
                found = self._term()
                reader.expect(")", f"for the '(' in line {at.line}")
                return found if isinstance(found, Projection) else replace(found, at=at)
            case "{":
                reader.advance()
                return self._package(at) if reader.take("*") else self._record(at)
        raise Misread(at, f"expected a term, found {reader.shown}", _hint(reader.token))

    def _package(self, at: At) -> Term:
        reader = self.reader
        hidden = self.types.type()
        reader.expect(",", "behind the hidden type")
        body = self._term()
        reader.expect("}", "behind what the package holds")
        if not reader.take("as"):
            raise Misread(reader.token.at, f"expected 'as', found {reader.shown}", _AGAINST_ASCRIPTION)
        return Package(at, hidden, body, self.types.type())

    def _record(self, at: At) -> Term:
        reader = self.reader
        fields: list[tuple[str, Term]] = []
        while reader.kind != "}":
            label, place = str(len(fields) + 1), reader.token.at
            if reader.kind == "name" and reader.following == "=":
                label = reader.advance().text
                reader.advance()
            if any(label == one for one, _ in fields):
                raise Misread(place, f"the record has {label} twice", "give each field a name of its own")
            fields.append((label, self._term()))
            if not reader.take(","):
                break
        reader.expect("}", f"for the '{{' in line {at.line}")
        return Record(at, tuple(fields))


def _hint(token: Token) -> str:
    if token.kind == "Name":
        return "names of terms begin with a small letter; a type goes into brackets: f [Nat]"
    if token.kind in ("Nat", "Bool", "Unit", "All"):
        return "a type goes into brackets: f [Nat]"
    if token.kind in OPERATORS or token.kind in ("fix", "if", "lambda", "let"):
        return "put it into brackets: f (succ x)"
    return ""
