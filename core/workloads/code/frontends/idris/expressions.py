"""From tokens to expressions, types and patterns, which look alike."""

from collections.abc import Callable

from core.workloads.code.frontends.idris import syntax
from core.workloads.code.frontends.idris.fixities import Fixities, resolved
from core.workloads.code.frontends.idris.lexer import Token
from core.workloads.code.frontends.idris.problems import At, misread
from core.workloads.code.frontends.idris.reading import Reader
from core.workloads.code.frontends.idris.syntax import Application, Argument, Arrow, Expression, Mode, Name

_LARGE = frozenset({"\\", "let", "if", "case", "do", "rewrite"})
_ATOMS = frozenset({"name", "hole", "_", "integer", "char", "string", "(", "["})
_UNSPOKEN = {
    "!": "write a line name <- action instead",
    "~": "",
}
Declarations = Callable[[], tuple[syntax.Declaration, ...]]


class ExpressionParser:
    """Parses expressions; `declarations` reads a block of local functions."""

    def __init__(self, reader: Reader, fixities: Fixities, declarations: Declarations) -> None:
        self.reader, self.fixities, self.declarations = reader, fixities, declarations

    # Everything.

    def expression(self, *, equality: bool = True) -> Expression:
        """Read an expression or type."""
        reader = self.reader
        start = reader.token
        if start.kind == "(" and self._is_binder():
            return self._binder(Mode.EXPLICIT)
        if start.kind == "{":
            return self._binder(Mode.IMPLICIT) if self._is_implicit() else self._update()
        left = self.operation(equality=equality)
        if reader.accept("->"):
            return Arrow(start.at, "", Mode.EXPLICIT, False, left, self.expression())
        if equality and reader.accept("=>"):
            found = self.expression()
            for one in reversed(left.items if isinstance(left, syntax.Tuple) and left.items else (left,)):
                found = Arrow(start.at, "", Mode.AUTO, False, one, found)
            return found
        return left

    def pattern(self) -> Expression:
        """Read a pattern, or the left side of a clause."""
        return self.operation(equality=False)

    def operation(self, *, equality: bool) -> Expression:
        """Read operands with operators between them."""
        operands, operators = self._chain(equality=equality)
        if len(operators) == len(operands):
            _, name = operators[-1]
            raise misread(self.reader.token.at, f"{name} lacks what it takes on its right", "") from None
        return resolved(operands, operators, self.fixities)

    def _chain(self, *, equality: bool) -> tuple[list[Expression], list[tuple[At, str]]]:
        operands, operators = [self.operand()], list[tuple[At, str]]()
        while (operator := self._operator(equality=equality)) is not None:
            operators.append(operator)
            if self.reader.sees(")") or (self.reader.sees("end") and not self.reader.tokens[self.reader.place].text):
                break
            operands.append(self.operand())
        return operands, operators

    def _operator(self, *, equality: bool) -> tuple[At, str] | None:
        reader = self.reader
        token = reader.token
        if token.kind in ("operator", ".") or (token.kind == "=" and equality):
            reader.take()
            return token.at, token.text
        if token.kind == "`":
            reader.take()
            name = reader.expect("name", "the name of a function between ` and `")
            reader.expect("`")
            return token.at, f"`{name.text}`"
        return None

    # Operands.

    def operand(self) -> Expression:
        """Read an application, a negative number, or what reaches as far as it can."""
        reader = self.reader
        start = reader.token
        if start.kind in _LARGE:
            return self._large()
        if start.kind == "operator" and start.text == "-":
            reader.take()
            return self._negative(start)
        if start.kind == "operator" and start.text in _UNSPOKEN:
            raise misread(start.at, f"{start.text} before an expression is not spoken here", _UNSPOKEN[start.text])
        return self.application()

    def _negative(self, minus: Token) -> Expression:
        if self.reader.sees("integer"):
            return syntax.Number(minus.at, -int(self.reader.take().value))
        return Application(minus.at, Name(minus.at, "negate"), (Argument(self.application()),))

    def application(self) -> Expression:
        """Read a function with its arguments."""
        function = self.atom()
        args: list[Argument] = []
        while (one := self._argument()) is not None:
            args.append(one)
        if not args:
            return function
        return Application(function.at, function, tuple(args))

    def _argument(self) -> Argument | None:
        reader = self.reader
        token = reader.token
        if token.kind in _ATOMS or (token.kind == "." and reader.after.kind == "(" and reader.after.touches):
            return Argument(self.atom())
        if token.kind in ("\\", "do", "case"):
            return Argument(self._large())
        if token.kind == "@" and reader.after.kind == "{":
            reader.take()
            opening = reader.take()
            term = self.expression()
            reader.close(opening)
            return Argument(term, Mode.AUTO)
        if token.kind == "{":
            return self._implicit_argument()
        return None

    def _implicit_argument(self) -> Argument:
        reader = self.reader
        opening = reader.take()
        name = reader.expect("name", "the name of an implicit argument", "write {name = value}")
        term: Expression = Name(name.at, name.text)
        if reader.accept("="):
            term = self.expression()
        reader.close(opening)
        return Argument(term, Mode.IMPLICIT, name.text)

    def atom(self) -> Expression:
        """Read the smallest expression, with the fields that are taken of it."""
        found = self._atom()
        while self.reader.token.kind == "field" and self.reader.token.touches:
            token = self.reader.take()
            found = syntax.Field(token.at, found, token.text[1:])
        return found

    def _atom(self) -> Expression:  # noqa: C901, PLR0911 - a case for each sort of atom
        reader = self.reader
        token = reader.token
        match token.kind:
            case "name":
                reader.take()
                if reader.sees("@") and reader.token.touches and reader.after.kind != "{":
                    reader.take()
                    return syntax.As(token.at, token.text, self.atom())
                return _dotted(token)
            case "hole":
                reader.take()
                return syntax.Hole(token.at, token.text[1:])
            case "_":
                reader.take()
                return syntax.Unknown(token.at)
            case "integer":
                reader.take()
                return syntax.Number(token.at, int(token.value))
            case "string":
                reader.take()
                return syntax.Text(token.at, str(token.value))
            case "char":
                reader.take()
                return syntax.Character(token.at, str(token.value))
            case "(":
                return self._parenthesized()
            case "[":
                return self._listed()
            case ".":
                reader.take()
                opening = reader.expect("(")
                term = self.expression()
                reader.close(opening)
                return syntax.Forced(token.at, term)
        raise reader.unexpected("an expression", _ADVICE.get(token.text, ""))

    # Brackets.

    def _parenthesized(self) -> Expression:
        reader = self.reader
        opening = reader.take()
        token = reader.token
        if reader.accept(")"):
            return syntax.Tuple(opening.at, ())
        if token.kind in ("operator", "=", ".") or token.kind == "`":
            section = self._section(opening)
            if section is not None:
                return section
        if token.kind == "name" and reader.after.kind == ":":
            return self._dependent_type(opening)
        operands, operators = self._first_item()
        if len(operators) == len(operands):
            *before, (at, name) = operators
            left = resolved(operands, before, self.fixities)
            reader.close(opening)
            variable = Name(at, "section")
            applied = Application(at, Name(at, name.strip("`")), (Argument(left), Argument(variable)))
            return syntax.Abstraction(opening.at, variable, None, applied)
        first = resolved(operands, operators, self.fixities) if operators else operands[0]
        if reader.accept("**"):
            found: Expression = syntax.Dependent(opening.at, "", first, self._second())
            reader.close(opening)
            return found
        items = [first]
        while reader.accept(","):
            items.append(self.expression())
        reader.close(opening)
        return first if len(items) == 1 else syntax.Tuple(opening.at, tuple(items))

    def _first_item(self) -> tuple[list[Expression], list[tuple[At, str]]]:
        """Read what stands first between parentheses: an operator may stand before the closing one."""
        reader = self.reader
        start = reader.token
        if start.kind == "{" or (start.kind == "(" and self._is_binder()):
            return [self.expression()], []
        operands, operators = self._chain(equality=True)
        if len(operators) == len(operands) or not reader.sees("->", "=>"):
            return operands, operators
        left = resolved(operands, operators, self.fixities)
        if reader.accept("->"):
            return [Arrow(start.at, "", Mode.EXPLICIT, False, left, self.expression())], []
        reader.take()
        found = self.expression()
        for one in reversed(left.items if isinstance(left, syntax.Tuple) and left.items else (left,)):
            found = Arrow(start.at, "", Mode.AUTO, False, one, found)
        return [found], []

    def _second(self) -> Expression:
        """Read the second part of a dependent pair, which may be a pair again."""
        reader = self.reader
        start = reader.token
        if start.kind == "name" and reader.after.kind == ":":
            return self._dependent_rest(start)
        first = self.expression()
        if reader.accept("**"):
            return syntax.Dependent(start.at, "", first, self._second())
        return first

    def _dependent_type(self, opening: Token) -> Expression:
        found = self._dependent_rest(opening)
        self.reader.close(opening)
        return found

    def _dependent_rest(self, start: Token) -> Expression:
        reader = self.reader
        name = reader.take()
        reader.take()
        type_ = self.expression()
        reader.expect("**", "'**' and the second type of the pair", "a function type needs -> behind the brackets")
        return syntax.Dependent(start.at, name.text, type_, self._second())

    def _section(self, opening: Token) -> Expression | None:
        """Read `(+)` or `(+ 1)`; None where it is something else, as `(-1)`."""
        reader = self.reader
        place = reader.place
        operator = self._operator(equality=True)
        assert operator is not None
        at, name = operator
        name = name.strip("`")
        if reader.accept(")"):
            return Name(at, name)
        if name == "-" or name in _UNSPOKEN:
            reader.place = place
            return None
        right = self.operation(equality=True)
        reader.close(opening)
        variable = Name(at, "section")
        applied = Application(at, Name(at, name), (Argument(variable), Argument(right)))
        return syntax.Abstraction(opening.at, variable, None, applied)

    def _listed(self) -> Expression:
        reader = self.reader
        opening = reader.take()
        items: list[Expression] = []
        if reader.accept("]"):
            return syntax.Listed(opening.at, ())
        items.append(self.expression())
        if reader.sees("|"):
            raise misread(reader.token.at, "list comprehensions are not spoken here", "use map and filter")
        while reader.accept(","):
            items.append(self.expression())
        if reader.accept(".."):
            return self._range(opening, items)
        reader.close(opening)
        return syntax.Listed(opening.at, tuple(items))

    def _range(self, opening: Token, items: list[Expression]) -> Expression:
        reader = self.reader
        if len(items) > 1 or reader.sees("]"):
            raise misread(opening.at, "only ranges [from .. to] are spoken here", "use filter, or take")
        last = self.expression()
        reader.close(opening)
        return Application(opening.at, Name(opening.at, "rangeFromTo"), (Argument(items[0]), Argument(last)))

    # Function types.

    def _is_binder(self) -> bool:
        """Whether `(` begins the parameter of a function type: `(x : t) ->`, `(0 x, y : t) ->`."""
        tokens, place = self.reader.tokens, self.reader.place + 1
        if tokens[place].kind == "integer" and tokens[place + 1].kind in ("name", "_"):
            return True
        while tokens[place].kind in ("name", "_") and tokens[place + 1].kind == ",":
            place += 2
        if tokens[place].kind not in ("name", "_") or tokens[place + 1].kind != ":":
            return False
        depth = 0
        while True:
            place += 1
            kind = tokens[place].kind
            if kind == "end" or (kind == "**" and not depth):
                return False
            depth += (kind in ("(", "[", "{")) - (kind in (")", "]", "}"))
            if depth < 0:
                return True

    def _is_implicit(self) -> bool:
        """Whether `{` begins an implicit parameter, and not new fields of a record."""
        tokens, place = self.reader.tokens, self.reader.place + 1
        if tokens[place].kind in ("auto", "default", "integer"):
            return True
        return tokens[place].kind in ("name", "_") and tokens[place + 1].kind in (":", ",")

    def _binder(self, mode: Mode) -> Expression:
        reader = self.reader
        start, mode, erased, names, type_ = self.binder(mode)
        if mode is Mode.EXPLICIT and not reader.sees("->"):
            raise reader.unexpected("'->' behind the parameter", "write (x : t) -> and the type of the result")
        if not reader.accept("->") and not reader.accept("=>"):
            raise reader.unexpected("'->' behind the parameter")
        found = self.expression()
        for name in reversed(names):
            found = Arrow(start.at, name, mode, erased, type_, found)
        return found

    def binder(self, mode: Mode) -> tuple[Token, Mode, bool, list[str], Expression]:
        """Read a parameter in brackets: the bracket, how it is passed, whether it is erased, its names and type."""
        reader = self.reader
        opening = reader.take()
        if reader.sees("default"):
            raise misread(reader.token.at, "default arguments are not spoken here", "pass the argument")
        if reader.accept("auto"):
            mode = Mode.AUTO
        erased = False
        if reader.sees("integer"):
            quantity = reader.take()
            if quantity.value != 0:
                message = "quantities other than 0 are not spoken here"
                raise misread(quantity.at, message, "leave it out: it may be used any number of times")
            erased = True
        names = [self._bound_name()]
        while reader.accept(","):
            names.append(self._bound_name())
        type_: Expression = syntax.Unknown(opening.at)
        if mode is Mode.EXPLICIT or reader.sees(":"):
            reader.expect(":", "':' and the type of the parameter")
            type_ = self.expression()
        reader.close(opening)
        return opening, mode, erased, names, type_

    def _bound_name(self) -> str:
        if self.reader.accept("_"):
            return "_"
        return self.reader.expect("name", "the name of a parameter").text

    def _update(self) -> Expression:
        reader = self.reader
        opening = reader.take()
        fields = []
        while True:
            name = reader.expect("name", "the name of a field", "write { field := value } record")
            if not reader.accept(":=") and not reader.accept("="):
                raise reader.unexpected("':=' and the new value of the field")
            fields.append((name.at, name.text, self.expression(equality=False)))
            if not reader.accept(","):
                break
        reader.close(opening)
        update = syntax.Update(opening.at, tuple(fields))
        args: list[Argument] = []
        while (one := self._argument()) is not None:
            args.append(one)
        return Application(opening.at, update, tuple(args)) if args else update

    # What reaches as far as it can.

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


_ADVICE = {
    "=": "a definition begins with the name that it defines",
    "->": "in Idris the sign behind a pattern is =>",
    "!": "write not x for the contrary of a truth value",
}


def _dotted(token: Token) -> Expression:
    """Take `record.field` apart; a name with a module in front stays as it is."""
    first, *fields = token.text.split(".")
    if not fields or first[0].isupper():
        return Name(token.at, token.text)
    found: Expression = Name(token.at, first)
    column = token.at.column + len(first) + 1
    for name in fields:
        found = syntax.Field(At(token.at.line, column), found, name)
        column += len(name) + 1
    return found
