"""Parameters of function types, and fields of records that get new values."""

from collections.abc import Callable

from core.workloads.code.frontends.idris import syntax
from core.workloads.code.frontends.idris.fixities import Fixities
from core.workloads.code.frontends.idris.lexer import Token
from core.workloads.code.frontends.idris.problems import misread
from core.workloads.code.frontends.idris.reading import Reader
from core.workloads.code.frontends.idris.syntax import Application, Argument, Arrow, Expression, Mode

Declarations = Callable[[], tuple[syntax.Declared, ...]]


class Binders:
    """Parses what stands between brackets in front of an arrow."""

    def __init__(self, reader: Reader, fixities: Fixities, declarations: Declarations) -> None:
        self.reader, self.fixities, self.declarations = reader, fixities, declarations

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
        while (one := self.argument()) is not None:
            args.append(one)
        return Application(opening.at, update, tuple(args)) if args else update

    def expression(self, *, equality: bool = True) -> Expression:
        """Read an expression or type."""
        raise NotImplementedError

    def pattern(self) -> Expression:
        """Read a pattern, or the left side of a clause."""
        raise NotImplementedError

    def operation(self, *, equality: bool) -> Expression:
        """Read operands with operators between them."""
        raise NotImplementedError

    def atom(self) -> Expression:
        """Read the smallest expression, with the fields that are taken of it."""
        raise NotImplementedError

    def argument(self) -> Argument | None:
        """Read an argument, if there is one."""
        raise NotImplementedError
