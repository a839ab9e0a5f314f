"""Expressions that reach as far as they can: `let`, `case`, `do` and their kin."""

from core.workloads.code.frontends.idris import syntax
from core.workloads.code.frontends.idris.binders import Binders
from core.workloads.code.frontends.idris.lexer import Token
from core.workloads.code.frontends.idris.problems import misread
from core.workloads.code.frontends.idris.syntax import Expression, Name


class Blocks(Binders):
    """Parses large expressions."""

    def _large(self) -> Expression:
        match self.reader.token.kind:
            case "\\":
                return self._abstraction()
            case "let":
                return self._let()
            case "if":
                return self._choice()
            case "case":
                return self._match()
            case "do":
                return self._do()
            case _:
                return self._rewrite()

    def _abstraction(self) -> Expression:
        reader = self.reader
        start = reader.take()
        if reader.sees("case"):
            token = reader.take()
            variable = Name(token.at, "argument")
            return syntax.Abstraction(start.at, variable, None, self._alternatives(token, variable))
        params: list[tuple[Expression, Expression | None]] = []
        while True:
            pattern = self._parameter()
            type_ = self.operation(equality=True) if reader.accept(":") else None
            params.append((pattern, type_))
            if not reader.accept(","):
                break
        if reader.sees("->"):
            raise reader.unexpected("'=>' behind the parameters", "in Idris a function is \\x => x + 1")
        reader.expect("=>", "'=>' behind the parameters", "parameters stand between commas: \\x, y => x")
        body = self.expression()
        for pattern, type_ in reversed(params):
            body = syntax.Abstraction(start.at, pattern, type_, body)
        return body

    def _parameter(self) -> Expression:
        if self.reader.sees("=>", "->"):
            raise self.reader.unexpected("a parameter behind the backslash")
        return self.atom()

    def _choice(self) -> Expression:
        reader = self.reader
        start = reader.take()
        condition = self.expression()
        reader.expect("then", "'then' behind the condition")
        then = self.expression()
        reader.expect("else", "'else'", "every if needs an else in Idris")
        return syntax.Choice(start.at, condition, then, self.expression())

    def _match(self) -> Expression:
        reader = self.reader
        start = reader.take()
        subject = self.expression()
        reader.expect("of", "'of' behind what is looked at")
        return self._alternatives(start, subject)

    def _alternatives(self, start: Token, subject: Expression) -> Expression:
        reader = self.reader
        found: list[syntax.Alternative] = []

        def alternative() -> None:
            at = reader.token.at
            pattern = self.pattern()
            if reader.accept("impossible"):
                found.append(syntax.Alternative(at, pattern, None))
                return
            if reader.sees("->"):
                raise reader.unexpected("'=>' behind the pattern", "in Idris it is case x of pattern => value")
            reader.expect("=>", "'=>' behind the pattern")
            found.append(syntax.Alternative(at, pattern, self.expression()))

        reader.block(alternative, "the alternatives of case")
        return syntax.Match(start.at, subject, tuple(found))

    def _rewrite(self) -> Expression:
        reader = self.reader
        start = reader.take()
        equation = self.expression()
        reader.expect("in", "'in' behind the equation", "write rewrite equation in expression")
        return syntax.Rewrite(start.at, equation, self.expression())

    def _let(self) -> Expression:
        reader = self.reader
        start = reader.take()
        items = self._let_items()
        reader.expect("in", "'in' behind the local values", "write let x = 1 in x + 1")
        body = self.expression()
        for one in reversed(items):
            if one.kind == "local":
                body = syntax.Local(start.at, one.declarations, body)
            else:
                assert one.pattern is not None
                assert one.term is not None
                body = syntax.Let(one.at, one.pattern, one.type, one.term, body)
        return body

    def _let_items(self) -> list[syntax.Statement]:
        """Read the values of `let`; with signatures they are local functions."""
        reader = self.reader
        found: list[syntax.Statement] = []
        column = reader.token.at.column
        if reader.ahead((":", "=", ":="), column) == ":" and reader.ahead(("=", ":="), column) == "":
            declarations = self.declarations()
            return [syntax.Statement(reader.token.at, "local", None, None, None, declarations)]

        def item() -> None:
            at = reader.token.at
            pattern = self.pattern()
            type_ = self.expression(equality=False) if reader.accept(":") else None
            if not reader.accept(":="):
                reader.expect("=", "'=' and the value", "a local function needs its type in a line before")
            found.append(syntax.Statement(at, "let", pattern, self.expression(), type_))
            if reader.sees("|"):
                raise misread(reader.token.at, "alternatives of let are not spoken here", "use case")

        reader.block(item, "a local value")
        return found

    def _do(self) -> Expression:
        reader = self.reader
        start = reader.take()
        found: list[syntax.Statement] = []

        def statement() -> None:
            at = reader.token.at
            if reader.sees("let") and not reader.ahead(("in",)):
                reader.take()
                found.extend(self._let_items())
                if reader.accept("in"):
                    found.append(syntax.Statement(at, "act", None, self.expression()))
                return
            if reader.ahead(("<-",)):
                pattern = self.pattern()
                type_ = self.operation(equality=False) if reader.accept(":") else None
                reader.expect("<-")
                found.append(syntax.Statement(at, "bind", pattern, self.expression(), type_))
                if reader.sees("|"):
                    raise misread(reader.token.at, "alternatives of <- are not spoken here", "use case")
                return
            found.append(syntax.Statement(at, "act", None, self.expression()))

        reader.block(statement, "the lines of do")
        if found[-1].kind != "act":
            raise misread(found[-1].at, "the last line of do must be an expression", "end with pure () or an action")
        return syntax.Do(start.at, tuple(found))
