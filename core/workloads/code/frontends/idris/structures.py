"""Declarations of types, records, interfaces and implementations, as they are written."""

from core.workloads.code.frontends.base import Diagnostic
from core.workloads.code.frontends.idris import declared, syntax
from core.workloads.code.frontends.idris.declared import Parameter
from core.workloads.code.frontends.idris.expressions import ExpressionParser
from core.workloads.code.frontends.idris.fixities import Fixities
from core.workloads.code.frontends.idris.lexer import Token
from core.workloads.code.frontends.idris.problems import misread
from core.workloads.code.frontends.idris.reading import Reader
from core.workloads.code.frontends.idris.syntax import Argument, Declared, Expression, Mode, Name


class Structures:
    """Parses what has a head and parts."""

    def __init__(self, tokens: list[Token], fixities: Fixities) -> None:
        self.reader = Reader(tokens)
        self.fixities = fixities
        self.expressions = ExpressionParser(self.reader, fixities, self.local)
        self.found: list[Declared] = []
        self.problems: list[Diagnostic] = []

    def _data(self) -> declared.Data:
        reader = self.reader
        reader.take()
        name = self.name("the name of the type")
        if reader.accept(":"):
            type_ = self.expressions.expression()
            return declared.Data(name.at, name.text, type_, self._constructors() if reader.accept("where") else ())
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
        return declared.Data(name.at, name.text, type_, tuple(constructors))

    def _alternative(self, result: Expression) -> declared.Signature:
        reader = self.reader
        if reader.sees("name") and reader.token.text[0].isupper():
            name = reader.take()
            left: list[Expression] = []
        elif reader.sees("(") and reader.after.kind == "operator":
            name, left = self.name("a constructor"), []
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
        return declared.Signature(name.at, name.text, type_)

    def _constructors(self) -> tuple[declared.Signature, ...]:
        found: list[Declared] = []
        if self.reader.token.kind == "end":
            return ()
        self.reader.block(lambda: found.extend(self.signatures("", erased=False)), "constructors")
        return tuple(one for one in found if isinstance(one, declared.Signature))

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

    def _record(self) -> declared.Record:
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
            for one in self.signatures("", erased=False):
                assert isinstance(one, declared.Signature)
                fields.append(Parameter(one.at, one.name, one.type, mode))

        reader.block(item, "the fields of the record")
        constructor = constructors[0] if constructors else f"Mk{name.text}"
        return declared.Record(name.at, name.text, tuple(params), constructor, tuple(fields))

    def _interface(self) -> declared.Interface:
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
        methods = tuple(one for one in declarations if isinstance(one, declared.Signature))
        defaults = tuple(one for one in declarations if isinstance(one, declared.Clause))
        return declared.Interface(name.at, name.text, constraints, tuple(params), methods, defaults)

    def _implementation(self) -> declared.Implementation:
        reader = self.reader
        start, name = reader.token, ""
        if reader.accept("["):
            message = "named implementations are not spoken here"
            raise misread(start.at, message, "leave out the name between brackets")
        type_ = self.expressions.expression()
        reader.expect("where", "'where' and the methods")
        declarations = self.local() if reader.token.kind != "end" else ()
        clauses = tuple(one for one in declarations if isinstance(one, declared.Clause))
        return declared.Implementation(start.at, name, type_, clauses)

    def local(self) -> tuple[Declared, ...]:
        """Read a block of declarations."""
        raise NotImplementedError

    def name(self, what: str) -> Token:
        """Read a name, or an operator in brackets."""
        raise NotImplementedError

    def signatures(self, totality: str, *, erased: bool) -> list[Declared]:
        """Read a signature; one of several names gives several."""
        raise NotImplementedError
