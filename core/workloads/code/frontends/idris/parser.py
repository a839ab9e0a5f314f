"""From tokens to declarations."""

from core.workloads.code.frontends.base import Diagnostic
from core.workloads.code.frontends.idris import syntax
from core.workloads.code.frontends.idris.expressions import ExpressionParser
from core.workloads.code.frontends.idris.fixities import Fixities, Fixity, standard
from core.workloads.code.frontends.idris.lexer import Token
from core.workloads.code.frontends.idris.problems import Refusal, misread
from core.workloads.code.frontends.idris.reading import Reader
from core.workloads.code.frontends.idris.syntax import Argument, Declaration, Expression, Mode, Name, Parameter

_UNSPOKEN = {
    "namespace": "write the declarations without it",
    "parameters": "give each function the parameters",
    "using": "name the implicit arguments where they are needed",
    "prefix": "write a function with a name",
}
_IGNORED = frozenset({"%name", "%inline", "%hint", "%language", "%unbound_implicits", "%ambiguity_depth", "%logging"})
_TOTALITIES = ("total", "partial", "covering")


def parse(tokens: list[Token], fixities: Fixities | None = None) -> tuple[syntax.Program, list[Diagnostic]]:
    """Read a program; after an error it goes on with the next declaration."""
    return _Parser(tokens, standard() if fixities is None else fixities).program()


class _Parser:
    def __init__(self, tokens: list[Token], fixities: Fixities) -> None:
        self.reader = Reader(tokens)
        self.fixities = fixities
        self.expressions = ExpressionParser(self.reader, fixities, self.local)
        self.found: list[Declaration] = []
        self.problems: list[Diagnostic] = []

    def program(self) -> tuple[syntax.Program, list[Diagnostic]]:
        """Read everything."""
        reader = self.reader
        found = syntax.Program()
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

    def _top(self, program: syntax.Program) -> None:
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

    def local(self) -> tuple[Declaration, ...]:
        """Read a block of declarations."""
        found: list[Declaration] = []
        self.reader.block(lambda: found.extend(self.declaration()), "declarations")
        return tuple(found)

    # Declarations.

    def declaration(self) -> list[Declaration]:  # noqa: C901, PLR0911 - a case for each sort
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
                return [syntax.Mutual(token.at, self.local())]
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
                return self._signatures(totality, erased=bool(self._erasure()))
        kind = reader.ahead((":", "=", "where", "with", "impossible", "|"))
        if kind == ":":
            return self._signatures(totality, erased=False)
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

    def _name(self, what: str) -> Token:
        reader = self.reader
        if reader.accept("("):
            token = reader.take()
            if token.kind not in ("operator", ".", "="):
                raise misread(token.at, f"expected an operator, found '{token.text}'")
            reader.expect(")")
            return token
        return reader.expect("name", what)

    def _signatures(self, totality: str, *, erased: bool) -> list[Declaration]:
        reader = self.reader
        names = [self._name("the name of a function")]
        while reader.accept(","):
            names.append(self._name("the name of a function"))
        reader.expect(":", "':' and the type")
        type_ = self.expressions.expression()
        return [syntax.Signature(one.at, one.text, type_, totality, erased) for one in names]

    def clause(self, *, within: bool = False) -> syntax.Clause:
        """Read a clause of a function, or one within `with`, which has bars."""
        reader = self.reader
        start = reader.token
        left = self.expressions.pattern()
        more: list[Expression] = []
        while within and reader.accept("|"):
            more.append(self.expressions.pattern())
        name, args = _head(left, within=bool(more))
        if reader.accept("impossible"):
            return syntax.Clause(start.at, name, args, None, more=tuple(more))
        if reader.accept("with"):
            return self._with(start, name, args, more)
        if reader.sees("|"):
            raise reader.unexpected("'='", "Idris has no guards: use if, case or with")
        reader.expect("=", "'=' and what it is", "a definition is name parameters = value")
        body = self.expressions.expression()
        where = self.local() if reader.accept("where") else ()
        return syntax.Clause(start.at, name, args, body, where, more=tuple(more))

    def _with(self, start: Token, name: str, args: tuple[Argument, ...], more: list[Expression]) -> syntax.Clause:
        reader = self.reader
        subject = self.expressions.atom()
        if reader.sees("name") and reader.token.text == "proof":
            raise misread(reader.token.at, "with ... proof is not spoken here", "use with alone")
        inner: list[syntax.Clause] = []
        reader.block(lambda: inner.append(self.clause(within=True)), "the clauses of with")
        return syntax.Clause(start.at, name, args, None, (), subject, tuple(inner), tuple(more))

    def _data(self) -> syntax.Data:
        reader = self.reader
        reader.take()
        name = self._name("the name of the type")
        if reader.accept(":"):
            type_ = self.expressions.expression()
            return syntax.Data(name.at, name.text, type_, self._constructors() if reader.accept("where") else ())
        params: list[str] = []
        universe = Name(name.at, "Type")
        while reader.sees("name"):
            params.append(reader.take().text)
        type_ = universe
        for param in reversed(params):
            type_ = syntax.Arrow(name.at, param, Mode.EXPLICIT, False, universe, type_)
        if not reader.accept("="):
            hint = "write data Name = Constructor types, or data Name : Type where"
            raise reader.unexpected("'=' and the constructors", hint)
        result: Expression = Name(name.at, name.text)
        if params:
            result = syntax.Application(name.at, result, tuple(Argument(Name(name.at, one)) for one in params))
        constructors = [self._alternative(result)]
        while reader.accept("|"):
            constructors.append(self._alternative(result))
        return syntax.Data(name.at, name.text, type_, tuple(constructors))

    def _alternative(self, result: Expression) -> syntax.Signature:
        reader = self.reader
        if reader.sees("name") and reader.token.text[0].isupper():
            name = reader.take()
            left: list[Expression] = []
        elif reader.sees("(") and reader.after.kind == "operator":
            name, left = self._name("a constructor"), []
        else:
            left = [self.expressions.application()]
            name = reader.expect("operator", "the name of a constructor, with a capital letter")
        while reader.sees("name", "(", "[", "{"):
            if reader.sees("{"):
                raise misread(reader.token.at, "implicit fields need the form data T : Type where")
            left.append(self.expressions.atom())
        type_ = result
        for one in reversed(left):
            type_ = syntax.Arrow(one.at, "", Mode.EXPLICIT, False, one, type_)
        return syntax.Signature(name.at, name.text, type_)

    def _constructors(self) -> tuple[syntax.Signature, ...]:
        found: list[Declaration] = []
        if self.reader.token.kind == "end":
            return ()
        self.reader.block(lambda: found.extend(self._signatures("", erased=False)), "constructors")
        return tuple(one for one in found if isinstance(one, syntax.Signature))

    def _parameters(self) -> list[Parameter]:
        reader = self.reader
        found: list[Parameter] = []
        while reader.sees("name", "(", "{"):
            if reader.sees("name"):
                token = reader.take()
                found.append(Parameter(token.at, token.text, Name(token.at, "Type")))
                continue
            implicit = reader.sees("{")
            start, mode, _, names, type_ = self.expressions.binder(Mode.IMPLICIT if implicit else Mode.EXPLICIT)
            found += [Parameter(start.at, name, type_, mode) for name in names]
        return found

    def _record(self) -> syntax.Record:
        reader = self.reader
        reader.take()
        name = reader.expect("name", "the name of the record")
        params = self._parameters()
        reader.expect("where", "'where' and the fields", "write record Name where, then constructor MkName")
        fields: list[Parameter] = []
        constructors: list[str] = []

        def item() -> None:
            if reader.sees("name") and reader.token.text == "constructor" and reader.after.kind == "name":
                reader.take()
                constructors.append(reader.take().text)
                return
            mode = Mode.EXPLICIT
            if reader.sees("{"):
                raise misread(reader.token.at, "implicit fields of records are not spoken here", "leave out the braces")
            for one in self._signatures("", erased=False):
                assert isinstance(one, syntax.Signature)
                fields.append(Parameter(one.at, one.name, one.type, mode))

        reader.block(item, "the fields of the record")
        constructor = constructors[0] if constructors else f"Mk{name.text}"
        return syntax.Record(name.at, name.text, tuple(params), constructor, tuple(fields))

    def _interface(self) -> syntax.Interface:
        reader = self.reader
        reader.take()
        constraints: tuple[Expression, ...] = ()
        if reader.ahead(("=>", "where")) == "=>":
            left = self.expressions.pattern()
            constraints = left.items if isinstance(left, syntax.Tuple) else (left,)
            reader.take()
        name = reader.expect("name", "the name of the interface")
        params = self._parameters()
        if not params:
            raise reader.unexpected("the parameter of the interface", "write interface Name a where")
        reader.expect("where", "'where' and the methods")
        declarations = self.local()
        methods = tuple(one for one in declarations if isinstance(one, syntax.Signature))
        defaults = tuple(one for one in declarations if isinstance(one, syntax.Clause))
        return syntax.Interface(name.at, name.text, constraints, tuple(params), methods, defaults)

    def _implementation(self) -> syntax.Implementation:
        reader = self.reader
        start, name = reader.token, ""
        if reader.accept("["):
            message = "named implementations are not spoken here"
            raise misread(start.at, message, "leave out the name between brackets")
        type_ = self.expressions.expression()
        reader.expect("where", "'where' and the methods")
        declarations = self.local() if reader.token.kind != "end" else ()
        clauses = tuple(one for one in declarations if isinstance(one, syntax.Clause))
        return syntax.Implementation(start.at, name, type_, clauses)

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

    def _directive(self) -> list[Declaration]:
        reader = self.reader
        token = reader.take()
        if token.text == "%default":
            if not reader.sees(*_TOTALITIES):
                raise reader.unexpected("total, covering or partial")
            return [syntax.Default(token.at, reader.take().kind)]
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
