"""From tokens to declarations."""

from core.workloads.code.frontends.base import Diagnostic
from core.workloads.code.frontends.idris import declared, syntax
from core.workloads.code.frontends.idris.fixities import Fixities, Fixity, standard
from core.workloads.code.frontends.idris.lexer import Token
from core.workloads.code.frontends.idris.problems import Refusal, misread
from core.workloads.code.frontends.idris.reading import Reader
from core.workloads.code.frontends.idris.structures import Structures
from core.workloads.code.frontends.idris.syntax import Argument, Declared, Expression

_UNSPOKEN = {
    "namespace": "write the declarations without it",
    "parameters": "give each function the parameters",
    "using": "name the implicit arguments where they are needed",
    "prefix": "write a function with a name",
}

_IGNORED = frozenset({"%name", "%inline", "%hint", "%language", "%unbound_implicits", "%ambiguity_depth", "%logging"})

_TOTALITIES = ("total", "partial", "covering")


def parse(tokens: list[Token], fixities: Fixities | None = None) -> tuple[declared.Program, list[Diagnostic]]:
    """Read a program; after an error it goes on with the next declaration."""
    return _Parser(tokens, standard() if fixities is None else fixities).program()


class _Parser(Structures):
    """Parses programs."""

    def program(self) -> tuple[declared.Program, list[Diagnostic]]:
        """Read everything."""
        reader = self.reader
        found = declared.Program()
        reader.limit = 1
        while reader.tokens[reader.place].kind != "end":
            reader.item = reader.place
            try:
                if reader.tokens[reader.place].at.column != 1:
                    raise misread(reader.token.at, f"did not expect {reader.described()} here", _stray(reader))
                self._top(found)
                if reader.token.kind != "end":
                    raise misread(reader.token.at, f"did not expect {reader.described()} here", _stray(reader))
            except Refusal as refusal:
                self.problems.append(refusal.diagnostic)
                reader.limit = 1
                reader.skip_item(1)
        found.declarations = self.found
        return found, self.problems

    def _top(self, program: declared.Program) -> None:
        reader = self.reader
        if reader.accept("module"):
            program.module = reader.expect("name", "the name of the module").text
        elif reader.accept("import"):
            if reader.accept("public"):
                pass
            name = reader.expect("name", "the name of a module")
            if reader.sees("name") and reader.token.text == "as":
                raise misread(reader.token.at, "modules keep their names here", "leave out as and the other name")
            program.imports.append((name.at, name.text))
        else:
            self.found += self.declaration()

    def local(self) -> tuple[Declared, ...]:
        """Read a block of declarations."""
        found: list[Declared] = []
        self.reader.block(lambda: found.extend(self.declaration()), "declarations")
        return tuple(found)

    def declaration(self) -> list[Declared]:  # noqa: C901, PLR0911 - a case for each sort
        """Read one declaration; a signature of several names gives several."""
        reader = self.reader
        totality = self._modifiers()
        token = reader.token
        match token.kind:
            case "data":
                return [self._data()]
            case "record":
                return [self._record()]
            case "interface":
                return [self._interface()]
            case "implementation":
                reader.take()
                return [self._implementation()]
            case "mutual":
                reader.take()
                return [declared.Mutual(token.at, self.local())]
            case "infixl" | "infixr" | "infix":
                self._fixity()
                return []
            case "directive":
                return self._directive()
            case kind if kind in _UNSPOKEN:
                raise misread(token.at, f"{kind} is not spoken here", _UNSPOKEN[kind])
            case "module" | "import":
                raise misread(token.at, f"{token.kind} stands at the top of a program, before everything else")
            case "integer":
                return self.signatures(totality, erased=bool(self._erasure()))
        kind = reader.ahead((":", "=", "where", "with", "impossible", "|"))
        if kind == ":":
            return self.signatures(totality, erased=False)
        if kind == "where" and (token.kind in ("(", "[") or token.text[0].isupper()):
            return [self._implementation()]
        return [self.clause()]

    def _modifiers(self) -> str:
        reader, totality = self.reader, ""
        while reader.sees("export", "public", "private", *_TOTALITIES):
            token = reader.take()
            if token.kind in _TOTALITIES:
                totality = token.kind
            if reader.token.kind == "end":
                reader.item = reader.place
        return totality

    def _erasure(self) -> bool:
        token = self.reader.take()
        if token.value != 0:
            raise misread(token.at, "quantities other than 0 are not spoken here", "leave it out")
        return True

    def name(self, what: str) -> Token:
        """Read a name, or an operator in brackets."""
        reader = self.reader
        if reader.accept("("):
            token = reader.take()
            if token.kind not in ("operator", ".", "="):
                raise misread(token.at, f"expected an operator, found '{token.text}'")
            reader.expect(")")
            return token
        return reader.expect("name", what)

    def signatures(self, totality: str, *, erased: bool) -> list[Declared]:
        """Read a signature; one of several names gives several."""
        reader = self.reader
        names = [self.name("the name of a function")]
        while reader.accept(","):
            names.append(self.name("the name of a function"))
        reader.expect(":", "':' and the type")
        type_ = self.expressions.expression()
        return [declared.Signature(one.at, one.text, type_, totality, erased) for one in names]

    def clause(self, *, within: bool = False) -> declared.Clause:
        """Read a clause of a function, or one within `with`, which has bars."""
        reader = self.reader
        start = reader.token
        left = self.expressions.pattern()
        more: list[Expression] = []
        while within and reader.accept("|"):
            more.append(self.expressions.pattern())
        name, args = _head(left, within=bool(more))
        if reader.accept("impossible"):
            return declared.Clause(start.at, name, args, None, more=tuple(more))
        if reader.accept("with"):
            return self._with(start, name, args, more)
        if reader.sees("|"):
            raise reader.unexpected("'='", "Idris has no guards: use if, case or with")
        reader.expect("=", "'=' and what it is", "a definition is name parameters = value")
        body = self.expressions.expression()
        where = self.local() if reader.accept("where") else ()
        return declared.Clause(start.at, name, args, body, where, more=tuple(more))

    def _with(self, start: Token, name: str, args: tuple[Argument, ...], more: list[Expression]) -> declared.Clause:
        reader = self.reader
        subject = self.expressions.atom()
        if reader.sees("name") and reader.token.text == "proof":
            raise misread(reader.token.at, "with ... proof is not spoken here", "use with alone")
        inner: list[declared.Clause] = []
        reader.block(lambda: inner.append(self.clause(within=True)), "the clauses of with")
        return declared.Clause(start.at, name, args, None, (), subject, tuple(inner), tuple(more))

    def _fixity(self) -> None:
        reader = self.reader
        side = reader.take().kind
        level = reader.expect("integer", "a number from 0 to 10")
        while True:
            if reader.sees("`"):
                reader.take()
                name = f"`{reader.expect('name', 'a name').text}`"
                reader.expect("`")
            else:
                name = reader.expect("operator", "an operator").text
            self.fixities[name] = Fixity(side, int(level.value))
            if not reader.accept(","):
                return

    def _directive(self) -> list[Declared]:
        reader = self.reader
        token = reader.take()
        if token.text == "%default":
            if not reader.sees(*_TOTALITIES):
                raise reader.unexpected("total, covering or partial")
            return [declared.Default(token.at, reader.take().kind)]
        if token.text not in _IGNORED:
            raise misread(token.at, f"{token.text} is not spoken here", "leave it out")
        while reader.token.kind != "end":
            reader.take()
        return []


def _head(left: Expression, *, within: bool) -> tuple[str, tuple[Argument, ...]]:
    """Give the name that a clause defines, and its patterns."""
    match left:
        case syntax.Name(name=name):
            return name, ()
        case syntax.Application(function=syntax.Name(name=name), args=args):
            return name, args
        case syntax.Unknown() if within:
            return "", ()
    raise misread(left.at, "a definition begins with a name", "write name parameters = value")


def _stray(reader: Reader) -> str:
    kind = reader.tokens[reader.place].kind
    if kind in (")", "]", "}"):
        return "there is no bracket that it closes"
    if kind == "::" or reader.tokens[reader.place].text == "::":
        return "in Idris a type stands behind one colon"
    return "declarations begin in the first column" if reader.tokens[reader.place].starts_line else ""
